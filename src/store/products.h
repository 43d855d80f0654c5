// The provider's products (a row each, kept by administrators or imported by the operator), their
// slots, and service codes. A product that has ended takes no more websites; its addresses and its
// host name may be another's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
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
  std::string owner_sealed;  // his e-mail, see owner_of; empty for those imported without it
  std::vector<std::string> ips;
  std::optional<Millis> ended_at;
  std::int64_t version = 1;  // grows with every change
};

// Adds the product, or brings the one of the same instance up to date without touching its used
// slots; one that had ended is sold again. Returns its id. `owner_email` is sealed with it.
Id upsert_product(Tx& tx, const Keyring& keys, const Product& product,
                  const std::string& owner_email);
// The owner's e-mail; empty where neither the row nor an account has it.
std::string owner_of(Reader& reader, const Keyring& keys, const Product& product);
void end_product(Tx& tx, Id product, Millis now);
std::optional<Product> find_product(Reader& reader, Id id);
std::optional<Product> find_product_of_instance(Reader& reader, const std::string& instance);
// These three know only what has not ended.
std::optional<Product> find_product_by_ip(Reader& reader, const std::string& ip);
std::optional<Product> find_product_by_host(Reader& reader, const std::string& host_name);
std::vector<Product> list_products(Reader& reader, const std::string& owner_lookup);

struct ProductQuery {
  std::string text;          // part of an instance, region or host name; empty: all
  std::string ip;            // canonical
  std::string owner_lookup;  // exactly his
  std::string state;         // sold, full, ending (before `ending`), ended; empty: all
  std::string ending;        // YYYY-MM-DD
  std::string after;         // the instance that the page before ended with
  int limit = 50;
};
std::vector<Product> query_products(Reader& reader, const ProductQuery& query);
// How many there are in each state of a query.
struct ProductCounts {
  std::int64_t sold = 0, full = 0, ending = 0, ended = 0;
};
ProductCounts count_products(Reader& reader, const std::string& ending);

struct ProductChange {
  Id id = 0, product_id = 0;
  std::string act;  // added, changed, ended, opened
  std::string changes, note;
  std::optional<Id> by_id;
  std::string by_name;
  Millis at = 0;
};
void insert_product_change(Tx& tx, const ProductChange& change);
std::vector<ProductChange> list_product_changes(Reader& reader, Id product, int limit);

// Which websites hold its slots, the latest first.
struct TakenSlot {
  Id filing_id = 0;
  std::string site_key, domain;
  Millis taken_at = 0;
};
std::vector<TakenSlot> list_slots(Reader& reader, Id product, int limit);

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
