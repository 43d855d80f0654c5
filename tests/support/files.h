// Writing small files in tests.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace beian::testing {

inline void write_file(const std::string& path, std::string_view content) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << content;
  if (!stream.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace beian::testing
