// What a configuration must hold beyond the types of its keys: files that the service's account can
// read, addresses that can be listened on, keys of the right length.
#pragma once

#include <string>
#include <vector>

#include "base/config.h"

namespace beian::app {

struct ConfigReport {
  std::vector<ConfigProblem> problems;  // line 0: the key is not in the file
  std::vector<ConfigProblem> notes;     // works, but is not for use by others yet
};

// Of the file at `path`; contacts nothing. Throws std::runtime_error where it cannot be read.
ConfigReport check_config(const std::string& path);

// "file:line:column: key why", as compilers say it, with `kind` before the key.
std::string to_string(const ConfigProblem& problem, const std::string& path,
                      const std::string& kind = "");

}  // namespace beian::app
