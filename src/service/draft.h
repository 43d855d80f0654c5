// Beginning a filing and filling it in: saved as one types, one field at a time, so that two open
// pages never overwrite each other.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "service/determine.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

struct Change {
  std::string path;
  json::value from, to;  // null: absent
};
std::vector<Change> read_changes(const json::object& body);

// Applies changes of fields; throws Refusal as change_content does.
void apply_changes(const Form& form, json::object& content, const std::vector<Change>& changes);
// A new draft with this content: title, lookup, websites and the first event, in the name of
// `person`. The folder (`client_id`) is the caller's to say: client_for_draft.
store::Filing insert_draft(Service& s, Tx& tx, store::Filing filing, const json::object& content,
                           Id person);

struct Saved {
  store::Filing filing;
  std::vector<Problem> problems;  // everything wrong with the draft now
};
// Throws Refusal{stale, "field_changed"} with a problem (params theirs, yours) per field that holds
// something else by now, Refusal{forbidden, "field_closed"} for fields not open after a return, and
// Refusal{invalid} for what the form cannot hold. Nothing is saved then.
Saved change_content(Service& s, Id account, Id filing, const std::vector<Change>& changes);

store::Filing add_website(Service& s, Id account, Id filing);
store::Filing remove_website(Service& s, Id account, Id filing, const std::string& key);

// One's own filing, or Refusal{not_found} whether it is missing or somebody else's.
store::Filing own_filing(Service& s, Reader& reader, Id account, Id filing);

// Everything wrong with a filing today: form, rules, materials, products.
std::vector<Problem> find_problems(Service& s, Reader& reader, const store::Filing& filing,
                                   const json::object& content);
// The fields open to the applicant now; `all` in a draft.
struct Openness {
  bool all = false;
  std::vector<std::string> paths;
};
Openness openness_of(Service& s, Reader& reader, const store::Filing& filing,
                     const json::object& content);

}  // namespace beian::service
