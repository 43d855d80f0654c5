// One field's value against what the form says about it. Used by check.cc; not for other rooms.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "filing/catalogue.h"
#include "filing/condition.h"
#include "filing/date.h"
#include "filing/form.h"

namespace beian {

struct CheckContext {
  const Form& form;
  const Catalogue& catalogue;
  const json::object& content;
  Day today;
  std::string today_text;
};

// Appends all that is wrong with one field (empty ones included).
void check_field(const CheckContext& context, const PlacedField& placed,
                 std::vector<Problem>& problems);

// Characters that the bureau refuses (result code 5008) or that no name contains: emoji, private
// use, control characters. CJK characters outside GBK are fine.
bool is_forbidden_character(char32_t point);

}  // namespace beian
