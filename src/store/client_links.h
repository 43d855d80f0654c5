// The one-time links with which a client of an agency gives the identity parts of one filing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct ClientLink {
  Id id = 0;
  Id filing_id = 0;
  Id account_id = 0;  // whose filing it was when the link was made
  Id made_by = 0;
  std::string stage;    // submit, verification
  std::string sent_to;  // address or number, opened; empty: copied by hand
  Millis created_at = 0, expires_at = 0;
  std::optional<Millis> opened_at;
  std::string consent;  // version of the words agreed to
  std::optional<Millis> consented_at, completed_at, revoked_at;
};

void insert_client_link(Tx& tx, const Keyring& keys, const std::string& token,
                        const ClientLink& link);
std::optional<ClientLink> find_client_link(Reader& reader, const Keyring& keys,
                                           const std::string& token);
// Latest first.
std::vector<ClientLink> list_client_links(Reader& reader, const Keyring& keys, Id filing);
void note_link_opened(Tx& tx, Id link, Millis now);
void note_link_consent(Tx& tx, Id link, const std::string& version, Millis now);
// False when it was completed, taken back or has expired.
bool complete_client_link(Tx& tx, Id link, Millis now);
// Takes back those of the filing that are still open; with `link` only that one. Returns how many.
std::int64_t revoke_client_links(Tx& tx, Id filing, std::optional<Id> link, Millis now);

}  // namespace beian::store
