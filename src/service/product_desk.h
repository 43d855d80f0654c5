// The provider's products as administrators keep them: listed, added, changed, ended, read from a
// table, each change with who and when. What applicants see of them is service/products.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "service/review.h"
#include "service/service.h"

namespace beian::service {

// As it was typed or stands in a table.
struct ProductWish {
  std::string instance;  // the operator's own name of it; unique, never changed
  std::string kind;      // server, virtual_host
  std::vector<std::string> ips;
  std::string host_name, region;
  std::string term_from, term_until;  // YYYY-MM-DD
  std::int64_t slots = 0;             // 1 to 1000
  std::string owner_email;            // who need not have an account yet
};

struct ProductSearch {
  std::string text;   // an address, an e-mail, or part of an instance, region or host name
  std::string state;  // sold, full, ending, ended; empty: all
  std::string after;  // `next` of the page before
};
// {products: [AdminProduct], next, counts}: owners masked.
json::object list_products_of_all(Service& s, const ProductSearch& search);
// One with its owner in clear, its websites, codes and changes; the look is written down.
// Refusal{not_found} else.
json::object open_product(Service& s, const Staff& by, Id product);

// Returns its id. Refusal{invalid, "product_invalid"} names every field that is wrong.
Id add_product(Service& s, const Staff& by, const ProductWish& wish);
// The instance stays; one that had ended is sold again. Refusal{stale, "product_changed_meanwhile"}
// unless `version` is the one that was read; Refusal{conflict, "product_same"} for no change.
void change_product(Service& s, const Staff& by, Id product, std::int64_t version,
                    const ProductWish& wish, const std::string& note);
// Takes no more websites from now on; those that it carries keep their slots, and are for staff to
// follow up. Refusal{conflict, "product_ended_before"}, or stale as above.
void end_product(Service& s, const Staff& by, Id product, std::int64_t version,
                 const std::string& note);

// A table (CSV or XLSX) of the columns instance, kind, ips (joined by ';'), host_name, region,
// term_from, term_until, slots, owner_email in this order, with or without a heading row; at most
// 20,000 rows. All or nothing. `by` is nullptr for the operator's command line.
struct ProductImport {
  std::int64_t added = 0, changed = 0, same = 0;
  std::vector<Problem> problems;  // fields "<line>.<column>"; nothing was done when there are any
};
ProductImport import_products(Service& s, const Staff* by, std::string_view file);

}  // namespace beian::service
