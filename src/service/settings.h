// What an administrator changes while the platform runs: who the provider is and how he is reached,
// switches, limits, the bureaus' policies, the calendar, the words of notices. Data files and the
// configuration say what holds without a change. Every change is kept with who, when and why, and
// holds at once; other processes of the same database see it within seconds.
//
// Names: those of data/settings.json; "deadline.<limit>" {limit, target?, remind?};
// "bureau.<province>" [{since, verification, sms, filing_password}]; "retention.<rule>" days;
// "calendar.<year>" as its file in data/calendar; "notice.<locale>.<notice>" as notices.json.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/config.h"
#include "base/json.h"
#include "db/db.h"
#include "filing/bureau_info.h"
#include "filing/calendar.h"
#include "notify/templates.h"
#include "service/reference.h"

namespace beian::service {

// One setting of data/settings.json.
struct SettingSpec {
  std::string name, group;
  std::string type;  // text, phone, mail, integer, flag
  std::int64_t min = 0, max = 0;
  bool required = false;
  json::value otherwise;  // without a change
};

// Everything as it holds now; never changed once made, so threads may share it.
struct LiveSettings {
  Id version = 0;                                           // the last change in it
  std::map<std::string, json::value, std::less<>> values;   // of data/settings.json
  std::map<std::string, json::value, std::less<>> changed;  // of every changed name
  Calendar calendar;
  Deadlines deadlines;
  Bureaus bureaus;
  std::string bureaus_json;
  std::string bureaus_etag;

  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
};
using LiveSettingsPtr = std::shared_ptr<const LiveSettings>;

class Settings {
 public:
  // Throws std::runtime_error naming what is wrong in data/settings.json. `notices` gets the
  // changed words and the provider's name.
  Settings(const Config& config, const Reference& reference, notify::Templates& notices);

  LiveSettingsPtr now() const;
  const std::vector<SettingSpec>& specs() const { return specs_; }
  // Reads what changed. A stored value that can no longer be read is passed over, and logged.
  void refresh(Db& db);
  // The same at most once in five seconds: for other processes' changes.
  void refresh_sometimes(Db& db, Millis now);

  // What would hold with this value in the place of `name` (null: as shipped). Throws
  // std::runtime_error saying what is wrong with it.
  LiveSettingsPtr with(const std::string& name, const json::value& value) const;

 private:
  LiveSettingsPtr make(Id version, std::map<std::string, json::value, std::less<>> changed) const;

  const Reference& reference_;
  notify::Templates& notices_;
  std::vector<SettingSpec> specs_;
  mutable std::mutex mutex_;
  LiveSettingsPtr live_;
  std::atomic<Millis> looked_at_{0};
};

}  // namespace beian::service
