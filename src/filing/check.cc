#include "filing/check.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "filing/content.h"
#include "filing/data.h"
#include "filing/derived.h"
#include "filing/field_check.h"
#include "filing/judge.h"
#include "filing/problem.h"

namespace beian {
namespace {

// Position on the pages of every field that applies, by its path.
using Places = std::unordered_map<std::string_view, std::size_t>;

std::string text_of(const json::value* value) {
  return value && value->is_string() ? std::string(value->get_string()) : "";
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
  const std::string day = day_to_string(today);
  const std::vector<std::string> sites = site_keys(content);
  // Most materials are offered and not required: that is asked first, and for them alone.
  const auto look = [&](const MaterialRule& rule, const std::string& site) {
    const std::string item = site.empty() ? "" : "sites." + site;
    const Facts facts{content, day, item};
    const MaterialPlace place{rule.purpose, site};
    if (!rule.required.holds(facts) || !rule.shown.holds(facts) ||
        std::ranges::find(present, place) != present.end())
      return;
    problems.push_back(problem_at(material_path(place), "material_missing"));
    problems.back().source = rule.source;
  };
  for (const MaterialRule& rule : form.materials) {
    if (rule.stage != stage) continue;
    if (!rule.each_site) {
      look(rule, "");
      continue;
    }
    for (const std::string& key : sites) look(rule, key);
  }
  return problems;
}

Looked look_at(const Form& form, const json::object& content, Day today,
               const json::object& outside) {
  Looked looked{placed_fields(form, content, day_to_string(today)), {}, {}};
  looked.visible.reserve(looked.fields.size());
  for (const PlacedField& placed : looked.fields) looked.visible.push_back(placed.path);
  std::ranges::sort(looked.visible);
  looked.known = derive_facts(content, outside);
  return looked;
}

std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const std::vector<Rule>& rules, const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today,
                                const Looked& looked) {
  const CheckContext context{form, catalogue, content, today, day_to_string(today)};
  std::vector<Problem> problems;
  for (const PlacedField& placed : looked.fields) check_field(context, placed, problems);
  check_site_count(form, content, problems);
  check_twins(content, problems);
  const Judged judged{content, "", &looked.known, present, today, &catalogue.divisions};
  for (Problem& one : problems_of(judge(rules, judged, looked.visible)))
    problems.push_back(std::move(one));
  if (problems.size() > 1) {
    Places places;
    for (std::size_t i = 0; i < looked.fields.size(); ++i) places.emplace(looked.fields[i].path, i);
    std::ranges::stable_sort(problems, {},
                             [&](const Problem& one) { return rank(places, one.field); });
  }
  for (Problem& one : check_materials(form, content, present, today, Stage::submit))
    problems.push_back(std::move(one));
  return problems;
}

std::vector<Problem> check_form(const Form& form, const Catalogue& catalogue,
                                const json::object& content,
                                const std::vector<MaterialPlace>& present, Day today,
                                const json::object& outside) {
  return check_form(form, catalogue, catalogue.rules, content, present, today,
                    look_at(form, content, today, outside));
}

bool has_hard(const std::vector<Problem>& problems) {
  return std::ranges::any_of(problems, &Problem::hard);
}

}  // namespace beian
