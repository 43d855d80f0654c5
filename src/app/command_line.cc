#include "app/command_line.h"

#include <unistd.h>

#include "base/log.h"

namespace beian::app {

std::string default_root() {
  if (::access("data/forms", R_OK) == 0) return ".";
  return "/usr/share/beian";
}

Config load_config(const std::string& path) {
  Config config = path.empty() ? Config{} : Config::load(path);
  if (path.empty() || config.data_dir == "data") config.data_dir = default_root() + "/data";
  if (path.empty() || config.web_dir == "web/dist") config.web_dir = default_root() + "/web/dist";
  set_log_level(config.log_level);
  return config;
}

CLI::App* with_config(CLI::App* command, std::string& path) {
  command->add_option("--config", path, "configuration file")->required();
  return command;
}

CLI::App* command_family(CLI::App& app, const std::string& name, const std::string& what) {
  for (CLI::App* existing : app.get_subcommands({})) {
    if (existing->get_name() == name) return existing;
  }
  auto* family = app.add_subcommand(name, what);
  family->require_subcommand(1);
  return family;
}

}  // namespace beian::app
