// What the files of the post room share (dispatch.cc, dispatch_corrections.cc).
#pragma once

#include <string>

#include "service/dispatch.h"

namespace beian::service {

// Throws Refusal{not_found} for one outside this one's scope.
store::Order order_of(Service& s, Reader& reader, const Staff& staff, Id id);
// The filing it belongs to.
bool has_ended(const store::Order& order);
// Throws Refusal{invalid, "backdrop_invalid"}. Both without blanks around them.
void check_parcel(const std::string& carrier, const std::string& number);
// Throws Refusal{conflict, "tracking_used"}.
void claim_number(Service& s, Tx& tx, const std::string& number, Id backdrop);
// Takes it from the store room or puts it there, and writes that down.
void move_backdrop(Service& s, Tx& tx, const Staff& staff, const store::Backdrop& backdrop,
                   const std::string& reason, std::int64_t delta);

}  // namespace beian::service
