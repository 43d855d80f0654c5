// The post room: backdrop orders by page and search, how each ended, and the stock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/cases.h"
#include "store/scopes.h"

namespace beian::store {

// An order with what the filing it belongs to has become. Of filings outside the scope there are
// none.
struct Order {
  Backdrop backdrop;
  std::string filing_state, province;
};
struct OrderQuery {
  std::string state;    // requested: the oldest first; any other: the latest first
  std::string q;        // an order's or a filing's id, or a tracking number: then of any state
  Millis after_at = 0;  // keyset: the last of the page before; 0 for the first page
  Id after_id = 0;
  int limit = 100;
  StaffScope scope = {};
};
std::vector<Order> list_orders(Reader& reader, const Keyring& keys, const OrderQuery& query);
std::vector<Order> find_orders(Reader& reader, const Keyring& keys, const StaffScope& scope,
                               const std::vector<Id>& ids);
std::int64_t count_orders(Reader& reader, const StaffScope& scope, const std::string& state);

// Claims the number for this order; false when another order has it. Each number is somebody's for
// good, a carrier uses it once; only one that was never this order's is given up again.
bool claim_tracking(Tx& tx, const std::string& tracking_number, Id backdrop, Millis now);
void give_up_tracking(Tx& tx, const std::string& tracking_number, Id backdrop);
std::optional<Id> order_of_tracking(Reader& reader, const std::string& tracking_number);

// From `from` to `to` (returned, cancelled, delivered); false when it stood elsewhere.
bool end_order(Tx& tx, Id id, const std::string& from, const std::string& to,
               const std::string& reason, Millis now);
void set_order_kind(Tx& tx, Id id, const std::string& kind, const std::optional<Id>& again_of);
void mark_printed(Tx& tx, Id id, Millis now);

struct Stock {
  std::string kind;
  std::int64_t n = 0, low = 0;
};
struct StockMove {
  Id id = 0;
  std::string kind;
  Millis at = 0;
  Id by_id = 0;
  std::string by_name, reason;
  std::int64_t delta = 0, n = 0;
  std::optional<Id> backdrop_id;
  std::string note;
};
std::vector<Stock> list_stock(Reader& reader);
std::vector<StockMove> list_moves(Reader& reader, int limit);
// Changes the stock by `delta`, or to `counted` when that is set, and writes the move down. Without
// a row of the kind only counting makes one: what nobody counted is not kept count of; then false.
bool move_stock(Tx& tx, StockMove move, const std::optional<std::int64_t>& counted,
                std::int64_t low);

}  // namespace beian::store
