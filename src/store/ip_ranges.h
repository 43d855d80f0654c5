// The provider's addresses as they are filed with a bureau: where they come from (sources), who
// uses them (allocations), and those that customers brought along.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct IpRangeRow {
  Id id = 0;  // also IspId towards the bureau
  std::string province;
  std::string kind;  // source, allocation, own
  std::int64_t first = 0, last = 0;
  std::string content;  // JSON, opened: the other elements of the record
  std::string wanted;   // nothing, add, change, remove: what the bureau still has to be told
  std::string state;    // recorded, sent, reported, refused, removed
  Id bureau_id = 0;
  std::string codes;  // of the last result: "2003 2056"
  std::int64_t sent_times = 0;
  Millis updated_at = 0;
};
void insert_ip_range(Tx& tx, const Keyring& keys, const IpRangeRow& row);
void update_ip_range(Tx& tx, const Keyring& keys, const IpRangeRow& row);
void delete_ip_range(Tx& tx, Id id);
std::optional<IpRangeRow> find_ip_range(Reader& reader, const Keyring& keys, Id id);
std::optional<IpRangeRow> find_ip_range_by_bureau_id(Reader& reader, const Keyring& keys,
                                                     const std::string& province,
                                                     const std::string& kind, Id bureau_id);
// By address; `province` empty: all.
std::vector<IpRangeRow> list_ip_ranges(Reader& reader, const Keyring& keys,
                                       const std::string& province, int limit);
// One that overlaps and is of the same kind, itself left out.
std::optional<IpRangeRow> overlapping_ip_range(Reader& reader, const Keyring& keys,
                                               const IpRangeRow& row);
// Sources first, oldest first.
std::vector<IpRangeRow> ip_ranges_to_send(Reader& reader, const Keyring& keys,
                                          const std::string& province, int limit);
// Whether a source that the bureau has been told of, or will be, covers the address.
bool has_source_for(Reader& reader, const std::string& province, std::int64_t ip);
// Whether the address lies in a range that the bureau has been told of or will be; nullopt where
// the provider keeps no ranges for this bureau.
std::optional<bool> knows_ip(Reader& reader, const std::string& province, std::int64_t ip);

}  // namespace beian::store
