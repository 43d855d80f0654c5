#include "sandbox/setup.h"

#include <stdexcept>

#include "base/json.h"

namespace beian::sandbox {
namespace {

std::string name_of(const json::object& entry) {
  return std::string(entry.at("label").as_object().at("zh-CN").as_string());
}

template <typename F>
void each_entry(const std::string& path, F&& take) {
  const json::value file = read_json_file(path);
  try {
    for (const auto& entry : file.as_object().at("entries").as_array()) {
      take(entry.as_object().at("id").as_int64(), entry.as_object());
    }
  } catch (const std::exception&) {
    throw std::runtime_error(path + ": not a dictionary of entries with id and label");
  }
}

Dictionaries::Names read_names(const std::string& path) {
  Dictionaries::Names names;
  each_entry(path, [&](std::int64_t id, const json::object& entry) { names[id] = name_of(entry); });
  return names;
}

bool flag(const json::object& entry, std::string_view name) {
  const auto* value = entry.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

Dictionaries read_dictionaries(const std::string& folder) {
  Dictionaries all;
  each_entry(folder + "/natures.json", [&](std::int64_t id, const json::object& entry) {
    all.natures[id].name = name_of(entry);
    all.natures[id].person = flag(entry, "person");
  });
  each_entry(folder + "/certificate_types.json", [&](std::int64_t id, const json::object& entry) {
    auto& certificate = all.certificates[id];
    certificate.name = name_of(entry);
    for (const auto& shape : entry.at("number").as_array()) {
      certificate.numbers.emplace(shape.as_string());
    }
    all.natures[entry.at("nature").as_int64()].certificates.insert(id);
    if (flag(entry, "person")) all.person_certificates.insert(id);
  });
  all.services = read_names(folder + "/services.json");
  all.languages = read_names(folder + "/languages.json");
  all.methods = read_names(folder + "/access_methods.json");
  all.locations = read_names(folder + "/server_locations.json");
  all.approvals = read_names(folder + "/approvals.json");
  all.cancel_reasons = read_names(folder + "/cancel_reasons.json");
  all.purposes = read_names(folder + "/attachment_kinds.json");
  all.messages = read_names(folder + "/message_codes.json");
  each_entry(folder + "/result_codes.json", [&](std::int64_t id, const json::object& entry) {
    all.results[id] = {name_of(entry), opt_string(entry, "field").value_or(""),
                       get_string(entry, "group") == "success"};
  });
  return all;
}

// The lists that only this bureau has, and the units it knows.
void read_codes(Setup& setup, const std::string& path) {
  const json::value file = read_json_file(path);
  const auto names = [&](std::string_view list) {
    Dictionaries::Names read;
    for (const auto& entry : file.as_object().at(list).as_array()) {
      read[entry.at("id").as_int64()] = get_string(entry.as_object(), "name");
    }
    return read;
  };
  try {
    setup.dictionaries.unfiled_outcomes = names("unfiled_outcomes");
    setup.dictionaries.verification_opinions = names("verification_opinions");
    setup.dictionaries.domain_kinds = names("domain_kinds");
    for (const auto& entry : file.as_object().at("units").as_array()) {
      setup.units.push_back({entry.at("id").as_int64(), get_string(entry.as_object(), "name"),
                             flag(entry.as_object(), "carrier")});
    }
  } catch (const std::exception&) {
    throw std::runtime_error(path + ": not lists of id and name");
  }
}

}  // namespace

Setup read_setup(const std::string& data_folder) {
  Setup setup;
  setup.dictionaries = read_dictionaries(data_folder + "/dictionaries");
  read_codes(setup, data_folder + "/sandbox/codes.json");
  const std::string path = data_folder + "/sandbox/provinces.json";
  const json::value file = read_json_file(path);
  try {
    for (const auto& value : file.as_object().at("provinces").as_array()) {
      const auto& entry = value.as_object();
      setup.provinces.push_back({get_string(entry, "path"), get_id(entry, "code"),
                                 get_string(entry, "name"), get_string(entry, "prefix"),
                                 get_string(entry, "bureau")});
    }
  } catch (const std::exception&) {
    throw std::runtime_error(path + ": not a list of provinces");
  }
  return setup;
}

}  // namespace beian::sandbox
