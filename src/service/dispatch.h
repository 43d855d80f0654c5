// The post room: labels, posting, what came back, and the stock of backdrops. Addresses are masked
// until somebody asks for them; that, and every label, is written down as a look.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/apply.h"
#include "service/review.h"
#include "store/dispatch.h"

namespace beian::service {

// Name, telephone and address of show_backdrop, as whoever has not asked for them sees them.
void mask_backdrop(json::object& shown);
// Schema Order of the contract; with `in_clear` recipient, telephone and address in full.
json::object show_order(const Service& s, const store::Order& order, bool in_clear);
// {"backdrops", "next"?, "counts": {"requested", "posted", "returned"}}, of what lies in the scope
// of this one of the staff.
json::object show_orders(Service& s, const Staff& staff, store::OrderQuery query);
// One order in clear; the look is written down.
json::object reveal_order(Service& s, const Staff& staff, Id backdrop);

// {"formats": [{"format", "label", "each"}], "kinds", "reasons"}: what the page offers.
json::object dispatch_choices(const Service& s, std::string_view locale);
// A PDF of at most 200 labels in the order asked for, the first at place `start` (0: top left). The
// looks, and that the labels were printed, are written down. Throws Refusal{not_found} for an order
// that is not there or needs no label any more, and Refusal{invalid, "labels_invalid"}.
std::string print_labels(Service& s, const Staff& staff, const std::vector<Id>& orders,
                         const std::string& format, std::int64_t start);

// Typed wrongly, put right. The address, while nothing is on its way; a label printed before has to
// be printed again. Throws Refusal{invalid, "backdrop_invalid"}, Refusal{conflict,
// "backdrop_posted_before"}, "backdrop_not_needed".
store::Backdrop correct_backdrop_address(Service& s, const Staff& staff, Id backdrop,
                                         const BackdropAddress& address);
// Carrier and number of one that is on its way; the applicant gets the right one. The wrong number
// is free for the order that it belongs to. Throws Refusal{conflict, "backdrop_not_posted"},
// "tracking_used".
store::Backdrop correct_tracking(Service& s, const Staff& staff, Id backdrop,
                                 const std::string& carrier, const std::string& tracking_number);
// A number scanned into the wrong row: it was not posted and waits again, its number is free, the
// backdrop is counted again, the applicant is told. Throws Refusal{conflict,
// "backdrop_not_posted"}.
store::Backdrop unpost_backdrop(Service& s, const Staff& staff, Id backdrop);

// A parcel came back. `reason` is one of address_wrong, not_reached, refused, damaged, other; with
// `restock` the backdrop lies in the store room again. The applicant is told. Throws
// Refusal{conflict, "backdrop_not_posted"} when it was not on its way.
void return_backdrop(Service& s, const Staff& staff, Id backdrop, const std::string& reason,
                     bool restock);
// A new order in place of one that came back, to the same address, or to the one the applicant gave
// on the telephone. Throws Refusal{conflict, "backdrop_not_returned"}, "backdrop_ordered" while
// another one is open, "backdrop_not_needed" when the filing has ended.
store::Backdrop send_backdrop_again(Service& s, const Staff& staff, Id backdrop,
                                    const std::optional<BackdropAddress>& address);
// Not posted, because nobody needs it any more. Refusal{conflict, "backdrop_posted_before"} else.
void cancel_backdrop(Service& s, const Staff& staff, Id backdrop);

// Tracking numbers from a carrier's table (CSV or XLSX), a row each: order, carrier, number, under
// a heading row in which these three are named in Chinese or English. Every row is posted on its
// own; one that was posted before with the same number counts as done. At most 5,000 rows. Returns
// {"posted", "done", "failed", "rows": [{"line", "order", "tracking_number", "message", "fix"}]}
// with the rows that failed. Throws Refusal{invalid, "tracking_table_invalid"} when the file cannot
// be read or a heading is missing.
json::object post_by_table(Service& s, const Staff& staff, std::string_view file,
                           std::string_view locale);

// {"kinds": [{"kind", "label", "n"|null, "low", "is_low"}], "moves": […]}
json::object show_stock(Service& s, std::string_view locale);
// `reason`: received (n more), lost (n fewer) or counted (there are n). Throws Refusal{invalid,
// "stock_invalid"}; Refusal{conflict, "stock_not_counted"} for the first two before the first
// count.
void change_stock(Service& s, const Staff& staff, const std::string& kind,
                  const std::string& reason, std::int64_t n, const std::string& note);
// The kind that a filing of this bureau gets.
std::string backdrop_kind_for(const Service& s, const std::string& province);

}  // namespace beian::service
