#include "app/backup.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "app/composition.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/blobs.h"
#include "store/counters.h"
#include "store/sealed.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_sqlite = "sqlite:";
constexpr std::string_view k_partial = ".partial";
constexpr int k_sealed_samples = 500;  // values opened by a drill

[[noreturn]] void fail(const std::string& words) { throw std::runtime_error("backup: " + words); }

bool is_sqlite(const Config& config) { return config.database.starts_with(k_sqlite); }
std::string sqlite_path(const Config& config) { return config.database.substr(k_sqlite.size()); }
std::string data_name(const Config& config) {
  return is_sqlite(config) ? "beian.db" : "beian.dump";
}

std::string stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return text;
}

// PostgreSQL's own tools know best how to copy it; the address holds no password
// (deploy/beian.toml).
void run_tool(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::pid_t child = 0;
  int status = 0;
  if (::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0 ||
      ::waitpid(child, &status, 0) != child || status != 0)
    fail(words[0] + " did not succeed (is postgresql-client installed?)");
}

void copy_database(const Config& config, const std::string& target) {
  if (is_sqlite(config))
    copy_sqlite(sqlite_path(config), target);
  else
    run_tool({"pg_dump", "--format=custom", "--no-owner", "--file=" + target, config.database});
  fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write);
}

std::string file_hash(const std::string& path) {
  // In parts: a database is larger than memory.
  std::ifstream in(path, std::ios::binary);
  std::string part(4u << 20, '\0'), hash(32, '\0');
  while (in.read(part.data(), static_cast<std::streamsize>(part.size())), in.gcount() > 0)
    hash = sha256(hash + part.substr(0, static_cast<std::size_t>(in.gcount())));
  return to_hex(hash);
}

void sync_path(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool good = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!good) fail("cannot sync " + path);
}

bool is_same(const fs::path& a, const fs::path& b) {
  struct stat x {
  }, y{};
  return ::stat(a.c_str(), &x) == 0 && ::stat(b.c_str(), &y) == 0 && x.st_size == y.st_size &&
         x.st_mtim.tv_sec == y.st_mtim.tv_sec && x.st_mtim.tv_nsec == y.st_mtim.tv_nsec;
}

// One copy at a time into a folder, also of several processes.
class Lock {
 public:
  Lock(const std::string& folder, bool wait)
      : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (file_ >= 0 && ::flock(file_, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0) return;
    if (file_ >= 0) ::close(file_);
    fail("another copy is being made in " + folder);
  }
  ~Lock() { ::close(file_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int file_;
};

// A time to come is no proof: the clock was set back.
bool is_of_this_hour(const fs::path& path) {
  const auto age = fs::file_time_type::clock::now() - fs::last_write_time(path);
  return age > -std::chrono::minutes(1) && age < std::chrono::hours(1);
}

// A disk that fills up under a copy stops everybody else on it.
void require_room(const std::string& folder, std::uintmax_t bytes) {
  constexpr std::uintmax_t k_mib = 1 << 20;
  const std::uintmax_t free = fs::space(folder).available;
  if (free > bytes) return;
  fail("not enough room in " + folder + ": a copy of the database needs " +
       std::to_string(bytes / k_mib + 1) + " MiB, " + std::to_string(free / k_mib) + " are free");
}

struct Copied {
  std::int64_t files = 0, bytes = 0;
};

// What is the same as in `before` becomes a hard link to it.
Copied copy_blobs(const std::string& from, const std::string& to, const std::string& before) {
  Copied out;
  make_private_folder(to);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path name = fs::relative(entry.path(), from);
    const fs::path target = fs::path(to) / name;
    std::error_code error;
    if (entry.is_directory(error)) {
      fs::create_directories(target);
      continue;
    }
    if (name.extension() == ".part") continue;
    const fs::path known = fs::path(before) / name;
    if (!before.empty() && is_same(entry.path(), known)) {
      fs::create_hard_link(known, target, error);
    } else {
      fs::copy_file(entry.path(), target, error);
      if (!error) {
        fs::last_write_time(target, fs::last_write_time(entry.path(), error), error);
        sync_path(target.string());
      }
    }
    // One that was swept meanwhile belonged to a row that is gone.
    if (error == std::errc::no_such_file_or_directory) continue;
    if (error) fail("cannot copy " + name.string() + ": " + error.message());
    ++out.files;
    out.bytes += static_cast<std::int64_t>(fs::file_size(target));
  }
  return out;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  sync_path(path);
}

json::object read_manifest(const std::string& copy) {
  return as_object(parse_json(read_file(copy + "/manifest.json", 1 << 20)));
}

// Where a drill puts a copy: a folder, and a database of its own. Both go with it.
class Place {
 public:
  Place(const Config& config, const std::string& copy)
      : config_(config), folder_(copy + ".drill-" + to_hex(random_bytes(4))) {
    make_private_folder(folder_);
    config_.var_dir = folder_;
    if (is_sqlite(config)) {
      config_.database = std::string(k_sqlite) + folder_ + "/beian.db";
      return;
    }
    name_ = "beian_drill_" + to_hex(random_bytes(4));
    server_ = config.database;
    try {
      run_tool({"createdb", "--maintenance-db=" + server_, name_});
      config_.database = with_database(server_, name_);
    } catch (const std::runtime_error&) {
      name_.clear();  // an account that may not create one
    }
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    if (name_.empty()) return;
    try {
      run_tool({"dropdb", "--force", "--maintenance-db=" + server_, name_});
    } catch (const std::runtime_error&) {
      log_warn("drill_database_left", {{"name", name_}});
    }
  }

  const Config& config() const { return config_; }
  bool has_database() const { return server_.empty() || !name_.empty(); }

 private:
  // postgresql://user@host/NAME?options
  static std::string with_database(const std::string& url, const std::string& name) {
    const std::size_t host = url.find("://") + 3;
    const std::size_t options = std::min(url.find('?', host), url.size());
    const std::size_t path = std::min(url.find('/', host), options);
    return url.substr(0, path) + "/" + name + url.substr(options);
  }

  Config config_;
  std::string folder_, server_, name_;
};

// What must hold in a copy that would serve.
void look_at(Reader& reader, const Keyring& keys, const store::Blobs& blobs,
             const std::optional<store::AuditHead>& head, DrillReport& report) {
  const auto trouble = [&](const std::string& what) { report.troubles.push_back(what); };
  const auto found = store::verify_audit(reader, keys, head);
  report.audit_entries = found.entries;
  if (found.seq != 0) trouble("audit entry " + std::to_string(found.seq) + ": " + found.what);
  if (!store::counters_agree(reader)) trouble("counters do not agree with the rows");
  report.filings = reader.query_one("SELECT COUNT(*) FROM filings")->integer(0);
  try {
    for (const Row& row :
         reader.query("SELECT id, content_sealed FROM filings ORDER BY updated_at DESC LIMIT $1",
                      {std::int64_t{k_sealed_samples}}))
      store::unseal(keys, row.blob(1), "filings.content", row.integer(0));
    for (const Row& row : reader.query("SELECT full_key, fitted_key, thumbnail_key FROM materials "
                                       "WHERE removed_at IS NULL ORDER BY id DESC LIMIT $1",
                                       {std::int64_t{k_sealed_samples}}))
      for (std::size_t i = 0; i < 3; ++i) {
        blobs.get(row.text(i));
        ++report.blobs;
      }
  } catch (const std::runtime_error& error) {
    trouble(error.what());
  }
}

}  // namespace

std::vector<std::string> list_backups(const std::string& folder) {
  std::vector<std::string> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "manifest.json")) out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string make_backup(const Config& config, Db& db, const std::string& folder) {
  if (folder.empty()) fail("name a folder: backup.folder in the configuration, or --to");
  make_private_folder(folder);
  const Lock lock(folder, false);
  const auto known = list_backups(folder);
  std::string name = folder + "/" + stamp();
  for (int i = 2; fs::exists(name) || fs::exists(name + std::string(k_partial)); ++i)
    name = folder + "/" + stamp() + "-" + std::to_string(i);
  const std::string part = name + std::string(k_partial);
  if (is_sqlite(config)) require_room(folder, fs::file_size(sqlite_path(config)));
  make_private_folder(part);
  try {
    // The chain's end as it was before: the copy holds it, and perhaps some entries more.
    const store::AuditHead head = db.read([](Reader& reader) { return store::audit_head(reader); });
    const std::string data = part + "/" + data_name(config);
    copy_database(config, data);
    const Copied blobs = copy_blobs(config.var_dir + "/blobs", part + "/blobs",
                                    known.empty() ? "" : known.back() + "/blobs");
    write_file(part + "/manifest.json",
               json::serialize(json::object{{"made_at", SystemClock().now()},
                                            {"database", data_name(config)},
                                            {"database_hash", file_hash(data)},
                                            {"database_bytes", fs::file_size(data)},
                                            {"blobs", blobs.files},
                                            {"blob_bytes", blobs.bytes},
                                            {"audit_head", store::to_string(head)}}) +
                   "\n");
    sync_path(part);
    fs::rename(part, name);
    sync_path(folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    throw;
  }
  auto all = list_backups(folder);
  for (; static_cast<int>(all.size()) > config.backup.keep; all.erase(all.begin()))
    fs::remove_all(all.front());
  log_info("backup_made", {{"copies", std::to_string(all.size())}});
  return name;
}

std::string backup_before_migration(const Config& config, const std::string& schema) {
  const std::string folder =
      (config.backup.folder.empty() ? config.var_dir + "/backups" : config.backup.folder) +
      "/before-migrations";
  make_private_folder(fs::path(folder).parent_path().string());
  make_private_folder(folder);
  const Lock lock(folder, true);  // of nodes that start together one copies
  const std::string end = "-" + schema.substr(0, 4) + "-" + data_name(config);
  std::vector<fs::path> same;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(end)) same.push_back(entry.path());
    if (name.ends_with(k_partial)) fs::remove(entry.path());
  }
  std::sort(same.begin(), same.end());
  if (!same.empty() && is_of_this_hour(same.back())) return same.back().string();
  if (is_sqlite(config)) require_room(folder, fs::file_size(sqlite_path(config)));
  const std::string target = folder + "/" + stamp() + end;
  const std::string part = target + std::string(k_partial);
  try {
    copy_database(config, part);
  } catch (...) {
    std::error_code ignored;
    fs::remove(part, ignored);
    throw;
  }
  fs::rename(part, target);
  sync_path(folder);
  for (; same.size() > 1; same.erase(same.begin())) fs::remove(same.front());
  return target;
}

void restore_backup(const Config& config, const std::string& copy) {
  const json::object manifest = read_manifest(copy);
  const std::string data = copy + "/" + std::string(manifest.at("database").as_string());
  if (file_hash(data) != manifest.at("database_hash").as_string())
    fail(copy + " is damaged: its database is not the one that was copied");
  if (::access(config.key_file.c_str(), R_OK) != 0)
    fail("put the key file back first: " + config.key_file);
  make_private_folder(config.var_dir);
  const std::string blobs = config.var_dir + "/blobs";
  if (fs::exists(blobs) && !fs::is_empty(blobs)) fail(blobs + " is not empty: move it away first");
  if (is_sqlite(config)) {
    const std::string path = sqlite_path(config);
    for (const char* end : {"", "-wal", "-shm"})
      if (fs::exists(path + end)) fail(path + end + " exists: move it away first");
    fs::copy_file(data, path);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    sync_path(path);
  } else {
    run_tool({"pg_restore", "--exit-on-error", "--no-owner", "--single-transaction",
              "--dbname=" + config.database, data});
  }
  copy_blobs(copy + "/blobs", blobs, "");
  sync_path(config.var_dir);
}

DrillReport drill_backup(const Config& config, const Keyring& keys, const std::string& copy) {
  DrillReport report;
  report.copy = copy;
  const json::object manifest = read_manifest(copy);
  const std::string data = copy + "/" + std::string(manifest.at("database").as_string());
  if (file_hash(data) != manifest.at("database_hash").as_string()) {
    report.troubles.push_back("the database is not the one that was copied");
    return report;
  }
  report.bytes = manifest.at("database_bytes").to_number<std::int64_t>() +
                 manifest.at("blob_bytes").to_number<std::int64_t>();
  const Place place(config, copy);
  if (!place.has_database()) {
    run_tool({"pg_restore", "--file=/dev/null", data});
    report.only_read = true;
    return report;
  }
  restore_backup(place.config(), copy);
  const auto db = open_database(place.config().database, 1);
  const store::Blobs blobs(place.config().var_dir + "/blobs", keys);
  const auto head = store::head_from_string(std::string(manifest.at("audit_head").as_string()));
  db->read([&](Reader& reader) {
    if (is_sqlite(config)) {
      const auto check = reader.query_one("PRAGMA integrity_check");
      if (!check || check->text(0) != "ok")
        report.troubles.push_back("the database's own check fails");
    }
    look_at(reader, keys, blobs, head, report);
  });
  return report;
}

}  // namespace beian::app
