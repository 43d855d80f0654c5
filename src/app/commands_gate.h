// beian gate: the gate as a process of its own, and its names for nginx.
#pragma once

#include <CLI/CLI.hpp>

namespace beian::app {

// `status` becomes the program's exit status.
void add_gate_commands(CLI::App& app, int& status);

}  // namespace beian::app
