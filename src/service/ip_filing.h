// The provider's own addresses as they are filed with a bureau (the interface's IP branch):
// recorded here, reported, corrected, removed; and the check that the addresses of a website are
// among them, without which the bureau answers 1063.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "bureau/messages.h"
#include "service/audit.h"
#include "service/line_notes.h"
#include "service/review.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/ip_ranges.h"

namespace beian::service {

// Of the addresses that the filing names for its websites, those outside every recorded range.
// Empty where the provider keeps no ranges for this bureau. V3.0 carries IPv4 only.
std::vector<std::string> unreported_ips(Service& s, Reader& reader, const store::Filing& filing);
// The same as advice at the fields (ip_not_reported).
std::vector<Problem> ip_problems(Service& s, Reader& reader, const std::string& province,
                                 const json::object& content);

// What came in a CSV file with a header line (docs/bureau.md): all or nothing. Throws
// Refusal{invalid} with every defect, by line ("2.first").
int import_ip_ranges(Service& s, const Doer& by, const std::string& province,
                     const std::string& csv);
// One record as the page or a CSV line gives it. `id` 0: a new one. Throws Refusal{invalid}.
Id save_ip_range(Service& s, const Doer& by, const std::string& province, Id id,
                 const json::object& fields);
// One that no bureau knows is deleted; a reported one is removed at the bureau first.
void remove_ip_range(Service& s, const Doer& by, Id id);
json::object show_ip_range(const Service& s, const store::IpRangeRow& row, std::string_view locale);

struct IpBatch {
  bureau::Upload upload;
  std::vector<store::IpRangeRow> rows;  // those in it: of one kind and one operation
};
IpBatch compose_ip(const std::vector<store::IpRangeRow>& waiting, Id isp_id);
void mark_ip_sent(Service& s, Tx& tx, std::vector<store::IpRangeRow> rows);
void refuse_ip(Service& s, Tx& tx, std::vector<store::IpRangeRow> rows, const std::string& codes);

// Results and findings of the bureau.
LineNotes apply_ip_download(Service& s, Tx& tx, const std::string& province,
                            const std::string& file_name, const bureau::IpDownload& download);

}  // namespace beian::service
