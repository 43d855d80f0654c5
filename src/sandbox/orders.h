// Orders: one record of an upload, of whatever kind, from its arrival to the decision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "bureau/messages.h"
#include "db/db.h"

namespace beian::sandbox {

using bureau::Operation;

// state: sms_pending, then pending; passed or refused by an officer, returned by the machine (its
// checks, or an SMS check that was not answered).
struct Order {
  Id id = 0;
  std::string province;
  Id isp_id = 0;
  Operation operation = Operation::new_filing;
  Id isp_record = 0;  // Jlid of its decision
  std::string mark;   // Bs of its result
  std::string state, organiser_name;
  std::string domains;  // joined by ' '
  std::string xml;      // the record alone, as an upload
  // The filing it is about as it was when the order came, as a publication; empty for a new one.
  std::string before_xml;
  Millis received_at = 0;
  Millis waiting_since = 0;  // for an officer
  std::optional<Millis> decided_at;
  std::string codes;  // of the result, joined by ' '
  std::string opinion, reviewer;
  std::string site_results;  // JSON, when its websites were decided apart
  Id subject = 0;            // of a new filing once passed
  Id site = 0, access = 0;
};

// new_filing, new_website, new_access, change, cancel_access, cancel_organiser, cancel_website,
// material.
const char* name_of(Operation operation);

void insert_order(Tx& tx, const Order& order, Id upload);
std::optional<Order> find_order(Reader& reader, Id id);
// Newest first, below `before` (0: from the newest); `state` and `province` empty, `operation` 0:
// all. Without the XML.
std::vector<Order> list_orders(Reader& reader, const std::string& state,
                               const std::string& province, std::int64_t operation, Id before,
                               int limit);
// Those in flight that are about this filing.
std::vector<Order> orders_in_flight(Reader& reader, Id subject);
// Orders an officer could have seen before `latest`, oldest first.
std::vector<Id> due_orders(Reader& reader, Millis latest);
// Writes the decision on an order that was found in flight in the same transaction.
void settle_order(Tx& tx, const Order& order);
// The SMS check is over: it waits for an officer.
void wait_for_officer(Tx& tx, Id order, Millis now);

}  // namespace beian::sandbox
