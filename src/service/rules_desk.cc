// The operator's side of the rules: what a reviewer decides about a finding, and changes to a rule,
// tried on the latest filings before they hold.
#include <algorithm>

#include "base/text.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/review.h"
#include "service/rule_facts.h"
#include "service/rules.h"
#include "service/service.h"
#include "store/materials.h"
#include "store/rules.h"

namespace beian::service {
namespace {

constexpr int k_preview_filings = 1000;
constexpr std::size_t k_shown_examples = 20;

const json::value* rule_in(const json::value& document, const std::string& id) {
  for (const json::value& rule : document.at("rules").as_array())
    if (rule.at("id") == json::value(id)) return &rule;
  return nullptr;
}

// The set with one more change to one rule. Throws Refusal{invalid} where that is no good rule.
RuleSetPtr with_edit(Service& s, const RuleSet& now, const std::string& id,
                     const json::object& edit) {
  json::value document = parse_json(now.document);
  json::value* rule = const_cast<json::value*>(rule_in(document, id));
  if (!rule) throw Refusal(RefusalCode::not_found, "not_found");
  for (const auto& [name, value] : edit) {
    if (value.is_null())
      rule->as_object().erase(name);
    else
      rule->as_object()[name] = value;
  }
  const std::string text = json::serialize(document);
  RuleSetPtr set = s.reference.rules->made("?" + to_hex(sha256(text)), [&] { return text; });
  if (!set->file.faults.empty()) {
    std::vector<Problem> problems;
    for (const RuleFault& fault : set->file.faults)
      problems.push_back({fault.pointer.substr(fault.pointer.rfind('/') + 1),
                          "rule_faulty",
                          {{"what", fault.what}},
                          "",
                          "",
                          true});
    throw Refusal(RefusalCode::invalid, "rule_invalid", problems);
  }
  return set;
}

json::value or_empty(const json::value& rule, const char* name) {
  const json::value* found = rule.as_object().if_contains(name);
  return found ? *found : json::value(nullptr);
}

// The members that an edit changed, before and after, for the history.
json::object show_edit(const store::RuleEdit& edit) {
  return {{"id", id_to_string(edit.id)}, {"rule", edit.rule_id}, {"edit", parse_json(edit.edit)},
          {"note", edit.note},           {"by", edit.by_name},   {"at", edit.at}};
}

struct Effect {
  int looked = 0, fires_before = 0, fires_after = 0, blocks_before = 0, blocks_after = 0;
  json::array newly;
};

bool fires(const RuleReport& report, const std::string& rule, bool& blocks) {
  for (const RuleOutcome& outcome : report.outcomes)
    if (outcome.rule->id == rule && outcome.verdict == Verdict::fires &&
        outcome.rule->severity != Severity::info) {
      blocks = outcome.rule->blocks();
      return true;
    }
  return false;
}

// The one rule alone, so that a thousand filings are looked at quickly.
RuleSetPtr only(Service& s, const RuleSet& set, const std::string& rule) {
  json::value document = parse_json(set.document);
  json::array one;
  if (const json::value* found = rule_in(document, rule)) one.push_back(*found);
  document.as_object()["rules"] = std::move(one);
  const std::string text = json::serialize(document);
  return s.reference.rules->made("?" + to_hex(sha256(text)), [&] { return text; });
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

json::object read_rule_edit(const json::object& body) {
  json::object edit;
  const auto take_text = [&](const char* name) {
    if (const json::value* value = body.if_contains(name)) {
      if (value->is_null())
        edit[name] = nullptr;
      else
        edit[name] = get_string(body, name, 400);
      if (edit[name].is_string() && edit[name].as_string().empty()) edit[name] = nullptr;
    }
  };
  for (const char* name : {"severity", "valid_from", "valid_until"}) take_text(name);
  for (const char* name : {"text", "fix"})
    if (const json::value* value = body.if_contains(name)) {
      const json::object& labels = as_object(*value);
      edit[name] = json::object{{"zh-CN", get_string(labels, "zh-CN", 2000)},
                                {"en", get_string(labels, "en", 2000)}};
    }
  if (const auto confirmed = opt_bool(body, "confirmed"))
    edit["confirmed"] = *confirmed ? json::value(true) : json::value(nullptr);
  if (edit.empty()) throw Refusal(RefusalCode::invalid, "rule_unchanged");
  return edit;
}

namespace {

// "confirmed": true becomes who and when.
json::object with_name(Service& s, const json::object& edit, const std::string& by) {
  json::object out = edit;
  if (const json::value* confirmed = out.if_contains("confirmed");
      confirmed && confirmed->is_bool())
    out["confirmed"] = json::object{{"by", by}, {"on", day_to_string(shanghai_day(s.now()))}};
  return out;
}

}  // namespace

json::object preview_rule_edit(Service& s, const std::string& province, const std::string& rule,
                               const json::object& edit) {
  const RuleSetPtr now =
      s.db.read([&](Reader& reader) { return current_rules(s, reader, province); });
  const RuleSetPtr then = with_edit(s, *now, rule, with_name(s, edit, "?"));
  const RuleSetPtr before = only(s, *now, rule), after = only(s, *then, rule);
  Effect effect;
  const auto ids = s.db.read([&](Reader& reader) {
    return store::latest_filings_of(reader, province == k_nation ? "" : province,
                                    k_preview_filings);
  });
  // Each by itself: no long snapshot while others write.
  for (const Id id : ids) {
    s.db.read([&](Reader& reader) {
      const auto filing = store::find_filing(reader, s.keys, id);
      if (!filing) return;
      const json::object content = parse_content(filing->content);
      std::vector<MaterialPlace> present;
      for (const store::Material& m : store::list_materials(reader, id))
        present.push_back({m.purpose, m.site_key});
      const json::object outside = outside_facts(s, reader, *filing, content);
      bool blocked = false, blocks = false;
      const bool was =
          fires(judge_content(s, before, to_string(filing->kind), content, present, outside), rule,
                blocked);
      const bool is =
          fires(judge_content(s, after, to_string(filing->kind), content, present, outside), rule,
                blocks);
      ++effect.looked;
      effect.fires_before += was;
      effect.fires_after += is;
      effect.blocks_before += was && blocked;
      effect.blocks_after += is && blocks;
      if (is && blocks && !(was && blocked) && effect.newly.size() < k_shown_examples)
        effect.newly.push_back(
            json::object{{"id", id_to_string(id)}, {"state", to_string(filing->state)}});
    });
  }
  return {{"looked", effect.looked},
          {"fires_before", effect.fires_before},
          {"fires_after", effect.fires_after},
          {"blocks_before", effect.blocks_before},
          {"blocks_after", effect.blocks_after},
          {"newly_blocked", std::move(effect.newly)}};
}

void publish_rule_edit(Service& s, const Staff& staff, const std::string& province,
                       const std::string& rule, const json::object& edit, const std::string& note) {
  if (clean_line(note).empty())
    throw Refusal(RefusalCode::invalid, "rule_invalid", {{"note", "required", {}, "", "", true}});
  s.db.write([&](Tx& tx) {
    const auto who = store::find_account(tx, s.keys, staff.id);
    const json::object named = with_name(s, edit, who ? who->display_name : "");
    (void)with_edit(s, *current_rules(s, tx, province), rule, named);
    // An edit holds all changes to its rule: the latest alone tells what is in force.
    json::object all;
    for (const store::RuleEdit& earlier : store::list_rule_edits(tx, province))
      if (earlier.rule_id == rule) all = as_object(parse_json(earlier.edit));
    for (const auto& [name, value] : named) all[name] = value;
    store::insert_rule_edit(tx, {new_id(), province, rule, json::serialize(all), clean_line(note),
                                 staff.id, "", s.now()});
    record(s, tx, {"staff", staff.id}, "rule.changed", "rule/" + province + "/" + rule);
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
  json::array history;
  auto edits = store::list_rule_edits(reader, province);
  for (auto edit = edits.rbegin(); edit != edits.rend() && history.size() < 200; ++edit)
    history.push_back(show_edit(*edit));
  return {{"province", province},
          {"version", set->file.version},
          {"rules", std::move(rules)},
          {"history", std::move(history)}};
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
