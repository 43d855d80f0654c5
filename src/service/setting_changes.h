// The administrator's verbs at settings (service/settings.h): to see one with its history, to see
// what a change would do, to make it, and to go back to any earlier version.
#pragma once

#include <string>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// Notices' words are the rules editor's too; everything else is the administrator's alone.
bool may_change_setting(Role role, std::string_view name);

// {version, settings: [{name, group, type, min, max, required, value, shipped, changed_at,
// changed_by}], deadlines, bureaus, calendars: the names there are, each with changed_at}
json::object list_settings(Service& s);
// {notices: [{name, subject, group, values, lists, sms, changed: {locale: at}}]}; the subject in
// the reader's language.
json::object list_notice_texts(Service& s, std::string_view language);
// {name, value, shipped, version, history: [{id, value, note, by_name, at}]}, newest first; what
// binds a limit by law stands in "law". Refusal{not_found} for a name there is none of.
json::object show_setting(Service& s, const std::string& name);

// What `value` (null: as shipped) would do: {before, after}; of calendar and limits also {clocks:
// {moved, earlier, overdue, examples: [{id, before, after}]}}; of a notice {mail: {subject, text},
// sms: {text, characters, parts}} in made-up words. Refusal{invalid} names what is wrong.
json::object preview_setting(Service& s, const std::string& name, const json::value& value);

struct SettingWish {
  std::string name;
  json::value value;  // null: as shipped
  Id version = 0;     // of the last change that its reader saw; 0: none
  std::string note;   // why
};
// Holds at once; clocks that run are set by a new calendar or limit. Refusal{stale,
// "setting_changed_meanwhile"} when somebody was faster.
void change_setting(Service& s, const Staff& by, const SettingWish& wish);
// To what held after `change`; 0: as shipped.
void undo_setting(Service& s, const Staff& by, const std::string& name, Id change, Id version);

}  // namespace beian::service
