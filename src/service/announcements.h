// What an administrator tells everybody for a time: a line above the pages.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/announcements.h"

namespace beian::service {

// For "applicants" (and visitors) or "staff": {id, tone, text}, in this language.
json::array current_announcements(Service& s, const std::string& audience, std::string_view locale);
std::vector<store::Announcement> list_announcements(Service& s);
// New with id 0. Texts of at most 300 characters in both languages; until is after from, by at most
// a year. Refusal{invalid} names what is wrong.
Id put_announcement(Service& s, const Staff& by, store::Announcement announcement);
// Takes it down at once. Refusal{conflict, "announcement_over"}.
void end_announcement(Service& s, const Staff& by, Id id);

}  // namespace beian::service
