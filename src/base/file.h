// Reading whole small files: configuration, data, secrets, migrations.
#pragma once

#include <cstddef>
#include <string>

namespace beian {

// Throws std::runtime_error naming the path (never its content) when it cannot be read, is no
// regular file, or is larger than `max_bytes`.
std::string read_file(const std::string& path, std::size_t max_bytes = 64u << 20);

// A secret kept in a file of its own (mail password, bureau password, …), without the line end that
// editors add. Throws std::runtime_error naming the path; an empty secret is an error too.
std::string read_secret_file(const std::string& path);

}  // namespace beian
