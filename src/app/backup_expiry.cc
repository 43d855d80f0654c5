#include "app/backup_expiry.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <optional>

#include "app/backup.h"
#include "base/json.h"
#include "service/retention.h"
#include "store/settings.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

constexpr Millis k_day = 24LL * 3600 * 1000;
constexpr int k_days_of_remains = 1;

// "20261128T020000Z…"
std::optional<Millis> time_in(const std::string& name) {
  std::tm utc{};
  const char* end = ::strptime(name.c_str(), "%Y%m%dT%H%M%SZ", &utc);
  if (end == nullptr) return std::nullopt;
  return static_cast<Millis>(::timegm(&utc)) * 1000;
}

bool is_older(const fs::path& path, std::int64_t days, Millis now) {
  const auto made = time_in(path.filename().string());
  return made && *made < now - days * k_day;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path());
  return out;
}

}  // namespace

std::string backup_folder(const Config& config) {
  return config.backup.folder.empty() ? config.var_dir + "/backups" : config.backup.folder;
}

std::string late_backup(const std::string& folder, std::int64_t days, Millis now) {
  const auto whole = list_backups(folder);
  return !whole.empty() && is_older(whole.back(), days, now) ? whole.back() : "";
}

ExpiredCopies expire_backups(const std::string& folder, std::int64_t days, Millis now) {
  ExpiredCopies out;
  const auto whole = list_backups(folder);
  out.late = late_backup(folder, days, now);
  const auto remove = [&](const fs::path& path) {
    fs::remove_all(path);
    ++out.removed;
  };
  for (const fs::path& path : entries_of(folder)) {
    const bool is_whole = std::ranges::count(whole, path.string()) != 0;
    if (is_whole && path.string() == whole.back()) continue;
    if (is_older(path, is_whole ? days : k_days_of_remains, now)) remove(path);
  }
  for (const fs::path& path : entries_of(folder + "/before-migrations"))
    if (is_older(path, days, now)) remove(path);
  return out;
}

std::int64_t backup_days(const Config& config, Reader& reader) {
  const auto changed = store::latest_setting(reader, "retention.backups");
  if (changed && changed->value) return parse_json(*changed->value).as_int64();
  const auto rules =
      service::Retention::from_json(read_json_file(config.data_dir + "/retention.json"));
  return rules.rule("backups")->at("days").as_int64();
}

}  // namespace beian::app
