// Writes down who did what, for the audit trail (store/audit.h). Acts on filings get there through
// store::insert_event; this is for everything else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"
#include "store/audit.h"

namespace beian::service {

// Who did it: a person by account, or the platform itself.
struct Doer {
  std::string_view actor = "nobody";  // applicant, staff, worker, clock, operator, nobody
  std::optional<Id> id;
};
Doer doer_of(Role role, Id account);

// `detail` holds codes, ids and counts, never personal data.
void record(const Service& s, Tx& tx, const Doer& doer, std::string_view act,
            const std::string& subject, const json::object& detail = {});
std::string subject_account(Id account);
std::string subject_filing(Id filing);

// Where the chain's end is written outside the database, beside the key file: by the clock each
// minute, at every stop and by `beian audit head`. Verification holds the chain against it.
std::string audit_head_file(const Config& config);
void keep_audit_head(const Service& s);
std::optional<store::AuditHead> kept_audit_head(const Config& config);

}  // namespace beian::service
