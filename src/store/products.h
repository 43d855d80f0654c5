// The provider's products (a row each, imported by the operator), their slots, and service codes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Product {
  Id id = 0;
  std::string instance;
  std::string kind;  // server, virtual_host
  std::string region;
  std::optional<std::string> host_name;
  std::string term_from, term_until;  // YYYY-MM-DD
  std::int64_t slots = 0, slots_used = 0;
  std::string owner_lookup;  // store::email_lookup of the owner
  std::vector<std::string> ips;
};

// Adds the product, or brings the one of the same instance up to date without touching its used
// slots.
void upsert_product(Tx& tx, const Product& product);
std::optional<Product> find_product(Reader& reader, Id id);
std::optional<Product> find_product_by_ip(Reader& reader, const std::string& ip);
std::optional<Product> find_product_by_host(Reader& reader, const std::string& host_name);
std::vector<Product> list_products(Reader& reader, const std::string& owner_lookup);

struct ServiceCode {
  Id id = 0;
  std::string masked;
  Id product_id = 0;
  std::string for_lookup;
  std::optional<Id> spent_filing;
};

void insert_code(Tx& tx, Id id, const std::string& code, const std::string& masked, Id product,
                 const std::string& for_lookup, Id issued_by, Millis now);
std::optional<ServiceCode> find_code(Reader& reader, const std::string& code);
std::vector<ServiceCode> list_codes(Reader& reader, Id product);

// Takes a slot for a site; false when none is free. A site that has one of this product keeps it.
bool take_slot(Tx& tx, Id filing, const std::string& site, Id product, Millis now);
// Spends the code for a site; false when it was spent for another.
bool spend_code(Tx& tx, Id code, Id filing, const std::string& site);
// Gives back the slots and codes of the filing's websites, but for those the bureau has passed.
void release_slots(Tx& tx, Id filing);
void release_slot(Tx& tx, Id filing, const std::string& site);
std::optional<Id> slot_product(Reader& reader, Id filing, const std::string& site);
bool has_slot(Reader& reader, Id filing, const std::string& site, Id product);

}  // namespace beian::store
