// Random numbers, hashes, and the sealing of personal data at rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace beian {

std::string random_bytes(std::size_t count);
// 32 random bytes as 43 characters of base64url: session ids, mailed links, tickets.
std::string random_token();
std::string sha256(std::string_view bytes);  // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);
std::string to_base64(std::string_view bytes);
// Skips white space (bureaus wrap at 76 columns). Throws Refusal{bad_request} on anything else.
std::string from_base64(std::string_view text);
std::string to_hex(std::string_view bytes);

// The keys that protect personal data in the database and the upload folder. Loaded once from a key
// file (mode 0600) that is kept apart from the data and its backups. Thread-safe after loading.
class Keyring {
 public:
  // Reads the key file; makes it with one fresh key when absent and `create` is set. Throws
  // std::runtime_error when it is missing, readable by others, or malformed.
  static Keyring load(const std::string& path, bool create);
  // Adds a fresh key to the file and makes it the active one; returns its id. The file is replaced
  // whole. Running processes take it up with refresh(), at the latest when they meet its id.
  static std::uint32_t rotate(const std::string& path);
  // Reads the file again where it has changed; every key known so far must still be in it, else
  // std::runtime_error. Returns whether there was something new. Const as the values sealed and
  // opened do not change by it; safe while others use the ring.
  bool refresh() const;

  // AES-256-GCM. `context` (e.g. "filings.content/123") is authenticated but not stored: a sealed
  // value moved to another row or column does not open. The result carries suite and key id.
  std::string seal(std::string_view plain, std::string_view context) const;
  // Throws std::runtime_error (never with the content) when it was changed or its key is unknown.
  std::string open(std::string_view sealed, std::string_view context) const;

  // Keyed hash (HMAC-SHA256) to find an equal value without keeping it readable. The caller
  // normalises; `purpose` separates columns ("accounts.email"). Always made with the oldest key of
  // the file, so that adding a sealing key does not hide the rows written before.
  std::string lookup(std::string_view value, std::string_view purpose) const;

  std::uint32_t active_key_id() const;
  // The id of the key that a value was sealed with, as it stands in it.
  static std::uint32_t key_id_of(std::string_view sealed);
  // The first bytes of whatever is sealed with the active key: suite and key id.
  std::string active_prefix() const;

 private:
  struct Ring;
  std::shared_ptr<Ring> ring_;
};

// What one Argon2id computation takes (RFC 9106). The hash carries it, so it may change at any
// time.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = 64u << 20;
};
inline constexpr PasswordCost k_cheap_password_cost{1,
                                                    64u << 10};  // for tests and bench seeds only

// Argon2id, libsodium's format. Costs 64 MiB and about 90 ms: call only through PasswordWorkers.
std::string hash_password(std::string_view password, PasswordCost cost = {});
bool verify_password(std::string_view password, const std::string& hash);

}  // namespace beian
