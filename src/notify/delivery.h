// What became of one message, for the outbox to decide on.
#pragma once

#include <string>

namespace beian::notify {

enum class Delivery {
  sent,     // the next machine took responsibility for it
  refused,  // it never will: do not try again
  later,    // trouble that may pass (network, throttling, our own configuration)
};

struct DeliveryResult {
  Delivery outcome = Delivery::later;
  std::string reason;  // a short code such as "smtp_550" or "connect"; never addresses or content
};

}  // namespace beian::notify
