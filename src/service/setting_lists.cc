// What the page of settings lists.
#include "filing/date.h"
#include "service/setting_changes.h"
#include "store/settings.h"

namespace beian::service {
namespace {

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

json::object list_notice_texts(Service& s, std::string_view language) {
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
    const json::value words = parse_json(s.notices.shipped(std::string(language) + "." + name));
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

}  // namespace beian::service
