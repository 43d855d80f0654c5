#include "base/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sodium.h>

#include <limits>
#include <stdexcept>

#include "base/refusal.h"

namespace beian {
namespace {

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* as_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

int checked_int(std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::runtime_error("value too large for a cryptographic function");
  }
  return static_cast<int>(size);
}

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium does not start");
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(as_bytes(bytes), checked_int(count)) != 1) {
    throw std::runtime_error("no random numbers from the system");
  }
  return bytes;
}

std::string random_token() {
  constexpr int k_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  const std::string bytes = random_bytes(32);
  char text[sodium_base64_ENCODED_LEN(32, k_variant)];
  sodium_bin2base64(text, sizeof text, as_bytes(bytes), bytes.size(), k_variant);
  return text;
}

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), as_bytes(digest), nullptr, EVP_sha256(), nullptr) !=
      1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string digest(32, '\0');
  if (HMAC(EVP_sha256(), key.empty() ? "" : key.data(), checked_int(key.size()), as_bytes(bytes),
           bytes.size(), as_bytes(digest), nullptr) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EncodeBlock ends with a NUL
  EVP_EncodeBlock(as_bytes(text), as_bytes(bytes), checked_int(bytes.size()));
  text.pop_back();
  return text;
}

std::string from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(as_bytes(bytes), bytes.size(), text.data(), text.size(), " \t\r\n", &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    throw Refusal(RefusalCode::bad_request, "base64_invalid");
  }
  bytes.resize(size);
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), as_bytes(bytes), bytes.size());
  text.pop_back();
  return text;
}

std::string hash_password(std::string_view password, PasswordCost cost) {
  start_sodium();
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(hash, password.data(), password.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::runtime_error("Argon2id failed (not enough memory?)");
  }
  return hash;
}

bool verify_password(std::string_view password, const std::string& hash) {
  start_sodium();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace beian
