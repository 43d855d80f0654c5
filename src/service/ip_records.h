// One record of the IP branch between a CSV line, the page's form, our row and the interface's
// message. Fields by name: kind, first, last, and by kind source_unit, source_name, state,
// allotted_to, method, since, redirects, unit_name, nature, province, city, county, address,
// contact_name, contact_phone, contact_email, gateway, gateway_place, unit_class, industry, remark.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "bureau/messages.h"
#include "store/ip_ranges.h"

namespace beian::service {

struct IpRecord {
  int line = 0;           // of a CSV file, the header is 1
  store::IpRangeRow row;  // kind, first, last and content
  std::vector<Problem> problems;
};

IpRecord read_ip_record(const json::object& fields);
// Throws Refusal{invalid, "csv_invalid"} when it is no such table.
std::vector<IpRecord> read_ip_csv(const std::string& csv, std::size_t most_lines);
// Adds what `row.wanted` says about the row.
void put_ip_record(bureau::IpUpload& upload, const store::IpRangeRow& row);

}  // namespace beian::service
