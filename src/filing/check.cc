#include "filing/check.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "filing/content.h"
#include "filing/data.h"
#include "filing/field_check.h"
#include "filing/identity.h"
#include "filing/problem.h"

namespace beian {
namespace {

// Position on the pages of every field that applies, by its path.
using Places = std::unordered_map<std::string_view, std::size_t>;

std::string text_of(const json::value* value) {
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

std::string digits_or_lower(const std::string& text) {
  std::string compared;
  for (char c : to_lower_ascii(text)) {
    if (c != '-' && c != ' ') compared.push_back(c);
  }
  return compared;
}

int number_param(const Rule& rule, const char* name) {
  const auto found = rule.params.find(name);
  return found == rule.params.end() ? 0 : std::stoi(found->second);
}

// The text at the path that a parameter names.
std::string param_value(const Rule& rule, const Facts& facts, const char* name) {
  const auto found = rule.params.find(name);
  if (found == rule.params.end()) return "";
  return text_of(value_at(facts.content, absolute_path(found->second, facts.item)));
}

// The checks that a condition cannot say (rule.h).
bool passes_named(const Rule& rule, const Facts& facts, const json::value* value, Day today) {
  const std::string text = text_of(value);
  if (rule.check == "differs") {
    const std::string other = param_value(rule, facts, "from");
    return text.empty() || other.empty() || digits_or_lower(text) != digits_or_lower(other);
  }
  if (rule.check == "later") {
    const auto from = parse_day(param_value(rule, facts, "from"));
    const auto until = parse_day(text);
    return !from || !until || *until > *from;
  }
  if (rule.check == "region") {
    const std::string number = canonical_number(text);
    const auto offset = static_cast<std::size_t>(number_param(rule, "offset"));
    const std::string province = param_value(rule, facts, "of");
    if (number.size() != 18 || province.size() != 6 || offset > 16) return true;
    const std::string region = number.substr(offset, 2);
    return region == "10" || region == province.substr(0, 2);  // 10: a national register
  }
  if (rule.check == "age") {
    const std::optional<Day> birth = birth_date(text);
    return !birth || *birth > today || age_on(*birth, today) >= number_param(rule, "years");
  }
  if (rule.check == "months_left") {
    const std::optional<Day> until = parse_day(text);
    return !until || *until >= add_months(today, number_param(rule, "months"));
  }
  return true;
}

void check_rule(const CheckContext& context, const Rule& rule, const std::string& item,
                const Places& places, std::vector<Problem>& problems) {
  const std::string path = absolute_path(rule.field, item);
  if (!places.contains(path)) return;
  const Facts facts{context.content, context.today_text, item};
  const json::value* value = value_at(context.content, path);
  if (is_absent(value) && !rule.when_absent) return;
  if (!rule.when.holds(facts)) return;
  const bool good =
      rule.check.empty() ? rule.must.holds(facts) : passes_named(rule, facts, value, context.today);
  if (good) return;
  problems.push_back({.field = path,
                      .code = rule.code,
                      .params = rule.params,
                      .rule = rule.id,
                      .source = rule.source,
                      .hard = rule.hard});
}

// A domain belongs to one website of one filing (bureau result codes 1005, 1039).
void check_twins(const json::object& content, std::vector<Problem>& problems) {
  std::map<std::string, std::string> seen;
  for (const std::string& key : site_keys(content)) {
    const std::string path = "sites." + key + ".domain";
    const auto host = parse_host(text_of(value_at(content, path)));
    if (host && !seen.emplace(host->ascii, key).second) {
      problems.push_back(problem_at(path, "site_domain_twice", {{"domain", host->unicode}}));
    }
  }
}

void check_site_count(const Form& form, const json::object& content,
                      std::vector<Problem>& problems) {
  const Page* page = form.sites_page();
  const std::size_t count = site_keys(content).size();
  if (page && count < page->min_sites) {
    problems.push_back(problem_at("sites", "sites_missing"));
  }
  if (page && page->max_sites > 0 && count > page->max_sites) {
    problems.push_back(problem_at("sites", "too_many", {{"max", std::to_string(page->max_sites)}}));
  }
}

// Where a problem stands on the pages: by the field it is at or below.
std::size_t rank(const Places& places, std::string_view field) {
  for (std::string_view path = field;;) {
    if (const auto found = places.find(path); found != places.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos) return places.size();
    path = path.substr(0, dot);
  }
}

}  // namespace

std::vector<Problem> check_materials(const Form& form, const json::object& content,
                                     const std::vector<MaterialPlace>& present, Day today,
                                     Stage stage) {
  std::vector<Problem> problems;
  for (const NeededMaterial& needed :
       required_materials(form, content, day_to_string(today), stage)) {
    const MaterialPlace& place = needed;
    if (!needed.required || std::ranges::find(present, place) != present.end()) continue;
    problems.push_back(problem_at(material_path(place), "material_missing"));
    problems.back().source = needed.rule->source;
  }
  return problems;
}

std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today) {
  const CheckContext context{form, catalogue, content, today, day_to_string(today)};
  const std::vector<std::string> keys = site_keys(content);
  const std::vector<PlacedField> fields = placed_fields(form, content, context.today_text);
  Places places;
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    places.emplace(fields[i].path, i);
    check_field(context, fields[i], problems);
  }
  check_site_count(form, content, problems);
  check_twins(content, problems);
  for (const Rule& rule : catalogue.rules) {
    if (!rule.each_site) check_rule(context, rule, "", places, problems);
    for (const std::string& key : keys) {
      if (rule.each_site) check_rule(context, rule, "sites." + key, places, problems);
    }
  }
  std::ranges::stable_sort(problems, {},
                           [&](const Problem& one) { return rank(places, one.field); });
  for (Problem& one : check_materials(form, content, present, today, Stage::submit)) {
    problems.push_back(std::move(one));
  }
  return problems;
}

bool has_hard(const std::vector<Problem>& problems) {
  return std::ranges::any_of(problems, &Problem::hard);
}

}  // namespace beian
