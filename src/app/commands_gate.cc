#include "app/commands_gate.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/composition.h"
#include "app/demo.h"
#include "base/log.h"
#include "gate/follower.h"
#include "gate/listener.h"
#include "gate/nginx_map.h"

namespace beian::app {
namespace {

constexpr std::size_t k_at_once = 1024;  // hosts of a list

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

// Hosts from standard input, a line each, with an address behind a blank where it is to be looked
// at: what a web server's log names, say. Fails when one of them may not be served.
int ask_hosts(const std::string& config_path) {
  const Config config = with_defaults(load_config(config_path));
  gate::Gate gate;
  gate.load(gate::read_names(*open_database(config.database, 2)));
  bool all_filed = true;
  std::vector<std::string> lines;
  std::vector<gate::Gate::Question> questions;
  std::vector<gate::Verdict> verdicts;
  const auto answer = [&] {
    questions.clear();
    for (const std::string_view line : lines) {
      const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
      const std::size_t behind = std::min(line.find_first_not_of(" \t", blank), line.size());
      questions.push_back({line.substr(0, blank), line.substr(behind)});
    }
    verdicts.resize(lines.size());
    gate.ask(questions, verdicts);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      all_filed = all_filed && verdicts[i] == gate::Verdict::filed;
      std::cout << gate::to_string(verdicts[i]) << ' ' << lines[i] << '\n';
    }
    lines.clear();
  };
  for (std::string line; std::getline(std::cin, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) lines.push_back(std::move(line));
    if (lines.size() == k_at_once) answer();
  }
  answer();
  return std::cout.flush() && all_filed ? 0 : 1;
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
  auto* hosts = with_config(
      gate->add_subcommand("ask", "says of each host on standard input whether it is filed"),
      words->config);
  hosts->callback([words, &status] { status = ask_hosts(words->config); });
  gate->callback([gate, words, &status] {
    if (!gate->get_subcommands().empty()) return;
    if (words->config.empty()) throw CLI::RequiredError("--config");
    status = serve_gate(words->config, words->port);
  });
}

}  // namespace beian::app
