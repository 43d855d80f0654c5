// Records as the console's JSON: ids as decimal strings, times in milliseconds, names of dictionary
// entries beside their ids.
#pragma once

#include "base/json.h"
#include "bureau/messages.h"
#include "sandbox/inside.h"

namespace beian::sandbox {

json::object order_json(const Order& order);
// What the provider sent: organiser, websites, attachments (without their bytes).
json::object filing_json(const Dictionaries& dictionaries, const bureau::NewFiling& filing);
// A published filing: the same shape, with numbers and the bureau's ids.
json::object published_json(const Dictionaries& dictionaries,
                            const bureau::PublishedFiling& filing);

// One picture of a filing: its attachments first, then the scans of its approvals, in order.
struct Picture {
  std::string bytes, content_type;
};
std::optional<Picture> picture_at(const bureau::NewFiling& filing, std::size_t index);

}  // namespace beian::sandbox
