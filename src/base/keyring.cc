// The key file and what is sealed with its keys.
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <system_error>

#include "base/crypto.h"
#include "base/text.h"

namespace beian {
namespace {

// Sealed value: suite (1 byte), key id (4, big-endian), nonce (12), ciphertext, tag (16).
// Suite and key id are authenticated together with the context. Nonces are random: below 2^32
// values a key, two never practically meet (NIST SP 800-38D, 8.3).
constexpr char k_suite_aes_256_gcm = 1;
constexpr std::size_t k_header_size = 5;
constexpr std::size_t k_nonce_size = 12;
constexpr std::size_t k_tag_size = 16;
constexpr std::size_t k_key_size = 32;

// Key file, one item a line ('#' starts a comment line):
//   beian-keys 1
//   key <id> <sealing key, 64 hex digits> <lookup key, 64 hex digits>
//   active <id>
// A key is added by one more `key` line; values sealed with the others still open.
constexpr std::string_view k_file_magic = "beian-keys 1";
constexpr std::size_t k_max_file_bytes = 1 << 16;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw std::runtime_error("key file " + path + ": " + why);
}

[[noreturn]] void fail_errno(const std::string& path, const char* what) {
  fail(path, std::string(what) + ": " + std::generic_category().message(errno));
}

std::string read_private_file(const std::string& path, const File& file) {
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) fail_errno(path, "cannot be examined");
  if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file");
  if ((status.st_mode & 077) != 0) {
    fail(path, fmt::format("is open to others (mode {:04o}); run chmod 600",
                           static_cast<unsigned>(status.st_mode & 07777)));
  }
  std::string content;
  char part[4096];
  for (;;) {
    const ssize_t count = ::read(file.fd(), part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_errno(path, "cannot be read");
    if (count == 0) break;
    content.append(part, static_cast<std::size_t>(count));
    if (content.size() > k_max_file_bytes) fail(path, "is too large to be a key file");
  }
  OPENSSL_cleanse(part, sizeof part);
  return content;
}

void sync_folder(const std::filesystem::path& folder) {
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.fd()) != 0) fail_errno(folder, "folder cannot be synced");
}

// The file appears whole or not at all, and never replaces one that another process has just made.
void create_key_file(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (std::filesystem::create_directories(folder)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  }
  const std::string draft = path + "." + to_hex(random_bytes(8));
  const std::string content =
      fmt::format("{}\nkey 1 {} {}\nactive 1\n", k_file_magic, to_hex(random_bytes(k_key_size)),
                  to_hex(random_bytes(k_key_size)));
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) fail_errno(path, "cannot be made");
    const bool written =
        ::write(file.fd(), content.data(), content.size()) == static_cast<ssize_t>(content.size());
    if (!written || ::fsync(file.fd()) != 0) {
      const int error = errno;
      ::unlink(draft.c_str());
      errno = error;
      fail_errno(path, "cannot be written");
    }
  }
  const int linked = ::link(draft.c_str(), path.c_str());
  const int error = errno;
  ::unlink(draft.c_str());
  errno = error;
  if (linked != 0 && error != EEXIST) fail_errno(path, "cannot be made");
  sync_folder(folder);
  sync_folder(folder.parent_path());
}

std::string key_from_hex(const std::string& path, const std::string& text) {
  std::string key(k_key_size, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const bool good = sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(),
                                   text.data(), text.size(), nullptr, &size, &end) == 0 &&
                    size == k_key_size && end == text.data() + text.size();
  if (!good) fail(path, "a key is not 64 hexadecimal digits");
  return key;
}

std::uint32_t key_id_from(const std::string& path, const std::string& text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id == 0) {
    fail(path, "a key id is not a positive number");
  }
  return id;
}

std::string header_of(std::uint32_t key_id) {
  std::string header(1, k_suite_aes_256_gcm);
  for (int shift = 24; shift >= 0; shift -= 8) header.push_back(static_cast<char>(key_id >> shift));
  return header;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

CipherContext start_gcm(const std::string& key, std::string_view nonce, std::string_view header,
                        std::string_view context, bool encrypt) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  CipherContext cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  const bool good = cipher != nullptr &&
                    EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key),
                                      bytes(nonce), encrypt ? 1 : 0) == 1 &&
                    EVP_CipherUpdate(cipher.get(), nullptr, &length, bytes(header),
                                     static_cast<int>(header.size())) == 1 &&
                    EVP_CipherUpdate(cipher.get(), nullptr, &length, bytes(context),
                                     static_cast<int>(context.size())) == 1;
  if (!good) throw std::runtime_error("AES-256-GCM does not start");
  return cipher;
}

void require_int_size(std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()) - 64) {
    throw std::runtime_error("value too large to be sealed");
  }
}

struct Key {
  std::string seal, lookup;
};

struct Keys {
  std::map<std::uint32_t, Key> by_id;
  std::uint32_t active = 0;
};

Keys read_keys(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail_errno(path, "cannot be opened");
  std::string content = read_private_file(path, file);
  Keys keys;
  const std::vector<std::string> lines = split(content, '\n');
  if (lines.front() != k_file_magic) fail(path, "does not start with \"beian-keys 1\"");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    const std::vector<std::string> words = split(lines[i], ' ');
    if (words.size() == 4 && words[0] == "key") {
      const Key key{key_from_hex(path, words[2]), key_from_hex(path, words[3])};
      if (!keys.by_id.emplace(key_id_from(path, words[1]), key).second) {
        fail(path, "a key id occurs twice");
      }
    } else if (words.size() == 2 && words[0] == "active" && keys.active == 0) {
      keys.active = key_id_from(path, words[1]);
    } else {
      fail(path, fmt::format("line {} is not understood", i + 1));
    }
  }
  OPENSSL_cleanse(content.data(), content.size());
  if (!keys.by_id.contains(keys.active)) fail(path, "names no active key, or an unknown one");
  return keys;
}

}  // namespace

struct Keyring::Ring {
  std::string path;
  Keys keys;
  mutable std::shared_mutex mutex;

  std::pair<std::uint32_t, Key> active() const {
    const std::shared_lock lock(mutex);
    return {keys.active, keys.by_id.at(keys.active)};
  }
  std::optional<Key> find(std::uint32_t id) const {
    const std::shared_lock lock(mutex);
    const auto found = keys.by_id.find(id);
    if (found == keys.by_id.end()) return std::nullopt;
    return found->second;
  }
};

Keyring Keyring::load(const std::string& path, bool create) {
  if (create && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT) create_key_file(path);
  Keyring keyring;
  keyring.ring_ = std::make_shared<Ring>();
  keyring.ring_->path = path;
  keyring.ring_->keys = read_keys(path);
  return keyring;
}

bool Keyring::refresh() const {
  Keys fresh = read_keys(ring_->path);
  const std::unique_lock lock(ring_->mutex);
  for (const auto& [id, key] : ring_->keys.by_id) {
    const auto found = fresh.by_id.find(id);
    if (found == fresh.by_id.end() || found->second.seal != key.seal ||
        found->second.lookup != key.lookup)
      fail(ring_->path, fmt::format("lacks key {}, which is in use", id));
  }
  const bool changed =
      fresh.active != ring_->keys.active || fresh.by_id.size() != ring_->keys.by_id.size();
  ring_->keys = std::move(fresh);
  return changed;
}

std::uint32_t Keyring::rotate(const std::string& path) {
  const Keys keys = read_keys(path);
  const std::uint32_t id = keys.by_id.rbegin()->first + 1;
  const File old(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!old.is_open() || ::fstat(old.fd(), &status) != 0) fail_errno(path, "cannot be opened");
  std::string content;
  for (const std::string& line : split(read_private_file(path, old), '\n'))
    if (!line.empty() && !line.starts_with("active ")) content += line + "\n";
  content += fmt::format("key {} {} {}\nactive {}\n", id, to_hex(random_bytes(k_key_size)),
                         to_hex(random_bytes(k_key_size)), id);
  const std::string draft = path + "." + to_hex(random_bytes(8));
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    // Whoever owned it keeps it: the command may run as root, the service does not.
    const bool written = file.is_open() && ::fchown(file.fd(), status.st_uid, status.st_gid) == 0 &&
                         ::write(file.fd(), content.data(), content.size()) ==
                             static_cast<ssize_t>(content.size()) &&
                         ::fsync(file.fd()) == 0 && ::rename(draft.c_str(), path.c_str()) == 0;
    if (!written) {
      const int error = errno;
      ::unlink(draft.c_str());
      errno = error;
      fail_errno(path, "cannot be replaced");
    }
  }
  OPENSSL_cleanse(content.data(), content.size());
  sync_folder(std::filesystem::absolute(path).parent_path());
  return id;
}

std::uint32_t Keyring::active_key_id() const { return ring_->active().first; }

std::uint32_t Keyring::key_id_of(std::string_view sealed) {
  std::uint32_t id = 0;
  for (std::size_t i = 1; i < k_header_size && i < sealed.size(); ++i) {
    id = (id << 8) | static_cast<unsigned char>(sealed[i]);
  }
  return id;
}

std::string Keyring::active_prefix() const { return header_of(active_key_id()); }

std::string Keyring::seal(std::string_view plain, std::string_view context) const {
  require_int_size(plain.size());
  require_int_size(context.size());
  const auto [id, key] = ring_->active();
  const std::string header = header_of(id);
  const std::string nonce = random_bytes(k_nonce_size);
  const CipherContext cipher = start_gcm(key.seal, nonce, header, context, /*encrypt=*/true);

  std::string sealed = header + nonce;
  const std::size_t start = sealed.size();
  sealed.resize(start + plain.size() + k_tag_size);
  auto* out = reinterpret_cast<unsigned char*>(sealed.data()) + start;
  int length = 0;
  const bool good =
      EVP_CipherUpdate(cipher.get(), out, &length,
                       reinterpret_cast<const unsigned char*>(plain.data()),
                       static_cast<int>(plain.size())) == 1 &&
      EVP_CipherFinal_ex(cipher.get(), out + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, k_tag_size, out + plain.size()) == 1;
  if (!good) throw std::runtime_error("AES-256-GCM failed");
  return sealed;
}

std::string Keyring::open(std::string_view sealed, std::string_view context) const {
  constexpr std::size_t k_start = k_header_size + k_nonce_size;
  require_int_size(sealed.size());
  require_int_size(context.size());
  if (sealed.size() < k_start + k_tag_size || sealed.front() != k_suite_aes_256_gcm) {
    throw std::runtime_error("sealed value: cut short or of an unknown suite");
  }
  const std::uint32_t key_id = key_id_of(sealed);
  auto key = ring_->find(key_id);
  // Another process may have gone over to a new key before this one looked.
  if (!key) {
    try {
      refresh();
      key = ring_->find(key_id);
    } catch (const std::runtime_error&) {  // said below
    }
  }
  if (!key) {
    throw std::runtime_error(
        fmt::format("sealed value: made with key {}, which the key file does not hold", key_id));
  }
  const std::string_view nonce = sealed.substr(k_header_size, k_nonce_size);
  const CipherContext cipher =
      start_gcm(key->seal, nonce, sealed.substr(0, k_header_size), context, /*encrypt=*/false);

  const std::size_t size = sealed.size() - k_start - k_tag_size;
  std::string tag(sealed.substr(k_start + size));
  std::string plain(size + k_tag_size, '\0');  // room for OpenSSL's block, cut below
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  int length = 0;
  const bool good =
      EVP_CipherUpdate(cipher.get(), out, &length,
                       reinterpret_cast<const unsigned char*>(sealed.data()) + k_start,
                       static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, k_tag_size, tag.data()) == 1 &&
      EVP_CipherFinal_ex(cipher.get(), out + length, &length) == 1;
  if (!good) {
    OPENSSL_cleanse(plain.data(), plain.size());
    throw std::runtime_error("sealed value: changed, or not of this row and column");
  }
  plain.resize(size);
  return plain;
}

std::string Keyring::lookup(std::string_view value, std::string_view purpose) const {
  std::string message(purpose);
  message.push_back('\0');
  message += value;
  const std::shared_lock lock(ring_->mutex);
  return hmac_sha256(ring_->keys.by_id.begin()->second.lookup, message);
}

}  // namespace beian
