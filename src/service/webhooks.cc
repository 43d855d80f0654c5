#include "service/webhooks.h"

#include <array>

#include "base/json.h"
#include "base/text.h"
#include "notify/webhook.h"
#include "service/account.h"
#include "service/outbox.h"
#include "store/jobs.h"

namespace beian::service {
namespace {

// Three days in all.
constexpr std::array<Millis, 10> k_pauses{2'000,         10'000,     k_minute,   5 * k_minute,
                                          30 * k_minute, 2 * k_hour, 6 * k_hour, 12 * k_hour,
                                          24 * k_hour,   28 * k_hour};
constexpr Millis k_failing_too_long = 3 * k_day, k_kept = 30 * k_day;
constexpr int k_swept_at_once = 50;

void put_delivery_job(Service& s, Tx& tx, const store::Delivery& delivery) {
  store::put_job(tx, {0, "send_webhook", "webhook/" + id_to_string(delivery.id), delivery.filing_id,
                      id_to_string(delivery.id), s.now(), 0, ""});
}

store::Delivery queue(Service& s, Tx& tx, const store::Webhook& webhook, const std::string& key,
                      std::string_view event, std::optional<Id> filing, json::object body) {
  store::Delivery delivery;
  delivery.id = new_id();
  delivery.webhook_id = webhook.id;
  delivery.key = key;
  delivery.event = event;
  delivery.filing_id = filing;
  delivery.created_at = s.now();
  delivery.state = "waiting";
  body["id"] = id_to_string(delivery.id);
  body["event"] = event;
  body["created_at"] = s.now();
  delivery.body = json::serialize(body);
  if (store::insert_delivery(tx, delivery)) put_delivery_job(s, tx, delivery);
  return delivery;
}

store::Webhook own_webhook(Service& s, Reader& reader, Id account, Id webhook) {
  auto found = store::find_webhook(reader, s.keys, account, webhook);
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  return *found;
}

void tell_owner_of_pause(Service& s, Tx& tx, const store::Webhook& webhook) {
  if (const auto owner = store::find_account(tx, s.keys, webhook.account_id))
    queue_mail(s, tx, *owner, std::nullopt, "webhook_paused",
               "webhook/" + id_to_string(webhook.id) + "/" + std::to_string(s.now()),
               {{"url", webhook.url}});
}

}  // namespace

store::Webhook add_webhook(Service& s, Id account, const std::string& url) {
  const std::string typed = clean_line(url);
  const std::string wrong = notify::check_webhook_url(typed, s.config.webhooks.allow_private);
  if (!wrong.empty())
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"url", wrong, {{"max", "500"}}, "", "", true}});
  store::Webhook webhook;
  webhook.id = new_id();
  webhook.account_id = account;
  webhook.url = typed;
  webhook.secret = "whs_" + random_token();
  webhook.created_at = s.now();
  s.db.write([&](Tx& tx) {
    if (store::list_webhooks(tx, s.keys, account).size() >= k_most_webhooks)
      throw Refusal(RefusalCode::conflict, "webhooks_too_many", {},
                    {{"max", std::to_string(k_most_webhooks)}});
    store::insert_webhook(tx, s.keys, webhook);
  });
  return webhook;
}

std::vector<store::Webhook> webhooks_of(Service& s, Id account) {
  return s.db.read([&](Reader& reader) { return store::list_webhooks(reader, s.keys, account); });
}

void remove_webhook(Service& s, Id account, Id webhook) {
  if (!s.db.write([&](Tx& tx) { return store::remove_webhook(tx, account, webhook, s.now()); }))
    throw Refusal(RefusalCode::not_found, "not_found");
}

store::Webhook pause_webhook(Service& s, Id account, Id webhook, bool paused) {
  return s.db.write([&](Tx& tx) {
    const store::Webhook found = own_webhook(s, tx, account, webhook);
    if (paused && !found.paused_at) store::pause_webhook(tx, webhook, s.now(), "owner");
    if (!paused && found.paused_at) store::resume_webhook(tx, webhook);
    return own_webhook(s, tx, account, webhook);
  });
}

store::Delivery test_webhook(Service& s, Id account, Id webhook) {
  auto delivery = s.db.write([&](Tx& tx) {
    return queue(s, tx, own_webhook(s, tx, account, webhook), "test/" + id_to_string(new_id()),
                 "test", std::nullopt, {});
  });
  s.wake_workers();
  return delivery;
}

std::vector<store::Delivery> deliveries_of(Service& s, Id account, Id webhook, Id before,
                                           int limit) {
  return s.db.read([&](Reader& reader) {
    own_webhook(s, reader, account, webhook);
    return store::list_deliveries(reader, webhook, before, limit);
  });
}

namespace {

void send_again(Service& s, Tx& tx, store::Delivery& delivery) {
  delivery.state = "waiting";
  delivery.attempts = 0;
  delivery.next_at = s.now();
  delivery.delivered_at.reset();
  store::note_delivery(tx, delivery);
  put_delivery_job(s, tx, delivery);
}

}  // namespace

store::Delivery replay_delivery(Service& s, Id account, Id webhook, Id delivery) {
  auto again = s.db.write([&](Tx& tx) {
    own_webhook(s, tx, account, webhook);
    auto found = store::find_delivery(tx, delivery);
    if (!found || found->webhook_id != webhook) throw Refusal(RefusalCode::not_found, "not_found");
    send_again(s, tx, *found);
    return *found;
  });
  s.wake_workers();
  return again;
}

std::int64_t replay_undelivered(Service& s, Id account, Id webhook) {
  const std::int64_t count = s.db.write([&](Tx& tx) {
    if (own_webhook(s, tx, account, webhook).paused_at)
      throw Refusal(RefusalCode::conflict, "webhook_paused");
    auto all = store::undelivered(tx, webhook, k_most_replayed);
    for (store::Delivery& delivery : all) send_again(s, tx, delivery);
    return static_cast<std::int64_t>(all.size());
  });
  s.wake_workers();
  return count;
}

void tell_webhooks(Service& s, Tx& tx, const store::Filing& after, State before, Action action) {
  for (const store::Webhook& webhook : store::list_webhooks(tx, s.keys, after.account_id)) {
    if (webhook.paused_at) continue;
    queue(s, tx, webhook, "state/" + id_to_string(after.id) + "/" + std::to_string(after.version),
          "filing.state_changed", after.id,
          {{"filing", json::object{{"id", id_to_string(after.id)},
                                   {"kind", to_string(after.kind)},
                                   {"state", to_string(after.state)},
                                   {"previous_state", to_string(before)},
                                   {"action", to_string(action)},
                                   {"turn", to_string(after.turn)},
                                   {"version", after.version}}}});
  }
}

std::optional<Millis> note_try(Service& s, store::Delivery delivery, bool delivered,
                               std::optional<int> status, const std::string& error) {
  ++delivery.attempts;
  delivery.last_status = status;
  delivery.last_error = error;
  delivery.next_at.reset();
  const auto tries = static_cast<std::size_t>(delivery.attempts);
  if (delivered) {
    delivery.state = "delivered";
    delivery.delivered_at = s.now();
  } else if (tries > k_pauses.size()) {
    delivery.state = "failed";
  } else {
    delivery.next_at = s.now() + k_pauses[tries - 1];
  }
  s.db.write([&](Tx& tx) {
    store::note_delivery(tx, delivery);
    store::sweep_deliveries(tx, s.now() - k_kept, k_swept_at_once);
    const auto webhook = store::find_any_webhook(tx, s.keys, delivery.webhook_id);
    if (!webhook) return;
    if (delivered && webhook->failing_since)
      store::note_webhook_trouble(tx, webhook->id, std::nullopt);
    if (!delivered && !webhook->failing_since)
      store::note_webhook_trouble(tx, webhook->id, s.now());
    const bool given_up = delivery.state == "failed" && !webhook->paused_at &&
                          webhook->failing_since &&
                          *webhook->failing_since + k_failing_too_long <= s.now();
    if (!given_up) return;
    store::pause_webhook(tx, webhook->id, s.now(), "failing");
    tell_owner_of_pause(s, tx, *webhook);
  });
  return delivery.next_at;
}

}  // namespace beian::service
