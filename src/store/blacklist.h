// Who and what the bureaus do not allow to be filed (HMDLB), as the downloads brought it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct BlacklistEntry {
  std::string kind;   // certificate, domain
  std::string value;  // "<type>:<number>" or a domain in A-labels: kept as a keyed hash only
  std::string province;
  std::string label;  // JSON {name, remark}, opened: for staff
  Millis listed_at = 0;
  std::string file_name;
};
void put_blacklist(Tx& tx, const Keyring& keys, const BlacklistEntry& entry);
void remove_blacklist(Tx& tx, const Keyring& keys, const BlacklistEntry& entry);
// The entries, of any bureau, for this value; `value` of those is empty.
std::vector<BlacklistEntry> find_blacklist(Reader& reader, const Keyring& keys,
                                           const std::string& kind, const std::string& value);
std::int64_t count_blacklist(Reader& reader);

}  // namespace beian::store
