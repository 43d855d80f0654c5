// The code lists of the bureaus (JCDM) as last received, and what of them an administrator took
// over into ours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Code {
  std::string dictionary;  // ours: natures, services, …
  std::int64_t code = 0;
  std::string name;
  bool active = true;
  std::optional<std::int64_t> parent;  // of a certificate type: the nature
  std::string note;
  std::string province;    // received ones
  Millis received_at = 0;  // or accepted at
};
void put_received_code(Tx& tx, const Code& code);
// Of one dictionary, or of all.
std::vector<Code> received_codes(Reader& reader, const std::string& dictionary);
void put_accepted_code(Tx& tx, const Code& code, Id by, Millis now);
std::vector<Code> accepted_codes(Reader& reader);

}  // namespace beian::store
