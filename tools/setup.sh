#!/usr/bin/env bash
# Installs what is missing, and says what and why: tools/setup.sh build|test
#   build  what ./run needs      test  what ./test needs beyond that
# Debian 12's packages as root or through sudo; everything else into .tools/ and node_modules/ here.
# Safe to repeat; where nothing is missing it only looks, in a fifth of a second.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. tools/lib.sh

root=$PWD
wanted=${1:-build}
node_at_least='22.12' # what Vite 8 and Vitest 5 ask for
log=build/setup.log
sudo=(sudo)
[ -t 0 ] || sudo=(sudo -n)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    "${sudo[@]}" "$@"
  fi
}

# The packages of tools/packages/LIST.txt that are not installed, into the array `missing`.
find_missing() { # LIST
  local packages have
  mapfile -t packages < <(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "tools/packages/$1.txt")
  have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^.i *//p') || true
  mapfile -t missing < <(printf '%s\n' "${packages[@]}" | grep -vxF -e "$have" || true)
}

# apt's own account of how far it is: dlstatus:1:12.5:text and pmstatus:package:12.5:text, where the
# first runs to 100 and then the second.
apt_progress() {
  local kind percent text
  while IFS=: read -r kind _ percent text; do
    percent=${percent%%.*}
    case $kind in
      dlstatus) progress $((percent / 2)) "$text" ;;
      pmstatus) progress $((50 + percent / 2)) "$text" ;;
    esac
  done
  progress_end
}

apt_install() { # WHY PACKAGE…
  local why=$1 size
  shift
  local install=(apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600
    -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3)
  command -v apt-get >/dev/null ||
    die "This is no Debian: install what corresponds to $* ($why), then start again."
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "Missing ($why). As root: apt-get update && apt-get install --no-install-recommends $*"
  fi
  say "$why: $# Debian packages"
  printf '%s ' "$@" | fold -s -w 96 | sed 's/^/    /'
  printf '\n'
  mkdir -p build
  # A list of some other repository that cannot be had need not matter: the install decides.
  as_root apt-get update -o DPkg::Lock::Timeout=600 >>"$log" 2>&1 ||
    warn "apt-get update had a complaint, see $log; going on"
  size=$(as_root env LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null |
    sed -n -e 's/^Need to get \(.*\) of archives.*/\1 to fetch/p' \
      -e 's/^After this operation, \(.*\) of additional.*/\1 on disk/p' | paste -sd, | sed 's/,/, /') || true
  [ -z "$size" ] || say "$size; one to five minutes"
  if ! as_root env DEBIAN_FRONTEND=noninteractive sh -c 'exec "$@" 3>&1 1>&2' sh "${install[@]}" "$@" \
    2>>"$log" </dev/null | apt_progress; then
    tail -n 20 "$log" >&2
    die "apt-get could not install them; the whole output: $log"
  fi
}

# A package that brings a PostgreSQL server would at once start one on this machine. Nobody asked
# for that: tests start a private one.
no_server_of_ours() {
  [ ! -e /etc/postgresql-common/createcluster.conf ] || return 0
  as_root sh -c 'mkdir -p /etc/postgresql-common &&
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf'
}

system_packages() {
  local missing=()
  find_missing build
  [ ${#missing[@]} -eq 0 ] || apt_install "To build Beian (compiler and libraries)" "${missing[@]}"
  [ "$wanted" = test ] || return 0
  find_missing test
  [ ${#missing[@]} -eq 0 ] && return 0
  case " ${missing[*]} " in *' postgresql-'*) no_server_of_ours ;; esac
  apt_install "To test Beian (browser, fuzzers, peers to talk to)" "${missing[@]}"
}

new_enough() { # VERSION: 22.12 or later
  [ "$(printf '%s\n' "$node_at_least" "$1" | sort -V | head -n 1)" = "$node_at_least" ]
}

# npm_ci FOLDER WHAT: the packages of its lock file, only when they are not there yet.
npm_ci() {
  local folder=$1 what=$2 stamp
  stamp=$(cat "$folder/package-lock.json" "$folder/package.json" | sha256sum | cut -d' ' -f1)
  [ "$(cat "$folder/node_modules/.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  say "$what, from the npm registry into $folder/node_modules (about 20 s)"
  (cd "$folder" && quietly "$root/build/npm-${folder//\//-}.log" npm ci --no-progress) ||
    die "npm could not install them"
  printf '%s\n' "$stamp" >"$folder/node_modules/.stamp"
}

own_node() {
  local hash found=''
  hash=$(sha256sum <tools/node/package-lock.json | cut -d' ' -f1)
  if [ "$(cat .tools/node/.stamp 2>/dev/null)" = "$hash" ]; then
    use_node
    return 0
  fi
  found=$(node --version 2>/dev/null) || found=''
  if [ ! -e .tools/node ] && [ -n "$found" ] && new_enough "${found#v}" && command -v npm >/dev/null; then
    return 0
  fi
  command -v npm >/dev/null || apt_install "To fetch a newer Node.js (used once)" nodejs npm
  say "Node.js here is ${found:-missing}, the pages need $node_at_least: one of our own into .tools/node (about 15 s)"
  mkdir -p .tools/node
  rm -f .tools/node/.stamp
  cp tools/node/package.json tools/node/package-lock.json tools/node/.npmrc .tools/node/
  (cd .tools/node && quietly "$root/build/npm-node.log" npm ci --ignore-scripts --no-progress) ||
    die "npm could not fetch Node.js"
  # npm 9 loses the link of the platform's package when it drops the other platform's: ours instead.
  mkdir -p .tools/node/bin
  (cd .tools/node/bin && ln -sfn ../node_modules/node-linux-*/bin/node node &&
    ln -sfn ../node_modules/npm/bin/npm-cli.js npm && ln -sfn ../node_modules/npm/bin/npx-cli.js npx)
  .tools/node/bin/node --version >/dev/null || die "no Node.js for this machine ($(uname -m)): install $node_at_least or later"
  printf '%s\n' "$hash" >.tools/node/.stamp
  use_node
}

case $wanted in build | test) ;; *) die "usage: tools/setup.sh build|test" ;; esac
[ -w . ] || die "$root cannot be written by $(id -un): Beian is built and keeps its data inside it. Copy it to a folder of your own."
mkdir -p build
exec 9>build/setup.lock
flock -n 9 || {
  say "waiting for another command that works in this folder"
  flock 9
}
# What a package starts on this machine, and keeps running, must not hold the lock.
set_up() {
  system_packages
  own_node
  [ ! -e web/package-lock.json ] || npm_ci web "What the pages are built with"
  if [ "$wanted" = test ] && [ -e tests/package-lock.json ]; then
    npm_ci tests "What the tests run with"
  fi
}
set_up 9>&-
