// The operator's side of the rules: what a reviewer decides about a finding, and the rules with
// their confirmations and history.

#include "base/text.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/review.h"
#include "service/rule_changes.h"
#include "service/rules.h"
#include "service/service.h"
#include "store/rules.h"

namespace beian::service {
namespace {

json::value or_empty(const json::value& rule, const char* name) {
  const json::value* found = rule.as_object().if_contains(name);
  return found ? *found : json::value(nullptr);
}

// Newest first, at most 200, each with what it changed.
json::array show_history(const RuleSet& shipped, const std::vector<store::RuleEdit>& edits) {
  const json::value document = parse_json(shipped.document);
  std::map<std::string, json::object> states;
  std::vector<json::object> out;
  for (const store::RuleEdit& edit : edits) {
    const json::value* raw = rule_in(document, edit.rule_id);
    const json::object from = raw ? raw->as_object() : json::object{};
    const json::object changed = as_object(parse_json(edit.edit));
    json::object after = from;
    for (const auto& [name, value] : changed) after[name] = value;
    json::object& before = states.try_emplace(edit.rule_id, from).first->second;
    out.push_back({{"id", id_to_string(edit.id)},
                   {"rule", edit.rule_id},
                   {"edit", changed},
                   {"members", rule_difference(before, after)},
                   {"note", edit.note},
                   {"by", edit.by_name},
                   {"agreed_by", edit.agreed_name},
                   {"at", edit.at}});
    before = std::move(after);
  }
  json::array newest;
  for (auto one = out.rbegin(); one != out.rend() && newest.size() < 200; ++one)
    newest.push_back(std::move(*one));
  return newest;
}

}  // namespace

void decide_finding(Service& s, const Staff& staff, Id id, const std::string& rule,
                    const std::string& field, const std::string& decision,
                    const std::string& reason_typed) {
  const std::string reason = clean_line(reason_typed);
  std::vector<Problem> problems;
  if (decision != "confirmed" && decision != "waived")
    problems.push_back({"decision", "choice_unknown", {}, "", "", true});
  if (reason.empty()) problems.push_back({"reason", "required", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "decision_invalid", problems);
  s.db.write([&](Tx& tx) {
    const store::Filing filing = case_of(s, tx, staff, id);
    if (filing.assignee_id != staff.id) throw Refusal(RefusalCode::conflict, "not_claimed");
    const RuleReport report = judge_filing(s, tx, filing, parse_content(filing.content));
    const RuleOutcome* found = nullptr;
    for (const auto* outcomes : {&report.national, &report.outcomes})
      for (const RuleOutcome& outcome : *outcomes)
        if (outcome.rule->id == rule && outcome.field == field &&
            (outcome.verdict == Verdict::fires || outcome.verdict == Verdict::reminds))
          found = &outcome;
    if (!found) throw Refusal(RefusalCode::not_found, "not_found");
    if (found->rule->blocks() && decision == "waived")
      throw Refusal(RefusalCode::conflict, "rule_blocks");
    store::put_rule_decision(tx, s.keys,
                             {id, rule, field, decision, reason, staff.id, "", s.now()});
    note_event(s, tx, id, Actor::staff, staff.id,
               decision == "waived" ? "rule_waived" : "rule_confirmed",
               json::serialize(json::object{{"rule", rule}, {"note", reason}}));
    store::bump_revision(tx, id, s.now());
  });
}

json::object show_desk_rules(Service& s, Reader& reader, const std::string& province,
                             std::string_view locale) {
  const RuleSetPtr set = current_rules(s, reader, province);
  const json::value document = parse_json(set->document);
  json::array rules;
  for (const Rule& rule : set->file.rules) {
    const json::value* raw = rule_in(document, rule.id);
    const RuleOutcome outcome{&rule, Verdict::met, rule.field, {}};
    json::object shown = show_outcome(outcome, s.texts, locale);
    shown.erase("verdict");
    shown["applies_to"] = json::array(rule.groups.begin(), rule.groups.end());
    shown["kinds"] = json::array(rule.kinds.begin(), rule.kinds.end());
    json::object words, fixes;
    for (const std::string_view each : {k_locale_zh, k_locale_en}) {
      const json::object said = show_outcome(outcome, s.texts, each);
      words[each] = said.at("text");
      if (const json::value* fix = said.if_contains("fix")) fixes[each] = *fix;
    }
    shown["texts"] = std::move(words);
    shown["fixes"] = fixes.empty() ? json::value(nullptr) : json::value(std::move(fixes));
    shown["date"] = rule.date;
    shown["valid_from"] = rule.valid_from;
    shown["valid_until"] = rule.valid_until;
    shown["confirmed"] = or_empty(*raw, "confirmed");
    // Only what a filing can show can be checked, and so can block.
    shown["checked"] = rule.has_must || !rule.check.empty() || !rule.purpose.empty();
    rules.push_back(std::move(shown));
  }
  return {{"province", province},
          {"version", set->file.version},
          {"rules", std::move(rules)},
          {"history", show_history(*s.reference.rules->shipped(province),
                                   store::list_rule_edits(reader, province))}};
}

json::array show_decisions(Service& s, Reader& reader, Id filing) {
  json::array out;
  for (const store::RuleDecision& d : store::list_rule_decisions(reader, s.keys, filing))
    out.push_back(json::object{{"rule", d.rule_id},
                               {"field", d.field},
                               {"decision", d.decision},
                               {"reason", d.reason},
                               {"by", d.by_name},
                               {"at", d.at}});
  return out;
}

}  // namespace beian::service
