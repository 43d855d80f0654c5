// Tries one line to a bureau without changing anything there: addresses, WSDL, log-in, cipher,
// clock.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "base/texts.h"
#include "bureau/client.h"

namespace beian::service {

// How a bureau is reached as the configuration says; reads the files that hold the secrets and
// throws what read_secret_file throws.
bureau::Connection connection_of(const BureauConfig& bureau);

// What was tried, what was found and what to do about it, as names of texts in
// data/texts/*/line_check.json ("what.", "found.", "mend."); `mend` is empty when it is good.
struct LineFinding {
  bool good = false;
  std::string what, found;
  TextParams params;  // of `found`
  std::string mend;
};
// How long each address and each call may take.
struct LinePatience {
  std::chrono::seconds address{20}, call{60};
};
std::vector<LineFinding> check_line(const BureauConfig& bureau, const LinePatience& patience = {});

struct LineWords {
  std::string what, found, mend;
};
LineWords words_of(const Texts& texts, std::string_view locale, const LineFinding& finding);

}  // namespace beian::service
