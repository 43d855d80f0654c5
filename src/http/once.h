// A call that its sender may repeat without its being done twice: POST with the header
// Idempotency-Key. The first answer is kept for a day and given again; the key with another body is
// refused; and when the platform was stopped in the middle of the first, whoever repeats is told
// that nobody knows, rather than that it is done again.
#pragma once

#include <functional>

#include "base/message.h"
#include "http/router.h"
#include "service/service.h"

namespace beian {

// For RouterOptions::once.
Response answer_once(service::Service& s, const Identity& who, const Request& request,
                     const std::function<Response()>& work);

}  // namespace beian
