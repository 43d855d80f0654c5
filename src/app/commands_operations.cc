// The operator's commands: beian config check, audit verify | head, backup [drill], restore,
// key rotate.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <regex>

#include "app/backup.h"
#include "app/backup_expiry.h"
#include "app/command_line.h"
#include "app/composition.h"
#include "base/file.h"
#include "service/audit.h"
#include "store/audit.h"
#include "store/jobs.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

// The database and the keys alone: what a command needs beside a running platform.
struct Opened {
  explicit Opened(const std::string& path)
      : config(with_defaults(load_config(path))),
        keys(Keyring::load(config.key_file, false)),
        db(open_database(config.database, 2)) {}
  Config config;
  Keyring keys;
  std::unique_ptr<Db> db;
};

// What a file or an address of the configuration must be, beyond its type.
class Check {
 public:
  explicit Check(std::string path) : path_(std::move(path)) {}

  int run() {
    std::vector<ConfigProblem> found;
    Config config = Config::examine(path_, found);
    for (const ConfigProblem& p : found) tell(p.line, p.column, p.key, p.why);
    if (config.data_dir == "data") config.data_dir = default_root() + "/data";
    if (config.web_dir == "web/dist") config.web_dir = default_root() + "/web/dist";
    look(config);
    if (problems_ == 0) std::printf("%s: good / 没有问题\n", path_.c_str());
    return problems_ == 0 ? 0 : 1;
  }

 private:
  // What works, but is not for use by others yet: said, and no reason to fail.
  void advise(bool good, const std::string& key, const std::string& why) {
    if (good) return;
    const auto [line, column] = Config::locate(path_, key);
    std::printf("%s:%d:%d: note / 提示: %s %s\n", path_.c_str(), line, column, key.c_str(),
                why.c_str());
  }
  void tell(int line, int column, const std::string& key, const std::string& why) {
    ++problems_;
    std::printf("%s:%d:%d: %s%s%s\n", path_.c_str(), line, column, key.c_str(),
                key.empty() ? "" : " ", why.c_str());
  }
  void require(bool good, const std::string& key, const std::string& why) {
    if (good) return;
    const auto [line, column] = Config::locate(path_, key);
    tell(line, column, key, line == 0 ? why + " (it is not in the file)" : why);
  }
  void secret(const std::string& file, const std::string& key) {
    if (file.empty()) return;
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
      return require(false, key, "names a file that is not there: write the secret into " + file);
    require((status.st_mode & 027) == 0, key,
            "names a file that others may read or change: chmod 600 " + file);
    try {
      read_secret_file(file);
    } catch (const std::exception& error) {
      require(false, key, std::string("cannot be used: ") + error.what());
    }
  }
  void address(const std::string& url, const std::string& key,
               std::initializer_list<const char*> schemes) {
    std::string words;
    for (const char* scheme : schemes) {
      words += (words.empty() ? "" : " or ") + std::string(scheme);
      if (url.starts_with(scheme) && url.size() > std::string(scheme).size()) return;
    }
    require(false, key, "must begin with " + words + " and name a host");
  }

  void look(const Config& c) {
    require(fs::exists(c.data_dir + "/forms"), "data_dir",
            "names no folder with forms: where the program's data/ is, e.g. /usr/share/beian/data");
    require(fs::exists(c.web_dir + "/index.html"), "web_dir",
            "names no folder with the pages: where web/dist is, e.g. /usr/share/beian/web/dist");
    require(c.database.starts_with("sqlite:") || c.database.starts_with("postgresql://"),
            "database", "must begin with sqlite: or postgresql://");
    require(c.demo || !c.provider_name.empty(), "provider_name",
            "must be the access provider's name as applicants know it");
    if (!c.http.public_url.empty())
      address(c.http.public_url, "http.public_url", {"https://", "http://"});
    // On this machine alone a service may be tried without TLS; elsewhere sessions would be
    // readable.
    static const std::regex k_this_machine(R"(http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?)");
    const bool tried_here = std::regex_match(c.http.public_url, k_this_machine);
    require(c.demo || tried_here || c.http.public_url.starts_with("https://"), "http.public_url",
            "must be the https:// address that users type: without it cookies are not Secure");
    advise(c.demo || !tried_here, "http.public_url",
           "is this machine only: before others use it, set the https:// address that users type");
    if (!c.demo || !c.mail.url.empty()) {
      address(c.mail.url, "mail.url", {"smtps://", "smtp://"});
      require(c.mail.from.find('@') != std::string::npos, "mail.from",
              "must be an address that mail comes from");
    }
    if (!c.demo || !c.sms.url.empty()) {
      address(c.sms.url, "sms.url", {"https://", "http://"});
      require(!c.sms.secret_file.empty(), "sms.secret_file", "must name the file of the secret");
    }
    secret(c.mail.password_file, "mail.password_file");
    secret(c.sms.secret_file, "sms.secret_file");
    for (std::size_t i = 0; i < c.bureaus.size(); ++i)
      look(c.bureaus[i], "bureaus[" + std::to_string(i) + "].");
    require(c.backup.every_hours == 0 || !c.backup.folder.empty(), "backup.folder",
            "must name a folder when backup.every_hours is set");
    require(c.backup.folder.empty() || c.backup.folder != c.var_dir, "backup.folder",
            "must not be var_dir itself; best is another disk");
    const fs::path key = c.key_file;
    require(c.backup.folder.empty() || key.parent_path() != fs::path(c.backup.folder), "key_file",
            "must not lie among the backups");
  }
  void look(const BureauConfig& b, const std::string& at) {
    address(b.upload_wsdl, at + "upload_wsdl", {"https://", "http://"});
    address(b.query_wsdl, at + "query_wsdl", {"https://", "http://"});
    address(b.verify_wsdl, at + "verify_wsdl", {"https://", "http://"});
    require(b.isp_id > 0, at + "isp_id", "must be the provider's number at this bureau");
    require(!b.user_name.empty(), at + "user_name", "must be the name the bureau gave");
    require(!b.password_file.empty(), at + "password_file", "must name the file of the password");
    require(!b.encrypt || !b.key_file.empty(), at + "key_file",
            "must name the file of the packages' key while encrypt is true");
    require(!b.encrypt || !b.iv_file.empty(), at + "iv_file",
            "must name the file of the packages' IV while encrypt is true");
    secret(b.password_file, at + "password_file");
    secret(b.key_file, at + "key_file");
    secret(b.iv_file, at + "iv_file");
  }

  std::string path_;
  int problems_ = 0;
};

int verify(const std::string& path, const std::string& head_text) {
  const Opened o(path);
  auto kept = service::kept_audit_head(o.config);
  if (!head_text.empty()) {
    kept = store::head_from_string(head_text);
    if (!kept) throw std::runtime_error("--head is what `beian audit head` printed: number:hash");
  }
  const store::AuditFinding found =
      o.db->read([&](Reader& reader) { return store::verify_audit(reader, o.keys, kept); });
  if (found.seq == 0) {
    std::printf("%lld entries, the chain is whole%s\n", static_cast<long long>(found.entries),
                kept ? "" : " (no kept head to hold its end against)");
    return 0;
  }
  std::printf("entry %lld: %s (%lld entries before it are good)\n",
              static_cast<long long>(found.seq), found.what.c_str(),
              static_cast<long long>(found.entries));
  return 1;
}

int head(const std::string& path) {
  const Opened o(path);
  const store::AuditHead end = o.db->read([](Reader& reader) { return store::audit_head(reader); });
  std::printf("%s\n", store::to_string(end).c_str());
  return 0;
}

int backup(const std::string& path, const std::string& to) {
  const Opened o(path);
  const std::string folder = to.empty() ? o.config.backup.folder : to;
  const std::string made = make_backup(o.config, *o.db, folder);
  std::printf("%s\n", made.c_str());
  const auto days = o.db->read([&](Reader& reader) { return backup_days(o.config, reader); });
  const auto expired = expire_backups(folder, days, SystemClock().now());
  if (expired.removed > 0)
    std::printf("%d older than %lld days removed (retention rule “backups”)\n", expired.removed,
                static_cast<long long>(days));
  return 0;
}

int drill(const std::string& path, std::string copy) {
  const Config config = with_defaults(load_config(path));
  const Keyring keys = Keyring::load(config.key_file, false);
  if (copy.empty()) {
    const auto all = list_backups(config.backup.folder);
    if (all.empty()) throw std::runtime_error("there is no copy in backup.folder");
    copy = all.back();
  }
  const DrillReport report = drill_backup(config, keys, copy);
  std::printf("%s: %lld bytes, %lld filings, %lld audit entries, %lld pictures opened\n",
              report.copy.c_str(), static_cast<long long>(report.bytes),
              static_cast<long long>(report.filings), static_cast<long long>(report.audit_entries),
              static_cast<long long>(report.blobs));
  for (const std::string& trouble : report.troubles) std::printf("  %s\n", trouble.c_str());
  if (report.only_read)
    std::printf("  the dump was only read: give the account CREATEDB for a whole drill\n");
  std::printf("%s\n", report.troubles.empty() ? "it would serve" : "IT WOULD NOT SERVE");
  return report.troubles.empty() ? 0 : 1;
}

int restore(const std::string& path, const std::string& copy) {
  const Config config = with_defaults(load_config(path));
  restore_backup(config, copy);
  // What happened after the copy is gone, and the kept end of the chain with it.
  const std::string kept = service::audit_head_file(config);
  if (fs::exists(kept)) fs::rename(kept, kept + ".before-restore");
  const Opened o(path);
  o.db->write([&](Tx& tx) {
    store::append_audit(
        tx, o.keys,
        {0, SystemClock().now(), "operator", std::nullopt, "operator.restored", "", "", ""});
  });
  const store::AuditFinding found =
      o.db->read([&](Reader& reader) { return store::verify_audit(reader, o.keys); });
  std::printf("restored; audit chain: %s\n", found.seq == 0 ? "whole" : found.what.c_str());
  return found.seq == 0 ? 0 : 1;
}

int rotate(const std::string& path) {
  const Opened o(path);
  const std::uint32_t id = Keyring::rotate(o.config.key_file);
  o.db->write([&](Tx& tx) {
    store::put_job(tx, {0, "reseal", "reseal", std::nullopt, "", SystemClock().now(), 0, ""});
    store::append_audit(tx, o.keys,
                        {0, SystemClock().now(), "operator", std::nullopt, "operator.key_rotated",
                         "", "{\"key\":" + std::to_string(id) + "}", ""});
  });
  std::printf(
      "key %u seals from now on; the worker seals the rest anew.\n"
      "Copy %s to its safe place again.\n",
      id, o.config.key_file.c_str());
  return 0;
}

}  // namespace

void add_operations(CLI::App& app, int& status) {
  // Options outlive this function: the commands run when the line is parsed.
  static std::string config, text, folder;
  auto* checks = app.add_subcommand("config", "the configuration file")->require_subcommand(1);
  with_config(
      checks->add_subcommand("check", "finds every mistake: file, line, column, what to do"),
      config)
      ->callback([&] { status = Check(config).run(); });

  auto* audit = app.add_subcommand("audit", "the audit trail")->require_subcommand(1);
  auto* verifies = with_config(
      audit->add_subcommand("verify", "reads the chain and names the first wrong entry"), config);
  verifies->add_option("--head", text, "an end of the chain that was written down before");
  verifies->callback([&] { status = verify(config, text); });
  with_config(audit->add_subcommand("head", "prints where the chain ends, to be kept elsewhere"),
              config)
      ->callback([&] { status = head(config); });

  auto* copies = app.add_subcommand("backup", "copies everything but the key, while it runs");
  copies->add_option("--config", config, "configuration file");
  copies->add_option("--to", folder, "instead of backup.folder");
  auto* drills = with_config(
      copies->add_subcommand("drill", "restores a copy aside and looks whether it would serve"),
      config);
  drills->add_option("copy", folder, "the newest, if none is named");
  copies->callback([&, drills] {
    if (drills->parsed())
      status = drill(config, folder);
    else if (config.empty())
      throw CLI::RequiredError("--config");
    else
      status = backup(config, folder);
  });

  auto* restores = with_config(app.add_subcommand("restore", "puts a copy back"), config);
  restores->add_option("copy", folder, "folder that `beian backup` made")->required();
  restores->callback([&] { status = restore(config, folder); });

  auto* key = app.add_subcommand("key", "the key file")->require_subcommand(1);
  with_config(key->add_subcommand("rotate", "a fresh key, without stopping anything"), config)
      ->callback([&] { status = rotate(config); });
}

}  // namespace beian::app
