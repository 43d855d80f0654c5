// Administrative divisions (GB/T 2260): six digits, province -> city -> county.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace beian {

namespace json = boost::json;

class Divisions {
 public:
  // data/divisions.json: {"tree": {"330000": ["浙江省", {"330100": ["杭州市", {"330106":
  // "西湖区"}]}]}}
  static Divisions from_json(const json::value& value);

  // The name of a province, city or county; nullptr for a code that is not in the list.
  const std::string* name(std::string_view code) const;
  // "浙江省杭州市西湖区", without the filler names 市辖区 and 县.
  std::string full_name(std::string_view province, std::string_view city,
                        std::string_view county) const;
  bool is_province(std::string_view code) const;
  // Is there a province whose code begins with these two digits?
  bool has_province_digits(std::string_view two_digits) const;
  // Does `child` lie in `parent`, one level below?
  bool is_child(std::string_view parent, std::string_view child) const;
  // Some cities (东莞, 中山, 儋州, 嘉峪关) have no counties: there a county is not asked for.
  bool has_children(std::string_view code) const;

 private:
  struct Place {
    std::string name;
    std::string parent;
    bool has_children = false;
  };
  std::map<std::string, Place, std::less<>> places_;
};

// All that is wrong with a chosen address; fields are `base` + ".province", ".city", ".county".
std::vector<Problem> check_division(const Divisions& divisions, const std::string& base,
                                    std::string_view province, std::string_view city,
                                    std::string_view county);

}  // namespace beian
