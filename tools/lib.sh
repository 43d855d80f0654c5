# shellcheck shell=bash
# What run, test and the tools share: words on the screen, which Node.js, how many jobs, the builds.
# Sourced with the repository's root as the working folder.

if [ -t 1 ] && [ -z "${CI:-}" ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m' live=1
else
  bold='' red='' plain='' live=''
fi
[ -z "${CI:-}" ] || export NO_COLOR=1

say() { printf '%s\n' "${bold}==>${plain} $*"; }
warn() { printf '%s\n' "${red}==>${plain} $*" >&2; }
die() {
  warn "$@"
  exit 1
}

# A command whose output only matters when it fails: quietly LOG COMMAND…
quietly() {
  local log=$1 rc=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || rc=$?
  if [ "$rc" -ne 0 ]; then
    warn "failed ($rc): $*"
    tail -n 40 "$log" >&2
    warn "the whole output: $log"
  fi
  return "$rc"
}

# One line that is drawn over on a terminal, and a line at each tenth of the way elsewhere.
progress_shown=-1
progress() { # PERCENT TEXT
  if [ -n "$live" ]; then
    printf '\r\e[K    %3d %%  %.60s' "$1" "$2"
  elif [ $(($1 / 10)) -gt "$progress_shown" ]; then
    progress_shown=$(($1 / 10))
    printf '    %3d %%  %s\n' "$1" "$2"
  fi
}
progress_end() {
  progress_shown=-1
  [ -z "$live" ] || printf '\r\e[K'
}

# A compiler of this code takes up to 1.2 GB, so: one job for each 2 GiB, and no more than the cores.
# In a container its own memory limit counts.
jobs_that_fit() {
  local cores kib limit n
  cores=$(nproc)
  kib=$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)
  case $limit in
    '' | *[!0-9]*) ;;
    *) [ $((limit / 1024)) -ge "$kib" ] || kib=$((limit / 1024)) ;;
  esac
  n=$(((kib + 524288) / 2097152))
  [ "$n" -le "$cores" ] || n=$cores
  [ "$n" -ge 1 ] || n=1
  echo "$n"
}

# The project's own Node.js, where setup.sh had to bring one, goes before the system's.
use_node() {
  if [ -e .tools/node/.stamp ]; then
    PATH=$PWD/.tools/node/bin:$PATH
  fi
  export PATH
}

# One hash over names and contents of files; generated and installed files do not count.
tree_hash() {
  find "$@" \( -name node_modules -o -path web/dist \) -prune -o \
    -type f ! -name schema.d.ts -print0 | LC_ALL=C sort -z |
    xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

use_ccache() {
  command -v ccache >/dev/null || return 0
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
}

# What two terminals in one folder must not do at once: the second waits. Runs COMMAND in a subshell,
# without the lock: what COMMAND leaves running must not hold it.
in_turn() { # NAME COMMAND…
  local lock=build/$1.lock
  shift
  mkdir -p build
  (
    flock -n 9 || {
      say "waiting for another command that works in this folder"
      flock 9
    }
    "$@" 9>&-
  ) 9>"$lock"
}

# compile PRESET [TARGET…]: configures where needed, builds, shows how far it is.
compile() { in_turn "$1" compile_now "$@"; }
compile_now() {
  local preset=$1 line rc=0 log
  shift
  log=build/$preset.log
  mkdir -p build
  use_ccache
  # CMake refuses a build folder that was moved with the repository.
  if [ -e "build/$preset/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "build/$preset/CMakeCache.txt"; then
    rm -rf "build/${preset:?}"
  fi
  if [ ! -e "build/$preset/build.ninja" ]; then
    say "configuring ($preset, about 10 s)"
    quietly "build/$preset-configure.log" cmake --preset "$preset" || return 1
  fi
  [ -e "build/$preset/.built" ] ||
    say "compiling ($preset, $(jobs_that_fit) at a time; the first time takes some minutes)"
  : >"$log"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) && $line != *Re-checking* ]]; then
      progress $((BASH_REMATCH[1] * 100 / BASH_REMATCH[2])) \
        "${BASH_REMATCH[1]}/${BASH_REMATCH[2]} ${BASH_REMATCH[3]##*/}"
    fi
  done < <(
    ninja -C "build/$preset" -j "$(jobs_that_fit)" "$@" 2>&1 </dev/null || echo "ninja-failed"
  )
  progress_end
  [ "$(tail -n 1 "$log")" != ninja-failed ] || rc=1
  if [ "$rc" -ne 0 ]; then
    warn "the build failed"
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)|^ninja-failed$' "$log" | cut -c 1-300 | tail -n 40 >&2
    warn "the whole output: $log"
  else
    touch "build/$preset/.built"
  fi
  return "$rc"
}

web_stamp() { tree_hash web data api; }

# The pages, only where their sources, the texts or the contract are not those of the last build.
# Types, lint and the budget of the bundle are matters of ./test: a start does not wait for them.
build_web() {
  [ -e web/package.json ] || return 0
  local stamp root=$PWD
  stamp=$(web_stamp)
  if [ -e web/dist/index.html ] && [ "$(cat build/web.stamp 2>/dev/null)" = "$stamp" ]; then
    return 0
  fi
  say "building the pages (about 10 s)"
  (cd web && quietly "$root/build/web.log" \
    sh -c 'npm run -s generate && npx --no-install vite build && node tools/compress.mjs') || return 1
  printf '%s\n' "$stamp" >build/web.stamp
}
