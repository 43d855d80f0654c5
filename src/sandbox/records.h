// One record of an upload whatever its kind, and what of the registry it is about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bureau/messages.h"
#include "sandbox/orders.h"
#include "sandbox/registry.h"
#include "sandbox/subjects.h"

namespace beian::sandbox {

struct Record {
  Operation operation = Operation::new_filing;
  bureau::Upload alone;       // exactly this record
  Id isp_record = 0;          // Jlid of its decision
  std::string mark;           // Bs of its result: for what is not new, the id or number as sent
  std::string password_hash;  // ICPmm

  const bureau::NewFiling& filing() const { return alone.new_filings.at(0); }
  const bureau::NewWebsites& websites() const { return alone.new_websites.at(0); }
  const bureau::NewAccess& access() const { return alone.new_accesses.at(0); }
  const bureau::Change& change() const { return alone.changes.at(0); }
  const bureau::Cancellation& cancellation() const { return alone.cancellations.at(0); }
  const bureau::Attachment& material() const { return alone.materials.at(0); }
  const std::vector<bureau::Attachment>& attachments() const;
};

// The orders in a file (not its answers to the bureau's own tasks, nor IP and domain filing).
std::vector<Record> records_of(const bureau::Upload& upload);
// The only record of a stored order; nullopt for one whose characters could not be kept.
std::optional<Record> record_of(const std::string& xml);

struct Target {
  std::optional<Subject> subject;
  Id site = 0, access = 0;
  Id access_provider = 0;
  // 0, or why there is nothing: 1016, 1049, 1050, 1058, 1059.
  std::int64_t fault = 0;
};
Target find_target(Reader& reader, const Record& record);

// What the order occupies until it is decided. For a change only what the filing does not have yet.
std::vector<Claim> claims_of(Id isp_id, const Record& record, const Target& target);

// The filing as it would be after a pass; also what is shown of an order beforehand. `isp_id` is
// whose order it is. Cancellations take away, the others add or replace.
void apply(bureau::PublishedFiling& filing, const Record& record, const Target& target, Id isp_id);

// For lists: its organiser and its domains.
std::string organiser_of(const Record& record, const Target& target);
std::string domains_of(const Record& record, const Target& target);

}  // namespace beian::sandbox
