// What the parts of the exchange with one bureau share.
#pragma once

#include <string>

#include "base/config.h"
#include "bureau/client.h"
#include "service/line_notes.h"
#include "service/service.h"

namespace beian::worker {

struct Line {
  service::Service& s;
  const std::string province;
  const bureau::BureauClient& client;
  const BureauConfig& config;
};

// Empty: go on. Otherwise why the line rests for now, as packed notes (service/line_notes.h): for
// the log and the desk, without secrets or personal data.
using Trouble = std::string;

struct Round {
  Trouble trouble;
  bool more = false;  // it ended because others want their turn, not because all was done
};

// `call`: upload, download, acknowledge, or previous (which upload the bureau had last).
inline Trouble trouble_of(const std::string& call, const bureau::Answer& answer) {
  if (answer.reach == bureau::Reach::answered)
    return service::pack_notes(
        {{"trouble." + call + ".answered", {{"answer", std::to_string(answer.msg_code)}}}});
  if (answer.error.empty()) return service::pack_notes({{"trouble." + call + ".silent"}});
  return service::pack_notes({{"trouble." + call + ".failed", {{"error", answer.error}}}});
}

}  // namespace beian::worker
