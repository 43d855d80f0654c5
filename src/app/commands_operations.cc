// The operator's commands: beian config check, audit verify | head, backup [drill], restore, key
// rotate.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/account.h"
#include "app/backup.h"
#include "app/backup_expiry.h"
#include "app/command_line.h"
#include "app/composition.h"
#include "app/config_check.h"
#include "service/audit.h"
#include "store/audit.h"
#include "store/jobs.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

// The database and the keys alone: what a command needs beside a running platform.
struct Opened {
  explicit Opened(const std::string& path)
      : config([&] {
          Config read = with_defaults(load_config(path));
          require_service_account(read);
          return read;
        }()),
        keys(Keyring::load(config.key_file, false)),
        db(open_database(config.database, 2)) {}
  Config config;
  Keyring keys;
  std::unique_ptr<Db> db;
};

int check(const std::string& path) {
  const ConfigReport report = check_config(path);
  for (const ConfigProblem& p : report.problems) std::printf("%s\n", to_string(p, path).c_str());
  for (const ConfigProblem& p : report.notes)
    std::printf("%s\n", to_string(p, path, "note / 提示: ").c_str());
  if (report.problems.empty()) std::printf("%s: good / 没有问题\n", path.c_str());
  return report.problems.empty() ? 0 : 1;
}

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
  require_service_account(config);
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
  require_service_account(config);
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
      ->callback([&] { status = check(config); });

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
