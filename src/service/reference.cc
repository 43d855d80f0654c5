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

// The bureaus' rules; `purposes`: of the materials that forms ask for themselves.
std::shared_ptr<RuleShelf> load_rules(const std::string& data_dir,
                                      const std::vector<std::string>& provinces) {
  std::vector<std::string> purposes;
  const json::value form = read_json_file(data_dir + "/forms/first_filing.json");
  for (const json::value& material : form.at("materials").as_array())
    purposes.emplace_back(material.at("purpose").as_string());
  return RuleShelf::load(data_dir, provinces, purposes);
}

std::vector<std::string> ids_of_fields(const json::value& pages) {
  std::vector<std::string> ids;
  for (const json::value& page : pages.as_array())
    for (const json::value& group : page.at("groups").as_array())
      for (const json::value& field : group.at("fields").as_array())
        ids.emplace_back(field.at("id").as_string());
  return ids;
}

bool has(const std::vector<std::string>& ids, const json::value& part) {
  return std::find(ids.begin(), ids.end(), std::string(part.at("id").as_string())) != ids.end();
}

// The pages of the first filing whole, where what this form does not ask may be empty, led by what
// only this form asks.
json::object desk_document(const json::object& form, const json::object& base) {
  const std::vector<std::string> asked = ids_of_fields(form.at("pages")),
                                 known = ids_of_fields(base.at("pages"));
  json::array pages;
  for (const json::value& page : form.at("pages").as_array()) {
    json::array groups;
    for (const json::value& group : page.at("groups").as_array()) {
      json::object own = group.as_object();
      json::array fields;
      for (const json::value& field : group.at("fields").as_array())
        if (!has(known, field)) fields.push_back(field);
      if (fields.empty()) continue;
      own["fields"] = std::move(fields);
      groups.push_back(std::move(own));
    }
    if (groups.empty()) continue;
    json::object own = page.as_object();
    own["id"] = "asked_" + std::string(page.at("id").as_string());
    own["groups"] = std::move(groups);
    pages.push_back(std::move(own));
  }
  for (const json::value& page : base.at("pages").as_array()) {
    json::object whole = page.as_object();
    for (json::value& group : whole["groups"].as_array())
      for (json::value& field : group.as_object()["fields"].as_array())
        if (!has(asked, field)) field.as_object().erase("required");
    pages.push_back(std::move(whole));
  }
  json::object document = form;
  document["pages"] = std::move(pages);
  return document;
}

// Every form takes its parts from the first filing's, and gets the papers that the bureaus' rules
// ask for in its kinds of filing.
void load_forms(Reference& r, const std::string& folder,
                const std::vector<std::string>& provinces) {
  const json::value first = read_json_file(folder + "/first_filing.json");
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const json::value read = read_json_file(file);
    const json::object& base = as_object(first);
    const bool takes = as_object(read).contains("from");
    json::object whole = takes ? expand_form(as_object(read), base) : as_object(read);
    add_rule_papers(whole, Form::from_json(whole).kinds, *r.rules, provinces);
    Form form = Form::from_json(whole);
    r.form_documents[form.name()] = json::serialize(whole);
    r.form_documents["desk." + form.name()] =
        json::serialize(takes ? desk_document(whole, base) : whole);
    if (form.id == "first_filing") r.form = form;
    r.forms.push_back(std::move(form));
  }
  r.form_json = r.form_documents.at(r.form.name());
}

}  // namespace

const Form& Reference::form_of(Kind kind) const {
  for (const Form& one : forms)
    if (std::find(one.kinds.begin(), one.kinds.end(), kind) != one.kinds.end()) return one;
  return form;
}

Reference Reference::load(const std::string& data_dir) {
  const auto read = [&](const std::string& name) { return read_json_file(data_dir + "/" + name); };
  Reference r;
  // The nation's rules come from the shelf, which leaves out a faulty one and says so; whatever is
  // wrong with that file, the rest works.
  constexpr std::string_view k_national = "rules/national.json";
  r.catalogue = load_catalogue([&](const std::string& name) {
    return name == k_national ? json::value{{"rules", json::array{}}} : read(name);
  });
  const json::value bureaus = read("bureaus.json");
  r.bureaus = Bureaus::from_json(bureaus);
  std::vector<std::string> provinces;
  for (const BureauInfo& bureau : r.bureaus.all()) provinces.push_back(bureau.province);
  r.rules = load_rules(data_dir, provinces);
  r.catalogue.rules = r.rules->shipped(std::string(k_nation))->file.rules;
  load_forms(r, data_dir + "/forms", provinces);
  const json::object& demo = as_object(as_object(bureaus).at("demo_policy"));
  r.demo_policy = {get_bool(demo, "verification"), get_bool(demo, "sms"),
                   get_bool(demo, "filing_password")};
  const json::object& tries = as_object(as_object(bureaus).at("password_tries"));
  r.password_tries = get_int(tries, "limit");
  r.password_minutes = get_int(tries, "minutes");
  r.bureaus_json = json::serialize(bureaus);
  const std::vector<json::value> years = read_years(data_dir + "/calendar");
  r.calendar = Calendar::from_json(years);
  for (const json::value& year : years)
    r.calendar_years[static_cast<int>(get_int(as_object(year), "year"))] = year;
  const json::value deadlines = read("deadlines.json");
  r.deadlines = Deadlines::from_json(deadlines);
  r.deadlines_document = deadlines;
  for (const json::value& days : as_object(deadlines).at("announce_days").as_array())
    r.announce_days.push_back(days.as_int64());
  for (const json::value& days : as_object(deadlines).at("warn_days").as_array())
    r.warn_days.push_back(days.as_int64());
  r.registries = Registries::from_json(read("domains.json"));
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
