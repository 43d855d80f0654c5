#include "gate/nginx_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

#include "store/gate.h"

namespace beian::gate {
namespace {

[[noreturn]] void fail(const std::string& path) {
  throw std::runtime_error("cannot write " + path + ": " + std::generic_category().message(errno));
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) fail(path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

// ".example.cn 1;" a line: the name itself and all below it.
std::string lines_of(std::string_view page) {
  std::string out;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    out.append(".").append(line.substr(0, line.find(' '))).append(" 1;\n");
    page.remove_prefix(std::min(end + 1, page.size()));
  }
  return out;
}

}  // namespace

std::int64_t write_nginx_map(Db& db, const std::string& path) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) fail(fresh);
  std::int64_t total = 0;
  try {
    store::each_gate_page(db, [&](const std::string& page, std::int64_t names) {
      write_all(fd, lines_of(page), fresh);
      total += names;
    });
    if (::fsync(fd) != 0) fail(fresh);
  } catch (...) {
    ::close(fd);
    ::unlink(fresh.c_str());
    throw;
  }
  ::close(fd);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
  return total;
}

}  // namespace beian::gate
