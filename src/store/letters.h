// What applicant and staff write to each other on a filing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Letter {
  Id id = 0;
  Id filing_id = 0;
  bool by_staff = false;
  Id author_id = 0;
  std::string text;  // opened
  Millis at = 0;
  std::optional<Millis> seen_at;  // by the other side
};

void insert_letter(Tx& tx, const Keyring& keys, const Letter& letter);
std::vector<Letter> list_letters(Reader& reader, const Keyring& keys, Id filing);
std::int64_t count_letters(Reader& reader, Id filing, bool by_staff, Millis since);
// Those that the other side wrote are seen now. Returns how many.
std::int64_t see_letters(Tx& tx, Id filing, bool written_by_staff, Millis now);

}  // namespace beian::store
