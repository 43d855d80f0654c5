// Changes to one rule, of a bureau or of the nation: tried on the latest filings, then published.
// Where a rule stops filings, before or after the change, and the setting "rules.second_editor" is
// on, it holds only when a second person (rules editor or senior) has agreed; where nobody else has
// that role, the one alone publishes.
#pragma once

#include <string>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// Whether `staff` needs a second person for this change (of read_rule_edit in service/rules.h).
// preview_rule_edit tells what it would do; publish_rule_edit publishes it, or leaves it to a
// second person: Refusal{conflict, "rule_change_open"} where one waits for this rule already.
bool needs_second(Service& s, const Staff& staff, const std::string& province,
                  const std::string& rule, const json::object& edit);
// Whether a change by `staff` waits for this rule.
bool waits_for_second(Service& s, const Staff& staff, const std::string& province,
                      const std::string& rule);

// {changes: [{id, province, rule, text, note, by, at, mine, may_agree, members}]}, oldest first.
json::object show_rule_changes(Service& s, const Staff& staff, std::string_view locale);
// As preview_rule_edit, of one that waits.
json::object preview_rule_change(Service& s, Id change);
// Publishes what another one wrote. Refusal{forbidden, "rule_own_change"} for its editor,
// "rule_second_not_yours" for who is neither rules editor nor senior; Refusal{conflict}
// "rule_change_decided", or "rule_changed_meanwhile" where the rule is another by now.
void agree_rule_change(Service& s, const Staff& staff, Id change);
// By another one, or taken back by its editor.
void refuse_rule_change(Service& s, const Staff& staff, Id change);

// The rule with this id in a rule file; null where there is none.
const json::value* rule_in(const json::value& document, const std::string& id);
// What an edit says otherwise than its rule did: [{member, before, after}], in words; member:
// confirmed, severity, text_zh, text_en, fix_zh, fix_en, from, until. `before` and `after` are
// rules of a file (JSON objects).
json::array rule_difference(const json::object& before, const json::object& after);

}  // namespace beian::service
