// Copies of everything that must not be lost, made while the platform runs, and putting one back.
//
// A copy is a folder named by its time (UTC): the database, the blobs (hard links to the copy
// before where nothing changed) and manifest.json, written last: a folder without it is none. The
// key file is never in it. The database is copied before the blobs, and a file is written before
// the row that names it: so every row of a copy finds its files.
#pragma once

#include <string>
#include <vector>

#include "base/config.h"
#include "base/crypto.h"
#include "db/db.h"

namespace beian::app {

// Makes a copy below `folder` and removes the oldest beyond config.backup.keep. Returns its path.
// Throws std::runtime_error with words for an operator.
std::string make_backup(const Config& config, Db& db, const std::string& folder);
// The database alone, before migrations change what `schema` (the last of them) made. Of one schema
// there are two copies at most, and none is made within an hour of another: a start that fails and
// is tried again and again fills no disk. Returns the path of the copy that holds.
std::string backup_before_migration(const Config& config, const std::string& schema);

// Complete copies below `folder`, oldest first.
std::vector<std::string> list_backups(const std::string& folder);

// Puts a copy where the configuration says. Refuses where data lies already, and a copy whose
// checksum is wrong. The key file must be there.
void restore_backup(const Config& config, const std::string& copy);

struct DrillReport {
  std::string copy;
  std::vector<std::string> troubles;  // empty: it would serve
  std::int64_t audit_entries = 0, filings = 0, blobs = 0, bytes = 0;
  bool only_read = false;  // PostgreSQL, and the account may create no database to restore into
};
// Restores a copy into a folder of its own, opens it as the platform would, and looks: checksums,
// the database's own check, the audit chain up to the copy's end, counters, sealed values, blobs.
// On PostgreSQL into a database of its own on the same server, dropped afterwards; an account that
// may create none only has the dump read to its end.
DrillReport drill_backup(const Config& config, const Keyring& keys, const std::string& copy);

}  // namespace beian::app
