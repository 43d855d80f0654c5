// Telling an account's programs of every change of state: queued in the transaction of the change,
// sent by leased jobs with growing pauses for three days, kept for thirty for looking and sending
// again. A delivery has one id however often it is tried, so that its receiver can tell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/service.h"
#include "store/filings.h"
#include "store/webhooks.h"

namespace beian::service {

inline constexpr std::int64_t k_most_webhooks = 10;

// Throws Refusal{invalid} for an address that may not be called. The secret is in the result, and
// never shown again.
store::Webhook add_webhook(Service& s, Id account, const std::string& url);
std::vector<store::Webhook> webhooks_of(Service& s, Id account);
void remove_webhook(Service& s, Id account, Id webhook);
// Paused ones are told nothing and miss what happens meanwhile.
store::Webhook pause_webhook(Service& s, Id account, Id webhook, bool paused);
// Queues an event "test".
store::Delivery test_webhook(Service& s, Id account, Id webhook);

// Newest first, at most `limit`; those before `before` when it is not 0.
std::vector<store::Delivery> deliveries_of(Service& s, Id account, Id webhook, Id before,
                                           int limit);
// Sends one again, as it was, whatever became of it.
store::Delivery replay_delivery(Service& s, Id account, Id webhook, Id delivery);
// Sends all that has not arrived now, oldest first, whenever its next try would have been: after
// the receiver was away. How many, at most k_most_replayed; asked again it goes on.
inline constexpr int k_most_replayed = 500;
std::int64_t replay_undelivered(Service& s, Id account, Id webhook);

// Part of the transaction that changed the filing's state.
void tell_webhooks(Service& s, Tx& tx, const store::Filing& after, State before, Action action);

// What became of one try, and when to try again; nullopt: never.
std::optional<Millis> note_try(Service& s, store::Delivery delivery, bool delivered,
                               std::optional<int> status, const std::string& error);

}  // namespace beian::service
