// What the parts of the exchange with one bureau share.
#pragma once

#include <string>

#include "base/config.h"
#include "bureau/client.h"
#include "service/service.h"

namespace beian::worker {

struct Line {
  service::Service& s;
  const std::string province;
  const bureau::BureauClient& client;
  const BureauConfig& config;
};

// Empty: go on. Otherwise why the line rests for now: for the log and the desk, without secrets or
// personal data.
using Trouble = std::string;

struct Round {
  Trouble trouble;
  bool more = false;  // it ended because others want their turn, not because all was done
};

inline Trouble trouble_of(const std::string& call, const bureau::Answer& answer) {
  if (answer.reach == bureau::Reach::answered)
    return call + ": code " + std::to_string(answer.msg_code);
  return call + ": " + (answer.error.empty() ? "no answer" : answer.error);
}

}  // namespace beian::worker
