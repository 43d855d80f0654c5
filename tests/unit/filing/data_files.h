// The project's own data, read once for the tests of this room.
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "filing/catalogue.h"
#include "filing/form.h"

namespace beian {

inline json::value data_file(const std::string& path) {
  return read_json_file(BEIAN_ROOT "/data/" + path);
}
inline const json::value& vector_file(const std::string& name) {
  static std::map<std::string, json::value> files;
  const auto found = files.find(name);
  if (found != files.end()) return found->second;
  return files[name] = read_json_file(BEIAN_ROOT "/tests/vectors/" + name + ".json");
}

inline const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue(data_file);
  return loaded;
}

inline const Form& first_filing() {
  static const Form form = Form::from_json(data_file("forms/first_filing.json"));
  return form;
}

// Another kind's form, written out as the program does it.
inline const Form& form_named(const std::string& name) {
  static std::map<std::string, Form> forms;
  const auto found = forms.find(name);
  if (found != forms.end()) return found->second;
  const json::value base = data_file("forms/first_filing.json");
  const json::value form = data_file("forms/" + name + ".json");
  return forms[name] = Form::from_json(expand_form(form.as_object(), base.as_object()));
}

inline std::string text_member(const json::value& value, const char* key) {
  return std::string(value.at(key).as_string());
}

}  // namespace beian
