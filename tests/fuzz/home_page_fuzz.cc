// Home pages of strangers: what is taken from them stays valid text within its bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "filing/home_page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto page =
      beian::read_home_page(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!beian::is_utf8(page.title) || beian::count_characters(page.title) > 200) std::abort();
  if (!beian::is_utf8(page.excerpt) || beian::count_characters(page.excerpt) > 300) std::abort();
  if (page.numbers.size() > 10) std::abort();
  for (const std::string& number : page.numbers)
    if (!beian::is_utf8(number) || number.size() > 60) std::abort();
  return 0;
}
