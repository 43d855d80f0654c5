// Refusals as application/problem+json (RFC 9457), in the caller's language: what is wrong, why, by
// which rule, and what to do. With worker/loop.cc the only place that catches what ends a request.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/message.h"
#include "base/refusal.h"
#include "base/texts.h"

namespace beian {

int status_of(RefusalCode code);

class Problems {
 public:
  // `texts` must outlive this object.
  explicit Problems(const Texts& texts) : texts_(texts) {}

  // The parameter "retry_after" (seconds) of the refusal becomes the header Retry-After.
  Response render(const Refusal& refusal, std::string_view locale,
                  std::string_view request_id) const;

  // For what HTTP itself refuses (405, 408, 415, …): title and detail are the texts
  // "http_<status>".
  Response render_status(int status, std::string_view locale, std::string_view request_id) const;

  // Runs `work` and turns whatever it throws into an answer: a Refusal as above; a full disk 507, a
  // busy or lost database 503; anything else 500 with nothing but the request id, and a log line.
  Response guard(const std::function<Response()>& work, std::string_view locale,
                 std::string_view request_id) const;

 private:
  const Texts& texts_;
};

}  // namespace beian
