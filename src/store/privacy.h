// Erasing and gathering personal data: what the rights of the people concerned (PIPL 44 to 50) and
// data/retention.json ask for.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Consent {
  std::string purpose, version;
  Millis given_at = 0;
};
void insert_consent(Tx& tx, Id account, const std::string& purpose, const std::string& version,
                    Millis now);
std::vector<Consent> list_consents(Reader& reader, Id account);

// Filings that ended before `before` and still hold personal data; with `unsubmitted` only those
// that nobody ever submitted.
std::vector<Id> filings_to_erase(Reader& reader, Millis before, bool unsubmitted, int limit);
// Ended ones of an account that still hold personal data.
std::vector<Id> ended_filings_of(Reader& reader, Id account);
// Content, title, snapshots, details of events, words of corrections and calls, addresses and
// pictures go (pictures with the next sweep); ids, states and times stay.
void erase_filing(Tx& tx, const Keyring& keys, Id filing, Millis now);

// Each removes at most `limit` rows and returns how many.
std::int64_t remove_messages(Tx& tx, Millis before, int limit);
std::int64_t remove_enquiries(Tx& tx, Millis before, int limit);
std::int64_t remove_unactivated(Tx& tx, Millis before, int limit);
std::int64_t remove_looks(Tx& tx, Millis before, int limit);
std::int64_t remove_consents(Tx& tx, Millis before, int limit);  // of accounts erased before
// What is registered of organisers cancelled before: name, organiser, principal, websites.
std::int64_t erase_cancelled_records(Tx& tx, const Keyring& keys, Millis before, int limit);
// Approved filings whose organiser was cancelled before, in every record of its number.
std::vector<Id> cancelled_to_erase(Reader& reader, Millis before, int limit);

struct RetentionTotal {
  std::string rule;
  std::int64_t erased = 0;
  Millis last_at = 0;
  std::int64_t last_count = 0;
};
void count_erased(Tx& tx, const std::string& rule, std::int64_t count, Millis now);
std::vector<RetentionTotal> retention_totals(Reader& reader);

// The account can no longer log in, and nothing in it names anybody; its address is free again.
void erase_account(Tx& tx, const Keyring& keys, Id account, Millis now);

}  // namespace beian::store
