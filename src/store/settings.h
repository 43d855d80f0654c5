// The changes of settings (service/settings.h says what they mean): only added, the latest of each
// name in force.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

struct SettingChange {
  Id id = 0;
  std::string name;
  std::optional<std::string> value;  // JSON; nullopt: as configured or shipped
  std::string note;
  Id by_id = 0;
  std::string by_name;  // read only
  Millis at = 0;
};

void insert_setting_change(Tx& tx, const SettingChange& change);
// The latest of every name that was ever changed.
std::map<std::string, SettingChange> current_settings(Reader& reader);
// The latest of one name; nullopt where it was never changed.
std::optional<SettingChange> latest_setting(Reader& reader, const std::string& name);
// Newest first.
std::vector<SettingChange> setting_history(Reader& reader, const std::string& name, int limit);
// 0 where nothing was ever changed: what everything in memory is known by.
Id latest_setting_change(Reader& reader);

// A filing whose time runs, for what a new calendar does to it.
struct RunningClock {
  Id filing_id = 0;
  State state;
  Millis since = 0, due_at = 0;
  std::int64_t days_used = 0;
};
std::vector<RunningClock> running_clocks(Reader& reader);
void set_due(Tx& tx, Id filing, Millis due_at);

}  // namespace beian::store
