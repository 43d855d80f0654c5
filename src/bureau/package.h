// The wrapping of one data file: XML bytes, zipped, hashed, enciphered, base64 (interface V3.0 §2).
// Up: zip -> MD5 of the zip -> AES-128-CBC (optional) -> base64. Down: the same in reverse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace beian::bureau {

struct Cipher {
  std::string key, iv;  // AES-128-CBC with PKCS#5 padding: exactly 16 bytes each, as issued
};

// Throws std::invalid_argument unless both are 16 bytes.
void require_cipher(const Cipher& cipher);

inline constexpr int k_cipher_none = 0, k_cipher_aes = 1;
inline constexpr int k_hash_md5 = 0;
inline constexpr int k_compression_zip = 0;

struct Package {
  int encrypt_algorithm = k_cipher_none;
  int hash_algorithm = k_hash_md5;
  int compression_format = k_compression_zip;
  std::string info;  // beianInfo: base64
  std::string hash;  // beianInfoHash: base64 of the MD5 of the zip before enciphering
};

// The msg_code an unreadable package is refused with.
enum class PackageFault {
  none = 0,
  decrypt = 6,
  hash = 7,
  unzip = 8,
  cipher_kind = 9,
  hash_kind = 10,
  compression_kind = 11,
  file_count = 17,
  too_large = 18,
};

struct Unpacked {
  PackageFault fault = PackageFault::none;
  std::string file_name;  // of the zip entry
  std::string xml;        // GBK bytes
};

// Deterministic: the same arguments give the same bytes. `name` must be letters, digits and dots,
// at most 128 bytes. Throws std::invalid_argument for a bad name or cipher, and for XML above
// k_max_file_bytes (wire_limits.h): a caller's fault, never the input's.
Package pack(std::string_view xml, std::string_view name, const std::optional<Cipher>& cipher);

// Bounded: at most k_max_file_bytes of XML, exactly one entry, whatever the input claims. White
// space inside the base64 is skipped (bureaus wrap at 76 columns).
Unpacked unpack(const Package& package, const std::optional<Cipher>& cipher);

// The name of the file with this sequence number. A refusal of a whole file (5001) comes back with
// nothing but it, so it is different for every upload: "<ispId>n<sequence>.xml".
std::string upload_file_name(Id isp_id, std::int64_t sequence);
// The sequence in such a name, or nullopt.
std::optional<std::int64_t> sequence_of_file_name(Id isp_id, std::string_view name);

}  // namespace beian::bureau
