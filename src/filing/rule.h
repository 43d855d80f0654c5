// Rules beyond the form: national ones (data/rules/national.json) and each bureau's
// (data/rules/<province code>.json); docs/rules.md explains the files to whoever edits them. Every
// rule has a source, a date and a confidence; one that is neither law nor confirmed by the operator
// only warns.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filing/condition.h"
#include "filing/dictionary.h"

namespace beian {

enum class RequirementKind {
  value,          // a field holds what `must` or `check` says
  relation,       // persons, phones, addresses stand to each other as said
  limit,          // so many websites or domains in one order or for one organiser
  remark,         // something has to be written into a field; `template_text` may begin it
  material,       // a paper has to be uploaded
  authorisation,  // a letter that makes somebody the person responsible
  verification,   // how the person is verified
  notice,         // nothing to do: what the bureau allows, or what to expect
};
std::string_view to_string(RequirementKind kind);

// What happens where a rule is not met. `hard` stops a submission, but see blocks().
enum class Severity { hard, warn, info };
std::string_view to_string(Severity severity);

// Where a province's code would stand: the whole country.
inline constexpr std::string_view k_nation = "000000";

struct Confirmation {
  std::string by, on;  // who asked the bureau, and the day
};

struct Rule {
  std::string id;
  std::string province;             // k_nation for a national rule
  std::vector<std::string> groups;  // whom it concerns, by name; empty: everybody
  std::vector<std::string> kinds;   // of filing; empty: every kind
  Condition who;                    // the groups, as a condition
  bool each_site = false;
  std::string field;  // where it is shown; begins with '.' when each_site
  Condition when;
  bool when_absent = false;  // also asked when the field is empty
  RequirementKind kind = RequirementKind::value;
  // What must hold; or a named check where a condition cannot say it: "differs" (from the value at
  // `params.from`), "later" (a date after the one at `params.from`), "age" (at least
  // `params.years`, by the birth date in the number), "months_left" (at least `params.months`),
  // "region" (two digits of an 18-character number, from position `params.offset`, are those of the
  // province at `params.of`), "city_named" (the address names the city at `params.of`),
  // "known_body" (the name holds none of the names in `params.bodies`, separated by 、, nor one
  // that differs in a single character of at least four, unless the text at `params.of`, the
  // organiser's own name, has it too). Without either, nothing in a filing can show whether the
  // rule is met: it reminds.
  Condition must;
  bool has_must = false;
  std::string check;
  std::map<std::string, std::string> params;
  struct Body {
    std::string name;
    std::vector<char32_t> points;
  };
  std::vector<Body> bodies;        // of `params.bodies`, taken apart once
  std::vector<std::string> needs;  // '$' paths without which nothing can be told: then it reminds
  std::string purpose;             // of material and authorisation
  std::string code;  // of data/texts/*/problems; "province_rule" where the rule has its own `text`
  Labels text;       // what is asked, in one or two sentences
  Labels fix;        // what to do; may be empty
  Labels template_text;  // of a remark; may be empty
  Severity severity = Severity::warn;
  bool law = false;       // national law or the bureau's interface: blocks without being confirmed
  bool conflict = false;  // its sources disagree
  std::optional<Confirmation> confirmed;
  std::vector<std::string> sources;  // keys of common.json ("!" before one that disagrees), or text
  Labels source;                     // as it is shown, with the date
  std::string date;        // of the source: "2025-12-31", "≤2023" (no later than), "undated"
  std::string confidence;  // high, medium, low
  std::string valid_from, valid_until;  // days; empty: open
  // The national rule that says the same at the same field, less closely: where both are not met,
  // only this one is told (drop_replaced in judge.h).
  std::string replaces;

  // Not met, it stops a submission: hard, and law or confirmed.
  bool blocks() const { return severity == Severity::hard && (law || confirmed); }
  bool valid_on(std::string_view day) const {
    return (valid_from.empty() || valid_from <= day) && (valid_until.empty() || day <= valid_until);
  }
};

// What rule files refer to: data/rules/common.json.
struct RuleGroup {
  std::string name;
  Labels label;
  Condition holds;
};
struct RulePaper {
  std::string purpose;
  Labels label;
};
struct RuleVocabulary {
  std::vector<RuleGroup> groups;
  std::map<std::string, Labels, std::less<>> sources;  // key -> title
  std::vector<RulePaper> papers;                       // beside those of the form

  static RuleVocabulary from_json(const json::value& value);
  const RuleGroup* group(std::string_view name) const;
};

// One thing that is wrong with a rule file. `pointer` (RFC 6901) says where.
struct RuleFault {
  std::string pointer;
  std::string what;
  std::size_t line = 0, column = 0;  // from 1; 0 where it is not known
};
struct RuleFile {
  std::string province;  // or k_nation
  std::string version;
  std::vector<Rule> rules;  // the good ones
  std::vector<RuleFault> faults;
};

// A rules document, as data/rules/national.json. Throws std::runtime_error naming the fault.
std::vector<Rule> rules_from_json(const json::value& value, const RuleVocabulary& vocabulary);

// The same, keeping what is good: a faulty rule is left out and said in `faults`. `known_purposes`
// are the materials of the forms. Never throws for what the file contains.
RuleFile read_rule_file(std::string_view text, const RuleVocabulary& vocabulary,
                        const std::vector<std::string>& known_purposes);

// Line and column (characters, from 1) of every member and element, by pointer. For messages.
std::map<std::string, std::pair<std::size_t, std::size_t>> json_places(std::string_view text);

}  // namespace beian
