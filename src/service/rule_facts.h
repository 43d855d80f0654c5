// What the platform knows of a filing beside its content, for the '$' paths of rules.
#pragma once

#include "base/json.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

// Before derive_facts (filing/derived.h): kind, sites_filed, sites_new, sites_total; from the
// registry several_numbers, persons_elsewhere and of a website name_used_before — only where it
// speaks against, since other providers' records are not all here; of a domain what was found out.
json::object outside_facts(Service& s, Reader& reader, const store::Filing& filing,
                           const json::object& content);
// Of content that is no filing yet.
json::object counted_facts(std::string_view kind, const json::object& content,
                           std::int64_t sites_filed);

// Is there anything in the platform that tells this '$' path ("$sites_total", "$.domain_until")?
// What is false here no filing will ever know: the rule always reminds.
bool is_told(std::string_view path);

}  // namespace beian::service
