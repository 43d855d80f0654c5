#include "worker/domains.h"

#include "service/account.h"
#include "service/domain_facts.h"

namespace beian::worker {

Done check_domain(service::Service& s, const OutboundGuard& guard, const store::Job& job) {
  if (const auto id = id_from_string(job.payload)) service::check_domain(s, guard, *id);
  return {};
}

Done patrol_domains(service::Service& s, const store::Job&) {
  service::patrol_domains(s);
  return {s.now() + service::k_hour, ""};
}

}  // namespace beian::worker
