#include "bureau/auth.h"

#include <openssl/evp.h>

#include <stdexcept>

#include "base/crypto.h"
#include "bureau/gbk.h"
#include "bureau/wire_limits.h"

namespace beian::bureau {

std::string md5(std::string_view bytes) {
  std::string digest(16, '\0');
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                 &length, EVP_md5(), nullptr) != 1) {
    throw std::runtime_error("MD5 is not available");
  }
  return digest;
}

std::string random_value() {
  constexpr std::string_view k_alphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  // Bytes above the last full multiple of 62 are thrown away: every character stays equally likely.
  constexpr unsigned k_usable = 256 / k_alphabet.size() * k_alphabet.size();
  std::string value;
  while (value.size() < k_random_characters) {
    for (const char byte : random_bytes(32)) {
      const unsigned number = static_cast<unsigned char>(byte);
      if (number < k_usable && value.size() < k_random_characters) {
        value += k_alphabet[number % k_alphabet.size()];
      }
    }
  }
  return value;
}

std::string password_hash(std::string_view password, std::string_view random) {
  const auto gbk = to_gbk(std::string(password) + std::string(random));
  if (!gbk) throw std::invalid_argument("the bureau's password holds a character outside GBK");
  return to_base64(md5(*gbk));
}

std::string filing_password_hash(std::string_view password) { return to_hex(md5(password)); }

}  // namespace beian::bureau
