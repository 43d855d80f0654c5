// The bureau's records: SQL by subject. Everything it has accepted, decided, published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "bureau/messages.h"
#include "bureau/package.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// The next number of a series; the first is `first`. Record ids start above 32 bits, as live ones
// do.
Id next_number(Tx& tx, const std::string& series, Id first = 1);
inline constexpr Id k_first_record = 100'000'000'001;

struct Account {
  std::string province;
  Id isp_id = 0;
  std::string name, user_name, password;
  bureau::Cipher cipher;
  std::int64_t last_sequence = 0;
};
std::optional<Account> find_account(Reader& reader, const std::string& province, Id isp_id);
bool has_account_elsewhere(Reader& reader, const std::string& province, Id isp_id);

// What an order or a filing occupies.
struct Claim {
  std::string kind;  // certificate, domain, home_url, site, access, ip, site_name
  std::string value;
};
std::vector<Claim> claims_of(Id isp_id, const bureau::NewFiling& filing);
std::string certificate_claim(std::int64_t type, const std::string& number);
std::string domain_claim(const std::string& name);
// nullopt: free. false: an order in flight holds it. true: a filing does.
std::optional<bool> held(Reader& reader, const Claim& claim);
void take(Tx& tx, const std::vector<Claim>& claims, Id isp_id, Id order);
void release(Tx& tx, Id order);

struct Order {
  Id id = 0;
  std::string province;
  Id isp_id = 0;
  Id isp_record = 0;  // IspZtid
  std::string state, organiser_name;
  std::string domains;  // joined by ' '
  std::string xml;      // the record alone, as an upload
  Millis received_at = 0;
  std::optional<Millis> decided_at;
  std::string codes;  // of the result, joined by ' '
  std::string opinion, reviewer;
  Id subject = 0;  // once passed
};
void insert_order(Tx& tx, const Order& order, Id upload);
std::optional<Order> find_order(Reader& reader, Id id);
// Newest first, below `before` (0: from the newest); `state` and `province` empty: all.
std::vector<Order> list_orders(Reader& reader, const std::string& state,
                               const std::string& province, Id before, int limit);
// Pending orders received before `latest`, oldest first.
std::vector<Id> due_orders(Reader& reader, Millis latest);
// Writes the decision on an order that was found pending in the same transaction.
void settle_order(Tx& tx, const Order& order);

// Puts a file into a provider's download queue, named like a live one.
void queue_file(Tx& tx, const Province& province, Id isp_id, const bureau::Download& download,
                Millis now);

// Gives numbers and ids to the filing and writes it into the registry; `isp_id` gives the access.
bureau::PublishedFiling publish(Tx& tx, const Province& province, Id isp_id, Id order,
                                const bureau::NewFiling& filing, const std::string& password,
                                const std::string& reviewer, Millis now);

}  // namespace beian::sandbox
