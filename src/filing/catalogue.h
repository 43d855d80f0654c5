// Everything the checks look up, parsed once at start-up from data/. Never changed afterwards, so
// threads may share it.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

#include "filing/contact.h"
#include "filing/dictionary.h"
#include "filing/division.h"
#include "filing/domain_name.h"
#include "filing/rule.h"

namespace beian {

struct Catalogue {
  Dictionaries dictionaries;
  Divisions divisions;
  Suffixes suffixes;
  AreaCodes area_codes;
  std::vector<Rule> rules;  // national rules; a bureau's come after them
};

// Names of the dictionaries that the catalogue needs.
const std::vector<std::string>& dictionary_names();
// Those of them that the applicant's form shows.
const std::vector<std::string>& form_dictionary_names();

// `read` gives a parsed file of data/ by its path below it ("dictionaries/natures.json"): this room
// opens no files. Throws std::runtime_error naming the fault.
Catalogue load_catalogue(const std::function<json::value(const std::string&)>& read);

}  // namespace beian
