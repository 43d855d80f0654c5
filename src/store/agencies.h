// Agencies, their members and invitations, and the folders of their clients. An agency is an
// account: its id is the account's, and its filings are found by `account_id` as everybody's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/filings.h"

namespace beian::store {

struct Agency {
  Id id = 0;  // of the account
  std::string name;
  std::string note;   // to the administrators, opened
  std::string state;  // asked, active, refused, ended
  Millis asked_at = 0;
  std::optional<Id> decided_by;
  std::optional<Millis> decided_at;
  std::string reason;
};
// Asks (again): one row for an account, its members and clients stay.
void put_agency(Tx& tx, const Keyring& keys, const Agency& agency);
std::optional<Agency> find_agency(Reader& reader, const Keyring& keys, Id id);
// Waiting ones first, oldest first.
std::vector<Agency> list_agencies(Reader& reader, const Keyring& keys, int limit);
bool is_agency(Reader& reader, Id account);
// False when it is no longer in state `from`.
bool decide_agency(Tx& tx, Id id, std::string_view from, std::string_view to, Id by, Millis now,
                   const std::string& reason);

enum class MemberRole { owner, editor, viewer };
std::string_view to_string(MemberRole role);
std::optional<MemberRole> member_role_from_string(std::string_view name);

struct Member {
  Id account_id = 0;
  MemberRole role = MemberRole::viewer;
  Millis joined_at = 0;
  std::string email, display_name, account_state;
};
std::vector<Member> list_members(Reader& reader, const Keyring& keys, Id agency);
// Of an active agency and only while the agency's account is active: asked with every request, so
// that whoever is removed is out at once.
std::optional<MemberRole> role_in(Reader& reader, Id agency, Id account);
void put_member(Tx& tx, Id agency, Id account, MemberRole role, Millis now);
bool set_member_role(Tx& tx, Id agency, Id account, MemberRole role);
bool remove_member(Tx& tx, Id agency, Id account);
struct Membership {
  Id agency_id = 0;
  std::string name;
  MemberRole role = MemberRole::viewer;
};
// In active agencies.
std::vector<Membership> memberships_of(Reader& reader, Id account);

struct Invitation {
  Id id = 0;
  Id agency_id = 0;
  std::string email;
  MemberRole role = MemberRole::viewer;
  Id invited_by = 0;
  Millis created_at = 0, expires_at = 0;
};
void insert_invitation(Tx& tx, const Keyring& keys, const std::string& token,
                       const Invitation& invitation);
std::vector<Invitation> open_invitations(Reader& reader, const Keyring& keys, Id agency,
                                         Millis now);
std::optional<Invitation> find_invitation(Reader& reader, const Keyring& keys,
                                          const std::string& token, Millis now);
// Returns whether there was an open one of this agency.
bool end_invitation(Tx& tx, Id agency, Id invitation, Millis now);

struct Client {
  Id id = 0;
  Id agency_id = 0;
  std::string name;
  Millis created_at = 0;
};
std::vector<Client> list_clients(Reader& reader, const Keyring& keys, Id agency);
std::optional<Client> find_client(Reader& reader, const Keyring& keys, Id agency, Id client);
std::optional<Id> find_client_by_name(Reader& reader, const Keyring& keys, Id agency,
                                      std::string_view name);
// False when the agency has a client of this name.
bool insert_client(Tx& tx, const Keyring& keys, const Client& client);
bool rename_client(Tx& tx, const Keyring& keys, const Client& client);
bool remove_client(Tx& tx, Id agency, Id client);

struct ClientCount {
  std::int64_t all = 0, drafts = 0, ours = 0, approved = 0;  // ours: it is the agency's turn
};
// By client; 0: filings that lie in no folder.
std::map<Id, ClientCount> count_by_client(Reader& reader, Id agency);

// The folder of the latest filing about this registered organiser.
std::optional<Id> client_of_organiser(Reader& reader, Id agency, Id organiser);
// Returns whether both belong to the agency.
bool move_to_client(Tx& tx, Id agency, Id filing, Id client);
// Filings of the account that lie in no folder go into this one.
void adopt_filings(Tx& tx, Id agency, Id client);

struct FilingPage {
  std::optional<Id> client;         // 0: those in no folder
  std::string turn;                 // empty: all
  std::string word;                 // in the title, a domain, the number; empty: all
  std::optional<Millis> before_at;  // keyset: updated_at and id of the last one seen
  Id before_id = 0;
  int limit = 50;
};
// Of the agency, newest change first.
std::vector<Filing> page_of_filings(Reader& reader, const Keyring& keys, Id agency,
                                    const FilingPage& page);

}  // namespace beian::store
