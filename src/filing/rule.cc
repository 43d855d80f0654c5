#include "filing/rule.h"

#include <algorithm>

#include "filing/data.h"

namespace beian {
namespace {

Rule rule_from_json(const json::value& value) {
  const json::object& object = data::object(value, "rules");
  Rule rule;
  rule.id = data::text_of(object, "id", "rules");
  const std::string where = "rule " + rule.id;
  rule.each_site = object.contains("each");
  rule.field = data::text_of(object, "field", where);
  if (rule.field.starts_with('.') != rule.each_site) {
    data::fault(where, "a field with '.' belongs to a rule for each website");
  }
  if (const json::value* when = object.if_contains("when")) {
    rule.when = Condition::from_json(*when);
  }
  rule.when_absent = data::flag_or(object, "when_absent", false, where);
  const json::value* must = object.if_contains("must");
  if (must) rule.must = Condition::from_json(*must);
  rule.check = data::text_or(object, "check", "", where);
  if ((must != nullptr) == !rule.check.empty()) data::fault(where, "give either must or check");
  constexpr const char* k_checks[] = {"", "differs", "later", "age", "months_left", "region"};
  if (std::ranges::find(k_checks, rule.check) == std::end(k_checks)) {
    data::fault(where, "unknown check \"" + rule.check + "\"");
  }
  if (const json::value* params = object.if_contains("params")) {
    for (const auto& [name, text] : data::object(*params, where)) {
      rule.params.emplace(name, data::text(text, where));
    }
  }
  for (const char* number : {"years", "months", "offset"}) {
    const auto found = rule.params.find(number);
    const bool good =
        found == rule.params.end() ||
        (!found->second.empty() && found->second.size() <= 4 &&
         std::ranges::all_of(found->second, [](char c) { return c >= '0' && c <= '9'; }));
    if (!good) data::fault(where, std::string(number) + " must be a number");
  }
  rule.code = data::text_of(object, "code", where);
  const std::string level = data::text_of(object, "level", where);
  if (level != "hard" && level != "warn") data::fault(where, "level must be hard or warn");
  rule.hard = level == "hard";
  rule.source = data::text_of(object, "source", where);
  return rule;
}

}  // namespace

std::vector<Rule> rules_from_json(const json::value& value) {
  const json::object& object = data::object(value, "rules");
  std::vector<Rule> rules;
  for (const json::value& rule : data::array(data::member(object, "rules", "rules"), "rules")) {
    rules.push_back(rule_from_json(rule));
  }
  return rules;
}

}  // namespace beian
