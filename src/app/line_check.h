// Tries one line to a bureau without changing anything there: addresses, WSDL, log-in, cipher,
// clock.
#pragma once

#include <string>
#include <vector>

#include "base/config.h"

namespace beian::app {

struct LineFinding {
  bool good = false;
  std::string what, found;
  std::string mend;  // what to do; empty when it is good
};
std::vector<LineFinding> check_line(const BureauConfig& bureau);

}  // namespace beian::app
