#include "service/ends.h"

#include <algorithm>

#include "service/account.h"
#include "service/act.h"
#include "service/tell.h"

namespace beian::service {
namespace {

constexpr int k_most_a_round = 100;
constexpr Millis k_hands_on = k_day;  // whoever works on it today is not cut off

bool waits_for_applicant(State state) {
  return state == State::initial_returned || state == State::bureau_returned ||
         state == State::verification;
}

void end_one(Service& s, Id id) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (!filing || !waits_for_applicant(filing->state) || !filing->due_at ||
        *filing->due_at > s.now() || filing->updated_at > s.now() - k_hands_on)
      return;
    act(s, tx, *filing, {Action::expire, Actor::clock, std::nullopt, ""});
  });
}

void warn_one(Service& s, Id id, std::int64_t days) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (filing && waits_for_applicant(filing->state)) tell_filing_ends(s, tx, *filing, days);
  });
}

}  // namespace

void tend_waiting_filings(Service& s) {
  const Millis now = s.now();
  const auto over = s.db.read([&](Reader& reader) {
    return store::overdue_filings(reader, now, now - k_hands_on, k_most_a_round);
  });
  for (const Id id : over) end_one(s, id);
  // The nearest day is the one to tell: a platform that was off for a week does not send two.
  std::vector<std::int64_t> days = s.reference.warn_days;
  std::ranges::sort(days);
  Millis from = now;
  for (const std::int64_t n : days) {
    const Millis until = now + n * k_day;
    const auto ids = s.db.read([&](Reader& reader) {
      return store::filings_due_between(reader, from, until, n, k_most_a_round);
    });
    for (const Id id : ids) warn_one(s, id, n);
    from = until;
  }
}

}  // namespace beian::service
