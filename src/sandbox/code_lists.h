// The bureau's code tables (基础代码): those of the data files, as the officers have changed them.
// They decide what an order may say, and are sent to providers as JCDM.
#pragma once

#include <string>
#include <vector>

#include "bureau/messages.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct CodeChange {
  std::string list;
  std::int64_t id = 0;
  std::string name;
  bool valid = true;
  std::int64_t parent = 0;  // of a certificate type: its nature
};

// natures, certificate_types, services, languages, access_methods, approvals, cancel_reasons,
// unfiled_outcomes, verification_opinions, domain_kinds, attachment_purposes.
const std::vector<std::string>& code_list_names();

// Throws Refusal{invalid} for an unknown list, an id out of 1 to 999 or a name that is empty or
// longer than the interface carries.
void change_code(Tx& tx, const CodeChange& change);

Dictionaries dictionaries_now(Reader& reader, const Dictionaries& base);

// One list whole, entries that were withdrawn included; an empty name: all of them, and the units.
bureau::CodeLists code_lists(Reader& reader, const Setup& setup, const std::string& list);

struct CodeRow {
  std::int64_t id = 0;
  std::string name;
  bool valid = true;
  bool changed = false;
  std::int64_t parent = 0;
};
std::vector<CodeRow> code_rows(Reader& reader, const Dictionaries& base, const std::string& list);

}  // namespace beian::sandbox
