// A private PostgreSQL 15 for one test process: made in a temporary folder, reachable only through
// a Unix socket in it, gone with the process (even when that is killed). As root the server runs as
// the user `postgres`, since it refuses root.
#pragma once

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "db/db.h"
#include "support/files.h"
#include "support/temp_dir.h"

namespace beian::testing {

class PostgresServer {
 public:
  // Why there is none, to be given to GTEST_SKIP(); nullopt when there can be one.
  static std::optional<std::string> absence() {
    if (::access((binaries() + "/postgres").c_str(), X_OK) != 0) {
      return "no PostgreSQL 15 server in " + binaries() + " (apt install postgresql-15)";
    }
    if (::geteuid() == 0 && ::getpwnam("postgres") == nullptr) return "no user postgres";
    return std::nullopt;
  }

  // Started at the first call. Call from the main thread: the server dies with the calling thread.
  static PostgresServer& shared() {
    static PostgresServer server;
    return server;
  }

  // An empty schema of its own.
  std::string new_address() {
    const std::string schema = "test_" + std::to_string(++schemas_);
    open_database(address_of("public"), 1)->write([&](Tx& tx) {
      tx.execute("CREATE SCHEMA " + schema);
    });
    return address_of(schema);
  }

  // As after a crash of the server: every connection breaks, recovery runs.
  void crash_and_restart() {
    stop(SIGQUIT);
    start();
  }
  void stop(int signal) {
    ::kill(process_, signal);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  void start() {
    process_ = spawn({binaries() + "/postgres", "-D", data(), "-k", folder_.path(), "-c",
                      "listen_addresses=", "-c", "shared_buffers=16MB", "-c", "max_connections=100",
                      "-c", "logging_collector=off"});
    for (int i = 0; i < 3000 && !is_ready(); ++i) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (!is_ready()) throw std::runtime_error("PostgreSQL did not start, see its log:\n" + log());
  }

  ~PostgresServer() {
    if (process_ > 0) stop(SIGINT);
  }

 private:
  PostgresServer() {
    if (const passwd* user = account()) {
      if (::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("chown failed");
      }
    }
    const ::pid_t process =
        spawn({binaries() + "/initdb", "-D", data(), "-E", "UTF8", "--locale=C.UTF-8", "-A",
               "trust", "-U", "postgres", "--no-sync"});
    int status = 0;
    ::waitpid(process, &status, 0);
    if (status != 0) throw std::runtime_error("initdb failed:\n" + log());
    start();
  }

  static std::string binaries() { return "/usr/lib/postgresql/15/bin"; }
  static const passwd* account() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

  std::string data() const { return folder_.path("data"); }
  std::string log() const {
    std::ifstream stream(folder_.path("log"));
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::string address_of(const std::string& schema) const {
    std::string host;
    for (const char c : folder_.path()) host += c == '/' ? std::string("%2F") : std::string(1, c);
    return "postgresql://postgres@/postgres?host=" + host + "&options=-csearch_path%3D" + schema;
  }

  bool is_ready() const {
    std::ifstream stream(data() + "/postmaster.pid");
    std::string line, last;
    while (std::getline(stream, line)) last = line;
    return last.rfind("ready", 0) == 0;
  }

  ::pid_t spawn(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const passwd* user = account();
    const std::string log_path = folder_.path("log");
    const ::pid_t process = ::fork();
    if (process != 0) return process;
    if (::freopen(log_path.c_str(), "a", stdout) == nullptr || ::dup2(1, 2) < 0) ::_exit(126);
    if (user != nullptr &&
        (::setgid(user->pw_gid) != 0 || ::initgroups(user->pw_name, user->pw_gid) != 0 ||
         ::setuid(user->pw_uid) != 0)) {
      ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  TempDir folder_;
  ::pid_t process_ = -1;
  int schemas_ = 0;
};

}  // namespace beian::testing
