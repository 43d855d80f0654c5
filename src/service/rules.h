// The rules of a bureau and of the nation (province k_nation) as they hold for a filing: the
// file's, with what the operator changed, in the version that the filing began with.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/texts.h"
#include "filing/check.h"
#include "filing/form.h"
#include "filing/judge.h"
#include "filing/rule.h"
#include "store/filings.h"

namespace beian::service {

struct Service;

// The rules of one bureau, or the nation's; never changed once made, so threads may share it.
struct RuleSet {
  std::string digest;    // of the document: what a version is known by
  std::string document;  // the rule file, with the operator's changes
  RuleFile file;
};
using RuleSetPtr = std::shared_ptr<const RuleSet>;

// All rule files, read once at start. A file with faults is used as far as it is good.
class RuleShelf {
 public:
  // Reads rules/common.json, rules/national.json and rules/<province>.json; throws only where
  // common.json is bad.
  static std::shared_ptr<RuleShelf> load(const std::string& data_dir,
                                         const std::vector<std::string>& provinces,
                                         const std::vector<std::string>& purposes);

  const RuleVocabulary& vocabulary() const { return vocabulary_; }
  const json::value& common() const { return common_; }
  const std::string& common_json() const { return common_json_; }
  // "data/rules/330000.json:12:7: what", for the log and `beian rules check`.
  const std::vector<std::string>& faults() const { return faults_; }
  bool knows(const std::string& province) const { return shipped_.contains(province); }
  // As shipped; an empty set where there is no such bureau.
  RuleSetPtr shipped(const std::string& province) const;
  // From a text; kept under `key` so that it is made once.
  RuleSetPtr made(const std::string& key, const std::function<std::string()>& document) const;
  // What `ask` said of this province less than a second ago, or says now.
  RuleSetPtr recent(const std::string& province, Millis now,
                    const std::function<RuleSetPtr()>& ask) const;

 private:
  RuleSetPtr make(const std::string& document) const;

  RuleVocabulary vocabulary_;
  json::value common_;
  std::string common_json_;
  std::vector<std::string> purposes_, faults_;
  std::map<std::string, RuleSetPtr> shipped_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, RuleSetPtr> made_;  // bounded
  struct Recent {
    RuleSetPtr rules;
    Millis at = 0;
  };
  mutable std::map<std::string, Recent> recent_;
};

// Adds the papers that only some bureaus ask for to the materials of a form for `kinds`, each
// offered where a rule asks for it.
void add_rule_papers(json::object& form, const std::vector<Kind>& kinds, const RuleShelf& shelf,
                     const std::vector<std::string>& provinces);

// In force now: the file's rules with the operator's latest changes.
RuleSetPtr current_rules(Service& s, Reader& reader, const std::string& province);
// The same without asking the database each time: for content that is no filing yet. What is
// published reaches it a second later.
RuleSetPtr recent_rules(Service& s, const std::string& province);
// What the filing began with; where it has none for its province yet, those in force now.
RuleSetPtr rules_of(Service& s, Reader& reader, const store::Filing& filing);
// The same of the nation's.
RuleSetPtr national_rules_of(Service& s, Reader& reader, const store::Filing& filing);
// Writes down which rules the filing keeps. Does nothing where it has some for its province.
void pin_rules(Service& s, Tx& tx, const store::Filing& filing);
// The same of a filing made in this transaction, which has none.
void pin_rules_of_new(Service& s, Tx& tx, const store::Filing& filing);

struct RuleReport {
  RuleSetPtr rules;                   // the bureau's; the outcomes point into it
  std::vector<RuleOutcome> outcomes;  // of the bureau's rules
  RuleSetPtr nation;                  // null where only the bureau's were asked
  std::vector<RuleOutcome> national;
};
RuleReport judge_filing(Service& s, Reader& reader, const store::Filing& filing,
                        const json::object& content);
// The same of content that is no filing yet, for any set. `outside`: service/rule_facts.h.
RuleReport judge_content(Service& s, RuleSetPtr rules, std::string_view kind,
                         const json::object& content, const std::vector<MaterialPlace>& present,
                         const json::object& outside);
// The same of what was looked at already (filing/check.h).
RuleReport judge_looked(Service& s, RuleSetPtr rules, std::string_view kind,
                        const json::object& content, const std::vector<MaterialPlace>& present,
                        const Looked& looked);
// Adds what fires of the bureau's rules to what the form and the nation's rules said, and takes out
// what the bureau's say more closely and what a reviewer waived.
void add_rule_problems(Service& s, Reader& reader, const store::Filing& filing,
                       const json::object& content, const Looked& looked,
                       std::vector<Problem>& problems);

// One outcome for a page: the rule's words in this language, source, verdict.
json::object show_outcome(const RuleOutcome& outcome, const Texts& texts, std::string_view locale);
// What a filing will need, and the findings: {version, province, items}. What is for other people,
// kinds or cases is left out; of the nation's rules only what is not met is there.
json::object show_report(const RuleReport& report, const Texts& texts, std::string_view locale);

// --- of the operator

struct Staff;
// The decision about a finding that does not block; recorded as an event. Only by whoever holds the
// case. Throws Refusal{invalid} for an unknown finding, one that blocks, or a missing reason.
void decide_finding(Service& s, const Staff& staff, Id filing, const std::string& rule,
                    const std::string& field, const std::string& decision,
                    const std::string& reason);
// A change to one rule as the desk sends it: severity, text, fix, valid_from, valid_until,
// confirmed (bool). Members that are not there stay.
json::object read_rule_edit(const json::object& body);
json::object preview_rule_edit(Service& s, const std::string& province, const std::string& rule,
                               const json::object& edit);
void publish_rule_edit(Service& s, const Staff& staff, const std::string& province,
                       const std::string& rule, const json::object& edit, const std::string& note);
json::object show_desk_rules(Service& s, Reader& reader, const std::string& province,
                             std::string_view locale);
json::array show_decisions(Service& s, Reader& reader, Id filing);

}  // namespace beian::service
