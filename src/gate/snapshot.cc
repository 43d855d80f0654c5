#include "gate/snapshot.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <type_traits>

namespace beian::gate {
namespace {

constexpr std::uint64_t k_form = 0x32304554'41474242;  // also tells the order of bytes
constexpr std::uint64_t k_most_slots = 1ULL << 31;
constexpr std::size_t k_part = 8u << 20;

struct Header {
  std::uint64_t form = k_form;
  std::int64_t position = 0;
  std::uint64_t names = 0, name_slots = 0, longer_slots = 0, long_bytes = 0, address_words = 0;
  Seeds seeds{};
  std::uint32_t sum = 0;         // CRC-32 of all that follows the header
  std::uint32_t header_sum = 0;  // of the header before this
};

std::uint32_t sum_of(const Header& header) {
  return libdeflate_crc32(0, &header, offsetof(Header, header_sum));
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool good() const { return fd_ >= 0; }
  bool write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), std::min(bytes.size(), k_part));
      if (n <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Summed while it is still in the processor's cache.
  bool read(std::span<std::byte> bytes, std::uint32_t* sum = nullptr) const {
    while (!bytes.empty()) {
      const ssize_t n = ::read(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), 1u << 20));
      if (n <= 0) return false;
      if (sum != nullptr) *sum = libdeflate_crc32(*sum, bytes.data(), static_cast<std::size_t>(n));
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool sync() const { return ::fsync(fd_) == 0; }
  std::uint64_t size() const {
    struct stat status {};
    return ::fstat(fd_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }

 private:
  int fd_;
};

}  // namespace

// What the table keeps, as bytes: to be written where the table may be.
struct SnapshotAccess {
  template <typename T>
  static auto bytes(std::span<T> all) {
    if constexpr (std::is_const_v<T>)
      return std::as_bytes(all);
    else
      return std::as_writable_bytes(all);
  }
  template <typename Table>
  static auto parts(Table& table) {
    return std::array{bytes(table.names_.all()), bytes(table.longer_.all()),
                      bytes(std::span(table.long_names_)), bytes(std::span(table.addresses_))};
  }
  static Header header_of(const NameTable& table) {
    Header header;
    header.names = table.size_;
    header.name_slots = table.names_.all().size();
    header.longer_slots = table.longer_.all().size();
    header.long_bytes = table.long_names_.size();
    header.address_words = table.addresses_.size();
    header.seeds = table.seeds_;
    return header;
  }
  static std::uint64_t bytes_of(const Header& header) {
    return (header.name_slots + header.longer_slots) * sizeof(NameTable::Slot) + header.long_bytes +
           header.address_words * sizeof(std::uint32_t);
  }
  static NameTable table_for(const Header& header) {
    NameTable table;
    table.names_.make(header.name_slots);
    table.longer_.make(header.longer_slots);
    table.long_names_.resize(header.long_bytes);
    table.addresses_.resize(header.address_words);
    table.size_ = header.names;
    table.seeds_ = header.seeds;
    return table;
  }
};

void save_snapshot(const std::string& path, const NameTable& names, std::int64_t position) {
  Header header = SnapshotAccess::header_of(names);
  header.position = position;
  for (const auto part : SnapshotAccess::parts(names))
    header.sum = libdeflate_crc32(header.sum, part.data(), part.size());
  header.header_sum = sum_of(header);
  const std::string fresh = path + ".part-" + std::to_string(::getpid());
  const auto written = [&] {
    const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.good() || !file.write(std::as_bytes(std::span(&header, 1)))) return false;
    for (const auto part : SnapshotAccess::parts(names))
      if (!file.write(part)) return false;
    return file.sync();
  };
  if (written() && std::rename(fresh.c_str(), path.c_str()) == 0) return;
  std::remove(fresh.c_str());
  throw std::runtime_error("cannot write " + path);
}

std::optional<Snapshot> open_snapshot(const std::string& path) {
  const File file(path, O_RDONLY);
  Header header;
  if (!file.good() || !file.read(std::as_writable_bytes(std::span(&header, 1)))) return {};
  if (header.form != k_form || header.header_sum != sum_of(header)) return {};
  if (header.name_slots == 0 || header.longer_slots == 0 || header.name_slots > k_most_slots ||
      header.longer_slots > k_most_slots || header.names >= header.name_slots ||
      header.name_slots % 2 != 0 || header.longer_slots % 2 != 0 ||
      file.size() != sizeof header + SnapshotAccess::bytes_of(header))
    return {};
  Snapshot out{SnapshotAccess::table_for(header), header.position};
  std::uint32_t sum = 0;
  for (const auto part : SnapshotAccess::parts(out.names))
    if (!file.read(part, &sum)) return {};
  if (sum != header.sum) return {};
  return out;
}

}  // namespace beian::gate
