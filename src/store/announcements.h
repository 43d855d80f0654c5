// Announcements: a line above the pages of applicants or staff, for a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Announcement {
  Id id = 0;
  std::string audience;  // applicants, staff, everybody
  std::string tone;      // note, warning
  std::string text_zh, text_en;
  Millis from_at = 0, until_at = 0;
  Id by_id = 0;
  std::string by_name;  // read only
  Millis at = 0;
  std::optional<Millis> ended_at;  // before its time
};

// Adds it, or takes the place of the one with this id.
void put_announcement(Tx& tx, const Announcement& announcement);
std::optional<Announcement> find_announcement(Reader& reader, Id id);
// False when it had ended.
bool end_announcement(Tx& tx, Id id, Millis now);
// Those that show now to "applicants" or "staff", the newest first.
std::vector<Announcement> current_announcements(Reader& reader, const std::string& audience,
                                                Millis now);
std::vector<Announcement> list_announcements(Reader& reader, int limit);  // newest first

}  // namespace beian::store
