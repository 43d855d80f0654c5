#include "base/totp.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "base/crypto.h"

namespace beian {
namespace {

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == '@';
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

}  // namespace

std::string hotp(std::string_view secret, std::uint64_t counter, int digits) {
  unsigned char message[8];
  for (int i = 7; i >= 0; --i, counter >>= 8) message[i] = static_cast<unsigned char>(counter);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message, sizeof message,
           hash, &size) == nullptr)
    throw std::runtime_error("HMAC-SHA-1 failed");
  const unsigned at = hash[size - 1] & 15u;
  const std::uint32_t number = (hash[at] & 0x7Fu) << 24 |
                               static_cast<std::uint32_t>(hash[at + 1]) << 16 |
                               static_cast<std::uint32_t>(hash[at + 2]) << 8 | hash[at + 3];
  std::uint32_t modulus = 1;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  return fmt::format("{:0{}}", number % modulus, digits);
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Millis now,
                                      std::int64_t last_step) {
  const std::int64_t current = now / k_totp_step;
  for (std::int64_t step = current - 1; step <= current + 1; ++step)
    if (step > last_step &&
        equal_in_constant_time(hotp(secret, static_cast<std::uint64_t>(step)), code))
      return step;
  return std::nullopt;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += k_letters[(held >> (bits - 5)) & 31];
  }
  if (bits > 0) out += k_letters[(held << (5 - bits)) & 31];
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  const std::string name = percent_encoded(issuer);
  return "otpauth://totp/" + name + ":" + percent_encoded(account) +
         "?secret=" + to_base32(secret) + "&issuer=" + name;
}

}  // namespace beian
