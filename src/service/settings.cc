#include "service/settings.h"

#include <stdexcept>

#include "base/log.h"
#include "base/text.h"
#include "store/settings.h"

namespace beian::service {
namespace {

constexpr Millis k_look_again = 5000;

// What follows a prefix: "330000" of "bureau.330000"; empty for another name.
std::string_view after(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

std::vector<SettingSpec> read_specs(const Config& config) {
  std::vector<SettingSpec> out;
  const json::value document = read_json_file(config.data_dir + "/settings.json");
  for (const json::value& group : document.at("groups").as_array())
    for (const json::value& item : group.at("settings").as_array()) {
      const json::object& object = as_object(item);
      SettingSpec spec;
      spec.name = get_string(object, "name");
      spec.group = group.at("id").as_string();
      spec.type = get_string(object, "type");
      spec.min = opt_int(object, "min").value_or(0);
      spec.max = opt_int(object, "max").value_or(INT64_MAX);
      spec.required = opt_bool(object, "required").value_or(false);
      if (object.contains("from_config"))
        spec.otherwise = json::value(config.provider_name);  // the one there is
      else
        spec.otherwise = object.at("default");
      out.push_back(std::move(spec));
    }
  return out;
}

json::value with_deadlines(json::value document,
                           const std::map<std::string, json::value, std::less<>>& changed) {
  json::object& limits = document.as_object().at("limits").as_object();
  for (const auto& [name, value] : changed) {
    const std::string_view limit = after(name, "deadline.");
    if (limit.empty()) continue;
    json::value* shipped = limits.if_contains(limit);
    if (shipped == nullptr) throw std::runtime_error("no such limit: " + std::string(limit));
    for (const std::string_view part : {"limit", "target", "remind"}) {
      const json::value* given = as_object(value).if_contains(part);
      if (given != nullptr && !given->is_null())
        shipped->as_object()[part] = *given;
      else if (part != "limit")
        shipped->as_object().erase(part);
    }
  }
  return document;
}

json::value with_policies(json::value document,
                          const std::map<std::string, json::value, std::less<>>& changed) {
  for (json::value& bureau : document.as_object().at("bureaus").as_array()) {
    const auto found =
        changed.find("bureau." + std::string(bureau.as_object().at("province").as_string()));
    if (found != changed.end()) bureau.as_object()["policies"] = found->second;
  }
  return document;
}

std::vector<json::value> with_years(
    std::map<int, json::value> years,
    const std::map<std::string, json::value, std::less<>>& changed) {
  for (const auto& [name, value] : changed)
    if (const std::string_view year = after(name, "calendar."); !year.empty()) {
      if (as_object(value).at("year").as_int64() != std::stoi(std::string(year)))
        throw std::runtime_error("the year is not the one of its name");
      years[std::stoi(std::string(year))] = value;
    }
  std::vector<json::value> out;
  for (auto& [year, value] : years) out.push_back(std::move(value));
  return out;
}

// {"zh-CN.filing_submitted": text}
std::map<std::string, std::string> notices_of(
    const std::map<std::string, json::value, std::less<>>& changed) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : changed)
    if (const std::string_view notice = after(name, "notice."); !notice.empty())
      out.emplace(notice, json::serialize(value));
  return out;
}

}  // namespace

std::string LiveSettings::text(std::string_view name) const {
  return std::string(values.find(name)->second.as_string());
}
std::int64_t LiveSettings::integer(std::string_view name) const {
  return values.find(name)->second.as_int64();
}
bool LiveSettings::flag(std::string_view name) const { return values.find(name)->second.as_bool(); }

Settings::Settings(const Config& config, const Reference& reference, notify::Templates& notices)
    : reference_(reference), notices_(notices), specs_(read_specs(config)) {
  live_ = make(0, {});
}

LiveSettingsPtr Settings::now() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

LiveSettingsPtr Settings::make(Id version,
                               std::map<std::string, json::value, std::less<>> changed) const {
  auto live = std::make_shared<LiveSettings>();
  live->version = version;
  for (const SettingSpec& spec : specs_) {
    const auto found = changed.find(spec.name);
    live->values[spec.name] = found == changed.end() ? spec.otherwise : found->second;
  }
  live->calendar = Calendar::from_json(with_years(reference_.calendar_years, changed));
  live->deadlines = Deadlines::from_json(with_deadlines(reference_.deadlines_document, changed));
  const json::value bureaus = with_policies(parse_json(reference_.bureaus_json, 4u << 20), changed);
  live->bureaus = Bureaus::from_json(bureaus);
  live->bureaus_json = json::serialize(bureaus);
  live->bureaus_etag = "\"" + to_hex(sha256(live->bureaus_json)).substr(0, 32) + "\"";
  live->changed = std::move(changed);
  return live;
}

LiveSettingsPtr Settings::with(const std::string& name, const json::value& value) const {
  auto changed = now()->changed;
  if (value.is_null())
    changed.erase(name);
  else
    changed[name] = value;
  for (const auto& [notice, text] : notices_of(changed))
    if ("notice." + notice == name) notices_.check(notice, text);
  return make(0, std::move(changed));
}

void Settings::refresh(Db& db) {
  const auto rows = db.read([](Reader& reader) {
    return std::make_pair(store::latest_setting_change(reader), store::current_settings(reader));
  });
  std::map<std::string, json::value, std::less<>> changed;
  for (const auto& [name, change] : rows.second) {
    if (!change.value) continue;
    auto one = changed;
    try {
      one[name] = parse_json(*change.value);
      if (const std::string_view notice = after(name, "notice."); !notice.empty())
        notices_.check(std::string(notice), *change.value);
      make(0, one);
      changed = std::move(one);
    } catch (const std::exception& error) {
      // A newer version of the data may have dropped what it was about.
      log_warn("setting_ignored", {{"name", name}, {"what", error.what()}});
    }
  }
  LiveSettingsPtr live = make(rows.first, std::move(changed));
  notices_.change(live->text("provider.name"), notices_of(live->changed));
  const std::lock_guard lock(mutex_);
  live_ = std::move(live);
}

void Settings::refresh_sometimes(Db& db, Millis time) {
  Millis before = looked_at_.load();
  if (time - before < k_look_again || !looked_at_.compare_exchange_strong(before, time)) return;
  const Id latest = db.read([](Reader& reader) { return store::latest_setting_change(reader); });
  if (latest != now()->version) refresh(db);
}

}  // namespace beian::service
