// Registries and websites are asked from here, on a loop of its own: a slow one holds up nothing
// else.
#pragma once

#include "base/outbound_guard.h"
#include "worker/loop.h"

namespace beian::worker {

// The work of a "check_domain" job; its payload is the question's id.
Done check_domain(service::Service& s, const OutboundGuard& guard, const store::Job& job);
// The work of the one "patrol_domains" job, once an hour.
Done patrol_domains(service::Service& s, const store::Job& job);

}  // namespace beian::worker
