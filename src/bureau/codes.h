// The ministry's answer codes: msg_code of a call (0 to 999) and Jgdm inside a BAJG file (1001 and
// up, interface V3.0 §3-4 and §3-5; IP and domain codes are not on the main path). For each: who
// has to act, which field of the filing it is about, and a short name in the ministry's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/refusal.h"
#include "bureau/messages.h"

namespace beian::bureau {

enum class Group {
  success,
  retry_later,  // the bureau is busy or closed
  applicant,    // the filing must be corrected
  our_fault,    // the platform built something wrong
  account,      // the provider's account or rights at the bureau
  out_of_step,  // our records and the bureau's differ
  other,
};

struct CodeInfo {
  int code;
  Group group;
  std::string_view field;  // "sites.*.domain": one of the sites, the code does not say which
  std::string_view text;
};

// nullptr when the code is not known: treat it as Group::other.
const CodeInfo* find_code(std::int64_t code);
Group group_of(std::int64_t code);
std::string text_of_code(std::int64_t code);

// A result as a problem of the filing, in plain words (data/texts/*/problems/bureau.json): code
// "bureau_1005" where the ministry's code has a text of its own, else by group
// ("bureau_retry_later"); params "code" and "text" (the bureau's own words).
Problem problem_of(const ResultCode& result);

}  // namespace beian::bureau
