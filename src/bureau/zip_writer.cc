#include "bureau/zip_writer.h"

#include <minizip/zip.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace beian::bureau {
namespace {

// minizip's file functions over a string.
struct Memory {
  std::string bytes;
  std::size_t at = 0;
};

Memory& memory(voidpf stream) { return *static_cast<Memory*>(stream); }

voidpf open_memory(voidpf opaque, const char*, int) { return opaque; }

uLong read_memory(voidpf, voidpf stream, void* into, uLong size) {
  Memory& self = memory(stream);
  const std::size_t count = std::min<std::size_t>(size, self.bytes.size() - self.at);
  std::memcpy(into, self.bytes.data() + self.at, count);
  self.at += count;
  return count;
}

uLong write_memory(voidpf, voidpf stream, const void* from, uLong size) {
  Memory& self = memory(stream);
  if (self.at + size > self.bytes.size()) self.bytes.resize(self.at + size);
  std::memcpy(self.bytes.data() + self.at, from, size);
  self.at += size;
  return size;
}

long tell_memory(voidpf, voidpf stream) { return static_cast<long>(memory(stream).at); }

long seek_memory(voidpf, voidpf stream, uLong offset, int origin) {
  Memory& self = memory(stream);
  const std::size_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? self.at
                           : origin == ZLIB_FILEFUNC_SEEK_END ? self.bytes.size()
                                                              : 0;
  if (base + offset > self.bytes.size()) return -1;
  self.at = base + offset;
  return 0;
}

int close_memory(voidpf, voidpf) { return 0; }
int error_memory(voidpf, voidpf) { return 0; }

int add_file(zipFile zip, const std::string& name, std::string_view content) {
  zip_fileinfo info{};
  info.dosDate = 0x00210000;  // 1980-01-01, the oldest date a zip can hold
  int error =
      zipOpenNewFileInZip3(zip, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 1,
                           0, -MAX_WBITS, DEF_MEM_LEVEL, Z_HUFFMAN_ONLY, nullptr, 0);
  if (error != ZIP_OK) return error;
  error = zipWriteInFileInZip(zip, content.data(), static_cast<unsigned>(content.size()));
  const int closed = zipCloseFileInZip(zip);
  return error == ZIP_OK ? closed : error;
}

}  // namespace

std::string zip_one_file(std::string_view name, std::string_view content) {
  return zip_files({{std::string(name), content}});
}

std::string zip_files(const std::vector<std::pair<std::string, std::string_view>>& files) {
  Memory target;
  zlib_filefunc_def functions{open_memory, read_memory,  write_memory, tell_memory,
                              seek_memory, close_memory, error_memory, &target};
  zipFile zip = zipOpen2("", APPEND_STATUS_CREATE, nullptr, &functions);
  if (zip == nullptr) throw std::runtime_error("minizip cannot start an archive");
  int error = ZIP_OK;
  for (const auto& [name, content] : files)
    if (error == ZIP_OK) error = add_file(zip, name, content);
  const int closed = zipClose(zip, nullptr);
  if (error != ZIP_OK || closed != ZIP_OK) throw std::runtime_error("minizip cannot write");
  return std::move(target.bytes);
}

}  // namespace beian::bureau
