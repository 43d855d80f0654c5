#include "service/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/file.h"
#include "base/text.h"
#include "filing/derived.h"
#include "service/content_access.h"
#include "service/rule_facts.h"
#include "service/service.h"
#include "store/materials.h"
#include "store/rules.h"

namespace beian::service {
namespace {

constexpr std::size_t k_max_made = 200;

std::string digest_of(const std::string& document) {
  return to_hex(sha256(document)).substr(0, 16);
}

// A file's rules with the latest change of each laid over.
std::string with_edits(const std::string& shipped, const std::vector<store::RuleEdit>& edits) {
  json::value document = parse_json(shipped);
  std::map<std::string, json::object> latest;
  for (const store::RuleEdit& edit : edits) latest[edit.rule_id] = as_object(parse_json(edit.edit));
  for (json::value& rule : document.at("rules").as_array()) {
    json::object& object = rule.as_object();
    const auto found = latest.find(std::string(object.at("id").as_string()));
    if (found == latest.end()) continue;
    for (const auto& [name, value] : found->second) {
      if (value.is_null())
        object.erase(name);
      else
        object[name] = value;
    }
  }
  return json::serialize(document);
}

bool is_of(const json::object& rule, const std::vector<Kind>& kinds) {
  const json::value* named = rule.if_contains("kinds");
  if (!named || !named->is_array()) return true;
  return std::ranges::any_of(named->get_array(), [&](const json::value& one) {
    return std::ranges::any_of(
        kinds, [&](Kind kind) { return one == json::value(std::string(to_string(kind))); });
  });
}

// Where a rule asks for a paper, as a condition of the form's grammar. What only the platform knows
// ('$') is left out there: the paper is then offered whenever the rule may apply.
json::value asks(const json::object& rule, const std::string& province,
                 const json::object& groups) {
  json::array all{json::object{{"eq", json::array{"organiser.province", province}}}};
  if (const json::value* names = rule.if_contains("applies_to")) {
    json::array any;
    for (const json::value& name : names->as_array())
      any.push_back(groups.at(name.as_string()).at("holds"));
    all.push_back(json::object{{"any", std::move(any)}});
  }
  if (const json::value* when = rule.if_contains("when"))
    if (json::serialize(*when).find("\"$") == std::string::npos) all.push_back(*when);
  return json::object{{"all", std::move(all)}};
}

// "line:column" of a member; of the beginning where it is not there.
std::string place_of(const std::string& text, const std::string& pointer) {
  const auto places = json_places(text);
  const auto found = places.find(pointer);
  return found == places.end() ? "1:1"
                               : fmt::format("{}:{}", found->second.first, found->second.second);
}

}  // namespace

std::shared_ptr<RuleShelf> RuleShelf::load(const std::string& data_dir,
                                           const std::vector<std::string>& provinces,
                                           const std::vector<std::string>& purposes) {
  auto shelf = std::make_shared<RuleShelf>();
  shelf->common_ = read_json_file(data_dir + "/rules/common.json");
  shelf->vocabulary_ = RuleVocabulary::from_json(shelf->common_);
  shelf->purposes_ = purposes;
  json::object shown = shelf->common_.as_object();
  shown.erase("about");
  json::array list;
  std::vector<std::string> all = provinces;
  all.emplace_back(k_nation);
  for (const std::string& province : all) {
    const bool nation = province == k_nation;
    const std::string path = data_dir + "/rules/" + (nation ? "national" : province) + ".json";
    std::string text;
    try {
      text = read_file(path);
    } catch (const std::exception&) {
      shelf->faults_.push_back(path + ": cannot be read; there are no rules of its own");
    }
    const bool could_be_read = shelf->faults_.empty() || !shelf->faults_.back().starts_with(path);
    RuleSetPtr set = shelf->make(text);
    if (text.empty() && could_be_read)
      shelf->faults_.push_back(path + ":1:1: the file is empty; there are no rules of its own");
    if (!text.empty() && set->file.faults.empty() && set->file.province != province)
      shelf->faults_.push_back(
          fmt::format("{}:{}: \"province\" is \"{}\"; for this file it is \"{}\"", path,
                      place_of(text, "/province"), set->file.province, province));
    if (!text.empty())
      for (const RuleFault& fault : set->file.faults)
        shelf->faults_.push_back(path + ":" + std::to_string(fault.line) + ":" +
                                 std::to_string(fault.column) + ": " + fault.what);
    if (!nation)
      list.push_back(json::object{{"province", province}, {"count", set->file.rules.size()}});
    shelf->shipped_[province] = std::move(set);
  }
  shown["provinces"] = std::move(list);
  shelf->common_json_ = json::serialize(shown);
  return shelf;
}

// Only the good rules are in the document: what a page gets can be read.
RuleSetPtr RuleShelf::make(const std::string& document) const {
  auto set = std::make_shared<RuleSet>();
  set->file =
      read_rule_file(document.empty() ? R"({"rules":[]})" : document, vocabulary_, purposes_);
  json::array good;
  try {
    const json::value parsed = parse_json(document);
    std::set<std::string> ids;
    for (const Rule& rule : set->file.rules) ids.insert(rule.id);
    for (const json::value& rule : parsed.at("rules").as_array())
      if (const json::object* object = rule.if_object())
        if (const json::value* id = object->if_contains("id"); id && id->is_string())
          if (ids.erase(std::string(id->get_string())) > 0) good.push_back(rule);
  } catch (const std::exception&) {
    good.clear();  // said among the faults
  }
  set->document = json::serialize(json::object{{"province", set->file.province},
                                               {"version", set->file.version},
                                               {"rules", std::move(good)}});
  set->digest = digest_of(set->document);
  return set;
}

RuleSetPtr RuleShelf::shipped(const std::string& province) const {
  const auto found = shipped_.find(province);
  if (found != shipped_.end()) return found->second;
  static const RuleSetPtr nothing = std::make_shared<RuleSet>();
  return nothing;
}

RuleSetPtr RuleShelf::made(const std::string& key,
                           const std::function<std::string()>& document) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = made_.find(key); found != made_.end()) return found->second;
  }
  RuleSetPtr set = make(document());
  const std::lock_guard lock(mutex_);
  if (made_.size() >= k_max_made) made_.clear();
  return made_[key] = set;
}

RuleSetPtr RuleShelf::recent(const std::string& province, Millis now,
                             const std::function<RuleSetPtr()>& ask) const {
  constexpr Millis k_second = 1000;
  {
    const std::lock_guard lock(mutex_);
    const auto found = recent_.find(province);
    if (found != recent_.end() && now >= found->second.at && now - found->second.at < k_second)
      return found->second.rules;
  }
  RuleSetPtr rules = ask();
  const std::lock_guard lock(mutex_);
  recent_[province] = {rules, now};
  return rules;
}

void add_rule_papers(json::object& form, const std::vector<Kind>& kinds, const RuleShelf& shelf,
                     const std::vector<std::string>& provinces) {
  const json::object& groups = shelf.common().at("groups").as_object();
  std::map<std::string, json::array> asked;
  for (const std::string& province : provinces) {
    const json::value document = parse_json(shelf.shipped(province)->document);
    for (const json::value& rule : document.at("rules").as_array())
      if (rule.as_object().contains("purpose") && is_of(rule.as_object(), kinds))
        asked[rule.at("purpose").as_string().c_str()].push_back(
            asks(rule.as_object(), province, groups));
  }
  for (const json::value& paper : shelf.common().at("papers").as_array()) {
    const auto found = asked.find(paper.at("purpose").as_string().c_str());
    if (found == asked.end()) continue;
    json::object material = paper.as_object();
    material["source"] = "各省通信管理局要求";
    material["shown"] = json::object{{"any", found->second}};
    material["required"] = false;
    form["materials"].as_array().push_back(std::move(material));
  }
}

RuleSetPtr current_rules(Service& s, Reader& reader, const std::string& province) {
  const RuleShelf& shelf = *s.reference.rules;
  const Id latest = store::latest_rule_edit(reader, province);
  if (latest == 0) return shelf.shipped(province);
  return shelf.made(province + "@" + id_to_string(latest), [&] {
    return with_edits(shelf.shipped(province)->document, store::list_rule_edits(reader, province));
  });
}

RuleSetPtr recent_rules(Service& s, const std::string& province) {
  const RuleShelf& shelf = *s.reference.rules;
  if (!shelf.knows(province)) return shelf.shipped(province);
  return shelf.recent(province, s.now(), [&] {
    return s.db.read([&](Reader& reader) { return current_rules(s, reader, province); });
  });
}

RuleSetPtr rules_of(Service& s, Reader& reader, const store::Filing& filing) {
  const auto pin = store::find_rule_pin(reader, filing.id);
  if (!pin || pin->province != filing.province) return current_rules(s, reader, filing.province);
  return s.reference.rules->made("#" + id_to_string(pin->version), [&] {
    return store::find_rule_version(reader, pin->version).value_or("");
  });
}

RuleSetPtr national_rules_of(Service& s, Reader& reader, const store::Filing& filing) {
  const auto version = store::find_national_pin(reader, filing.id);
  if (!version) return current_rules(s, reader, std::string(k_nation));
  return s.reference.rules->made("#" + id_to_string(*version), [&] {
    return store::find_rule_version(reader, *version).value_or("");
  });
}

namespace {

Id keep_version(Service& s, Tx& tx, const std::string& province, const RuleSet& now) {
  return store::keep_rule_version(tx, province, now.digest, now.document, s.now());
}

void pin_nation(Service& s, Tx& tx, Id filing) {
  const std::string nation(k_nation);
  store::pin_national_rules(tx, filing, keep_version(s, tx, nation, *current_rules(s, tx, nation)));
}

void pin_province(Service& s, Tx& tx, const store::Filing& filing) {
  const RuleSetPtr now = current_rules(s, tx, filing.province);
  if (now->document.empty()) return;
  store::pin_rules(tx, filing.id, {filing.province, keep_version(s, tx, filing.province, *now)});
}

}  // namespace

void pin_rules(Service& s, Tx& tx, const store::Filing& filing) {
  if (!store::find_national_pin(tx, filing.id)) pin_nation(s, tx, filing.id);
  const auto pin = store::find_rule_pin(tx, filing.id);
  if (!pin || pin->province != filing.province) pin_province(s, tx, filing);
}

void pin_rules_of_new(Service& s, Tx& tx, const store::Filing& filing) {
  pin_nation(s, tx, filing.id);
  pin_province(s, tx, filing);
}

RuleReport judge_looked(Service& s, RuleSetPtr rules, std::string_view kind,
                        const json::object& content, const std::vector<MaterialPlace>& present,
                        const Looked& looked) {
  const Judged judged{content, std::string(kind),     &looked.known,
                      present, shanghai_day(s.now()), &s.reference.catalogue.divisions};
  RuleReport report{std::move(rules), {}, nullptr, {}};
  report.outcomes = judge(report.rules->file.rules, judged, looked.visible);
  return report;
}

RuleReport judge_content(Service& s, RuleSetPtr rules, std::string_view kind,
                         const json::object& content, const std::vector<MaterialPlace>& present,
                         const json::object& outside) {
  const Form& form = s.reference.form_of(kind_from_string(kind).value_or(Kind::first_filing));
  return judge_looked(s, std::move(rules), kind, content, present,
                      look_at(form, content, shanghai_day(s.now()), outside));
}

namespace {

std::vector<MaterialPlace> papers_of(Reader& reader, Id filing) {
  std::vector<MaterialPlace> present;
  for (const store::Material& m : store::list_materials(reader, filing))
    present.push_back({m.purpose, m.site_key});
  return present;
}

// A rule's words: its own, or for a national one those of the problem it stands for, which names
// what it found in a filing where there is one.
std::string words_of(const Rule& rule, const Texts& texts, std::string_view locale) {
  if (!rule.text.empty()) return label_in(rule.text, locale);
  TextParams params = rule.params;
  params.try_emplace("words", "…");
  return texts.render(locale, "problems", rule.code + ".message", params);
}
std::string fix_of(const Rule& rule, const Texts& texts, std::string_view locale) {
  if (!rule.text.empty()) return rule.fix.empty() ? "" : label_in(rule.fix, locale);
  const std::string key = rule.code + ".fix";
  return texts.has(k_locale_zh, "problems", key)
             ? texts.render(locale, "problems", key, rule.params)
             : "";
}

}  // namespace

RuleReport judge_filing(Service& s, Reader& reader, const store::Filing& filing,
                        const json::object& content) {
  const Looked looked = look_at(s.reference.form_of(filing.kind), content, shanghai_day(s.now()),
                                outside_facts(s, reader, filing, content));
  const std::vector<MaterialPlace> present = papers_of(reader, filing.id);
  const auto of = [&](RuleSetPtr rules) {
    return judge_looked(s, std::move(rules), to_string(filing.kind), content, present, looked);
  };
  RuleReport report = of(rules_of(s, reader, filing));
  RuleReport nation = of(national_rules_of(s, reader, filing));
  report.nation = std::move(nation.rules);
  report.national = std::move(nation.outcomes);
  return report;
}

void add_rule_problems(Service& s, Reader& reader, const store::Filing& filing,
                       const json::object& content, const Looked& looked,
                       std::vector<Problem>& problems) {
  const RuleReport report = judge_looked(s, rules_of(s, reader, filing), to_string(filing.kind),
                                         content, papers_of(reader, filing.id), looked);
  drop_replaced(problems, report.outcomes);
  for (Problem& problem : problems_of(report.outcomes)) problems.push_back(std::move(problem));
  const auto decisions = store::list_rule_decisions(reader, s.keys, filing.id);
  std::erase_if(problems, [&](const Problem& problem) {
    return !problem.hard && std::ranges::any_of(decisions, [&](const store::RuleDecision& d) {
      return d.decision == "waived" && d.rule_id == problem.rule && d.field == problem.field;
    });
  });
}

json::object show_outcome(const RuleOutcome& outcome, const Texts& texts, std::string_view locale) {
  const Rule& rule = *outcome.rule;
  json::object out{{"rule", rule.id},
                   {"verdict", to_string(outcome.verdict)},
                   {"requires", to_string(rule.kind)},
                   {"severity", to_string(rule.severity)},
                   {"blocks", rule.blocks()},
                   {"conflict", rule.conflict},
                   {"confidence", rule.confidence},
                   {"field", outcome.field},
                   {"text", words_of(rule, texts, locale)},
                   {"source", label_in(rule.source, locale)}};
  if (std::string fix = fix_of(rule, texts, locale); !fix.empty()) out["fix"] = std::move(fix);
  if (!rule.template_text.empty()) out["template"] = label_in(rule.template_text, "zh-CN");
  if (!rule.purpose.empty()) out["purpose"] = rule.purpose;
  if (!outcome.words.empty()) out["words"] = join(outcome.words, "、");
  return out;
}

json::object show_report(const RuleReport& report, const Texts& texts, std::string_view locale) {
  json::array items;
  for (const RuleOutcome& outcome : report.national) {
    if (outcome.verdict != Verdict::fires) continue;
    const bool closer = std::ranges::any_of(report.outcomes, [&](const RuleOutcome& own) {
      return own.verdict == Verdict::fires && own.rule->replaces == outcome.rule->id &&
             own.field == outcome.field && !outcome.rule->blocks();
    });
    if (!closer) items.push_back(show_outcome(outcome, texts, locale));
  }
  std::set<std::string> said;  // one reminder for all websites is enough
  for (const RuleOutcome& outcome : report.outcomes) {
    const bool concerns = outcome.verdict == Verdict::fires ||
                          outcome.verdict == Verdict::reminds || outcome.verdict == Verdict::met ||
                          outcome.verdict == Verdict::no_answer;
    if (!concerns) continue;
    if (outcome.verdict != Verdict::fires && !said.insert(outcome.rule->id).second) continue;
    items.push_back(show_outcome(outcome, texts, locale));
  }
  return {{"province", report.rules->file.province},
          {"version", report.rules->file.version},
          {"digest", report.rules->digest},
          {"items", std::move(items)}};
}

}  // namespace beian::service
