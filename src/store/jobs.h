// Work to be done after a transaction, and the messages that leave. A job row is written in the
// same transaction as its cause; whoever leases it does it, and it goes when it is done. Effects
// outside come only from here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Job {
  Id id = 0;
  std::string kind;  // send_message, send_webhook, bureau_exchange, …
  std::string key;   // one job for one thing: "message/123", "bureau/330000"
  std::optional<Id> filing_id;
  std::string payload;  // ids only, never personal data
  Millis run_at = 0;
  std::int64_t attempts = 0;
  std::string last_error;
};

// Adds the job, or brings a waiting one of the same key forward to `run_at` when that is earlier.
// One that is being done right now may have looked already: it is done again at `run_at`.
void put_job(Tx& tx, const Job& job);
// The most overdue job of these kinds that nobody holds, leased to `owner` until `lease_until`.
// Kinds are names of ours, never input.
std::optional<Job> lease_job(Tx& tx, const std::vector<std::string>& kinds,
                             const std::string& owner, Millis now, Millis lease_until);
// Each returns false when the lease was lost meanwhile (the work is then somebody else's).
bool finish_job(Tx& tx, Id job, const std::string& owner);
bool postpone_job(Tx& tx, Id job, const std::string& owner, Millis run_at,
                  const std::string& error);
// Back to its cycle: attempts start again at zero. Done earlier when put_job asked meanwhile.
bool repeat_job(Tx& tx, Id job, const std::string& owner, Millis run_at);
// What lay leased by this process before it was killed is free at once.
void release_leases(Tx& tx, const std::string& owner_prefix);
std::optional<Millis> next_job_time(Reader& reader, const std::vector<std::string>& kinds);
std::vector<Job> failing_jobs(Reader& reader, int limit);

struct Message {
  Id id = 0;
  std::string key;  // the same message is never written twice
  std::optional<Id> account_id, filing_id;
  std::string channel;  // mail, sms, app (the list of notices)
  std::string notice;
  std::string to, subject, text, html;
  std::string state;  // queued, sending (where repeating would do harm), sent, refused, unknown
  Millis created_at = 0;
  std::map<std::string, std::string> values;  // for gateways that fill in templates themselves
};

// False when a message of this key exists.
bool insert_message(Tx& tx, const Keyring& keys, const Message& message);
std::optional<Message> find_message(Reader& reader, const Keyring& keys, Id id);
void set_message_state(Tx& tx, Id id, std::string_view state, Millis now, const std::string& error);
std::optional<Millis> find_message_time(Reader& reader, const std::string& key);  // when written
// Mails and short messages, for the demo's inbox.
std::vector<Message> latest_messages(Reader& reader, const Keyring& keys, int limit);

}  // namespace beian::store
