// The audit trail: append-only, each entry bound to the one before it by a keyed hash.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct AuditEntry {
  std::int64_t seq = 0;
  Millis at = 0;
  std::string actor;  // applicant, staff, bureau, worker, clock, operator, nobody
  std::optional<Id> actor_id;
  std::string act;      // "filing.submit", "look.case", "account.logged_in"
  std::string subject;  // "filing/123"; empty for none
  std::string detail;   // JSON of codes, ids and counts; never personal data
  std::string mac;
};

// Appends at the end of this transaction (Tx::before_commit): the chain has one end, and its lock
// is held for the commit alone. `seq` and `mac` are found then.
void append_audit(Tx& tx, const Keyring& keys, AuditEntry entry);

// The end of the chain. Kept apart from the database it proves that nothing was cut off since.
struct AuditHead {
  std::int64_t seq = 0;
  std::string mac;
  bool operator==(const AuditHead&) const = default;
};
AuditHead audit_head(Reader& reader);
// "<seq>:<mac in hex>", and back; nullopt when it is none.
std::string to_string(const AuditHead& head);
std::optional<AuditHead> head_from_string(const std::string& text);

struct AuditFinding {
  std::int64_t entries = 0;  // how many were read
  std::int64_t seq = 0;      // the first that is wrong; 0: the chain is whole
  std::string what;          // changed, missing, extra, cut, event_changed
};
// Reads the whole chain. `kept`: a head written down earlier, outside the database.
AuditFinding verify_audit(Reader& reader, const Keyring& keys,
                          const std::optional<AuditHead>& kept = std::nullopt);

struct AuditQuery {
  std::string act;      // beginning of the act: "filing.", "account.logged_in"; empty: all
  std::string subject;  // exactly; empty: all
  std::optional<Id> actor_id;
  Millis from = 0, until = INT64_MAX;
  std::int64_t before = INT64_MAX;  // entries with a smaller seq: the page after this one
  int limit = 50;
};
// Newest first.
std::vector<AuditEntry> list_audit(Reader& reader, const AuditQuery& query);

}  // namespace beian::store
