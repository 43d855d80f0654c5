// What a bureau says about something filed reaches the one it belongs to: by mail and SMS, and in
// the filing's timeline.
#pragma once

#include <string>

#include "service/service.h"
#include "store/owners.h"

namespace beian::service {

// Words of ours (data/texts/*/findings.json), or the bureau's as they are.
struct Said {
  std::string key;  // empty: `bureaus` says it
  TextParams params;
  std::string bureaus;
};

// `notice`: bureau_notice, bureau_finding or record_cancelled. `key` makes it one message, however
// often the file comes.
void tell_owner(Service& s, Tx& tx, const store::Owner& owner, std::string_view notice,
                const std::string& key, const Said& said);

}  // namespace beian::service
