// Hand-overs (转移) of an organiser or a filing from one account to another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Transfer {
  Id id = 0;
  std::string what;   // organiser, filing
  Id subject_id = 0;  // registered organiser or filing
  Id from_account = 0;
  std::string to_email;           // as the giver typed it, opened
  std::string state = "offered";  // accepted, declined, withdrawn, expired
  Millis offered_at = 0, expires_at = 0;
  std::optional<Millis> ended_at;
  std::optional<Id> to_account;  // who accepted
};

// Throws DbError{unique} when the same thing is on offer already.
void insert_transfer(Tx& tx, const Keyring& keys, const Transfer& transfer,
                     const std::string& token);
std::optional<Transfer> find_transfer(Reader& reader, const Keyring& keys, Id id);
std::optional<Transfer> find_transfer_by_token(Reader& reader, const Keyring& keys,
                                               const std::string& token);
std::vector<Transfer> transfers_from(Reader& reader, const Keyring& keys, Id account, int limit);
std::optional<Transfer> open_transfer_of(Reader& reader, const Keyring& keys,
                                         const std::string& what, Id subject);
// The one change of state there is, from `offered`; false when it was ended before.
bool end_transfer(Tx& tx, Id id, std::string_view state, std::optional<Id> to_account, Millis now);
std::vector<Id> overdue_transfers(Reader& reader, Millis now, int limit);
std::int64_t count_offers(Reader& reader, Id account, Millis since);

// Moves the row from one account to another, whatever was done to it meanwhile; false when it is
// not at `from` any more. Open one-time links of the filing end.
bool move_filing_to(Tx& tx, Id filing, Id from, Id to, Millis now);
// The same for a registered organiser, with its drafts and the filings that led to it. Returns the
// drafts that went along; nullopt when it is not at `from` any more.
std::optional<std::vector<Id>> move_organiser_to(Tx& tx, Id organiser, Id from, Id to, Millis now);
// Only the organiser: the claimant gets nothing that the account before has typed.
bool give_organiser(Tx& tx, Id organiser, Id from, Id to, Millis now);
// Unfinished filings about this organiser, drafts or others, of any account.
std::vector<Id> open_filings_about(Reader& reader, Id organiser, bool drafts);

}  // namespace beian::store
