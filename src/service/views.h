// Filings as the contract shows them (api/openapi.yaml: Filing, FilingSummary, DeskFiling,
// QueueRow), in the reader's language, masked where the reader has no need to know.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/queues.h"

namespace beian::service {

json::object show_summary(Service& s, Reader& reader, const store::Filing& filing,
                          std::string_view locale);
// For the applicant. `found` are the problems of the draft when the caller has them already.
json::object show_filing(Service& s, Reader& reader, const store::Filing& filing,
                         std::string_view locale);
json::object show_queue_row(Service& s, const store::QueueRow& row, std::string_view locale);
// For staff: in clear only for whoever has claimed it.
json::object show_case(Service& s, Reader& reader, const store::Filing& filing, const Staff& staff,
                       std::string_view locale);

// The content with every person's numbers, phones and addresses masked (design §5.4).
json::object masked_content(const json::object& content);

}  // namespace beian::service
