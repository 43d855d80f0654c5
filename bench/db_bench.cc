// Group commit against one commit per operation, in one run on one disk: the ratios count, the
// rates depend on the machine. An operation is what creating a draft writes: a row of 4 KiB and an
// event.
//
// The cases take turns in short slices, so that a disk or machine that others use too slows all of
// them alike; a ratio is the median of the rounds'.
//
//   db_bench [rounds] [folder]
//   db_bench raw SECONDS FOLDER     the first case alone: prints its operations per second
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace {

using Seconds = std::chrono::duration<double>;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* k_schema[] = {
    "CREATE TABLE drafts (id BIGINT NOT NULL PRIMARY KEY, owner BIGINT NOT NULL, content BLOB)",
    "CREATE INDEX drafts_owner ON drafts (owner)",
    "CREATE TABLE events (id BIGINT NOT NULL PRIMARY KEY, draft BIGINT NOT NULL, what TEXT)"};
constexpr const char* k_insert_draft =
    "INSERT INTO drafts (id, owner, content) VALUES ($1, $2, $3)";
constexpr const char* k_insert_event = "INSERT INTO events (id, draft, what) VALUES ($1, $2, $3)";

constexpr double k_slice_seconds = 0.5;

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  if (values.empty()) return 0;
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct Case {
  std::string name;
  int threads;
  std::function<void()> operation;
  std::vector<double> rates;         // operations per second, one per round
  std::vector<double> milliseconds;  // of every operation
};

void run_slice(Case& one) {
  std::mutex mutex;
  std::size_t operations = 0;
  const auto start = SteadyClock::now();
  const auto end =
      start + std::chrono::duration_cast<SteadyClock::duration>(Seconds(k_slice_seconds));
  const auto run = [&] {
    std::vector<double> mine;
    for (auto now = SteadyClock::now(); now < end;) {
      one.operation();
      const auto then = SteadyClock::now();
      mine.push_back(Seconds(then - now).count() * 1000);
      now = then;
    }
    const std::lock_guard lock(mutex);
    operations += mine.size();
    one.milliseconds.insert(one.milliseconds.end(), mine.begin(), mine.end());
  };
  std::vector<std::thread> running;
  for (int i = 0; i < one.threads; ++i) running.emplace_back(run);
  for (std::thread& thread : running) thread.join();
  one.rates.push_back(static_cast<double>(operations) /
                      Seconds(SteadyClock::now() - start).count());
}

// SQLite as one would use it by hand: prepared once, the same durability, a commit per operation.
class RawSqlite {
 public:
  explicit RawSqlite(const std::string& path) {
    check(sqlite3_open(path.c_str(), &db_));
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA cache_size = -16384");
    for (const char* sql : k_schema) run(sql);
    check(sqlite3_prepare_v2(db_, "BEGIN IMMEDIATE", -1, &begin_, nullptr));
    check(sqlite3_prepare_v2(db_, k_insert_draft, -1, &draft_, nullptr));
    check(sqlite3_prepare_v2(db_, k_insert_event, -1, &event_, nullptr));
    check(sqlite3_prepare_v2(db_, "COMMIT", -1, &commit_, nullptr));
  }
  ~RawSqlite() {
    for (sqlite3_stmt* statement : {begin_, draft_, event_, commit_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  RawSqlite(const RawSqlite&) = delete;
  RawSqlite& operator=(const RawSqlite&) = delete;

  void insert(const std::string& content) {
    const std::lock_guard lock(mutex_);
    step(begin_);
    const beian::Id id = beian::new_id();
    sqlite3_bind_int64(draft_, 1, id);
    sqlite3_bind_int64(draft_, 2, id % 1000);
    sqlite3_bind_blob64(draft_, 3, content.data(), content.size(), SQLITE_STATIC);
    step(draft_);
    sqlite3_bind_int64(event_, 1, beian::new_id());
    sqlite3_bind_int64(event_, 2, id);
    sqlite3_bind_text(event_, 3, "created", -1, SQLITE_STATIC);
    step(event_);
    step(commit_);
  }

 private:
  static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errstr(code));
  }
  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  static void step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }

  std::mutex mutex_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt *begin_ = nullptr, *draft_ = nullptr, *event_ = nullptr, *commit_ = nullptr;
};

void insert(beian::Db& db, const std::string& content) {
  db.write([&](beian::Tx& tx) {
    const beian::Id id = beian::new_id();
    tx.execute(k_insert_draft, {id, id % 1000, beian::Blob{content}});
    tx.execute(k_insert_event, {beian::new_id(), id, std::string("created")});
  });
}

void print(const Case& one, const Case& base) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < one.rates.size(); ++i) {
    ratios.push_back(one.rates[i] / base.rates[i]);
  }
  fmt::print(
      "{:<26} {:>8.0f}/s  median {:>6.2f} ms  p99 {:>6.2f} ms  {:>5.2f} x raw ({:.2f}-{:.2f})\n",
      one.name, at(one.rates, 0.5), at(one.milliseconds, 0.5), at(one.milliseconds, 0.99),
      at(ratios, 0.5), at(ratios, 0.25), at(ratios, 0.75));
}

// Beside a running server on the same disk.
int run_raw(double seconds, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ("raw-" + beian::to_hex(beian::random_bytes(4)));
  const std::string content = beian::random_bytes(4096);
  {
    RawSqlite raw(file.string());
    std::size_t operations = 0;
    const auto start = SteadyClock::now();
    while (Seconds(SteadyClock::now() - start).count() < seconds) {
      raw.insert(content);
      ++operations;
    }
    fmt::print("{:.1f}\n",
               static_cast<double>(operations) / Seconds(SteadyClock::now() - start).count());
  }
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + ending);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 4 && std::string_view(arguments[1]) == "raw")
    return run_raw(std::atof(arguments[2]), arguments[3]);
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 20;
  const std::filesystem::path folder =
      (count > 2 ? std::filesystem::path(arguments[2]) : std::filesystem::temp_directory_path()) /
      ("beian-db-bench-" + beian::to_hex(beian::random_bytes(4)));
  std::filesystem::create_directory(folder);
  const std::string content = beian::random_bytes(4096);
  {
    RawSqlite raw((folder / "raw.db").string());
    const auto db = beian::open_database("sqlite:" + (folder / "group.db").string());
    db->write([](beian::Tx& tx) {
      for (const char* sql : k_schema) tx.execute(sql);
    });
    const auto by_hand = [&] { raw.insert(content); };
    const auto grouped = [&] { insert(*db, content); };
    std::vector<Case> cases = {{"raw, 1 thread", 1, by_hand, {}, {}},
                               {"raw, 8 threads (mutex)", 8, by_hand, {}, {}},
                               {"group commit, 1 thread", 1, grouped, {}, {}},
                               {"group commit, 8 threads", 8, grouped, {}, {}},
                               {"group commit, 32 threads", 32, grouped, {}, {}}};
    for (int round = 0; round < rounds; ++round) {
      for (Case& one : cases) run_slice(one);
    }
    for (const Case& one : cases) print(one, cases.front());
  }
  std::filesystem::remove_all(folder);
}
