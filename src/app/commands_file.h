// beian file: files from a JSON document through the public API, as any program would.
#pragma once

#include <CLI/CLI.hpp>

namespace beian::app {

// `status` becomes the program's exit status: 0 approved (or submitted, without following), 1 could
// not, 2 returned to the applicant.
void add_file_command(CLI::App& app, int& status);

}  // namespace beian::app
