#include "base/file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace beian {

std::string read_file(const std::string& path, std::size_t max_bytes) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    const bool absent = error == std::errc::no_such_file_or_directory;
    throw std::runtime_error(path + ": " +
                             (absent  ? "no such file"
                              : error ? error.message()
                                      : "is no file"));
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + ": " + std::generic_category().message(errno));
  std::string content;
  char part[1 << 16];
  while (stream.read(part, sizeof part), stream.gcount() > 0) {
    content.append(part, static_cast<std::size_t>(stream.gcount()));
    if (content.size() > max_bytes) {
      throw std::runtime_error(path + ": larger than " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (stream.bad()) throw std::runtime_error(path + ": cannot be read");
  return content;
}

std::string read_secret_file(const std::string& path) {
  std::string secret = read_file(path, 1 << 16);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  if (secret.empty()) throw std::runtime_error(path + ": the secret is empty");
  return secret;
}

}  // namespace beian
