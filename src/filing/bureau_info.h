// The provincial bureaus as data/bureaus.json has them: who decides, and how.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filing/date.h"
#include "filing/dictionary.h"
#include "filing/lifecycle.h"

namespace beian {

struct BureauInfo {
  std::string province;  // GB/T 2260
  Labels name;
  std::string prefix;                     // of its filing numbers
  std::vector<std::string> old_prefixes;  // accepted on input
  Policy policy;                          // the one its entry in the file gives
  // All of them by the day they come into force, the earliest first: those of the whole country
  // before, its own, and ones already announced.
  std::vector<std::pair<Day, Policy>> policies;

  const Policy& policy_on(Day day) const;
};

class Bureaus {
 public:
  static Bureaus from_json(const json::value& value);
  // nullptr where there is no bureau for it (香港, 澳门, 台湾).
  const BureauInfo* find(std::string_view province) const;
  const std::vector<BureauInfo>& all() const { return bureaus_; }
  std::vector<std::string> prefixes() const;  // for parse_filing_number

 private:
  std::vector<BureauInfo> bureaus_;
};

}  // namespace beian
