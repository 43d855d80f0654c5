// Filing numbers: 京ICP备2026000001号 for an organiser, …号-1 for a website, -2A app, -3X
// mini-program, -4K quick app. Older ones have eight digits; a licence holder's number can be a
// licence (京ICP证030173号, 粤B2-20090059).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

struct FilingNumber {
  enum class Style { filing, icp_licence, telecom_licence };
  enum class Service { none, website, app, mini_program, quick_app };
  std::string prefix;  // the province's character
  Style style = Style::filing;
  std::string serial;  // "2026000001"; of a telecom licence with its class, "B2-20090059"
  Service service = Service::none;
  int service_serial = 0;

  std::string organiser_number() const;  // without the service part
  std::string text() const;
  bool operator==(const FilingNumber&) const = default;
};

// Accepts full-width characters, blanks, small letters and a missing 号. `prefixes` are those of
// data/bureaus.json (one character each, old spellings included).
std::optional<FilingNumber> parse_filing_number(std::string_view text,
                                                const std::vector<std::string>& prefixes);

}  // namespace beian
