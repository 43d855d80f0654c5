// Which filings one of the staff works on: those of some provinces or customers. Every list of
// filings and every verb at one asks here; what lies outside is as if it were not there (404).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct StaffScope {
  std::vector<std::string> provinces;  // GB/T 2260; none: all
  std::vector<Id> customers;           // accounts; none: all

  bool is_whole() const { return provinces.empty() && customers.empty(); }
  bool covers(std::string_view province, Id customer) const;
  // For what belongs to a bureau and not to one filing (its tasks, its files): whoever is there for
  // some customers only has no part in it.
  bool covers_province(std::string_view province) const;

  bool operator==(const StaffScope&) const = default;
};

// Of one of the staff; whole for whoever was given none.
StaffScope scope_of(Reader& reader, Id staff);
void put_scope(Tx& tx, Id staff, const StaffScope& scope);

// " AND f.province IN ($3, $4) AND f.account_id IN ($5)" for the filings named `alias`, or nothing;
// its values are added to `params`, whose places are counted on from there.
std::string scope_condition(const StaffScope& scope, std::string_view alias, Params& params);

// How it stands in a request for a role; empty for the whole.
std::string to_text(const StaffScope& scope);
StaffScope scope_from_text(const std::string& text);

}  // namespace beian::store
