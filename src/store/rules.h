// Rules in the database: the operator's changes, the versions that filings were made with, and
// reviewers' decisions about findings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct RuleEdit {
  Id id = 0;
  std::string province, rule_id;
  std::string edit;  // JSON
  std::string note;
  Id by_id = 0;
  std::string by_name;  // read only
  Millis at = 0;
  Id agreed_by = 0;         // 0: nobody had to
  std::string agreed_name;  // read only
};
void insert_rule_edit(Tx& tx, const RuleEdit& edit);
// Oldest first, at most 5,000.
std::vector<RuleEdit> list_rule_edits(Reader& reader, const std::string& province);
// 0 where there is none: what a cached set is known by.
Id latest_rule_edit(Reader& reader, const std::string& province);

// The last edit of one rule; 0 where there is none.
Id latest_edit_of_rule(Reader& reader, const std::string& province, const std::string& rule);

// An edit that waits for a second person.
struct RuleChange {
  Id id = 0;
  std::string province, rule_id;
  std::string edit;  // JSON: only what this editor changed
  std::string note;
  Id base_id = 0;     // the rule's last edit that he saw; 0: none
  std::string state;  // open, published, refused
  Id asked_by = 0;
  std::string asked_by_name;  // read only
  Millis asked_at = 0;
};
// False where one waits for this rule already.
bool insert_rule_change(Tx& tx, const RuleChange& change);
std::optional<RuleChange> find_rule_change(Reader& reader, Id id);
// Oldest first, at most 200.
std::vector<RuleChange> open_rule_changes(Reader& reader);
// False where it was decided meanwhile.
bool decide_rule_change(Tx& tx, Id id, std::string_view state, Id by, Millis now);
// Active accounts that may agree to a change of rules: rules editors and seniors, but `but`.
std::int64_t count_rule_seconds(Reader& reader, Id but);

// Returns the id of the version with this digest, made if it is new.
Id keep_rule_version(Tx& tx, const std::string& province, const std::string& digest,
                     const std::string& document, Millis now);
std::optional<std::string> find_rule_version(Reader& reader, Id version);

struct RulePin {
  std::string province;
  Id version = 0;
};
void pin_rules(Tx& tx, Id filing, const RulePin& pin);
std::optional<RulePin> find_rule_pin(Reader& reader, Id filing);
// The version of the nation's rules; written once.
void pin_national_rules(Tx& tx, Id filing, Id version);
std::optional<Id> find_national_pin(Reader& reader, Id filing);

struct RuleDecision {
  Id filing_id = 0;
  std::string rule_id, field, decision, reason;
  Id by_id = 0;
  std::string by_name;  // read only
  Millis at = 0;
};
void put_rule_decision(Tx& tx, const Keyring& keys, const RuleDecision& decision);
std::vector<RuleDecision> list_rule_decisions(Reader& reader, const Keyring& keys, Id filing);

// Websites already filed through this platform by whoever has this certificate.
std::int64_t count_filed_sites(Reader& reader, const std::string& organiser_lookup);
// Filing numbers under which this certificate is filed, as far as they are known here.
std::int64_t count_numbers(Reader& reader, const std::string& organiser_lookup);
// The latest filings of a bureau (of all, where `province` is empty) that are more than drafts,
// newest first: to try rules on.
std::vector<Id> latest_filings_of(Reader& reader, const std::string& province, int limit);

}  // namespace beian::store
