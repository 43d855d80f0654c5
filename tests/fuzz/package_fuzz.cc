// What a bureau (or a provider) sends as beianInfo. The first byte picks how the rest is wrapped,
// so that the zip behind hash and cipher is reached.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/crypto.h"
#include "bureau/auth.h"
#include "bureau/package.h"
#include "bureau/wire_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian;
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(data + 1), size - 1);
  const bureau::Cipher cipher{"0123456789ABCDEF", "0102030405060708"};
  bureau::Package package;
  switch (data[0] % 4) {
    case 0:  // any zip, rightly wrapped
      package.info = to_base64(rest);
      package.hash = to_base64(bureau::md5(rest));
      break;
    case 1:  // any text as base64
      package.info = rest;
      package.hash = "VlVnsoToSXTdIi63+fbjGg==";
      break;
    case 2:  // any cipher text
      package.encrypt_algorithm = bureau::k_cipher_aes;
      package.info = to_base64(rest);
      package.hash = "VlVnsoToSXTdIi63+fbjGg==";
      break;
    default: {  // what we pack must come back
      package = bureau::pack(rest, "fuzz.xml", cipher);
      const auto back = bureau::unpack(package, cipher);
      if (back.fault != bureau::PackageFault::none || back.xml != rest) std::abort();
      return 0;
    }
  }
  const auto unpacked = bureau::unpack(package, cipher);
  if (unpacked.xml.size() > bureau::k_max_file_bytes) std::abort();
  return 0;
}
