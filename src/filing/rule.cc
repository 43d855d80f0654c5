#include "filing/rule.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "base/refusal.h"
#include "base/text.h"
#include "filing/data.h"
#include "filing/date.h"

namespace beian {
namespace {

constexpr std::array<std::string_view, 8> k_kinds = {
    "value", "relation", "limit", "remark", "material", "authorisation", "verification", "notice"};
constexpr std::array<std::string_view, 3> k_severities = {"hard", "warn", "info"};
constexpr std::array<std::string_view, 8> k_checks = {
    "", "differs", "later", "age", "months_left", "region", "city_named", "known_body"};
constexpr std::array<std::string_view, 7> k_filing_kinds = {
    "first_filing",     "new_website",    "new_access",   "change",
    "cancel_organiser", "cancel_website", "cancel_access"};
constexpr std::array<std::string_view, 3> k_confidences = {"high", "medium", "low"};
constexpr std::array<std::string_view, 26> k_members = {
    "id",     "each",     "field",     "when",       "when_absent", "must",       "check",
    "params", "code",     "replaces",  "source",     "date",        "confidence", "applies_to",
    "kinds",  "requires", "purpose",   "text",       "fix",         "template",   "severity",
    "law",    "conflict", "confirmed", "valid_from", "valid_until"};

// A fault of one member: the pointer is relative to the rule.
struct MemberFault : std::runtime_error {
  MemberFault(std::string at, const std::string& what)
      : std::runtime_error(what), pointer(std::move(at)) {}
  std::string pointer;
};
[[noreturn]] void fault_at(std::string_view member, const std::string& what) {
  throw MemberFault(member.empty() ? "" : "/" + std::string(member), what);
}

template <std::size_t N>
std::size_t one_of(const std::array<std::string_view, N>& known, const std::string& word,
                   std::string_view member) {
  const auto found = std::ranges::find(known, word);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  std::string all;
  for (std::string_view each : known)
    if (!each.empty()) all += (all.empty() ? "" : ", ") + std::string(each);
  fault_at(member, "unknown \"" + word + "\"; known are " + all);
}

// Reads a member with one of the readers of data.h, so that its fault says where.
template <typename Read>
auto member(std::string_view name, Read&& read) {
  try {
    return read();
  } catch (const MemberFault&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw MemberFault("/" + std::string(name), error.what());
  }
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (!found) fault_at("", "\"" + std::string(name) + "\" is missing");
  if (!found->is_string()) fault_at(name, "a text is expected");
  return std::string(found->get_string());
}

std::string text_or_empty(const json::object& object, std::string_view name) {
  return object.contains(name) ? text_member(object, name) : std::string();
}

Labels labels_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (!found) return {};
  Labels labels = member(name, [&] { return labels_from_json(*found); });
  for (const char* locale : {"zh-CN", "en"})
    if (labels[locale].empty()) fault_at(name, std::string("has no text in ") + locale);
  return labels;
}

Condition condition_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found ? member(name, [&] { return Condition::from_json(*found); }) : Condition();
}

bool is_date_text(std::string_view text) {
  if (text == "undated") return true;
  for (std::string_view sign : {"≤", "≈"})
    if (text.starts_with(sign)) text.remove_prefix(sign.size());
  if (text.size() == 4)
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return parse_day(text).has_value();
}

void read_params(Rule& rule, const json::object& object) {
  if (const json::value* params = object.if_contains("params")) {
    member("params", [&] {
      for (const auto& [name, text] : data::object(*params, "params"))
        rule.params.emplace(name, data::text(text, "params"));
      return 0;
    });
  }
  for (const char* number : {"years", "months", "offset"}) {
    const auto found = rule.params.find(number);
    const bool good =
        found == rule.params.end() ||
        (!found->second.empty() && found->second.size() <= 4 &&
         std::ranges::all_of(found->second, [](char c) { return c >= '0' && c <= '9'; }));
    if (!good) fault_at("params", std::string(number) + " must be a number");
  }
  if (const auto bodies = rule.params.find("bodies"); bodies != rule.params.end()) {
    constexpr std::string_view k_comma = "、";
    const std::string& list = bodies->second;
    for (std::size_t at = 0; at < list.size();) {
      const std::size_t end = std::min(list.find(k_comma, at), list.size());
      if (end > at) {
        const std::string name = list.substr(at, end - at);
        rule.bodies.push_back({name, to_code_points(name)});
      }
      at = end + k_comma.size();
    }
  }
}

void read_asked(Rule& rule, const json::object& object) {
  rule.when = condition_member(object, "when");
  rule.when_absent =
      member("when_absent", [&] { return data::flag_or(object, "when_absent", false, "rule"); });
  rule.has_must = object.contains("must");
  rule.must = condition_member(object, "must");
  rule.check = text_or_empty(object, "check");
  one_of(k_checks, rule.check, "check");
  if (rule.has_must && !rule.check.empty()) fault_at("check", "give either must or check");
  read_params(rule, object);
}

void read_severity(Rule& rule, const json::object& object) {
  rule.severity =
      static_cast<Severity>(one_of(k_severities, text_member(object, "severity"), "severity"));
  rule.law = member("law", [&] { return data::flag_or(object, "law", false, "rule"); });
  rule.conflict =
      member("conflict", [&] { return data::flag_or(object, "conflict", false, "rule"); });
  if (const json::value* confirmed = object.if_contains("confirmed")) {
    member("confirmed", [&] {
      const json::object& by = data::object(*confirmed, "confirmed");
      rule.confirmed = {data::text_of(by, "by", "confirmed"), data::text_of(by, "on", "confirmed")};
      return 0;
    });
  }
}

void read_sources(Rule& rule, const json::object& object) {
  const json::value* source = object.if_contains("source");
  if (!source) fault_at("", "\"source\" is missing");
  if (source->is_string()) {
    rule.sources = {std::string(source->get_string())};
  } else {
    rule.sources =
        member("source", [&] { return data::texts_or_none(object, "source", "source"); });
    if (rule.sources.empty()) fault_at("source", "a source is expected");
  }
  rule.date = text_or_empty(object, "date");
  if (!rule.date.empty() && !is_date_text(rule.date))
    fault_at("date", "a date is YYYY-MM-DD or a year, with ≤ or ≈ before it, or undated");
  rule.confidence = text_or_empty(object, "confidence");
  if (!rule.confidence.empty()) one_of(k_confidences, rule.confidence, "confidence");
  rule.valid_from = text_or_empty(object, "valid_from");
  rule.valid_until = text_or_empty(object, "valid_until");
  for (const auto& [name, day] :
       {std::pair{"valid_from", &rule.valid_from}, std::pair{"valid_until", &rule.valid_until}})
    if (!day->empty() && !parse_day(*day)) fault_at(name, "a day is YYYY-MM-DD");
  if (!rule.valid_from.empty() && !rule.valid_until.empty() && rule.valid_until < rule.valid_from)
    fault_at("valid_until",
             "the rule ends on " + rule.valid_until + ", before it begins on " + rule.valid_from);
}

Rule rule_from_json(const json::value& value) {
  if (!value.is_object()) fault_at("", "an object is expected");
  const json::object& object = value.get_object();
  Rule rule;
  rule.id = text_member(object, "id");
  if (rule.id.empty() || rule.id.size() > 60) fault_at("id", "an id of 1 to 60 characters");
  for (const auto& [name, ignored] : object)
    if (std::ranges::find(k_members, std::string_view(name)) == k_members.end())
      fault_at(name, "no rule has a member \"" + std::string(name) + "\"");
  rule.each_site = object.contains("each");
  rule.field = text_member(object, "field");
  if (rule.field.starts_with('.') != rule.each_site)
    fault_at("field", "a field with '.' belongs to a rule for each website");
  rule.groups =
      member("applies_to", [&] { return data::texts_or_none(object, "applies_to", "rule"); });
  rule.kinds = member("kinds", [&] { return data::texts_or_none(object, "kinds", "rule"); });
  for (const std::string& kind : rule.kinds) one_of(k_filing_kinds, kind, "kinds");
  read_asked(rule, object);
  const std::string kind = object.contains("requires") ? text_member(object, "requires") : "value";
  rule.kind = static_cast<RequirementKind>(one_of(k_kinds, kind, "requires"));
  rule.purpose = text_or_empty(object, "purpose");
  const bool paper =
      rule.kind == RequirementKind::material || rule.kind == RequirementKind::authorisation;
  if (paper && rule.purpose.empty()) fault_at("", "a paper needs its \"purpose\"");
  if (!paper && !rule.purpose.empty()) fault_at("purpose", "only a paper has a purpose");
  rule.text = labels_member(object, "text");
  rule.fix = labels_member(object, "fix");
  rule.template_text = labels_member(object, "template");
  rule.code = rule.text.empty() ? text_member(object, "code") : "province_rule";
  if (!object.contains("requires") && !rule.has_must && rule.check.empty())
    fault_at("", "give either must or check");
  rule.replaces = text_or_empty(object, "replaces");
  read_severity(rule, object);
  read_sources(rule, object);
  std::vector<std::string> asked = rule.when.paths();
  for (const std::string& path : rule.must.paths()) asked.push_back(path);
  if (const auto from = rule.params.find("value"); from != rule.params.end())
    asked.push_back(from->second);
  for (const std::string& path : asked)
    if (path.starts_with('$') && path != "$kind") rule.needs.push_back(path);
  return rule;
}

// How the parts of a source are put together in each language.
struct SourceWords {
  std::string_view locale, between, against, open, undated, close;
};
constexpr SourceWords k_source_words[] = {{"zh-CN", "；", "不同说法：", "（", "无日期", "）"},
                                          {"en", "; ", "otherwise: ", " (", "undated", ")"}};

std::string shown_source(const Rule& rule, const RuleVocabulary& vocabulary,
                         const SourceWords& words) {
  std::string text;
  for (const std::string& written : rule.sources) {
    const bool against = written.starts_with('!');
    const std::string key = against ? written.substr(1) : written;
    const auto found = vocabulary.sources.find(key);
    if (!text.empty()) text += words.between;
    if (against) text += words.against;
    text += found == vocabulary.sources.end() ? key : label_in(found->second, words.locale);
  }
  // National rules have no text of their own; their sources are regulations, which carry their day.
  if (!rule.date.empty() && !rule.text.empty())
    text.append(words.open)
        .append(rule.date == "undated" ? words.undated : std::string_view(rule.date))
        .append(words.close);
  return text;
}

// Short and of Latin letters: meant as a key of common.json, not as a source in words.
bool looks_like_key(std::string_view source) {
  return !source.empty() && source.size() <= 14 && std::ranges::all_of(source, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

// What a rule refers to outside itself.
void resolve(Rule& rule, const RuleVocabulary& vocabulary,
             const std::vector<std::string>& purposes) {
  for (const std::string& name : rule.groups) {
    const RuleGroup* group = vocabulary.group(name);
    if (!group) fault_at("applies_to", "unknown group \"" + name + "\"");
    rule.who =
        rule.groups.front() == name ? group->holds : Condition::either(rule.who, group->holds);
  }
  if (!rule.purpose.empty() && std::ranges::find(purposes, rule.purpose) == purposes.end() &&
      std::ranges::find(vocabulary.papers, rule.purpose, &RulePaper::purpose) ==
          vocabulary.papers.end())
    fault_at("purpose", "no material is called \"" + rule.purpose + "\"");
  for (const std::string& written : rule.sources) {
    const std::string key = written.starts_with('!') ? written.substr(1) : written;
    if (looks_like_key(key) && !vocabulary.sources.contains(key))
      fault_at("source", "no source is called \"" + key + "\" (rules/common.json lists them)");
  }
  for (const SourceWords& words : k_source_words)
    rule.source[std::string(words.locale)] = shown_source(rule, vocabulary, words);
}

void add_fault(RuleFile& file, const std::map<std::string, std::pair<std::size_t, std::size_t>>& at,
               std::string pointer, std::string what) {
  RuleFault fault{std::move(pointer), std::move(what)};
  for (std::string up = fault.pointer;; up.resize(up.rfind('/'))) {
    if (const auto found = at.find(up); found != at.end()) {
      std::tie(fault.line, fault.column) = found->second;
      break;
    }
    if (up.empty()) break;
  }
  file.faults.push_back(std::move(fault));
}

}  // namespace

std::string_view to_string(RequirementKind kind) { return k_kinds[static_cast<std::size_t>(kind)]; }
std::string_view to_string(Severity severity) {
  return k_severities[static_cast<std::size_t>(severity)];
}

const RuleGroup* RuleVocabulary::group(std::string_view name) const {
  const auto found = std::ranges::find(groups, name, &RuleGroup::name);
  return found == groups.end() ? nullptr : &*found;
}

RuleVocabulary RuleVocabulary::from_json(const json::value& value) {
  const json::object& object = data::object(value, "rules/common");
  RuleVocabulary out;
  for (const auto& [name, group] :
       data::object(data::member(object, "groups", "rules/common"), "groups")) {
    const std::string where = "rules/common: group " + std::string(name);
    const json::object& each = data::object(group, where);
    out.groups.push_back({std::string(name), labels_from_json(data::member(each, "label", where)),
                          Condition::from_json(data::member(each, "holds", where))});
  }
  for (const auto& [key, source] :
       data::object(data::member(object, "sources", "rules/common"), "sources")) {
    const std::string where = "rules/common: source " + std::string(key);
    out.sources.emplace(
        key, labels_from_json(data::member(data::object(source, where), "title", where)));
  }
  for (const json::value& paper :
       data::array(data::member(object, "papers", "rules/common"), "rules/common: papers")) {
    const json::object& each = data::object(paper, "rules/common: papers");
    out.papers.push_back({data::text_of(each, "purpose", "rules/common: papers"),
                          labels_from_json(data::member(each, "label", "rules/common: papers"))});
  }
  return out;
}

std::vector<Rule> rules_from_json(const json::value& value, const RuleVocabulary& vocabulary) {
  const json::object& object = data::object(value, "rules");
  std::vector<Rule> rules;
  for (const json::value& rule : data::array(data::member(object, "rules", "rules"), "rules")) {
    try {
      rules.push_back(rule_from_json(rule));
      resolve(rules.back(), vocabulary, {});
    } catch (const MemberFault& fault) {
      const json::object* known = rule.if_object();
      const json::value* id = known ? known->if_contains("id") : nullptr;
      data::fault("rule " + (id && id->is_string() ? std::string(id->get_string()) : "?"),
                  fault.pointer + " " + fault.what());
    }
  }
  return rules;
}

RuleFile read_rule_file(std::string_view text, const RuleVocabulary& vocabulary,
                        const std::vector<std::string>& purposes) {
  RuleFile file;
  const auto at = json_places(text);
  json::value value;
  try {
    value = parse_json(text);
  } catch (const Refusal& refusal) {
    const auto& said = refusal.params();
    RuleFault fault{"", "this is no JSON"};
    if (const auto what = said.find("fault"); what != said.end()) fault.what += ": " + what->second;
    if (const auto line = said.find("line"); line != said.end()) {
      fault.line = std::stoul(line->second);
      fault.column = std::stoul(said.at("column"));
    }
    if (const auto end = at.find("?"); end != at.end())
      std::tie(fault.line, fault.column) = end->second;
    file.faults.push_back(std::move(fault));
    return file;
  }
  const json::object* object = value.if_object();
  const json::value* list = object ? object->if_contains("rules") : nullptr;
  if (!list || !list->is_array()) {
    add_fault(file, at, "", "an object with a list \"rules\" is expected");
    return file;
  }
  for (const auto& [name, into] :
       {std::pair{"province", &file.province}, std::pair{"version", &file.version}})
    if (const json::value* member_value = object->if_contains(name)) {
      if (member_value->is_string())
        *into = member_value->get_string();
      else
        add_fault(file, at, std::string("/") + name, "a text is expected");
    }
  std::set<std::string> ids;
  std::size_t index = 0;
  for (const json::value& each : list->get_array()) {
    const std::string pointer = "/rules/" + std::to_string(index++);
    try {
      Rule rule = rule_from_json(each);
      rule.province = file.province;
      resolve(rule, vocabulary, purposes);
      if (!ids.insert(rule.id).second) fault_at("id", "another rule has the id " + rule.id);
      file.rules.push_back(std::move(rule));
    } catch (const MemberFault& fault) {
      const json::object* known = each.if_object();
      const json::value* id = known ? known->if_contains("id") : nullptr;
      add_fault(file, at, pointer + fault.pointer,
                "rule " + (id && id->is_string() ? std::string(id->get_string()) : "?") + ": " +
                    fault.what());
    } catch (const std::exception& error) {
      add_fault(file, at, pointer, error.what());
    }
  }
  return file;
}

}  // namespace beian
