#include "notify/sms_cloud.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>

namespace beian::notify {

const SmsTemplate* template_for(const std::vector<SmsTemplate>& templates,
                                const std::string& notice) {
  const auto found = std::find_if(templates.begin(), templates.end(),
                                  [&](const SmsTemplate& one) { return one.notice == notice; });
  return found == templates.end() ? nullptr : &*found;
}

std::string authority_of(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return {};
  return url.substr(start + 3, url.find_first_of("/?#", start + 3) - start - 3);
}

DeliveryResult without_answer(const OutboundAnswer& answer) {
  if (answer.sent) return {Delivery::refused, "unknown"};
  return {Delivery::later, "connect"};
}

std::string iso_seconds(Millis at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(at / 1000)));
}

std::string iso_day(Millis at) { return iso_seconds(at).substr(0, 10); }

}  // namespace beian::notify
