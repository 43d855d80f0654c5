#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/sql_text.h"

namespace beian {
namespace {

// Held to the end of each transaction, so that of several nodes one migrates and the others wait.
// SQLite has one writer anyway. Any number does that no other lock of the program uses.
constexpr std::int64_t k_lock = 20'170'601;

struct Migration {
  std::string name, sha256, sql;
};

bool is_migration_name(const std::string& name) {
  return name.size() > 9 && name.ends_with(".sql") && name[4] == '_' &&
         std::all_of(name.begin(), name.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<Migration> read_folder(const std::string& folder) {
  std::vector<Migration> migrations;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".sql")) continue;
    if (!is_migration_name(name)) {
      throw std::runtime_error("migration " + name + ": the name is not like 0001_subject.sql");
    }
    std::string sql = read_file(entry.path().string(), 4u << 20);
    if (!is_utf8(sql)) throw std::runtime_error("migration " + name + ": not UTF-8");
    migrations.push_back({name, to_hex(sha256(sql)), std::move(sql)});
  }
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& a, const Migration& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    if (migrations[i].name.substr(0, 4) == migrations[i - 1].name.substr(0, 4)) {
      throw std::runtime_error("migrations " + migrations[i - 1].name + " and " +
                               migrations[i].name + " have one number");
    }
  }
  return migrations;
}

void lock(Db& db, Tx& tx) {
  if (db.engine() == Engine::postgresql) tx.query("SELECT pg_advisory_xact_lock($1)", {k_lock});
}

// Returns whether it was applied now.
bool apply(Db& db, const Migration& migration) {
  return db.write([&](Tx& tx) {
    lock(db, tx);
    const auto known =
        tx.query_one("SELECT sha256 FROM schema_migrations WHERE name = $1", {migration.name});
    if (known) {
      if (known->text(0) == migration.sha256) return false;
      throw std::runtime_error("migration " + migration.name +
                               " was changed after it had been applied to this database");
    }
    for (const std::string& statement : split_statements(migration.sql)) tx.execute(statement);
    tx.execute("INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, $3)",
               {migration.name, migration.sha256, SystemClock().now()});
    return true;
  });
}

}  // namespace

int pending_migrations(Db& db, const std::string& folder) {
  const std::vector<Migration> migrations = read_folder(folder);
  std::size_t known = 0;
  try {
    db.read([&](Reader& reader) {
      for (const Row& row : reader.query("SELECT name FROM schema_migrations"))
        known += std::any_of(migrations.begin(), migrations.end(),
                             [&](const Migration& m) { return m.name == row.text(0); });
    });
  } catch (const DbError&) {
    return 0;  // no such table: nothing was ever written
  }
  return known == 0 ? 0 : static_cast<int>(migrations.size() - known);
}

int migrate(Db& db, const std::string& folder) {
  const std::vector<Migration> migrations = read_folder(folder);
  db.write([&](Tx& tx) {
    lock(db, tx);
    tx.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        "name TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  });
  int applied = 0;
  for (const Migration& migration : migrations) {
    if (!apply(db, migration)) continue;
    log_info("migration_applied", {{"name", migration.name}});
    ++applied;
  }
  return applied;
}

}  // namespace beian
