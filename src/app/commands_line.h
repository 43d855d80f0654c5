// The operator's commands about the lines to the bureaus.
#pragma once

#include "app/command_line.h"

namespace beian::app {

// Adds check, status, resend and replay to the subcommand "bureau", making that where there is
// none.
void add_line_commands(CLI::App& app, int& status);

}  // namespace beian::app
