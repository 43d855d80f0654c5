// beian rules check | test | explain | diff: for whoever edits data/rules.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "app/command_line.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/texts.h"
#include "filing/judge.h"
#include "service/reference.h"
#include "service/rule_facts.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;
using service::Reference;

void say(const std::string& line) { std::printf("%s\n", line.c_str()); }

// A bureau's own words; of the nation's rules what the applicant is told.
std::string words_of(const Texts& texts, const RuleOutcome& outcome) {
  const Rule& rule = *outcome.rule;
  if (!rule.text.empty()) return label_in(rule.text, k_locale_zh);
  TextParams params = rule.params;
  params["words"] = outcome.words.empty() ? "…" : join(outcome.words, "、");
  return texts.render(k_locale_zh, "problems", rule.code + ".message", params);
}

// --- check

bool on_form(const Form& form, const std::string& path) {
  if (path.starts_with('$') || path == "sites") return true;
  std::string asked = absolute_path(path, "sites.s1");
  for (const std::string star : {".*"})
    for (std::size_t at = asked.find(star); at != std::string::npos; at = asked.find(star, at + 1))
      asked.replace(at, star.size(), at == 5 ? ".s1" : "");
  return form.field(asked) != nullptr;
}

// Why a rule can never say anything; empty where it can.
std::string dead(const Rule& rule, const Form& form, const std::string& today) {
  if (!rule.valid_until.empty() && rule.valid_until < today)
    return "is over since " + rule.valid_until;
  if (!on_form(form, rule.field)) return "no form asks for " + rule.field;
  for (const std::string& path : rule.when.paths())
    if (!on_form(form, path)) return "its condition looks at " + path + ", which no form asks for";
  return "";
}

bool meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  return std::ranges::any_of(
      a, [&](const std::string& one) { return std::ranges::find(b, one) != b.end(); });
}

// The part of a rule that decides, as text: two equal ones say the same twice.
std::string essence(const json::value& rule) {
  json::object kept;
  for (const char* name : {"field", "requires", "when", "must", "check", "params", "purpose"})
    if (const json::value* value = rule.as_object().if_contains(name)) kept[name] = *value;
  const bool decides = kept.contains("must") || kept.contains("check") || kept.contains("purpose");
  return decides ? json::serialize(kept) : "";
}

void check_overlaps(const service::RuleSet& set, int& overlaps) {
  const json::value document = parse_json(set.document);
  const json::array& raw = document.at("rules").as_array();
  for (std::size_t a = 0; a < raw.size(); ++a)
    for (std::size_t b = a + 1; b < raw.size(); ++b) {
      const Rule &one = set.file.rules[a], &two = set.file.rules[b];
      if (essence(raw[a]).empty() || essence(raw[a]) != essence(raw[b])) continue;
      if (!meet(one.groups, two.groups) || !meet(one.kinds, two.kinds)) continue;
      say("  " + one.id + " and " + two.id + " ask for the same (overlap)");
      ++overlaps;
    }
}

// The '$' path that nothing in the platform tells and without which a rule only reminds, or "".
std::string untold(const Rule& rule) {
  for (const std::string& path : rule.needs)
    if (!service::is_told(path)) return path;
  return "";
}

int check(const std::string& data) {
  const Reference reference = Reference::load(data);
  const std::string today = day_to_string(shanghai_day(SystemClock().now()));
  for (const std::string& fault : reference.rules->faults()) say(fault);
  int rules = 0, answers = 0, facts = 0, waiting = 0, silent = 0, overlaps = 0;
  std::map<std::string, int> by_kind;
  std::vector<std::string> files{std::string(k_nation)};
  for (const BureauInfo& bureau : reference.bureaus.all()) files.push_back(bureau.province);
  for (const std::string& file : files) {
    const auto set = reference.rules->shipped(file);
    for (const Rule& rule : set->file.rules) {
      ++rules;
      ++by_kind[std::string(to_string(rule.kind))];
      const bool checks = rule.has_must || !rule.check.empty() || !rule.purpose.empty();
      if (const std::string path = untold(rule); checks && !path.empty()) {
        ++waiting;
        say("  " + rule.id + " always reminds: nothing tells " + path);
      } else if (checks) {
        ++(rule.needs.empty() ? answers : facts);
      }
      if (const std::string why = dead(rule, reference.form, today); !why.empty()) {
        say("  " + rule.id + " is silent: " + why);
        ++silent;
      }
    }
    check_overlaps(*set, overlaps);
  }
  std::printf(
      "%d rules of the nation and %zu bureaus: %d are checked by a filing's answers and papers, %d "
      "also by what the registries and the domain tell, %d wait for what nothing tells, %d tell "
      "what the bureau wants\n",
      rules, files.size() - 1, answers, facts, waiting, rules - answers - facts - waiting);
  for (const auto& [kind, count] : by_kind) std::printf("  %-14s %d\n", kind.c_str(), count);
  std::printf("%zu faults, %d silent, %d overlaps\n", reference.rules->faults().size(), silent,
              overlaps);
  return reference.rules->faults().empty() ? 0 : 1;
}

// --- explain

int explain(const std::string& data, const std::string& file, const std::string& kind, bool all) {
  const Reference reference = Reference::load(data);
  const Texts texts = Texts::load(data);
  const auto known_kind = kind_from_string(kind);
  if (!known_kind) throw std::runtime_error("unknown kind of filing: " + kind);
  const json::value document = parse_json(read_file(file));
  const json::object* object = document.if_object();
  if (!object) throw std::runtime_error(file + ": an object is expected");
  // A filing as the API shows it, or its content alone.
  const json::value* inner = object->if_contains("content");
  const json::object& content = inner && inner->is_object() ? inner->get_object() : *object;
  const json::value* province = value_at(content, "organiser.province");
  const std::string code =
      province && province->is_string() ? std::string(province->get_string()) : "";
  if (!reference.bureaus.find(code))
    throw std::runtime_error(file + ": organiser.province is no bureau's");
  const Day today = shanghai_day(SystemClock().now());
  std::vector<std::string> visible =
      visible_fields(reference.form_of(*known_kind), content, day_to_string(today));
  std::ranges::sort(visible);
  std::vector<MaterialPlace> present;
  const json::value* papers = object->if_contains("materials");
  if (papers && papers->is_array())
    for (const json::value& paper : papers->get_array())
      if (const json::object* one = paper.if_object(); one && one->contains("purpose"))
        present.push_back({get_string(*one, "purpose"), opt_string(*one, "site").value_or("")});
  const json::object known{{"kind", kind}};
  const Judged judged{content, kind, &known, present, today, &reference.catalogue.divisions};
  std::map<Verdict, std::vector<RuleOutcome>> by;
  const auto set = reference.rules->shipped(code);
  for (const std::vector<Rule>* rules : {&reference.catalogue.rules, &set->file.rules})
    for (const RuleOutcome& outcome : judge(*rules, judged, visible))
      by[outcome.verdict].push_back(outcome);
  const std::map<Verdict, const char*> meaning = {
      {Verdict::fires, "not met"},
      {Verdict::reminds, "apply, and only you can tell whether they are met"},
      {Verdict::met, "met"},
      {Verdict::no_answer, "their field is empty or not on the form"},
      {Verdict::other_case, "their condition does not hold"},
      {Verdict::other_kind, "for another kind of filing"},
      {Verdict::other_person, "for other organisers"},
      {Verdict::out_of_date, "not in force today"}};
  for (const auto& [verdict, outcomes] : by) {
    std::printf("%s: %zu\n", meaning.at(verdict), outcomes.size());
    if (!all && verdict != Verdict::fires && verdict != Verdict::reminds) continue;
    for (const RuleOutcome& outcome : outcomes)
      say("  " + outcome.rule->id + " [" + std::string(to_string(outcome.rule->severity)) +
          (outcome.rule->blocks() ? ", blocks" : "") + "] " + outcome.field + ": " +
          words_of(texts, outcome) +
          (outcome.words.empty() ? "" : " (" + join(outcome.words, "、") + ")") + " — " +
          label_in(outcome.rule->source, k_locale_zh));
  }
  return by[Verdict::fires].empty() ? 0 : 2;
}

// --- diff

std::map<std::string, json::object> rules_in(const std::string& folder) {
  std::map<std::string, json::object> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const json::value document = read_json_file(entry.path().string());
    const json::object* object = document.if_object();
    const json::value* list = object ? object->if_contains("rules") : nullptr;
    if (!list || !list->is_array()) continue;
    for (const json::value& rule : list->get_array())
      if (const json::object* one = rule.if_object(); one && one->contains("id"))
        out[entry.path().stem().string() + " " + get_string(*one, "id")] = *one;
  }
  return out;
}

int diff(const std::string& old_folder, const std::string& new_folder) {
  const auto before = rules_in(old_folder), after = rules_in(new_folder);
  int changes = 0;
  for (const auto& [id, rule] : after)
    if (!before.contains(id)) {
      say("+ " + id);
      ++changes;
    }
  for (const auto& [id, rule] : before) {
    const auto found = after.find(id);
    if (found == after.end()) {
      say("- " + id);
      ++changes;
      continue;
    }
    std::set<std::string> names;
    for (const auto& [name, value] : rule) names.emplace(name);
    for (const auto& [name, value] : found->second) names.emplace(name);
    for (const std::string& name : names) {
      const json::value* was = rule.if_contains(name);
      const json::value* is = found->second.if_contains(name);
      if (was && is && *was == *is) continue;
      say("~ " + id + " " + name + ": " + (was ? json::serialize(*was) : "(none)") + " -> " +
          (is ? json::serialize(*is) : "(none)"));
      ++changes;
    }
  }
  std::printf("%d differences\n", changes);
  return changes == 0 ? 0 : 2;
}

// --- test

void put(json::value& at, std::string_view path, const json::value& value) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (at.is_array()) {
    for (json::value& element : at.as_array())
      if (element.at("key") == json::value(name)) return put(element, path.substr(dot + 1), value);
    throw std::runtime_error("no website " + name);
  }
  if (!at.is_object()) at = json::object();
  if (dot != std::string_view::npos) return put(at.as_object()[name], path.substr(dot + 1), value);
  if (value.is_null())
    at.as_object().erase(name);
  else
    at.as_object()[name] = value;
}

int test(const std::string& data, const std::string& folder) {
  const Reference reference = Reference::load(data);
  const json::value bases = read_json_file(folder + "/form.json").at("bases");
  const json::value vectors = read_json_file(folder + "/rules.json");
  const Day today = parse_day(std::string_view(vectors.at("today").as_string())).value();
  std::map<std::string, std::pair<const Rule*, std::string>> by_id;
  for (const BureauInfo& bureau : reference.bureaus.all())
    for (const Rule& rule : reference.rules->shipped(bureau.province)->file.rules)
      by_id[rule.id] = {&rule, bureau.province};
  int wrong = 0;
  const json::array& cases = vectors.at("cases").as_array();
  for (const json::value& one : cases) {
    const json::object& in = one.as_object();
    const auto found = by_id.find(get_string(in, "rule"));
    if (found == by_id.end()) {
      say("no rule " + get_string(in, "rule"));
      ++wrong;
      continue;
    }
    const auto& [rule, province] = found->second;
    const std::string base = get_string(in, "base");
    const bool body = base == "gov" || base == "pub";
    json::value content = bases.at(body ? "enterprise" : base).at("content");
    for (const auto& [path, value] : vectors.at("places").at(province).as_object())
      put(content, path, value);
    if (body) {
      put(content, "organiser.nature", base == "gov" ? 2 : 3);
      put(content, "organiser.certificate_type", base == "gov" ? 13 : 15);
    }
    if (const json::value* set = in.if_contains("set"))
      for (const auto& [path, value] : set->as_object()) put(content, path, value);
    std::vector<MaterialPlace> present;
    if (const json::value* papers = in.if_contains("materials"))
      for (const json::value& path : papers->as_array())
        if (const auto place = material_from_path(path.as_string())) present.push_back(*place);
    const json::object nothing;
    const json::value* known = in.if_contains("known");
    const Judged judged{content.as_object(),
                        get_string(in, "kind"),
                        known ? &known->as_object() : &nothing,
                        present,
                        today,
                        &reference.catalogue.divisions};
    std::vector<std::string> visible =
        visible_fields(reference.form, content.as_object(), day_to_string(today));
    std::ranges::sort(visible);
    const std::string item =
        rule->each_site ? opt_string(in, "item").value_or("sites.s1") : std::string();
    std::string verdict = "nothing";
    for (const RuleOutcome& outcome : judge({*rule}, judged, visible))
      if (outcome.field.starts_with(item)) {
        verdict = to_string(outcome.verdict);
        break;
      }
    if (verdict == get_string(in, "verdict")) continue;
    say(json::serialize(one) + ": " + verdict);
    ++wrong;
  }
  std::printf("%zu cases, %d wrong\n", cases.size(), wrong);
  return wrong == 0 ? 0 : 1;
}

struct Options {
  std::string data = default_root() + "/data", vectors = default_root() + "/tests/vectors";
  std::string file, kind = "first_filing", before, after;
  bool all = false;
};

}  // namespace

void add_rule_commands(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  auto* rules = app.add_subcommand("rules", "the bureaus' rules: check, test, explain, diff");
  rules->require_subcommand(1);
  const auto with_data = [&](CLI::App* command) {
    command->add_option("--data", options->data, "folder with forms/ and rules/")
        ->capture_default_str();
    return command;
  };
  with_data(rules->add_subcommand("check", "faults with line and column, silent rules, overlaps"))
      ->callback([options, &status] { status = check(options->data); });
  auto* tests = with_data(rules->add_subcommand("test", "runs the shared cases"));
  tests->add_option("--vectors", options->vectors, "folder with rules.json and form.json")
      ->capture_default_str();
  tests->callback([options, &status] { status = test(options->data, options->vectors); });
  auto* why = with_data(
      rules->add_subcommand("explain", "which rules speak about a filing document, and why"));
  why->add_option("file", options->file, "JSON: a filing as the API shows it, or its content")
      ->required();
  why->add_option("--kind", options->kind, "kind of filing")->capture_default_str();
  why->add_flag("--all", options->all, "also those that are met or for others");
  why->callback([options, &status] {
    status = explain(options->data, options->file, options->kind, options->all);
  });
  auto* compare = rules->add_subcommand("diff", "what differs between two folders of rules");
  compare->add_option("before", options->before)->required();
  compare->add_option("after", options->after)->required();
  compare->callback([options, &status] { status = diff(options->before, options->after); });
}

}  // namespace beian::app
