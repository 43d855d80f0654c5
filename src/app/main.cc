// The command line: beian serve | work | demo | sandbox, and the operator's commands.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/account.h"
#include "app/backup_expiry.h"
#include "app/command_line.h"
#include "app/commands_documents.h"
#include "app/commands_file.h"
#include "app/commands_gate.h"
#include "app/commands_line.h"
#include "app/composition.h"
#include "app/config_check.h"
#include "app/demo.h"
#include "base/file.h"
#include "base/log.h"
#include "db/schema.h"
#include "documents/child.h"
#include "documents/inspector.h"
#include "documents/samples.h"
#include "service/account.h"
#include "service/product_desk.h"
#include "service/products.h"
#include "service/retention.h"
#include "store/counters.h"

namespace beian::app {
namespace {

int serve(const std::string& config_path, bool web, bool work) {
  block_stop_signals();
  const Config config = load_config(config_path);
  for (const ConfigProblem& p : check_config(config_path).problems)
    log_warn("config_problem", {{"what", to_string(p, config_path)}});
  Platform platform(config);
  platform.start_metrics();
  if (work) platform.start_worker();
  if (web) platform.start_web();
  if (web) log_info("listening", {{"port", std::to_string(platform.web_port())}});
  wait_for_stop();
  platform.stop();
  return 0;
}

int import_products(const std::string& config_path, const std::string& file) {
  Platform platform(load_config(config_path));
  const service::ProductImport done =
      service::import_products(platform.service(), nullptr, read_file(file));
  for (const Problem& problem : done.problems) {
    const auto dot = problem.field.find('.');
    std::fprintf(
        stderr, "line %s%s: %s\n", problem.field.substr(0, dot).c_str(),
        dot == std::string::npos ? "" : (", column " + problem.field.substr(dot + 1)).c_str(),
        problem.code.c_str());
  }
  if (!done.problems.empty()) throw std::runtime_error("no product was imported");
  std::printf("%lld products imported\n",
              static_cast<long long>(done.added + done.changed + done.same));
  return 0;
}

// The password comes on standard input, so that it stands in no process list.
int add_staff(const std::string& config_path, const std::string& email, const std::string& role,
              const std::string& name) {
  const auto parsed = role_from_string(role);
  if (!parsed || !is_staff(*parsed)) throw std::runtime_error("unknown staff role: " + role);
  std::string password;
  std::getline(std::cin, password);
  Platform platform(load_config(config_path));
  service::create_account(platform.service(), email, password, *parsed, name);
  std::printf("%s may log in as %s\n", email.c_str(), role.c_str());
  return 0;
}

// For a database on PostgreSQL, once, before the first start.
int make_key(const std::string& config_path) {
  const Config config = with_defaults(load_config(config_path));
  require_service_account(config);
  if (::access(config.key_file.c_str(), F_OK) == 0)
    throw std::runtime_error("there is a key already: " + config.key_file);
  Keyring::load(config.key_file, true);
  std::printf("%s\nKeep a copy apart from the backups of the data.\n", config.key_file.c_str());
  return 0;
}

int write_samples(const std::string& folder) {
  make_private_folder(folder);
  for (const documents::Sample& sample : documents::draw_samples()) {
    const std::string path = folder + "/" + sample.name + ".jpg";
    std::ofstream out(path, std::ios::binary);
    out << sample.jpeg;
    if (!out) throw std::runtime_error("cannot write " + path);
    std::printf("%s\n", path.c_str());
  }
  return 0;
}

std::string newest_copy_over_its_time(Platform& platform) {
  const service::Service& s = platform.service();
  return late_backup(backup_folder(s.config), service::days_kept(s, "backups"),
                     SystemClock().now());
}

// What can be told without starting: configuration, data, database, counters, copies.
int check(const std::string& config_path) {
  const Config config = with_defaults(load_config(config_path));
  require_service_account(config);
  if (database_exists(config)) {
    const auto db = open_database(config.database, 1);
    const Schema schema = look_at_schema(*db, config.data_dir + "/../migrations");
    if (schema.pending > 0) {
      std::printf(
          "configuration: good\ndatabase: as of %s; the next start brings it up to date (%d "
          "migrations), after a copy\n",
          schema.newest.c_str(), schema.pending);
      return 0;
    }
  }
  Platform platform(config);
  const bool agree =
      platform.service().db.read([](Reader& reader) { return store::counters_agree(reader); });
  std::printf("configuration and data: good\ncounters: %s\n",
              agree ? "good" : "DO NOT AGREE with the rows");
  const std::string newest = newest_copy_over_its_time(platform);
  if (!newest.empty())
    std::printf("backups: %s IS OVER ITS TIME (retention rule “backups”): make a new one\n",
                newest.c_str());
  return agree ? 0 : 1;
}

int run(int argc, char** argv) {
  CLI::App app{"Beian 备案: ICP filing for access providers"};
  app.set_version_flag("--version", BEIAN_VERSION);
  app.require_subcommand(1);
  std::string config, file, email, role, name, folder;
  int status = 0;

  DemoOptions demo;
  std::string var = "var", public_url, database;
  int port = 8080;
  auto* demo_command =
      app.add_subcommand("demo", "everything in one process on loopback, with a reference bureau");
  demo_command->add_option("--config", config, "configuration file to start from");
  demo_command->add_option("--var", var, "folder for database, uploads and keys")
      ->capture_default_str();
  demo_command->add_option("--port", port, "port of the pages, 0 for any free one")
      ->capture_default_str();
  demo_command->add_option("--console-port", demo.console_port, "port of the reference bureau")
      ->capture_default_str();
  demo_command->add_option("--public-url", public_url, "address as browsers see it");
  demo_command->add_option("--database", database,
                           "a PostgreSQL database of its own, in place of one in the folder");
  demo_command->add_option("--applicant", demo.applicant,
                           "e-mail of a ready-made applicant with a product");
  demo_command->callback([&] {
    demo.config = load_config(config);
    demo.config.var_dir = var;
    // The demo keeps everything where it is told to, whatever the file says.
    demo.config.database = database;
    demo.config.key_file.clear();
    demo.config.http.port = port;
    if (!public_url.empty()) demo.config.http.public_url = public_url;
    if (demo.config.provider_name.empty()) demo.config.provider_name = "示例云";
    demo.config.demo = true;
    status = run_demo(demo);
  });

  with_config(app.add_subcommand("serve", "pages, API and worker"), config)->callback([&] {
    status = serve(config, true, true);
  });
  with_config(app.add_subcommand("web", "pages and API only; a worker runs elsewhere"), config)
      ->callback([&] { status = serve(config, true, false); });
  with_config(app.add_subcommand("work", "worker only"), config)->callback([&] {
    status = serve(config, false, true);
  });
  with_config(app.add_subcommand("check", "checks configuration, data and database"), config)
      ->callback([&] { status = check(config); });

  with_config(
      app.add_subcommand("make-key", "makes the key file, for a new database on PostgreSQL"),
      config)
      ->callback([&] { status = make_key(config); });

  add_gate_commands(app, status);
  add_file_command(app, status);
  add_package_commands(app, status);

  int sandbox_port = 8090;
  auto* sandbox = app.add_subcommand("sandbox", "the reference bureau alone");
  sandbox->add_option("--var", var, "folder for its database")->capture_default_str();
  sandbox->add_option("--port", sandbox_port, "0 for any free one")->capture_default_str();
  sandbox->callback(
      [&] { status = run_sandbox(default_root() + "/data", var, "127.0.0.1", sandbox_port); });

  auto* products = with_config(
      app.add_subcommand("import-products", "imports the provider's products from CSV"), config);
  products
      ->add_option("file", file,
                   "CSV: instance,kind,ips,host_name,region,term_from,term_until,slots,owner_email")
      ->required();
  products->callback([&] { status = import_products(config, file); });

  auto* staff = with_config(
      app.add_subcommand("add-staff",
                         "adds a member of staff; the password is read from standard input"),
      config);
  staff->add_option("email", email)->required();
  staff
      ->add_option(
          "role", role,
          "first_reviewer, photo_reviewer, dispatcher, senior, rules_editor, administrator, "
          "security_administrator, audit_administrator")
      ->required();
  staff->add_option("name", name, "as colleagues see it")->required();
  staff->callback([&] { status = add_staff(config, email, role, name); });

  auto* sample =
      app.add_subcommand("sample", "draws synthetic papers (样张) to try the whole path with");
  sample->add_option("folder", folder)->required();
  sample->callback([&] { status = write_samples(folder); });

  add_operations(app, status);
  add_line_commands(app, status);
  add_rule_commands(app, status);
  add_statistics_commands(app, status);
  add_document_commands(app);

  CLI11_PARSE(app, argc, argv);
  return status;
}

}  // namespace
}  // namespace beian::app

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], beian::documents::k_image_worker_argument) == 0)
    return beian::documents::image_worker_main();
  if (argc == 2 && std::strcmp(argv[1], beian::documents::k_inspector_argument) == 0)
    return beian::documents::inspector_main();
  try {
    return beian::app::run(argc, argv);
  } catch (const beian::Refusal& refusal) {
    std::fprintf(stderr, "beian: refused: %s\n", refusal.reason().c_str());
    for (const beian::Problem& p : refusal.problems())
      std::fprintf(stderr, "  %s: %s\n", p.field.c_str(), p.code.c_str());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "beian: %s\n", e.what());
  }
  return 1;
}
