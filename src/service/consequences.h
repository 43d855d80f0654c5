// What follows from ending something, said before it is done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/begin.h"

namespace beian::service {

struct Consequence {
  std::string code;  // entry of data/texts/*/consequences.json
  TextParams params;
  bool grave = false;  // cannot be undone, or the bureau will refuse it
};

std::vector<Consequence> consequences_of(Service& s, Reader& reader, Kind kind,
                                         const Chosen& chosen);
// Those of a filing that began from what is registered; none once it has ended.
std::vector<Consequence> consequences_of(Service& s, Reader& reader, const store::Filing& filing);
json::array show_consequences(const Service& s, const std::vector<Consequence>& all,
                              std::string_view locale);

}  // namespace beian::service
