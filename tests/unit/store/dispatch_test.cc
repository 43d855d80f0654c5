// The post room's rows on both engines.
#include "store/dispatch.h"

#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class DispatchTest : public StoreTest {
 protected:
  Id order(Id filing, Millis at) {
    Backdrop b;
    b.id = new_id();
    b.filing_id = filing;
    b.address = "{}";
    b.requested_at = at;
    write([&](Tx& tx) { insert_backdrop(tx, keys_, b); });
    return b.id;
  }
  std::vector<Id> ids(const OrderQuery& query) {
    std::vector<Id> out;
    for (const Order& one : read([&](Reader& r) { return list_orders(r, keys_, query); }))
      out.push_back(one.backdrop.id);
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, DispatchTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(DispatchTest, OrdersComeAPageAtATimeAndAreFoundByAnyOfTheirNumbers) {
  const Id one = filing(account("a@applicant.example")).id;
  const Id a = order(one, 100), b = order(one, 100), c = order(one, 300);
  EXPECT_EQ(ids({"requested", "", 0, 0, 2}), (std::vector<Id>{a, b}));
  EXPECT_EQ(ids({"requested", "", 100, b, 2}), (std::vector<Id>{c}));
  write([&](Tx& tx) {
    for (const Id id : {a, b, c}) EXPECT_TRUE(post_backdrop(tx, id, "EMS", "N", 400));
    EXPECT_TRUE(claim_tracking(tx, "EM1001", b, 400));
  });
  EXPECT_EQ(ids({"posted", "", 0, 0, 2}), (std::vector<Id>{c, b})) << "the latest first";
  EXPECT_EQ(ids({"posted", "", 100, b, 2}), (std::vector<Id>{a}));
  EXPECT_EQ(ids({"requested", "EM1001", 0, 0, 9}), (std::vector<Id>{b}));
  EXPECT_EQ(ids({"", id_to_string(c), 0, 0, 9}), (std::vector<Id>{c}));
  EXPECT_EQ(ids({"", id_to_string(one), 0, 0, 9}).size(), 3u);
  EXPECT_EQ(ids({"", "' OR 1=1 --", 0, 0, 9}).size(), 0u);
  EXPECT_EQ(read([&](Reader& r) { return count_orders(r, {}, "posted"); }), 3);
  EXPECT_EQ(read([&](Reader& r) { return find_orders(r, keys_, {}, {c, 5, a}); }).size(), 2u);
}

TEST_P(DispatchTest, ANumberBelongsToOneOrderAndAnOrderEndsOnce) {
  const Id one = filing(account("a@applicant.example")).id;
  const Id a = order(one, 1), b = order(one, 2);
  write([&](Tx& tx) {
    EXPECT_TRUE(claim_tracking(tx, "SF1", a, 3));
    EXPECT_FALSE(claim_tracking(tx, "SF1", b, 3));
    EXPECT_EQ(order_of_tracking(tx, "SF1"), a);
    EXPECT_FALSE(end_order(tx, a, "posted", "returned", "refused", 4));
    EXPECT_TRUE(post_backdrop(tx, a, "EMS", "SF1", 4));
    EXPECT_TRUE(end_order(tx, a, "posted", "returned", "refused", 5));
    EXPECT_FALSE(end_order(tx, a, "posted", "delivered", "", 6));
    set_order_kind(tx, b, "large", a);
    mark_printed(tx, b, 7);
  });
  const Backdrop back = read([&](Reader& r) { return find_backdrop(r, keys_, a).value(); });
  EXPECT_EQ(back.state + back.end_reason, "returnedrefused");
  EXPECT_EQ(back.ended_at, 5);
  const Backdrop next = read([&](Reader& r) { return find_backdrop(r, keys_, b).value(); });
  EXPECT_EQ(next.kind, "large");
  EXPECT_EQ(next.again_of, a);
  EXPECT_EQ(next.printed_at, 7);
}

TEST_P(DispatchTest, StockIsKeptFromTheFirstCountOnWithEveryMove) {
  const auto move = [&](std::int64_t delta, std::optional<std::int64_t> counted = {}) {
    return write([&](Tx& tx) {
      StockMove m;
      m.kind = "standard";
      m.at = 9;
      m.by_id = 1;
      m.reason = counted ? "counted" : "posted";
      m.delta = delta;
      return move_stock(tx, m, counted, 20);
    });
  };
  EXPECT_FALSE(move(-1)) << "what nobody counted is not kept count of";
  EXPECT_TRUE(move(0, 30));
  EXPECT_TRUE(move(-1));
  EXPECT_TRUE(move(-2));
  EXPECT_TRUE(move(0, 25));
  const auto stock = read([&](Reader& r) { return list_stock(r); });
  ASSERT_EQ(stock.size(), 1u);
  EXPECT_EQ(stock[0].n, 25);
  EXPECT_EQ(stock[0].low, 20);
  std::vector<std::pair<std::int64_t, std::int64_t>> moves;
  for (const StockMove& m : read([&](Reader& r) { return list_moves(r, 9); }))
    moves.emplace_back(m.delta, m.n);
  EXPECT_EQ(moves, (std::vector<std::pair<std::int64_t, std::int64_t>>{
                       {-2, 25}, {-2, 27}, {-1, 29}, {30, 30}}));
}

}  // namespace
}  // namespace beian::store
