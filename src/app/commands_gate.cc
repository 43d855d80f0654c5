#include "app/commands_gate.h"

#include <cstdio>
#include <memory>

#include "app/command_line.h"
#include "app/composition.h"
#include "app/demo.h"
#include "base/log.h"
#include "gate/follower.h"
#include "gate/listener.h"
#include "gate/nginx_map.h"

namespace beian::app {
namespace {

// Needs the database and nothing else: no key, no mail server, no bureau.
int serve_gate(const std::string& config_path, int port) {
  Config config = with_defaults(load_config(config_path));
  if (port >= 0) config.gate.port = port;
  block_stop_signals();
  const std::unique_ptr<Db> db = open_database(config.database, 2);
  gate::Gate gate;
  gate::FollowerOptions following;
  following.snapshot = config.var_dir + "/gate.snapshot";
  gate::Follower follower(*db, gate, following);
  gate::Listener listener(gate, {config.gate.address, config.gate.port, config.gate.threads});
  log_info("gate_listening", {{"port", std::to_string(listener.port())}});
  std::printf("gate http://%s:%d/check\n", config.gate.address.c_str(), listener.port());
  std::fflush(stdout);
  wait_for_stop();
  return 0;
}

int export_names(const std::string& config_path, const std::string& file) {
  const Config config = with_defaults(load_config(config_path));
  const std::unique_ptr<Db> db = open_database(config.database, 2);
  const std::int64_t names = gate::write_nginx_map(*db, file);
  std::printf("%lld names\n", static_cast<long long>(names));
  return 0;
}

struct Words {
  std::string config, file;
  int port = -1;
};

}  // namespace

void add_gate_commands(CLI::App& app, int& status) {
  const auto words = std::make_shared<Words>();
  auto* gate = app.add_subcommand("gate", "answers web servers whether a host is filed");
  gate->add_option("--config", words->config, "configuration file");
  gate->add_option("--port", words->port, "instead of gate.port; 0 for any free one");
  gate->require_subcommand(0, 1);
  auto* names = with_config(
      gate->add_subcommand("export", "writes the filed names as a map for nginx"), words->config);
  names->add_option("file", words->file, "replaced when the new one is complete")->required();
  names->callback([words, &status] { status = export_names(words->config, words->file); });
  gate->callback([gate, words, &status] {
    if (!gate->get_subcommands().empty()) return;
    if (words->config.empty()) throw CLI::RequiredError("--config");
    status = serve_gate(words->config, words->port);
  });
}

}  // namespace beian::app
