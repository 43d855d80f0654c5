// Records as the console's JSON: ids as decimal strings, times in milliseconds, names of dictionary
// entries beside their ids.
#pragma once

#include "base/json.h"
#include "bureau/messages.h"
#include "sandbox/orders.h"
#include "sandbox/records.h"

namespace beian::sandbox {

json::object order_json(const Order& order);
json::array attachments_json(const std::vector<bureau::Attachment>& attachments);
std::string dotted(std::uint32_t ip);
// A filing, published or not: organiser and websites. Numbers and the bureau's ids where it has
// any.
json::object published_json(const Dictionaries& dictionaries,
                            const bureau::PublishedFiling& filing);

// One picture of an order: its attachments first, then the scans of its approvals, in order.
struct Picture {
  std::string bytes, content_type;
};
std::optional<Picture> picture_at(const Record& record, std::size_t index);

}  // namespace beian::sandbox
