// What the two clouds' gateways share: approved templates, and addresses of their APIs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/outbound.h"
#include "notify/sms.h"

namespace beian::notify {

// The template approved for this notice; nullptr when there is none.
const SmsTemplate* template_for(const std::vector<SmsTemplate>& templates,
                                const std::string& notice);

// "host" or "host:port" of "https://host:port/…", as it stands in the Host header.
std::string authority_of(const std::string& url);

// When no answer came: later if nothing had left yet, else refused as "unknown", since these
// gateways would send a repeated message twice.
DeliveryResult without_answer(const OutboundAnswer& answer);

// The time of a signature, in UTC.
std::string iso_seconds(Millis at);  // 2023-10-26T10:22:32Z
std::string iso_day(Millis at);      // 2023-10-26

}  // namespace beian::notify
