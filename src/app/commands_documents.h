#pragma once

#include "app/command_line.h"

namespace beian::app {

// beian papers …
void add_document_commands(CLI::App& app);

}  // namespace beian::app
