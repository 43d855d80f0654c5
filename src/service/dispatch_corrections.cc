// What was typed wrongly about an order is put right: where to, under which number, whether at all.
#include "base/text.h"
#include "filing/check.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/dispatch_parts.h"
#include "service/tell.h"

namespace beian::service {

store::Backdrop correct_backdrop_address(Service& s, const Staff& staff, Id backdrop,
                                         const BackdropAddress& address) {
  const auto problems = check_backdrop_address(s, address);
  if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "backdrop_invalid", problems);
  return s.db.write([&](Tx& tx) {
    const store::Order order = order_of(s, tx, staff, backdrop);
    if (order.backdrop.state == "requested" && has_ended(order))
      throw Refusal(RefusalCode::conflict, "backdrop_not_needed");
    if (!store::correct_backdrop_address(tx, s.keys, backdrop, backdrop_address_text(s, address)))
      throw Refusal(RefusalCode::conflict, "backdrop_posted_before");
    note_event(s, tx, order.backdrop.filing_id, Actor::staff, staff.id, "backdrop_readdressed");
    return store::find_backdrop(tx, s.keys, backdrop).value();
  });
}

store::Backdrop correct_tracking(Service& s, const Staff& staff, Id backdrop,
                                 const std::string& carrier, const std::string& tracking_number) {
  const std::string by = clean_line(carrier), number = clean_line(tracking_number);
  check_parcel(by, number);
  store::Backdrop out = s.db.write([&](Tx& tx) {
    const store::Backdrop before = order_of(s, tx, staff, backdrop).backdrop;
    if (!store::correct_tracking(tx, backdrop, by, number))
      throw Refusal(RefusalCode::conflict, "backdrop_not_posted");
    const store::Backdrop after = store::find_backdrop(tx, s.keys, backdrop).value();
    if (before.carrier == by && before.tracking_number == number) return after;
    if (before.tracking_number != number) {
      store::give_up_tracking(tx, before.tracking_number.value_or(""), backdrop);
      claim_number(s, tx, number, backdrop);
    }
    note_event(s, tx, after.filing_id, Actor::staff, staff.id, "backdrop_corrected",
               json::serialize(json::object{{"carrier", by}, {"tracking_number", number}}));
    tell_backdrop_corrected(s, tx, store::find_filing(tx, s.keys, after.filing_id).value(), after);
    return after;
  });
  s.wake_workers();
  return out;
}

store::Backdrop unpost_backdrop(Service& s, const Staff& staff, Id backdrop) {
  store::Backdrop out = s.db.write([&](Tx& tx) {
    const store::Backdrop before = order_of(s, tx, staff, backdrop).backdrop;
    if (!store::unpost_backdrop(tx, backdrop))
      throw Refusal(RefusalCode::conflict, "backdrop_not_posted");
    store::give_up_tracking(tx, before.tracking_number.value_or(""), backdrop);
    move_backdrop(s, tx, staff, before, "unposted", 1);
    note_event(
        s, tx, before.filing_id, Actor::staff, staff.id, "backdrop_unposted",
        json::serialize(json::object{{"carrier", before.carrier.value_or("")},
                                     {"tracking_number", before.tracking_number.value_or("")}}));
    tell_backdrop_unposted(s, tx, store::find_filing(tx, s.keys, before.filing_id).value(), before);
    return store::find_backdrop(tx, s.keys, backdrop).value();
  });
  s.wake_workers();
  return out;
}

}  // namespace beian::service
