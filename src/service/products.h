// Product verification: does the provider's product carry this website? (The access provider
// answers for the IP being its own and for the term; 33号令 art. 18.)
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "service/service.h"
#include "store/filings.h"
#include "store/products.h"

namespace beian::service {

struct ProductQuestion {  // exactly one is given
  std::optional<Id> product_id;
  std::optional<std::string> ip, host_name, code;
};
struct ProductAnswer {
  std::optional<store::Product> product;
  std::vector<Problem> problems;
  bool by_code = false;
};
ProductAnswer check_product(Service& s, Id account, const ProductQuestion& question);
std::vector<store::Product> products_of(Service& s, Id account);
json::object show_product(Service& s, const store::Product& product, bool with_codes);

// A code for one slot, for the account of `for_email`. Throws when the product is not one's own or
// no slot is left for it.
std::string issue_code(Service& s, Id account, Id product, const std::string& for_email);

// Every website's access against the products, with fields "sites.<key>.access…".
std::vector<Problem> check_products(Service& s, Reader& reader, const store::Filing& filing,
                                    const json::object& content);
// Takes a slot (and spends the code) of each website; problems when one has gone meanwhile.
std::vector<Problem> take_slots(Service& s, Tx& tx, const store::Filing& filing,
                                const json::object& content);

// A server with five slots for whoever tries the demo; its address is from the block set aside for
// benchmarks (RFC 2544), so it is nobody's.
void give_demo_product(Service& s, const std::string& email);

}  // namespace beian::service
