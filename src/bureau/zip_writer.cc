#include "bureau/zip_writer.h"

#include <libdeflate.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "bureau/huffman_deflate.h"

namespace beian::bureau {
namespace {

// Headers of PKWARE's APPNOTE 6.3, parts 4.3.7, 4.3.12 and 4.3.16; all numbers little-endian.
void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

struct Entry {
  std::string_view name;
  std::uint32_t crc = 0;
  std::size_t deflated = 0, size = 0;
};

// What local header and directory have in common.
void put_entry(std::string& out, const Entry& entry) {
  constexpr std::uint64_t k_version = 20, k_deflate = 8, k_1980 = 0x0021;  // oldest date there is
  put(out, k_version, 2);
  put(out, 0, 2);  // no flags
  put(out, k_deflate, 2);
  put(out, 0, 2);  // midnight
  put(out, k_1980, 2);
  put(out, entry.crc, 4);
  put(out, entry.deflated, 4);
  put(out, entry.size, 4);
  put(out, entry.name.size(), 2);
  put(out, 0, 2);  // no extra field
}

std::string local_header(const Entry& entry) {
  std::string out = "PK\x03\x04";
  put_entry(out, entry);
  return out += entry.name;
}

}  // namespace

std::string zip_one_file(std::string_view name, std::string_view content) {
  if (content.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
    throw std::invalid_argument("too large for a zip without extensions");
  }
  Entry entry{name, 0, 0, content.size()};
  const std::size_t header = local_header(entry).size();
  std::string zip;
  zip.reserve(header + content.size() / 5 * 4 + 4096);
  zip.resize(header);
  deflate_huffman(content, zip);
  entry.deflated = zip.size() - header;
  entry.crc = libdeflate_crc32(0, content.data(), content.size());
  zip.replace(0, header, local_header(entry));
  const std::size_t directory = zip.size();
  zip += "PK\x01\x02";
  put(zip, 20, 2);  // made by
  put_entry(zip, entry);
  zip.append(2 + 2 + 2 + 4 + 4, '\0');  // no comment, first disk, no attributes, at byte 0
  zip += entry.name;
  const std::size_t end = zip.size();
  zip += "PK\x05\x06";
  put(zip, 0, 4);  // one disk
  put(zip, 1, 2);  // one entry on it
  put(zip, 1, 2);
  put(zip, end - directory, 4);
  put(zip, directory, 4);
  put(zip, 0, 2);  // no comment
  return zip;
}

}  // namespace beian::bureau
