// Earlier filings that share something with a case: the same organiser, person, telephone, address,
// domain or picture. Found over keyed hashes that are kept from each submission on; shown masked.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

inline constexpr int k_most_related = 30;    // filings shown with a case
inline constexpr int k_most_of_a_mark = 20;  // looked up for each thing in common

// Keeps the marks of what is submitted, in the transaction of that step.
void mark_filing(Service& s, Tx& tx, const store::Filing& filing);
// Makes marks for filings submitted before there were any. False when none is left.
bool mark_old_filings(Service& s, int at_most);

// The contract's Related, for a submitted filing: of what lies in this person's scope.
json::object show_related(Service& s, Reader& reader, const Staff& staff,
                          const store::Filing& filing, std::string_view locale);

}  // namespace beian::service
