#include "service/second.h"

#include <algorithm>
#include <stdexcept>

#include "filing/date.h"
#include "service/act.h"
#include "service/colleagues.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "store/counters.h"
#include "store/scopes.h"

namespace beian::service {
namespace {

[[noreturn]] void bad(const std::string& what) {
  throw std::runtime_error("second_review.json: " + what);
}

template <typename T, typename Read>
std::vector<T> list_of(const json::object& rule, std::string_view name, Read read) {
  std::vector<T> out;
  const json::value* list = rule.if_contains(name);
  if (!list) return out;
  if (!list->is_array()) bad(std::string(name) + " is no list");
  for (const json::value& item : list->get_array()) out.push_back(read(item));
  return out;
}

std::string text_of(const json::value& item) {
  if (!item.is_string()) bad("a text is missing");
  return std::string(item.get_string());
}

SecondRule::Findings findings_of(const json::object& rule) {
  const std::string text = opt_string(rule, "findings").value_or("any");
  if (text == "any") return SecondRule::Findings::any;
  if (text == "some") return SecondRule::Findings::some;
  if (text == "hard") return SecondRule::Findings::hard;
  bad("findings: any, some or hard");
}

SecondRule read_rule(const json::object& in) {
  static constexpr std::string_view k_members[] = {"kinds",    "states", "natures", "provinces",
                                                   "findings", "since",  "why",     "source"};
  for (const auto& member : in)
    if (std::find(std::begin(k_members), std::end(k_members), member.key()) == std::end(k_members))
      bad("a rule has no " + std::string(member.key()));
  SecondRule rule;
  rule.kinds = list_of<Kind>(in, "kinds", [](const json::value& item) {
    const auto kind = kind_from_string(text_of(item));
    return kind ? *kind : (bad("no kind " + text_of(item)), Kind{});
  });
  rule.states = list_of<State>(in, "states", [](const json::value& item) {
    const auto state = state_from_string(text_of(item));
    if (!state || (*state != State::initial_review && *state != State::photo_review))
      bad("no state that staff pass: " + text_of(item));
    return *state;
  });
  rule.natures = list_of<std::int64_t>(in, "natures", [](const json::value& item) {
    return item.is_int64() ? item.get_int64() : (bad("a nature is no number"), 0);
  });
  rule.provinces = list_of<std::string>(in, "provinces", text_of);
  rule.findings = findings_of(in);
  const auto since = parse_day(get_string(in, "since"));
  if (!since) bad("since is no day");
  rule.since = *since;
  const json::value* why = in.if_contains("why");
  if (!why || !why->is_object()) bad("why is missing");
  rule.why = why->get_object();
  return rule;
}

template <typename T>
bool holds(const std::vector<T>& list, const T& one) {
  return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
}

// Who of the others may decide this filing and has the fewest cases.
Id least_busy(Service& s, Reader& reader, const Staff& staff, const store::Filing& f) {
  Id found = 0;
  std::int64_t fewest = 0;
  for (const store::Account& one : colleagues(s, reader)) {
    if (one.id == staff.id || !may_decide(one.role, f.state) ||
        !store::scope_of(reader, one.id).covers(f.province, f.account_id))
      continue;
    const std::int64_t has = store::count_list(reader, store::list_of_assignee(one.id));
    if (found != 0 && has >= fewest) continue;
    found = one.id;
    fewest = has;
  }
  if (found == 0) throw Refusal(RefusalCode::conflict, "second_nobody");
  return found;
}

}  // namespace

SecondPolicy SecondPolicy::from_json(const json::value& document) {
  SecondPolicy out;
  const json::value* rules = as_object(document).if_contains("rules");
  if (!rules || !rules->is_array()) bad("no rules");
  for (const json::value& item : rules->get_array()) {
    if (!item.is_object()) bad("a rule is no object");
    out.rules_.push_back(read_rule(item.get_object()));
  }
  return out;
}

std::vector<const SecondRule*> SecondPolicy::rules_for(const store::Filing& f,
                                                       const std::vector<Problem>& problems,
                                                       Day today) const {
  const bool hard =
      std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.hard; });
  std::vector<const SecondRule*> out;
  for (const SecondRule& rule : rules_)
    if (rule.since <= today && holds(rule.kinds, f.kind) && holds(rule.states, f.state) &&
        holds(rule.natures, f.nature) && holds(rule.provinces, f.province) &&
        (rule.findings == SecondRule::Findings::any ||
         (rule.findings == SecondRule::Findings::some && !problems.empty()) ||
         (rule.findings == SecondRule::Findings::hard && hard)))
      out.push_back(&rule);
  return out;
}

const SecondPolicy& second_policy_of(const Service& s) {
  static const SecondPolicy policy =
      SecondPolicy::from_json(read_json_file(s.config.data_dir + "/second_review.json"));
  return policy;
}

void require_other(Reader& reader, const Staff& staff, const store::Filing& f) {
  const auto first = store::find_second_opinion(reader, f.id, f.round, f.state);
  if (first && first->first_by == staff.id)
    throw Refusal(RefusalCode::conflict, "second_must_be_other");
}

bool ask_second(Service& s, Tx& tx, const Staff& staff, const store::Filing& f, Id to,
                const std::string& note) {
  if (const auto first = store::find_second_opinion(tx, f.id, f.round, f.state)) {
    require_other(tx, staff, f);
    return false;
  }
  if (second_policy_of(s).empty()) return false;
  const auto problems = find_problems(s, tx, f, parse_content(f.content));
  if (second_policy_of(s).rules_for(f, problems, shanghai_day(s.now())).empty()) return false;
  if (to == 0) to = least_busy(s, tx, staff, f);
  const Id left = give_to(s, tx, staff, f, to, "second", note);
  store::put_second_opinion(tx, f.id, f.round, f.state, {staff.id, "", left, s.now()});
  return true;
}

json::value show_second(Service& s, Reader& reader, const store::Filing& f, const Staff& staff,
                        const std::vector<Problem>& problems, std::string_view locale) {
  const auto first = store::find_second_opinion(reader, f.id, f.round, f.state);
  const auto rules = second_policy_of(s).rules_for(f, problems, shanghai_day(s.now()));
  const bool asked = f.turn == Turn::staff && !rules.empty();
  if (!first && !asked) return nullptr;
  json::array why;
  for (const SecondRule* rule : rules) {
    const json::value* text = rule->why.if_contains(locale);
    if (!text) text = rule->why.if_contains(k_locale_zh);
    if (text) why.push_back(*text);
  }
  json::object out{{"why", std::move(why)}, {"first", nullptr}};
  if (first)
    out["first"] = json::object{
        {"name", first->first_name}, {"at", first->at}, {"mine", first->first_by == staff.id}};
  return out;
}

}  // namespace beian::service
