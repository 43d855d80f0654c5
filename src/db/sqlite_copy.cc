// Online copies of an SQLite database.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "db/db.h"

namespace beian {
namespace {

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Connection open_file(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Connection connection(raw, sqlite3_close);
  if (code != SQLITE_OK) throw std::runtime_error("cannot open " + path + " to copy it");
  sqlite3_busy_timeout(raw, 30'000);
  return connection;
}

}  // namespace

void copy_sqlite(const std::string& path, const std::string& target) {
  if (std::filesystem::exists(target)) throw std::runtime_error(target + " exists already");
  const mode_t before = ::umask(077);
  {
    const Connection from = open_file(path, SQLITE_OPEN_READWRITE);
    const Connection to = open_file(target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ::umask(before);
    sqlite3_backup* copy = sqlite3_backup_init(to.get(), "main", from.get(), "main");
    if (copy == nullptr) throw std::runtime_error("cannot copy to " + target);
    // All pages in one read transaction: a copy in steps begins anew whenever somebody writes.
    int code = SQLITE_OK;
    do {
      code = sqlite3_backup_step(copy, -1);
    } while (code == SQLITE_BUSY || code == SQLITE_LOCKED);
    sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE)
      throw std::runtime_error("copying to " + target + " failed: " + sqlite3_errstr(code));
    // A file of its own, without a WAL beside it.
    if (sqlite3_exec(to.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) !=
        SQLITE_OK)
      throw std::runtime_error("cannot finish " + target);
  }
  const int file = ::open(target.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) throw std::runtime_error("cannot sync " + target);
}

}  // namespace beian
