#include "filing/judge.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "filing/content.h"
#include "filing/data.h"
#include "filing/identity.h"

namespace beian {
namespace {

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
  return found == rule.params.end() ? "" : text_of(value_of(found->second, facts));
}

bool names_city(const Rule& rule, const Facts& facts, const std::string& text,
                const Divisions* divisions) {
  const std::string* name = divisions ? divisions->name(param_value(rule, facts, "of")) : nullptr;
  if (!name || *name == "市辖区" || *name == "县" || text.empty()) return true;
  std::string city = *name;
  if (city.ends_with("市")) city.resize(city.size() - std::string("市").size());
  return text.find(city) != std::string::npos;
}

// Is `body` in the text, or for four characters and more all of it but one?
bool resembles(const std::vector<char32_t>& text, const std::vector<char32_t>& body) {
  const std::size_t allowed = body.size() >= 4 ? 1 : 0;
  for (std::size_t at = 0; at + body.size() <= text.size(); ++at) {
    std::size_t differing = 0;
    for (std::size_t i = 0; i < body.size() && differing <= allowed; ++i)
      differing += text[at + i] != body[i];
    if (differing <= allowed) return true;
  }
  return false;
}

std::vector<std::string> bodies_found(const Rule& rule, const Facts& facts,
                                      const std::string& text) {
  std::vector<std::string> found;
  if (rule.bodies.empty() || !is_utf8(text)) return found;
  const std::vector<char32_t> name = to_code_points(to_lower_ascii(text));
  std::optional<std::string> own;
  for (const Rule::Body& body : rule.bodies) {
    if (!resembles(name, body.points)) continue;
    if (!own) own = to_lower_ascii(param_value(rule, facts, "of"));
    if (own->find(body.name) == std::string::npos) found.push_back(body.name);
  }
  return found;
}

// The checks that a condition cannot say (rule.h).
bool passes_named(const Rule& rule, const Facts& facts, const json::value* value,
                  const Judged& judged) {
  const std::string text =
      rule.params.contains("value") ? param_value(rule, facts, "value") : text_of(value);
  const Day today = judged.today;
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
  if (rule.check == "known_body") return bodies_found(rule, facts, text).empty();
  return rule.check != "city_named" || names_city(rule, facts, text, judged.divisions);
}

bool is_paper(const Rule& rule) {
  return rule.kind == RequirementKind::material || rule.kind == RequirementKind::authorisation;
}

bool is_known(const std::vector<std::string>& needs, const Facts& facts) {
  return std::ranges::all_of(
      needs, [&](const std::string& path) { return !is_absent(value_of(path, facts)); });
}

Verdict judge_paper(const Rule& rule, const Judged& judged, RuleOutcome& outcome,
                    std::string_view item) {
  const MaterialPlace place{rule.purpose, std::string(item.substr(item.find('.') + 1))};
  outcome.field = material_path(place);
  return std::ranges::find(judged.present, place) == judged.present.end() ? Verdict::fires
                                                                          : Verdict::met;
}

Verdict judge_value(const Rule& rule, const Facts& facts, const Judged& judged,
                    RuleOutcome& outcome, const std::vector<std::string>& visible) {
  const json::value* value = value_of(rule.field, facts);
  const bool asked_empty = rule.when_absent || rule.kind == RequirementKind::remark;
  if (is_absent(value) && !asked_empty) return Verdict::no_answer;
  // The websites as a whole are always there; other fields only where the form shows them.
  if (outcome.field != "sites" && !std::ranges::binary_search(visible, outcome.field))
    return Verdict::no_answer;
  if (!rule.when.holds(facts)) return Verdict::other_case;
  const bool good =
      rule.check.empty() ? rule.must.holds(facts) : passes_named(rule, facts, value, judged);
  if (good) return Verdict::met;
  outcome.words = rule.check == "known_body" ? bodies_found(rule, facts, text_of(value))
                                             : rule.must.words_found(facts);
  return Verdict::fires;
}

RuleOutcome judge_one(const Rule& rule, const Judged& judged, const Facts& facts,
                      const std::vector<std::string>& visible) {
  RuleOutcome outcome{&rule, Verdict::met, absolute_path(rule.field, facts.item), {}};
  const auto decide = [&] {
    if (!rule.valid_on(facts.today)) return Verdict::out_of_date;
    if (!judged.kind.empty() && !rule.kinds.empty() &&
        std::ranges::find(rule.kinds, judged.kind) == rule.kinds.end())
      return Verdict::other_kind;
    if (!rule.who.holds(facts)) return Verdict::other_person;
    const bool told = is_known(rule.needs, facts);
    const bool checks = is_paper(rule) || rule.has_must || !rule.check.empty();
    if (checks && told && !is_paper(rule))
      return judge_value(rule, facts, judged, outcome, visible);
    if (told && !rule.when.holds(facts)) return Verdict::other_case;
    if (!told || !checks) return Verdict::reminds;
    return judge_paper(rule, judged, outcome, facts.item);
  };
  outcome.verdict = decide();
  return outcome;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  constexpr std::string_view k_names[] = {"fires",        "reminds",    "met",
                                          "no_answer",    "other_case", "other_kind",
                                          "other_person", "out_of_date"};
  return k_names[static_cast<std::size_t>(verdict)];
}

std::vector<RuleOutcome> judge(const std::vector<Rule>& rules, const Judged& judged,
                               const std::vector<std::string>& visible) {
  const std::string today = day_to_string(judged.today);
  std::vector<std::string> items = site_keys(judged.content);
  for (std::string& key : items) key.insert(0, "sites.");
  const Facts whole(judged.content, today, "", judged.known);
  std::vector<Facts> sites;
  sites.reserve(items.size());
  for (const std::string& item : items)
    sites.emplace_back(judged.content, today, item, judged.known);
  std::vector<RuleOutcome> outcomes;
  outcomes.reserve(rules.size() * std::max<std::size_t>(sites.size(), 1));
  for (const Rule& rule : rules) {
    if (!rule.each_site)
      outcomes.push_back(judge_one(rule, judged, whole, visible));
    else
      for (const Facts& site : sites) outcomes.push_back(judge_one(rule, judged, site, visible));
  }
  return outcomes;
}

Problem problem_of(const RuleOutcome& outcome) {
  const Rule& rule = *outcome.rule;
  Problem problem{.field = outcome.field,
                  .code = rule.code,
                  .params = rule.params,
                  .rule = rule.id,
                  .source = label_in(rule.source, "zh-CN"),
                  .hard = rule.blocks()};
  problem.params.erase("bodies");  // a page need not know the list
  problem.params["source@en"] = label_in(rule.source, "en");
  for (const auto& [locale, text] : rule.text) problem.params["says@" + locale] = text;
  for (const auto& [locale, text] : rule.fix) problem.params["fix@" + locale] = text;
  if (!outcome.words.empty()) problem.params["words"] = join(outcome.words, "、");
  if (!outcome.words.empty() && !rule.text.empty()) problem.code = "province_rule_words";
  return problem;
}

void drop_replaced(std::vector<Problem>& problems, const std::vector<RuleOutcome>& bureau) {
  for (const RuleOutcome& outcome : bureau) {
    if (outcome.rule->replaces.empty() || outcome.verdict != Verdict::fires ||
        outcome.rule->severity == Severity::info)
      continue;
    std::erase_if(problems, [&](const Problem& problem) {
      return !problem.hard && problem.rule == outcome.rule->replaces &&
             problem.field == outcome.field;
    });
  }
}

std::vector<Problem> problems_of(const std::vector<RuleOutcome>& outcomes) {
  std::vector<Problem> problems;
  for (const RuleOutcome& outcome : outcomes)
    if (outcome.verdict == Verdict::fires && outcome.rule->severity != Severity::info)
      problems.push_back(problem_of(outcome));
  return problems;
}

}  // namespace beian
