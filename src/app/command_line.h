// What the families of operator commands share. A family is a file of its own,
// commands_<family>.cc, with one function that adds its subcommands to the program; main.cc calls
// each.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/config.h"

namespace beian::app {

// Where data/ and web/dist are: beside the working folder, or installed.
std::string default_root();

// Throws std::runtime_error naming file and line. An empty path is the built-in configuration.
Config load_config(const std::string& path);

// The required option --config of a command, into `path`.
CLI::App* with_config(CLI::App* command, std::string& path);

// The subcommand that holds the commands of a family, made by the first that asks for it.
CLI::App* command_family(CLI::App& app, const std::string& name, const std::string& what);

// config check, audit, backup, restore, key: commands_operations.cc. `status` is the exit status.
void add_operations(CLI::App& app, int& status);
// The families. `status` becomes what the process returns.
void add_rule_commands(CLI::App& app, int& status);
// commands_statistics.cc: statistics rebuild.
void add_statistics_commands(CLI::App& app, int& status);
// commands_package.cc: bureau pack, bureau unpack.
void add_package_commands(CLI::App& app, int& status);

}  // namespace beian::app
