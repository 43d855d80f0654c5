#include "filing/catalogue.h"

#include "filing/data.h"

namespace beian {

const std::vector<std::string>& form_dictionary_names() {
  static const std::vector<std::string> names{
      "natures",   "certificate_types", "services",         "approvals",
      "languages", "access_methods",    "server_locations", "cancel_reasons"};
  return names;
}

const std::vector<std::string>& dictionary_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = form_dictionary_names();
    for (const char* name : {"attachment_kinds", "result_codes", "message_codes"}) {
      all.emplace_back(name);
    }
    return all;
  }();
  return names;
}

Catalogue load_catalogue(const std::function<json::value(const std::string&)>& read) {
  Catalogue catalogue;
  json::object documents;
  for (const std::string& name : dictionary_names()) {
    documents[name] = read("dictionaries/" + name + ".json");
  }
  catalogue.dictionaries = Dictionaries::from_json(documents);
  catalogue.divisions = Divisions::from_json(read("divisions.json"));
  catalogue.suffixes = Suffixes::from_json(read("dictionaries/suffixes.json"));
  catalogue.area_codes = AreaCodes::from_json(read("dictionaries/area_codes.json"));
  catalogue.rules = rules_from_json(read("rules/national.json"),
                                    RuleVocabulary::from_json(read("rules/common.json")));
  return catalogue;
}

}  // namespace beian
