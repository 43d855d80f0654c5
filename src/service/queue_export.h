// A filtered queue as a table to take away: what the queue shows, masked as there. At most 20,000
// rows, read a page at a time; who took what is written down.
#pragma once

#include <string>

#include "documents/table_writer.h"
#include "service/review.h"
#include "service/service.h"
#include "store/queues.h"

namespace beian::service {

inline constexpr std::int64_t k_export_at_most = 20'000;

// The file's bytes. `query.after` and `query.limit` do not count.
std::string export_queue(Service& s, const Staff& staff, store::QueueQuery query,
                         documents::TableFormat format, std::string_view locale);

}  // namespace beian::service
