#include "service/reference.h"

#include <algorithm>
#include <filesystem>

#include "base/json.h"

namespace beian::service {
namespace {

namespace fs = std::filesystem;

std::vector<json::value> read_years(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::vector<json::value> out;
  for (const std::string& file : files) out.push_back(read_json_file(file));
  return out;
}

std::vector<Reason> read_reasons(const json::value& document) {
  std::vector<Reason> out;
  for (const json::value& item : document.as_object().at("reasons").as_array()) {
    Reason reason;
    const json::object& object = item.as_object();
    reason.code = object.at("code").as_string().c_str();
    for (const json::value& field : object.at("fields").as_array())
      reason.fields.emplace_back(field.as_string().c_str());
    reason.text = labels_from_json(object.at("text"));
    out.push_back(std::move(reason));
  }
  return out;
}

// The bureaus' rules, and in the form the papers that they ask for.
std::shared_ptr<RuleShelf> load_rules(const std::string& data_dir, const Bureaus& bureaus,
                                      json::value& form) {
  std::vector<std::string> provinces, purposes;
  for (const BureauInfo& bureau : bureaus.all()) provinces.push_back(bureau.province);
  for (const json::value& material : form.at("materials").as_array())
    purposes.emplace_back(material.at("purpose").as_string());
  auto shelf = RuleShelf::load(data_dir, provinces, purposes);
  add_rule_papers(form, *shelf, provinces);
  return shelf;
}

}  // namespace

Reference Reference::load(const std::string& data_dir) {
  const auto read = [&](const std::string& name) { return read_json_file(data_dir + "/" + name); };
  Reference r;
  r.catalogue = load_catalogue(read);
  json::value form = read("forms/first_filing.json");
  const json::value bureaus = read("bureaus.json");
  r.bureaus = Bureaus::from_json(bureaus);
  r.rules = load_rules(data_dir, r.bureaus, form);
  r.form = Form::from_json(form);
  r.form_json = json::serialize(form);
  const json::object& demo = as_object(as_object(bureaus).at("demo_policy"));
  r.demo_policy = {get_bool(demo, "verification"), get_bool(demo, "sms"),
                   get_bool(demo, "filing_password")};
  r.bureaus_json = json::serialize(bureaus);
  r.calendar = Calendar::from_json(read_years(data_dir + "/calendar"));
  r.deadlines = Deadlines::from_json(read("deadlines.json"));
  const json::value reasons = read("reasons.json");
  r.reasons = read_reasons(reasons);
  r.reasons_json = json::serialize(reasons);
  r.divisions_json = json::serialize(read("divisions.json"));
  json::object dictionaries;
  for (const std::string& name : dictionary_names())
    dictionaries[name] = read("dictionaries/" + name + ".json");
  r.dictionaries_json = json::serialize(dictionaries);
  return r;
}

}  // namespace beian::service
