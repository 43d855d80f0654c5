// How a provider proves itself on every call (interface V3.0 §2).
#pragma once

#include <string>
#include <string_view>

namespace beian::bureau {

std::string md5(std::string_view bytes);  // 16 raw bytes

// A fresh randVal: 20 characters of 0-9a-zA-Z.
std::string random_value();

// pwdHash: base64(MD5(GBK(password ‖ randVal))), password first. Throws std::invalid_argument when
// the password is not GBK.
std::string password_hash(std::string_view password, std::string_view random);

// ICPmm: a filing password as 32 lower-case hex characters of its MD5.
std::string filing_password_hash(std::string_view password);

}  // namespace beian::bureau
