// What is found out about a filing's domains outside: who registered them until when (RDAP, else
// WHOIS), where they lead and what stands there. Asked by leased jobs and kept as evidence; nothing
// is asked where the operator does not allow it (config: domains.lookups). docs/domains.md.
#pragma once

#include "base/json.h"
#include "base/outbound_guard.h"
#include "service/service.h"
#include "store/domain_facts.h"
#include "store/filings.h"

namespace beian::service {

// Writes down the questions that are due: about registration when it was not asked for a day, about
// the website when it was not asked for an hour, and with `again` both after a minute.
void ask_about_domains(Service& s, Tx& tx, const store::Filing& filing, bool again);
// Served websites that were not looked at for config.domains.patrol_days.
void patrol_domains(Service& s);

// The work of a "check_domain" job: asks outside, then keeps the answer. Doing it twice does no
// harm.
void check_domain(Service& s, const OutboundGuard& guard, Id check);

// Of one domain for the rules: registered_holder, registered_until, registrar_domestic,
// domain_private, domain_days (since it was registered), resolves_as_filed, website_open; only what
// an answer of the last 30 days says.
json::object known_of_domain(Service& s, Reader& reader, const std::string& domain,
                             const std::vector<std::string>& filed_ips);

// For pages: {"enabled", "sites": [{"key", "domain", …}]}. With `masked` a holder's name is.
json::object show_domains(Service& s, Reader& reader, const store::Filing& filing, bool masked);

}  // namespace beian::service
