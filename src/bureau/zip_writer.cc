#include "bureau/zip_writer.h"

#include <libdeflate.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "bureau/gbk.h"
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
  std::size_t at = 0;  // where its local header begins
};

// What local header and directory have in common.
void put_entry(std::string& out, const Entry& entry) {
  constexpr std::uint64_t k_version = 20, k_deflate = 8, k_1980 = 0x0021;  // oldest date there is
  constexpr std::uint64_t k_utf8 = 1u << 11;
  put(out, k_version, 2);
  put(out, is_ascii(entry.name) ? 0 : k_utf8, 2);
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

Entry add_file(std::string& zip, std::string_view name, std::string_view content) {
  constexpr std::size_t k_most = std::numeric_limits<std::uint32_t>::max() / 2;
  if (content.size() > k_most || zip.size() > k_most) {
    throw std::invalid_argument("too large for a zip without extensions");
  }
  Entry entry{name, 0, 0, content.size(), zip.size()};
  const std::size_t header = local_header(entry).size();
  zip.resize(zip.size() + header);
  deflate_huffman(content, zip);
  entry.deflated = zip.size() - entry.at - header;
  entry.crc = libdeflate_crc32(0, content.data(), content.size());
  zip.replace(entry.at, header, local_header(entry));
  return entry;
}

void add_directory(std::string& zip, const std::vector<Entry>& entries) {
  const std::size_t directory = zip.size();
  for (const Entry& entry : entries) {
    zip += "PK\x01\x02";
    put(zip, 20, 2);  // made by
    put_entry(zip, entry);
    zip.append(2 + 2 + 2 + 4, '\0');  // no comment, first disk, no attributes
    put(zip, entry.at, 4);
    zip += entry.name;
  }
  const std::size_t size = zip.size() - directory;
  zip += "PK\x05\x06";
  put(zip, 0, 4);  // one disk
  put(zip, entries.size(), 2);
  put(zip, entries.size(), 2);
  put(zip, size, 4);
  put(zip, directory, 4);
  put(zip, 0, 2);  // no comment
}

}  // namespace

std::string zip_one_file(std::string_view name, std::string_view content) {
  return zip_files({{std::string(name), content}});
}

std::string zip_files(const std::vector<std::pair<std::string, std::string_view>>& files) {
  std::size_t bytes = 4096;
  for (const auto& [name, content] : files) bytes += content.size() / 5 * 4 + 2 * name.size() + 200;
  std::string zip;
  zip.reserve(bytes);
  std::vector<Entry> entries;
  for (const auto& [name, content] : files) entries.push_back(add_file(zip, name, content));
  add_directory(zip, entries);
  return zip;
}

}  // namespace beian::bureau
