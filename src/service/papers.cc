#include "service/papers.h"

#include <stdexcept>

namespace beian::service {
namespace {

documents::Paper paper_or_throw(std::string_view name) {
  const auto paper = documents::paper_from_string(name);
  if (!paper) throw std::runtime_error("unknown kind of paper: " + std::string(name));
  return *paper;
}

PaperRule read_rule(const json::object& in) {
  PaperRule rule;
  rule.type_path = opt_string(in, "type").value_or("");
  rule.otherwise = paper_or_throw(get_string(in, "otherwise"));
  if (const json::value* kinds = in.if_contains("kinds"))
    for (const auto& [type, paper] : as_object(*kinds))
      rule.kinds[std::stoll(type)] = paper_or_throw(std::string(paper.as_string()));
  for (const auto& [field, path] : as_object(in.at("fills")))
    rule.fills[field] = std::string(path.as_string());
  if (const json::value* only = in.if_contains("only_compared"))
    for (const json::value& field : only->as_array())
      rule.only_compared.emplace_back(field.as_string());
  return rule;
}

void read_rules(const json::object& file, Papers& papers) {
  for (const auto& [purpose, rule] : as_object(file.at("papers")))
    papers.rules[purpose] = read_rule(as_object(rule));
  for (const auto& [from, to] : as_object(file.at("individual")))
    papers.individual[from] = std::string(to.as_string());
}

}  // namespace

Papers Papers::load(const std::string& data_dir) {
  Papers papers;
  const std::string path = data_dir + "/documents/papers.json";
  try {
    read_rules(read_json_file(path).as_object(), papers);
  } catch (const std::exception& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
  papers.sheets = read_json_file(data_dir + "/documents/sheets.json").as_object();
  return papers;
}

}  // namespace beian::service
