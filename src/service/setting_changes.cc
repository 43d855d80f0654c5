#include "service/setting_changes.h"

#include <algorithm>

#include "base/text.h"
#include "filing/lifecycle.h"
#include "notify/mail.h"
#include "notify/notice_fault.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/notice_samples.h"
#include "service/retention.h"
#include "store/settings.h"

namespace beian::service {
namespace {

constexpr int k_history = 200;
constexpr std::size_t k_examples = 20, k_most_note = 500, k_most_value = 64u << 10;
constexpr std::size_t k_most_sms_parts = 5;

std::string_view after(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

const SettingSpec* spec_of(const Service& s, const std::string& name) {
  for (const SettingSpec& spec : s.settings.specs())
    if (spec.name == name) return &spec;
  return nullptr;
}

const json::object* limit_of(const Service& s, std::string_view name) {
  const json::value* found =
      s.reference.deadlines_document.at("limits").as_object().if_contains(name);
  return found ? &found->get_object() : nullptr;
}

bool is_year(std::string_view text) {
  return text.size() == 4 && text.starts_with("20") &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

[[noreturn]] void refuse(const std::string& field, const std::string& code,
                         const std::map<std::string, std::string>& params = {}) {
  throw Refusal(RefusalCode::invalid, "setting_invalid", {{field, code, params, "", "", true}});
}

json::object plain_limit(const json::object& limit) {
  json::object out;
  for (const std::string_view part : {"limit", "target", "remind"})
    if (const json::value* value = limit.if_contains(part)) out[part] = *value;
  return out;
}

json::value policies_of(const Service& s, std::string_view province) {
  const json::value all = parse_json(s.reference.bureaus_json, 4u << 20);
  for (const json::value& bureau : all.at("bureaus").as_array())
    if (bureau.at("province").as_string() == province) {
      const json::value* more = bureau.as_object().if_contains("policies");
      return more ? *more : json::value(json::array{});
    }
  return nullptr;
}

// What holds without a change; nullopt where there is no such setting.
std::optional<json::value> shipped_of(const Service& s, const std::string& name) {
  if (const SettingSpec* spec = spec_of(s, name)) return spec->otherwise;
  if (const auto limit = after(name, "deadline."); !limit.empty()) {
    const json::object* found = limit_of(s, limit);
    return found ? std::optional<json::value>(plain_limit(*found)) : std::nullopt;
  }
  if (const auto province = after(name, "bureau."); !province.empty()) {
    json::value found = policies_of(s, province);
    return found.is_null() ? std::nullopt : std::optional(std::move(found));
  }
  if (const auto year = after(name, "calendar."); is_year(year)) {
    const auto found = s.reference.calendar_years.find(std::stoi(std::string(year)));
    return found == s.reference.calendar_years.end() ? json::value(nullptr) : found->second;
  }
  if (const auto rule = after(name, "retention."); !rule.empty())
    if (const json::object* found = retention_of(s).rule(rule)) return found->at("days");
  if (const auto notice = after(name, "notice."); !notice.empty())
    if (const std::string text = s.notices.shipped(std::string(notice)); !text.empty())
      return parse_json(text);
  return std::nullopt;
}

json::value require_shipped(const Service& s, const std::string& name) {
  auto shipped = shipped_of(s, name);
  if (!shipped) throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*shipped);
}

json::value value_of(const LiveSettings& live, const std::string& name, json::value shipped) {
  const auto found = live.changed.find(name);
  return found == live.changed.end() ? shipped : found->second;
}

json::value checked_text(const SettingSpec& spec, const json::value& value) {
  if (!value.is_string()) refuse("value", "member_type");
  const std::string text = clean_line(std::string(value.get_string()));
  if (text.empty() && spec.required) refuse("value", "required");
  if (count_characters(text) > static_cast<std::size_t>(spec.max))
    refuse("value", "setting_too_long", {{"max", std::to_string(spec.max)}});
  if (text.empty()) return json::value(text);
  if (spec.type == "mail" && !notify::is_mail_address(text)) refuse("value", "email_invalid");
  if (spec.type == "phone" && text.find_first_not_of("0123456789+-() /") != std::string::npos)
    refuse("value", "setting_phone");
  return json::value(text);
}

json::value checked_simple(const SettingSpec& spec, const json::value& value) {
  if (spec.type == "flag") {
    if (!value.is_bool()) refuse("value", "member_type");
    return value;
  }
  if (spec.type != "integer") return checked_text(spec, value);
  if (!value.is_int64() || value.get_int64() < spec.min || value.get_int64() > spec.max)
    refuse("value", "setting_range",
           {{"min", std::to_string(spec.min)}, {"max", std::to_string(spec.max)}});
  return value;
}

// The law's bounds stand beside the limit in data/deadlines.json.
json::value checked_limit(const json::object& shipped, const json::value& value) {
  const json::object& in = as_object(value);
  json::object out;
  const std::int64_t limit = get_int(in, "limit");
  const std::int64_t least = std::max<std::int64_t>(1, opt_int(shipped, "floor").value_or(1)),
                     most = opt_int(shipped, "ceiling").value_or(3650);
  if (limit < least || limit > most)
    refuse("limit", "setting_range",
           {{"min", std::to_string(least)}, {"max", std::to_string(most)}});
  out["limit"] = limit;
  for (const std::string_view part : {"target", "remind"})
    if (const auto number = opt_int(in, part)) {
      if (*number < 1 || *number > limit)
        refuse(std::string(part), "setting_range", {{"min", "1"}, {"max", std::to_string(limit)}});
      out[part] = *number;
    }
  return out;
}

json::value checked_days(const json::object& rule, const json::value& value) {
  const std::int64_t least = get_int(rule, "floor"), most = get_int(rule, "ceiling");
  if (!value.is_int64() || value.get_int64() < least || value.get_int64() > most)
    refuse("value", "setting_range",
           {{"min", std::to_string(least)}, {"max", std::to_string(most)}});
  return value;
}

json::value checked_policies(const json::value& value) {
  if (!value.is_array() || value.get_array().size() > 20) refuse("value", "member_type");
  json::array out;
  std::string before;
  for (const json::value& one : value.get_array()) {
    const json::object& in = as_object(one);
    const std::string since = get_string(in, "since", 10);
    if (!parse_day(since)) refuse("since", "date_invalid");
    if (since <= before) refuse("since", "setting_days_rise");
    before = since;
    out.push_back(json::object{{"since", since},
                               {"verification", get_bool(in, "verification")},
                               {"sms", get_bool(in, "sms")},
                               {"filing_password", get_bool(in, "filing_password")}});
  }
  return out;
}

json::value checked_year(std::string_view year, const json::value& value) {
  const json::object& in = as_object(value);
  json::array holidays, working;
  const json::value *days = in.if_contains("holidays"), *worked = in.if_contains("working");
  if (!days || !days->is_array() || days->get_array().size() > 60)
    refuse("holidays", "member_type");
  if (!worked || !worked->is_array() || worked->get_array().size() > 60)
    refuse("working", "member_type");
  const auto check_day = [&](const std::string& field, const std::string& text) {
    if (!parse_day(text)) refuse(field, "date_invalid");
    if (!text.starts_with(year)) refuse(field, "setting_year", {{"year", std::string(year)}});
    return text;
  };
  for (const json::value& one : days->get_array()) {
    const json::object& holiday = as_object(one);
    const std::string from = check_day("holidays", get_string(holiday, "from", 10)),
                      to = check_day("holidays", get_string(holiday, "to", 10));
    if (to < from) refuse("holidays", "setting_days_rise");
    json::object kept{{"from", from}, {"to", to}};
    if (const json::value* name = holiday.if_contains("name"); name && name->is_object())
      kept["name"] = *name;
    holidays.push_back(std::move(kept));
  }
  for (const json::value& one : worked->get_array()) {
    if (!one.is_string()) refuse("working", "member_type");
    working.push_back(json::value(check_day("working", std::string(one.get_string()))));
  }
  return json::object{{"year", std::stoi(std::string(year))},
                      {"source", clean_line(opt_string(in, "source", 400).value_or(""))},
                      {"provisional", opt_bool(in, "provisional").value_or(false)},
                      {"holidays", std::move(holidays)},
                      {"working", std::move(working)}};
}

std::size_t sms_parts(std::size_t characters) {
  return characters <= 70 ? 1 : (characters + 66) / 67;  // UCS-2; each part of several has 67
}

json::object rendered_notice(const Service& s, const std::string& notice,
                             const json::value& words) {
  const std::string locale = notice.substr(0, notice.find('.'));
  const notify::Notice shown =
      s.notices.preview(notice, json::serialize(words),
                        sample_notice_data(notice.substr(notice.find('.') + 1), locale));
  json::object out{{"mail", json::object{{"subject", shown.subject}, {"text", shown.text}}},
                   {"sms", nullptr}};
  if (!shown.sms.empty()) {
    const std::size_t characters = count_characters(shown.sms);
    out["sms"] = json::object{
        {"text", shown.sms}, {"characters", characters}, {"parts", sms_parts(characters)}};
  }
  return out;
}

json::value checked_notice(const Service& s, const std::string& notice, const json::value& value) {
  if (!value.is_object()) refuse("value", "member_type");
  json::object out;
  for (const std::string_view part : {"subject", "body", "sms"})
    if (const json::value* found = value.get_object().if_contains(part))
      if (!(found->is_string() && found->get_string().empty())) out[part] = *found;
  json::object shown;
  try {
    shown = rendered_notice(s, notice, out);
  } catch (const notify::NoticeFault& fault) {
    refuse("value", "setting_words_" + fault.code, {{"name", fault.name}});
  } catch (const std::logic_error&) {
    refuse("value", "setting_words_shape");  // a section that is not closed
  }
  if (const json::value& sms = shown.at("sms"); sms.is_object())
    if (sms.at("parts").to_number<std::size_t>() > k_most_sms_parts)
      refuse("sms", "setting_sms_long",
             {{"characters", std::to_string(sms.at("characters").to_number<std::size_t>())},
              {"max", std::to_string(67 * k_most_sms_parts)}});
  return out;
}

// As it is kept; null stays null. Throws Refusal{invalid}.
json::value checked(const Service& s, const std::string& name, const json::value& value) {
  if (value.is_null()) return value;
  if (json::serialize(value).size() > k_most_value)
    throw Refusal(RefusalCode::too_large, "http_413");
  json::value out;
  if (const SettingSpec* spec = spec_of(s, name))
    out = checked_simple(*spec, value);
  else if (const auto limit = after(name, "deadline."); !limit.empty())
    out = checked_limit(*limit_of(s, limit), value);
  else if (const auto rule = after(name, "retention."); !rule.empty())
    out = checked_days(*retention_of(s).rule(rule), value);
  else if (!after(name, "bureau.").empty())
    out = checked_policies(value);
  else if (const auto year = after(name, "calendar."); !year.empty())
    out = checked_year(year, value);
  else
    out = checked_notice(s, std::string(after(name, "notice.")), value);
  try {
    s.settings.with(name, out);
  } catch (const Refusal&) {
    throw;
  } catch (const std::exception& error) {
    refuse("value", "setting_faulty", {{"what", error.what()}});
  }
  return out;
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
    refuse("note", "setting_too_long", {{"max", std::to_string(k_most_note)}});
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
    record(s, tx, {"staff", by.id}, undone >= 0 ? "setting.undone" : "setting.changed",
           "setting/" + wish.name, detail);
  });
  s.settings.refresh(s.db);
}

json::object row_of(const std::string& name,
                    const std::map<std::string, store::SettingChange>& changes) {
  json::object out{{"name", name}, {"changed_at", nullptr}, {"changed_by", ""}};
  if (const auto found = changes.find(name); found != changes.end()) {
    out["changed_at"] = found->second.at;
    out["changed_by"] = found->second.by_name;
  }
  return out;
}

}  // namespace

bool may_change_setting(Role role, std::string_view name) {
  return role == Role::administrator || (role == Role::rules_editor && name.starts_with("notice."));
}

json::object list_settings(Service& s) {
  const LiveSettingsPtr live = s.settings.now();
  const auto changes = s.db.read([](Reader& reader) { return store::current_settings(reader); });
  json::array settings, deadlines, bureaus, calendars;
  for (const SettingSpec& spec : s.settings.specs()) {
    json::object row = row_of(spec.name, changes);
    row["group"] = spec.group;
    row["type"] = spec.type;
    row["min"] = spec.min;
    row["max"] = spec.max == INT64_MAX ? json::value(nullptr) : json::value(spec.max);
    row["required"] = spec.required;
    row["shipped"] = spec.otherwise;
    row["value"] = live->values.find(spec.name)->second;
    settings.push_back(std::move(row));
  }
  for (const auto& [name, limit] : s.reference.deadlines_document.at("limits").as_object()) {
    json::object row = row_of("deadline." + std::string(name), changes);
    const Limit& now = live->deadlines.at(name);
    row["unit"] = limit.at("unit");
    row["limit"] = now.limit;
    row["source"] = now.source;
    deadlines.push_back(std::move(row));
  }
  const Day today = shanghai_day(s.now());
  for (const BureauInfo& bureau : live->bureaus.all()) {
    json::object row = row_of("bureau." + bureau.province, changes);
    const Policy& policy = bureau.policy_on(today);
    row["province"] = bureau.province;
    row["title"] = json::object{{"zh-CN", label_in(bureau.name, "zh-CN")},
                                {"en", label_in(bureau.name, "en")}};
    row["verification"] = policy.verification;
    row["sms"] = policy.sms;
    row["filing_password"] = policy.filing_password;
    bureaus.push_back(std::move(row));
  }
  const int year = static_cast<int>(std::chrono::year_month_day(today).year());
  for (int one = year - 1; one <= year + 2; ++one) {
    json::object row = row_of("calendar." + std::to_string(one), changes);
    row["year"] = one;
    row["official"] = live->calendar.is_official(one);
    calendars.push_back(std::move(row));
  }
  return {{"settings", std::move(settings)},
          {"deadlines", std::move(deadlines)},
          {"bureaus", std::move(bureaus)},
          {"calendars", std::move(calendars)}};
}

json::object list_notice_texts(Service& s) {
  const auto changes = s.db.read([](Reader& reader) { return store::current_settings(reader); });
  json::array out;
  for (const notify::NoticeSpec& spec : notify::notice_specs()) {
    const std::string name(spec.name);
    json::array values{json::value("provider"), json::value("base_url")};
    for (const std::string_view value : spec.values) values.push_back(json::value(value));
    json::object lists, changed;
    for (const auto& [list, members] : spec.lists) {
      json::array names;
      for (const std::string_view member : members) names.push_back(json::value(member));
      lists[list] = std::move(names);
    }
    for (const std::string locale : {"zh-CN", "en"})
      if (const auto found = changes.find("notice." + locale + "." + name);
          found != changes.end() && found->second.value)
        changed[locale] = found->second.at;
    const json::value words = parse_json(s.notices.shipped("zh-CN." + name));
    out.push_back(json::object{{"name", name},
                               {"subject", words.at("subject")},
                               {"sms", words.as_object().contains("sms")},
                               {"staff", s.notices.groups().of(name).staff},
                               {"values", std::move(values)},
                               {"lists", std::move(lists)},
                               {"changed", std::move(changed)}});
  }
  return {{"notices", std::move(out)}};
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
  if (const auto limit = after(name, "deadline."); !limit.empty()) out["law"] = *limit_of(s, limit);
  return out;
}

json::object preview_setting(Service& s, const std::string& name, const json::value& value) {
  const json::value shipped = require_shipped(s, name);
  const json::value wanted = checked(s, name, value);
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
  apply(s, by, wish, checked(s, wish.name, wish.value), -1);
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
  apply(s, by, {name, value, version, ""}, checked(s, name, value), change);
}

}  // namespace beian::service
