// Where an account's programs want to be told of changes, and every such telling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Webhook {
  Id id = 0;
  Id account_id = 0;
  std::string url;
  std::string secret;  // opened
  Millis created_at = 0;
  std::optional<Millis> paused_at;
  std::string pause_reason;  // owner, failing, or empty
  std::optional<Millis> failing_since;
};

struct Delivery {
  Id id = 0;
  Id webhook_id = 0;
  std::string key;    // one delivery for one event
  std::string event;  // filing.state_changed, test
  std::optional<Id> filing_id;
  std::string body;   // JSON; ids and states only
  std::string state;  // waiting, delivered, failed
  std::int64_t attempts = 0;
  std::optional<std::int64_t> last_status;
  std::string last_error;
  Millis created_at = 0;
  std::optional<Millis> next_at, delivered_at;
};

void insert_webhook(Tx& tx, const Keyring& keys, const Webhook& webhook);
// Removed ones are in none of these.
std::vector<Webhook> list_webhooks(Reader& reader, const Keyring& keys, Id account);
std::optional<Webhook> find_webhook(Reader& reader, const Keyring& keys, Id account, Id id);
std::optional<Webhook> find_any_webhook(Reader& reader, const Keyring& keys, Id id);
bool remove_webhook(Tx& tx, Id account, Id id, Millis now);
void pause_webhook(Tx& tx, Id id, Millis now, const std::string& reason);
void resume_webhook(Tx& tx, Id id);
void note_webhook_trouble(Tx& tx, Id id, std::optional<Millis> failing_since);

// False when this event was queued for this webhook before.
bool insert_delivery(Tx& tx, const Delivery& delivery);
std::optional<Delivery> find_delivery(Reader& reader, Id id);
// Newest first, those before `before` when it is not 0.
std::vector<Delivery> list_deliveries(Reader& reader, Id webhook, Id before, int limit);
// Waiting or failed, oldest first.
std::vector<Delivery> undelivered(Reader& reader, Id webhook, int limit);
void note_delivery(Tx& tx, const Delivery& delivery);
void sweep_deliveries(Tx& tx, Millis before, int most);

}  // namespace beian::store
