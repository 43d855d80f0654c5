// The applicant's steps: submit, withdraw, hand in the verification photo, ask for a backdrop.
#pragma once

#include <string>

#include "base/json.h"
#include "service/by.h"
#include "service/service.h"
#include "store/cases.h"
#include "store/filings.h"

namespace beian::service {

// Throws Refusal{invalid, "not_ready"} with every hard problem at once. A repeat of a step that was
// done from the same version answers as the first time.
store::Filing applicant_step(Service& s, const By& by, Id filing, Action action,
                             std::int64_t version);

struct BackdropAddress {
  std::string recipient, phone, province, city, county, address;
};
// What is wrong with it; and as it is kept, one line under another.
std::vector<Problem> check_backdrop_address(const Service& s, const BackdropAddress& address);
std::string backdrop_address_text(const Service& s, const BackdropAddress& address);
// Throws Refusal{conflict} unless the filing waits for verification, or an order is still on its
// way.
store::Backdrop order_backdrop(Service& s, const By& by, Id filing, const BackdropAddress& address);
json::object show_backdrop(const Service& s, const store::Backdrop& backdrop);

}  // namespace beian::service
