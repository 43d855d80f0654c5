#include "bureau/gbk.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace beian::bureau {
namespace {

class Converter {
 public:
  Converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {
    if (handle_ == reinterpret_cast<iconv_t>(-1)) {
      throw std::runtime_error(
          "iconv knows no GBK here: the C library's gconv modules are missing");
    }
  }
  ~Converter() { iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Converts as much of `in` as is valid, appends it to `out` and drops it from `in`.
  void run(std::string_view& in, std::string& out) {
    char buffer[16384];
    while (!in.empty()) {
      char* from = const_cast<char*>(in.data());
      std::size_t from_left = in.size();
      char* to = buffer;
      std::size_t to_left = sizeof buffer;
      const std::size_t result = iconv(handle_, &from, &from_left, &to, &to_left);
      const int error = errno;
      out.append(buffer, static_cast<std::size_t>(to - buffer));
      in.remove_prefix(in.size() - from_left);
      if (result == static_cast<std::size_t>(-1) && error != E2BIG) return;
    }
  }

 private:
  iconv_t handle_;
};

constexpr std::string_view k_replacement = "\xef\xbf\xbd";

// The C library writes the euro sign as the single byte 0x80, which is Microsoft's and no GBK.
constexpr std::string_view k_euro = "\xe2\x82\xac";

// Like run(), and stops before a euro sign too.
void run_strictly(Converter& converter, std::string_view& in, std::string& out) {
  std::string_view part = in.substr(0, in.find(k_euro));
  const std::size_t size = part.size();
  converter.run(part, out);
  in.remove_prefix(size - part.size());
}

// Bytes of the UTF-8 sequence at the start of `text`; 0 when it is broken.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80             ? 1
                             : (lead & 0xe0) == 0xc0 ? 2
                             : (lead & 0xf0) == 0xe0 ? 3
                             : (lead & 0xf8) == 0xf0 ? 4
                                                     : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

// How many bytes at the start of `text` are ASCII.
std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080ull) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

// Bytes up to the next stretch of plain ASCII that is worth copying, whole characters each: the
// second byte of a character of two may look like a letter.
std::size_t converted_length(std::string_view gb18030) {
  constexpr std::size_t k_worth = 256;
  std::size_t at = 0;
  while (at < gb18030.size()) {
    if (static_cast<unsigned char>(gb18030[at]) < 0x80) {
      const std::size_t plain = ascii_prefix(gb18030.substr(at));
      if (plain >= k_worth) return at;
      at += plain;
      continue;
    }
    const bool four = at + 1 < gb18030.size() && gb18030[at + 1] >= '0' && gb18030[at + 1] <= '9';
    at += four ? 4 : 2;
  }
  return gb18030.size();
}

}  // namespace

bool is_ascii(std::string_view text) { return ascii_prefix(text) == text.size(); }

FromGbk from_gbk(std::string_view bytes) {
  FromGbk result;
  result.utf8.reserve(bytes.size() + bytes.size() / 8);
  std::optional<Converter> converter;
  while (!bytes.empty()) {
    // Most of a data file is the base64 of pictures, which need no conversion.
    const std::size_t plain = ascii_prefix(bytes);
    result.utf8 += bytes.substr(0, plain);
    bytes.remove_prefix(plain);
    if (bytes.empty()) break;
    if (!converter) converter.emplace("UTF-8", "GB18030");
    std::string_view part = bytes.substr(0, converted_length(bytes));
    bytes.remove_prefix(part.size());
    while (!part.empty()) {
      converter->run(part, result.utf8);
      if (part.empty()) break;
      ++result.broken;
      result.utf8 += k_replacement;
      part.remove_prefix(1);
    }
  }
  return result;
}

std::optional<std::string> to_gbk(std::string_view utf8) {
  if (is_ascii(utf8)) return std::string(utf8);
  Converter converter("GBK", "UTF-8");
  std::string out;
  out.reserve(utf8.size());
  run_strictly(converter, utf8, out);
  if (!utf8.empty()) return std::nullopt;
  return out;
}

std::vector<std::string> unencodable(std::string_view utf8) {
  std::vector<std::string> found;
  if (is_ascii(utf8)) return found;
  Converter converter("GBK", "UTF-8");
  std::string ignored;
  while (!utf8.empty()) {
    ignored.clear();
    run_strictly(converter, utf8, ignored);
    if (utf8.empty()) break;
    const std::size_t length = sequence_length(utf8);
    std::string character(length == 0 ? k_replacement : utf8.substr(0, length));
    utf8.remove_prefix(std::max<std::size_t>(length, 1));
    if (std::find(found.begin(), found.end(), character) == found.end()) {
      found.push_back(std::move(character));
    }
  }
  return found;
}

}  // namespace beian::bureau
