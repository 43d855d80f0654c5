#include "service/setting_changes.h"

#include <algorithm>

#include "base/text.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/connections.h"
#include "service/setting_values.h"
#include "store/settings.h"

namespace beian::service {
namespace {

constexpr int k_history = 200;
constexpr std::size_t k_examples = 20, k_most_note = 500;

json::value value_of(const LiveSettings& live, const std::string& name, json::value shipped) {
  const auto found = live.changed.find(name);
  return found == live.changed.end() ? shipped : found->second;
}

bool moves_clocks(const std::string& name) {
  return name.starts_with("calendar.") || name.starts_with("deadline.");
}

struct MovedClock {
  Id filing = 0;
  Millis before = 0, after = 0;
};
// Of the filings whose time is what the settings now make it: others were set by hand.
std::vector<MovedClock> moved_clocks(Reader& reader, const LiveSettings& now,
                                     const LiveSettings& then) {
  std::vector<MovedClock> out;
  for (const store::RunningClock& clock : store::running_clocks(reader)) {
    if (due_of(now, clock.state, clock.since, clock.days_used) != clock.due_at) continue;
    const auto due = due_of(then, clock.state, clock.since, clock.days_used);
    if (due && *due != clock.due_at) out.push_back({clock.filing_id, clock.due_at, *due});
  }
  return out;
}

json::object show_clocks(const std::vector<MovedClock>& moved, Millis now) {
  json::array examples;
  std::int64_t earlier = 0, overdue = 0;
  for (const MovedClock& clock : moved) {
    if (clock.after < clock.before) ++earlier;
    if (clock.after < now && clock.before >= now) ++overdue;
    if (examples.size() < k_examples)
      examples.push_back(json::object{
          {"id", id_to_string(clock.filing)}, {"before", clock.before}, {"after", clock.after}});
  }
  return {{"moved", moved.size()},
          {"earlier", earlier},
          {"overdue", overdue},
          {"examples", std::move(examples)}};
}

json::value parsed(const std::optional<std::string>& text) {
  return text ? parse_json(*text) : json::value(nullptr);
}

void apply(Service& s, const Staff& by, const SettingWish& wish, const json::value& value,
           Id undone) {
  const std::string note = clean_line(wish.note);
  if (count_characters(note) > k_most_note)
    throw Refusal(
        RefusalCode::invalid, "setting_invalid",
        {{"note", "setting_too_long", {{"max", std::to_string(k_most_note)}}, "", "", true}});
  const LiveSettingsPtr now = s.settings.now(), then = s.settings.with(wish.name, value);
  s.db.write([&](Tx& tx) {
    const auto latest = store::latest_setting(tx, wish.name);
    if ((latest ? latest->id : 0) != wish.version)
      throw Refusal(RefusalCode::stale, "setting_changed_meanwhile", {},
                    {{"name", latest ? latest->by_name : ""},
                     {"minutes", std::to_string(latest ? (s.now() - latest->at) / 60'000 : 0)}});
    const std::optional<std::string> kept =
        value.is_null() ? std::nullopt : std::optional(json::serialize(value));
    if (kept == (latest ? latest->value : std::nullopt))
      throw Refusal(RefusalCode::conflict, "setting_same");
    store::SettingChange change{new_id(), wish.name, kept, note, by.id, "", s.now()};
    store::insert_setting_change(tx, change);
    json::object detail{{"change", id_to_string(change.id)},
                        {"before", latest ? id_to_string(latest->id) : "0"},
                        {"digest", to_hex(sha256(kept.value_or(""))).substr(0, 16)}};
    if (undone >= 0) detail["back_to"] = id_to_string(undone);
    if (moves_clocks(wish.name)) {
      const auto moved = moved_clocks(tx, *now, *then);
      for (const MovedClock& clock : moved) store::set_due(tx, clock.filing, clock.after);
      detail["clocks_moved"] = moved.size();
    }
    if (const auto line = after(wish.name, "line."); !line.empty())
      follow_parameters(s, tx, std::string(line));
    record(s, tx, {"staff", by.id}, undone >= 0 ? "setting.undone" : "setting.changed",
           "setting/" + wish.name, detail);
  });
  s.settings.refresh(s.db);
  s.wake_workers();
}

}  // namespace

bool may_change_setting(Role role, std::string_view name) {
  return role == Role::administrator || (role == Role::rules_editor && name.starts_with("notice."));
}

json::object show_setting(Service& s, const std::string& name) {
  const json::value shipped = require_shipped(s, name);
  json::array history;
  Id version = 0;
  for (const store::SettingChange& change :
       s.db.read([&](Reader& reader) { return store::setting_history(reader, name, k_history); })) {
    version = std::max(version, change.id);
    history.push_back(json::object{{"id", id_to_string(change.id)},
                                   {"value", parsed(change.value)},
                                   {"note", change.note},
                                   {"by_name", change.by_name},
                                   {"at", change.at}});
  }
  json::object out{{"name", name},
                   {"value", value_of(*s.settings.now(), name, shipped)},
                   {"shipped", shipped},
                   {"version", id_to_string(version)},
                   {"history", std::move(history)}};
  if (const auto limit = after(name, "deadline."); !limit.empty())
    out["law"] = *limit_named(s, limit);
  return out;
}

json::object preview_setting(Service& s, const std::string& name, const json::value& value) {
  const json::value shipped = require_shipped(s, name);
  const json::value wanted = checked_setting(s, name, value);
  const LiveSettingsPtr now = s.settings.now(), then = s.settings.with(name, wanted);
  json::object out{{"before", value_of(*now, name, shipped)},
                   {"after", wanted.is_null() ? shipped : wanted}};
  if (moves_clocks(name))
    out["clocks"] = show_clocks(
        s.db.read([&](Reader& reader) { return moved_clocks(reader, *now, *then); }), s.now());
  if (const auto notice = after(name, "notice."); !notice.empty())
    for (auto& [part, shown] : rendered_notice(s, std::string(notice), out.at("after")))
      out[part] = shown;
  return out;
}

void change_setting(Service& s, const Staff& by, const SettingWish& wish) {
  if (!may_change_setting(by.role, wish.name))
    throw Refusal(RefusalCode::forbidden, "role_forbidden");
  require_shipped(s, wish.name);
  apply(s, by, wish, checked_setting(s, wish.name, wish.value), -1);
}

void undo_setting(Service& s, const Staff& by, const std::string& name, Id change, Id version) {
  if (!may_change_setting(by.role, name)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  require_shipped(s, name);
  json::value value = nullptr;
  if (change != 0) {
    bool known = false;
    for (const store::SettingChange& one :
         s.db.read([&](Reader& reader) { return store::setting_history(reader, name, k_history); }))
      if (one.id == change) {
        known = true;
        value = parsed(one.value);
      }
    if (!known) throw Refusal(RefusalCode::not_found, "not_found");
  }
  apply(s, by, {name, value, version, ""}, checked_setting(s, name, value), change);
}

}  // namespace beian::service
