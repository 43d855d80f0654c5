// How often ready-made reasons were sent, and a reviewer's own wordings. Fields here are patterns:
// a website's key is written *.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct ReasonUse {
  std::string field, reason_code;
  std::int64_t here = 0;  // for this kind in this province
  std::int64_t kind = 0;  // for this kind anywhere
  std::int64_t all = 0;
};
void count_reason(Tx& tx, const std::string& field, const std::string& reason_code,
                  std::string_view kind, const std::string& province, Millis now);
std::vector<ReasonUse> reason_uses(Reader& reader, std::string_view kind,
                                   const std::string& province);

struct Wording {
  Id id = 0;
  std::string field, text;  // opened
  std::int64_t n = 0;
};
// Counts one more use, and forgets the least recent beyond `most` at this field.
void keep_wording(Tx& tx, const Keyring& keys, Id account, const std::string& field,
                  const std::string& text, Millis now, int most);
// Of every field, the most used first.
std::vector<Wording> wordings_of(Reader& reader, const Keyring& keys, Id account);
// False when there is none of this account.
bool remove_wording(Tx& tx, Id account, Id wording);

}  // namespace beian::store
