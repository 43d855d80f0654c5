// GBK, the only character set the interface knows. Reading is tolerant (GB18030, its superset);
// writing is strict, because a bureau answers any other character with 5008 for the whole file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian::bureau {

struct FromGbk {
  std::string utf8;
  std::size_t broken = 0;  // byte sequences that are no character; each became U+FFFD
};

FromGbk from_gbk(std::string_view bytes);

// nullopt when a character is not in GBK or `utf8` is not UTF-8.
std::optional<std::string> to_gbk(std::string_view utf8);

// The characters of `utf8` that GBK does not have, each once, in order of appearance: what to_gbk
// refuses. Broken UTF-8 appears as U+FFFD.
std::vector<std::string> unencodable(std::string_view utf8);

bool is_ascii(std::string_view text);

}  // namespace beian::bureau
