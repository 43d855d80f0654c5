// How long personal data is kept (data/retention.json), applied by the clock. Each erasure is an
// audit entry: that is the proof. The rule "backups" is applied by app/backup_expiry.h.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

class Retention {
 public:
  // Throws std::runtime_error for an unknown rule, one that is missing, or days outside its floor
  // and ceiling.
  static Retention from_json(const json::value& document);
  const json::object& document() const { return document_; }
  // The rule's object: name, days, floor, ceiling, source; nullptr where there is none.
  const json::object* rule(std::string_view name) const;

 private:
  json::object document_;
};
// Of data/retention.json; read once.
const Retention& retention_of(const Service& s);
// As the file or an administrator (setting "retention.<rule>") has it.
std::int64_t days_kept(const Service& s, std::string_view rule);
// {rules: [{name, days, floor, ceiling, source, erased, last_at, last_count}], kept}: what is kept
// for how long, and what was erased so far.
json::object show_retention(Service& s, std::string_view locale);

// One round, at most a few hundred of each kind; true while there may be more.
bool apply_retention(Service& s);

}  // namespace beian::service
