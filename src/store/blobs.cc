#include "store/blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "db/db.h"

namespace beian::store {
namespace {

namespace fs = std::filesystem;

struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

[[noreturn]] void fail(const char* what, const std::string& name) {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT) throw DbError(DbError::Kind::full, "disk full");
  throw std::runtime_error(std::string(what) + " failed for blob " + name + ": errno " +
                           std::to_string(error));
}

void write_synced(const std::string& path, const std::string& bytes, const std::string& name) {
  File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.fd < 0) fail("open", name);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(file.fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::unlink(path.c_str());
      errno = error;
      fail("write", name);
    }
    done += static_cast<std::size_t>(n);
  }
  if (::fsync(file.fd) != 0) fail("fsync", name);
}

void sync_folder(const std::string& folder) {
  File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (file.fd < 0 || ::fsync(file.fd) != 0) fail("fsync of folder", folder);
}

bool is_name(const std::string& name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Blobs::Blobs(std::string folder, const Keyring& keys) : folder_(std::move(folder)), keys_(keys) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  constexpr const char* k_digits = "0123456789abcdef";
  for (int i = 0; i < 256; ++i)
    fs::create_directories(folder_ + "/" + k_digits[i / 16] + k_digits[i % 16]);
}

std::string Blobs::path_of(const std::string& name) const {
  if (!is_name(name)) throw std::runtime_error("not a blob name");
  return folder_ + "/" + name.substr(0, 2) + "/" + name.substr(2);
}

std::string Blobs::put(const std::string& bytes) const {
  const std::string name = to_hex(random_bytes(16));
  const std::string path = path_of(name);
  const std::string part = path + ".part";
  write_synced(part, keys_.seal(bytes, "blob/" + name), name);
  if (::rename(part.c_str(), path.c_str()) != 0) fail("rename", name);
  sync_folder(folder_ + "/" + name.substr(0, 2));
  return name;
}

std::string Blobs::get(const std::string& name) const {
  std::ifstream in(path_of(name), std::ios::binary);
  if (!in) throw std::runtime_error("blob " + name + " is missing");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return keys_.open(bytes.str(), "blob/" + name);
}

void Blobs::remove(const std::string& name) const { ::unlink(path_of(name).c_str()); }

int Blobs::reseal(int limit) const {
  const std::string wanted = keys_.active_prefix();
  int done = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (done == limit) break;
    const std::string name =
        entry.path().parent_path().filename().string() + entry.path().filename().string();
    if (!is_name(name)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string start(wanted.size(), '\0');
    if (!in.read(start.data(), static_cast<std::streamsize>(start.size())) || start == wanted)
      continue;
    const std::string path = path_of(name), part = path + ".part";
    const std::string plain = get(name);
    ::unlink(part.c_str());
    write_synced(part, keys_.seal(plain, "blob/" + name), name);
    // Swept meanwhile: it must not come back.
    if (::access(path.c_str(), F_OK) != 0 || ::rename(part.c_str(), path.c_str()) != 0)
      ::unlink(part.c_str());
    sync_folder(folder_ + "/" + name.substr(0, 2));
    ++done;
  }
  return done;
}

int Blobs::sweep(Millis before, const std::function<bool(const std::string&)>& is_used) const {
  int removed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    struct stat info {};
    if (::stat(entry.path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (Millis{info.st_mtime} * 1000 >= before) continue;
    const std::string name =
        entry.path().parent_path().filename().string() + entry.path().filename().string();
    if (is_name(name) && is_used(name)) continue;
    if (::unlink(entry.path().c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace beian::store
