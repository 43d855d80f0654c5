#include "service/setting_values.h"

#include <algorithm>

#include "base/text.h"
#include "notify/mail.h"
#include "notify/notice_fault.h"
#include "service/connections.h"
#include "service/notice_samples.h"
#include "service/retention.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_value = 64u << 10;
constexpr std::size_t k_most_sms_parts = 5;

const SettingSpec* spec_of(const Service& s, const std::string& name) {
  for (const SettingSpec& spec : s.settings.specs())
    if (spec.name == name) return &spec;
  return nullptr;
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
    const json::object* found = limit_named(s, limit);
    return found ? std::optional<json::value>(plain_limit(*found)) : std::nullopt;
  }
  if (const auto province = after(name, "bureau."); !province.empty()) {
    json::value found = policies_of(s, province);
    return found.is_null() ? std::nullopt : std::optional(std::move(found));
  }
  if (const auto line = after(name, "line."); !line.empty())
    if (const BureauConfig* found = configured_line(s, line)) return parameters_of(*found);
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

}  // namespace

std::string_view after(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

const json::object* limit_named(const Service& s, std::string_view name) {
  const json::value* found =
      s.reference.deadlines_document.at("limits").as_object().if_contains(name);
  return found ? &found->get_object() : nullptr;
}

json::value require_shipped(const Service& s, const std::string& name) {
  auto shipped = shipped_of(s, name);
  if (!shipped) throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*shipped);
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

json::value checked_setting(const Service& s, const std::string& name, const json::value& value) {
  if (value.is_null()) return value;
  if (json::serialize(value).size() > k_most_value)
    throw Refusal(RefusalCode::too_large, "http_413");
  json::value out;
  if (const SettingSpec* spec = spec_of(s, name))
    out = checked_simple(*spec, value);
  else if (const auto limit = after(name, "deadline."); !limit.empty())
    out = checked_limit(*limit_named(s, limit), value);
  else if (const auto rule = after(name, "retention."); !rule.empty())
    out = checked_days(*retention_of(s).rule(rule), value);
  else if (const auto line = after(name, "line."); !line.empty())
    out = checked_parameters(*configured_line(s, line), value);
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

}  // namespace beian::service
