#include "service/rule_changes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/rule_facts.h"
#include "service/rules.h"
#include "store/materials.h"
#include "store/rules.h"

namespace beian::service {
namespace {

constexpr int k_preview_filings = 1000;
constexpr std::size_t k_shown_examples = 20;

json::object require_rule(const RuleSet& set, const std::string& id) {
  const json::value document = parse_json(set.document);
  const json::value* rule = rule_in(document, id);
  if (!rule) throw Refusal(RefusalCode::not_found, "not_found");
  return rule->as_object();
}

bool known_fault(const RuleSet& set, const RuleFault& fault) {
  return std::ranges::any_of(set.file.faults, [&](const RuleFault& one) {
    return one.pointer == fault.pointer && one.what == fault.what;
  });
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
  const auto from = opt_string(rule->as_object(), "valid_from"),
             until = opt_string(rule->as_object(), "valid_until");
  if (from && until && *until < *from)
    throw Refusal(RefusalCode::invalid, "rule_invalid",
                  {{"valid_until", "rule_never_valid", {}, "", "", true}});
  const std::string text = json::serialize(document);
  RuleSetPtr set = s.reference.rules->made("?" + to_hex(sha256(text)), [&] { return text; });
  // Faults that the file has anyway are not this change's.
  std::vector<Problem> problems;
  for (const RuleFault& fault : set->file.faults)
    if (!known_fault(now, fault))
      problems.push_back({fault.pointer.substr(fault.pointer.rfind('/') + 1),
                          "rule_faulty",
                          {{"what", fault.what}},
                          "",
                          "",
                          true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "rule_invalid", problems);
  return set;
}

// "confirmed": true becomes who and when.
json::object with_name(Service& s, const json::object& edit, const std::string& by) {
  json::object out = edit;
  if (const json::value* confirmed = out.if_contains("confirmed");
      confirmed && confirmed->is_bool())
    out["confirmed"] = json::object{{"by", by}, {"on", day_to_string(shanghai_day(s.now()))}};
  return out;
}

bool blocks_in(const RuleSet& set, const std::string& id) {
  return std::ranges::any_of(set.file.rules,
                             [&](const Rule& rule) { return rule.id == id && rule.blocks(); });
}

bool may_agree(Role role) { return role == Role::rules_editor || role == Role::senior; }

// A change that stops filings, or lets them go where they were stopped.
bool asks_second(Service& s, Reader& reader, const Staff& staff, const RuleSet& now,
                 const RuleSet& then, const std::string& rule) {
  return s.settings.now()->flag("rules.second_editor") &&
         (blocks_in(now, rule) || blocks_in(then, rule)) &&
         store::count_rule_seconds(reader, staff.id) > 0;
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

// Writes the edit down as what holds from now on.
void publish(Service& s, Tx& tx, const store::RuleChange& change, const json::object& named,
             Id agreed_by) {
  // An edit holds all changes to its rule: the latest alone tells what is in force.
  json::object all;
  for (const store::RuleEdit& earlier : store::list_rule_edits(tx, change.province))
    if (earlier.rule_id == change.rule_id) all = as_object(parse_json(earlier.edit));
  for (const auto& [name, value] : named) all[name] = value;
  store::RuleEdit edit;
  edit.id = new_id();
  edit.province = change.province;
  edit.rule_id = change.rule_id;
  edit.edit = json::serialize(all);
  edit.note = change.note;
  edit.by_id = change.asked_by;
  edit.at = s.now();
  edit.agreed_by = agreed_by;
  store::insert_rule_edit(tx, edit);
}

std::string subject_rule(const store::RuleChange& change) {
  return "rule/" + change.province + "/" + change.rule_id;
}

std::string name_of(Service& s, Reader& reader, Id account) {
  const auto who = store::find_account(reader, s.keys, account);
  return who ? who->display_name : "";
}

// Refuses what is not there to be decided.
store::RuleChange open_change(Reader& reader, Id id) {
  auto change = store::find_rule_change(reader, id);
  if (!change) throw Refusal(RefusalCode::not_found, "not_found");
  if (change->state != "open") throw Refusal(RefusalCode::conflict, "rule_change_decided");
  return std::move(*change);
}

}  // namespace

const json::value* rule_in(const json::value& document, const std::string& id) {
  for (const json::value& rule : document.at("rules").as_array())
    if (rule.at("id") == json::value(id)) return &rule;
  return nullptr;
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
                       const std::string& rule, const json::object& edit,
                       const std::string& note_typed) {
  const std::string note = clean_line(note_typed);
  if (note.empty())
    throw Refusal(RefusalCode::invalid, "rule_invalid", {{"note", "required", {}, "", "", true}});
  s.db.write([&](Tx& tx) {
    store::RuleChange change;
    change.id = new_id();
    change.province = province;
    change.rule_id = rule;
    change.edit = json::serialize(edit);
    change.note = note;
    change.base_id = store::latest_edit_of_rule(tx, province, rule);
    change.asked_by = staff.id;
    change.asked_at = s.now();
    const json::object named = with_name(s, edit, name_of(s, tx, staff.id));
    const RuleSetPtr now = current_rules(s, tx, province);
    const RuleSetPtr then = with_edit(s, *now, rule, named);
    if (asks_second(s, tx, staff, *now, *then, rule)) {
      if (!store::insert_rule_change(tx, change))
        throw Refusal(RefusalCode::conflict, "rule_change_open");
      record(s, tx, {"staff", staff.id}, "rule.asked", subject_rule(change));
      return;
    }
    publish(s, tx, change, named, 0);
    record(s, tx, {"staff", staff.id}, "rule.changed", subject_rule(change));
  });
}

bool needs_second(Service& s, const Staff& staff, const std::string& province,
                  const std::string& rule, const json::object& edit) {
  return s.db.read([&](Reader& reader) {
    const RuleSetPtr now = current_rules(s, reader, province);
    const RuleSetPtr then = with_edit(s, *now, rule, with_name(s, edit, "?"));
    return asks_second(s, reader, staff, *now, *then, rule);
  });
}

bool waits_for_second(Service& s, const Staff& staff, const std::string& province,
                      const std::string& rule) {
  return s.db.read([&](Reader& reader) {
    return std::ranges::any_of(store::open_rule_changes(reader), [&](const auto& one) {
      return one.province == province && one.rule_id == rule && one.asked_by == staff.id;
    });
  });
}

json::object show_rule_changes(Service& s, const Staff& staff, std::string_view locale) {
  return s.db.read([&](Reader& reader) {
    json::array out;
    for (const store::RuleChange& change : store::open_rule_changes(reader)) {
      const RuleSetPtr now = current_rules(s, reader, change.province);
      const auto rule = std::ranges::find(now->file.rules, change.rule_id, &Rule::id);
      if (rule == now->file.rules.end()) continue;  // no longer in the data
      const json::object edit =
          with_name(s, as_object(parse_json(change.edit)), change.asked_by_name);
      json::object before = require_rule(*now, change.rule_id), after = before;
      // A national rule has its words from the texts of problems.
      for (const char* name : {"text", "fix"}) {
        if (before.contains(name)) continue;
        json::object labels;
        for (const std::string_view each : {k_locale_zh, k_locale_en}) {
          const json::object said =
              show_outcome({&*rule, Verdict::met, rule->field, {}}, s.texts, each);
          if (const json::value* words = said.if_contains(name)) labels[each] = *words;
        }
        before[name] = labels;
        after[name] = std::move(labels);
      }
      for (const auto& [name, value] : edit) after[name] = value;
      const bool mine = change.asked_by == staff.id;
      out.push_back(json::object{
          {"id", id_to_string(change.id)},
          {"province", change.province},
          {"rule", change.rule_id},
          {"text", show_outcome({&*rule, Verdict::met, rule->field, {}}, s.texts, locale)["text"]},
          {"note", change.note},
          {"by", change.asked_by_name},
          {"at", change.asked_at},
          {"mine", mine},
          {"may_agree", !mine && may_agree(staff.role)},
          {"members", rule_difference(before, after)}});
    }
    return json::object{{"changes", std::move(out)}};
  });
}

json::object preview_rule_change(Service& s, Id id) {
  const store::RuleChange change =
      s.db.read([&](Reader& reader) { return open_change(reader, id); });
  return preview_rule_edit(s, change.province, change.rule_id, as_object(parse_json(change.edit)));
}

void agree_rule_change(Service& s, const Staff& staff, Id id) {
  s.db.write([&](Tx& tx) {
    const store::RuleChange change = open_change(tx, id);
    if (change.asked_by == staff.id) throw Refusal(RefusalCode::forbidden, "rule_own_change");
    if (!may_agree(staff.role)) throw Refusal(RefusalCode::forbidden, "rule_second_not_yours");
    if (store::latest_edit_of_rule(tx, change.province, change.rule_id) != change.base_id)
      throw Refusal(RefusalCode::conflict, "rule_changed_meanwhile");
    const json::object named =
        with_name(s, as_object(parse_json(change.edit)), change.asked_by_name);
    (void)with_edit(s, *current_rules(s, tx, change.province), change.rule_id, named);
    if (!store::decide_rule_change(tx, id, "published", staff.id, s.now()))
      throw Refusal(RefusalCode::conflict, "rule_change_decided");
    publish(s, tx, change, named, staff.id);
    record(s, tx, {"staff", staff.id}, "rule.agreed", subject_rule(change),
           {{"asked_by", id_to_string(change.asked_by)}});
  });
}

void refuse_rule_change(Service& s, const Staff& staff, Id id) {
  s.db.write([&](Tx& tx) {
    const store::RuleChange change = open_change(tx, id);
    if (!store::decide_rule_change(tx, id, "refused", staff.id, s.now()))
      throw Refusal(RefusalCode::conflict, "rule_change_decided");
    record(s, tx, {"staff", staff.id}, "rule.refused", subject_rule(change),
           {{"asked_by", id_to_string(change.asked_by)}});
  });
}

json::array rule_difference(const json::object& before, const json::object& after) {
  struct Member {
    const char *shown, *name, *label;  // label: of a text in two languages
  };
  static constexpr std::array<Member, 8> k_members{{{"confirmed", "confirmed", "by"},
                                                    {"severity", "severity", nullptr},
                                                    {"text_zh", "text", "zh-CN"},
                                                    {"text_en", "text", "en"},
                                                    {"fix_zh", "fix", "zh-CN"},
                                                    {"fix_en", "fix", "en"},
                                                    {"from", "valid_from", nullptr},
                                                    {"until", "valid_until", nullptr}}};
  const auto words = [](const json::object& rule, const Member& member) -> std::string {
    const json::value* value = rule.if_contains(member.name);
    if (value && member.label && value->is_object())
      value = value->as_object().if_contains(member.label);
    return value && value->is_string() ? std::string(value->as_string()) : "";
  };
  json::array out;
  for (const Member& member : k_members) {
    std::string was = words(before, member), is = words(after, member);
    if (was != is)
      out.push_back(json::object{
          {"member", member.shown}, {"before", std::move(was)}, {"after", std::move(is)}});
  }
  return out;
}

}  // namespace beian::service
