// Copies do not outlive what they hold: erased data is gone from them after as many days as the
// rule "backups" of data/retention.json says.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/config.h"
#include "db/db.h"

namespace beian::app {

// Where copies lie; var_dir/backups where the configuration names no folder (copies before
// migrations are made there).
std::string backup_folder(const Config& config);

struct ExpiredCopies {
  int removed = 0;
  // The newest copy when it is over its time itself: kept, since it is all there is, and told.
  std::string late;
};
// Removes from `folder` the copies made more than `days` before `now` (by the time in their names)
// except the newest, the same of the copies before migrations, and what a broken-off copy or drill
// left more than a day ago. What has another name is not touched.
ExpiredCopies expire_backups(const std::string& folder, std::int64_t days, Millis now);

// The newest copy where it is over its time; empty else.
std::string late_backup(const std::string& folder, std::int64_t days, Millis now);

// The days, as an administrator or the file has them: for commands, which have no settings.
std::int64_t backup_days(const Config& config, Reader& reader);

}  // namespace beian::app
