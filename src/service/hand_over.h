// A filing as the bureau gets it: the content of its last submission, its pictures, our record ids.
#pragma once

#include <vector>

#include "base/refusal.h"
#include "bureau/messages.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

// Reads the filing's pictures from disk: not for use inside a write transaction.
bureau::Upload compose_upload(Service& s, const store::Filing& filing, Id isp_id);

}  // namespace beian::service
