// May this product of the provider carry a website? Pure checks on rows that the service reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/refusal.h"
#include "filing/date.h"

namespace beian {

enum class ProductKind { server, virtual_host };
std::string_view to_string(ProductKind kind);
std::optional<ProductKind> product_kind_from_string(std::string_view text);

struct ProductFacts {
  ProductKind kind = ProductKind::server;
  Id owner = 0;
  std::vector<std::string> ips;  // server: its public addresses
  std::string host_name;         // virtual_host
  Day term_from{};
  Day term_until{};  // last day paid for
  std::int64_t slots = 0;
  std::int64_t slots_used = 0;  // without the site that asks
};

// What the applicant says about it; empty members are not compared.
struct ProductClaim {
  Id account = 0;
  std::vector<std::string> ips;
  std::string host_name;
  bool by_code = false;  // a service code stands in for owning it
};

// A server counts from a term of three months (incumbents ask the same); its addresses must be the
// provider's; a slot must be free. Problems without a field.
std::vector<Problem> check_product(const ProductFacts& product, const ProductClaim& claim,
                                   Day today);

struct ServiceCodeFacts {
  Id for_account = 0;
  std::optional<Id> spent_by;  // filing
  bool revoked = false;
};
// A code is good once, for the account it was made for. `filing` is the one that wants to spend it.
std::optional<Problem> check_service_code(const std::optional<ServiceCodeFacts>& code, Id account,
                                          Id filing);

}  // namespace beian
