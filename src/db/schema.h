// What shape a database is in, before anything changes it.
#pragma once

#include <string>

#include "db/db.h"

namespace beian {

struct Schema {
  std::string newest;  // the last migration applied; empty: a new database
  int pending = 0;     // how many of `folder` `migrate` would apply to a database that has data
};

// Changes nothing. Throws std::runtime_error where the database has a migration that `folder`
// lacks: a newer program made it. `migrate` refuses it in the same words.
Schema look_at_schema(Db& db, const std::string& folder);

}  // namespace beian
