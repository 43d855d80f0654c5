#include "service/announcements.h"

#include "base/text.h"
#include "service/account.h"
#include "service/audit.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_characters = 300;
constexpr int k_listed = 100;

void check_text(std::vector<Problem>& problems, const std::string& field, std::string& text) {
  text = clean_line(text);
  if (text.empty()) problems.push_back({field, "required", {}, "", "", true});
  if (count_characters(text) > k_most_characters)
    problems.push_back(
        {field, "setting_too_long", {{"max", std::to_string(k_most_characters)}}, "", "", true});
}

std::string subject_of(Id id) { return "announcement/" + id_to_string(id); }

}  // namespace

json::array current_announcements(Service& s, const std::string& audience,
                                  std::string_view locale) {
  json::array out;
  for (const store::Announcement& a : s.db.read(
           [&](Reader& reader) { return store::current_announcements(reader, audience, s.now()); }))
    // Changed words are another announcement to whoever put the first away.
    out.push_back(json::object{{"id", id_to_string(a.id) + "." + std::to_string(a.at)},
                               {"tone", a.tone},
                               {"text", locale == "en" ? a.text_en : a.text_zh}});
  return out;
}

std::vector<store::Announcement> list_announcements(Service& s) {
  return s.db.read([](Reader& reader) { return store::list_announcements(reader, k_listed); });
}

Id put_announcement(Service& s, const Staff& by, store::Announcement a) {
  std::vector<Problem> problems;
  check_text(problems, "text_zh", a.text_zh);
  check_text(problems, "text_en", a.text_en);
  if (a.audience != "applicants" && a.audience != "staff" && a.audience != "everybody")
    problems.push_back({"audience", "choice_unknown", {}, "", "", true});
  if (a.tone != "note" && a.tone != "warning")
    problems.push_back({"tone", "choice_unknown", {}, "", "", true});
  if (a.from_at < 0 || a.until_at <= a.from_at || a.until_at <= s.now() ||
      a.until_at - a.from_at > 366 * k_day)
    problems.push_back({"until_at", "announcement_time", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "announcement_invalid", problems);
  const bool made = a.id == 0;
  if (made) a.id = new_id();
  a.by_id = by.id;
  a.at = s.now();
  s.db.write([&](Tx& tx) {
    if (!made && !store::find_announcement(tx, a.id))
      throw Refusal(RefusalCode::not_found, "not_found");
    store::put_announcement(tx, a);
    record(s, tx, {"staff", by.id}, made ? "announcement.made" : "announcement.changed",
           subject_of(a.id),
           {{"audience", a.audience}, {"from", a.from_at}, {"until", a.until_at}});
  });
  return a.id;
}

void end_announcement(Service& s, const Staff& by, Id id) {
  s.db.write([&](Tx& tx) {
    if (!store::find_announcement(tx, id)) throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::end_announcement(tx, id, s.now()))
      throw Refusal(RefusalCode::conflict, "announcement_over");
    record(s, tx, {"staff", by.id}, "announcement.ended", subject_of(id));
  });
}

}  // namespace beian::service
