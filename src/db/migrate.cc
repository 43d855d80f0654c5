#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/schema.h"
#include "db/sql_text.h"

namespace beian {
namespace {

// Held to the end of each transaction, so that of several nodes one migrates and the others wait.
// SQLite has one writer anyway. Any number does that no other lock of the program uses.
constexpr std::int64_t k_lock = 20'170'601;
constexpr std::chrono::seconds k_worth_telling{5};

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

// The statements of a large database take minutes: whoever watches the log sees how far it is.
void execute_all(Tx& tx, const Migration& migration) {
  using Steady = std::chrono::steady_clock;
  const std::vector<std::string> statements = split_statements(migration.sql);
  const std::string all = std::to_string(statements.size());
  log_info("migration_started", {{"name", migration.name}, {"statements", all}});
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto began = Steady::now();
    tx.execute(statements[i]);
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(Steady::now() - began);
    if (took >= k_worth_telling)
      log_info("migration_goes_on", {{"name", migration.name},
                                     {"statement", std::to_string(i + 1) + "/" + all},
                                     {"seconds", std::to_string(took.count())}});
  }
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
    execute_all(tx, migration);
    tx.execute("INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, $3)",
               {migration.name, migration.sha256, SystemClock().now()});
    return true;
  });
}

bool has_schema(Db& db, Reader& reader) {
  const char* sql = db.engine() == Engine::postgresql
                        ? "SELECT 1 FROM information_schema.tables WHERE table_schema = "
                          "current_schema() AND table_name = 'schema_migrations'"
                        : "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = "
                          "'schema_migrations'";
  return reader.query_one(sql).has_value();
}

}  // namespace

Schema look_at_schema(Db& db, const std::string& folder) {
  const std::vector<Migration> migrations = read_folder(folder);
  Schema out;
  std::vector<std::string> applied;
  db.read([&](Reader& reader) {
    if (!has_schema(db, reader)) return;
    for (const Row& row : reader.query("SELECT name FROM schema_migrations ORDER BY name"))
      applied.push_back(row.text(0));
  });
  for (const std::string& name : applied) {
    const bool known = std::any_of(migrations.begin(), migrations.end(),
                                   [&](const Migration& m) { return m.name == name; });
    if (!known)
      throw std::runtime_error(
          "the database was made by a newer version of this program: it has " + name +
          ", which this version does not know. Install that version again, or restore a copy from "
          "before it");
  }
  if (applied.empty()) return out;
  out.newest = applied.back();
  out.pending = static_cast<int>(migrations.size() - applied.size());
  return out;
}

int pending_migrations(Db& db, const std::string& folder) {
  return look_at_schema(db, folder).pending;
}

int migrate(Db& db, const std::string& folder) {
  const std::vector<Migration> migrations = read_folder(folder);
  look_at_schema(db, folder);
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
