#include "store/agencies.h"

#include "base/narrow.h"
#include "base/text.h"
#include "store/accounts.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_agency_columns =
    "id, name, note_sealed, state, asked_at, decided_by, decided_at, reason";

Agency read_agency(const Row& row, const Keyring& keys) {
  Agency a;
  a.id = row.integer(0);
  a.name = row.text(1);
  if (const auto sealed = row.opt_blob(2)) a.note = unseal(keys, *sealed, "agencies.note", a.id);
  a.state = row.text(3);
  a.asked_at = row.integer(4);
  a.decided_by = row.opt_integer(5);
  a.decided_at = row.opt_integer(6);
  a.reason = row.text(7);
  return a;
}

MemberRole role_at(const Row& row, std::size_t column) {
  return member_role_from_string(row.text(column)).value_or(MemberRole::viewer);
}

constexpr std::string_view k_invitation_columns =
    "id, agency_id, email_sealed, role, invited_by, created_at, expires_at";

Invitation read_invitation(const Row& row, const Keyring& keys) {
  Invitation i;
  i.id = row.integer(0);
  i.agency_id = row.integer(1);
  i.email = unseal(keys, row.blob(2), "agency_invitations.email", i.id);
  i.role = role_at(row, 3);
  i.invited_by = row.integer(4);
  i.created_at = row.integer(5);
  i.expires_at = row.integer(6);
  return i;
}

std::string name_lookup(const Keyring& keys, Id agency, std::string_view name) {
  return keys.lookup(id_to_string(agency) + "/" + to_lower_ascii(narrow_line(name)),
                     "clients.name");
}

Client read_client(const Row& row, const Keyring& keys) {
  const Id id = row.integer(0);
  return {id, row.integer(1), unseal(keys, row.blob(2), "clients.name", id), row.integer(3)};
}

}  // namespace

void put_agency(Tx& tx, const Keyring& keys, const Agency& a) {
  tx.execute(
      "INSERT INTO agencies (id, name, note_sealed, state, asked_at, reason) VALUES ($1, $2, $3, "
      "$4, $5, '') ON CONFLICT (id) DO UPDATE SET name = excluded.name, note_sealed = "
      "excluded.note_sealed, state = excluded.state, asked_at = excluded.asked_at, decided_by = "
      "NULL, decided_at = NULL, reason = ''",
      {a.id, a.name, seal_optional(keys, a.note, "agencies.note", a.id), a.state, a.asked_at});
}

std::optional<Agency> find_agency(Reader& reader, const Keyring& keys, Id id) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_agency_columns) + " FROM agencies WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_agency(*row, keys);
}

std::vector<Agency> list_agencies(Reader& reader, const Keyring& keys, int limit) {
  std::vector<Agency> out;
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_agency_columns) +
               " FROM agencies ORDER BY CASE state WHEN 'asked' THEN 0 WHEN 'active' THEN 1 ELSE "
               "2 END, asked_at, id LIMIT $1",
           {std::int64_t{limit}}))
    out.push_back(read_agency(row, keys));
  return out;
}

bool is_agency(Reader& reader, Id account) {
  return reader.query_one("SELECT 1 FROM agencies WHERE id = $1 AND state = 'active'", {account})
      .has_value();
}

bool decide_agency(Tx& tx, Id id, std::string_view from, std::string_view to, Id by, Millis now,
                   const std::string& reason) {
  return tx.execute(
             "UPDATE agencies SET state = $3, decided_by = $4, decided_at = $5, reason = $6 WHERE "
             "id = $1 AND state = $2",
             {id, std::string(from), std::string(to), by, now, reason}) == 1;
}

std::string_view to_string(MemberRole role) {
  switch (role) {
    case MemberRole::owner:
      return "owner";
    case MemberRole::editor:
      return "editor";
    case MemberRole::viewer:
      break;
  }
  return "viewer";
}

std::optional<MemberRole> member_role_from_string(std::string_view name) {
  for (const MemberRole role : {MemberRole::owner, MemberRole::editor, MemberRole::viewer})
    if (to_string(role) == name) return role;
  return std::nullopt;
}

std::vector<Member> list_members(Reader& reader, const Keyring& keys, Id agency) {
  std::vector<Member> out;
  for (const Row& row : reader.query(
           "SELECT m.account_id, m.role, m.joined_at, a.email_sealed, a.display_name, a.state FROM "
           "agency_members m JOIN accounts a ON a.id = m.account_id WHERE m.agency_id = $1 ORDER "
           "BY m.joined_at, m.account_id",
           {agency})) {
    const Id id = row.integer(0);
    out.push_back({id, role_at(row, 1), row.integer(2),
                   unseal(keys, row.blob(3), "accounts.email", id), row.text(4), row.text(5)});
  }
  return out;
}

std::optional<MemberRole> role_in(Reader& reader, Id agency, Id account) {
  const auto row = reader.query_one(
      "SELECT m.role FROM agency_members m JOIN agencies g ON g.id = m.agency_id JOIN accounts a "
      "ON a.id = g.id WHERE m.agency_id = $1 AND m.account_id = $2 AND g.state = 'active' AND "
      "a.state = 'active'",
      {agency, account});
  if (!row) return std::nullopt;
  return role_at(*row, 0);
}

void put_member(Tx& tx, Id agency, Id account, MemberRole role, Millis now) {
  tx.execute(
      "INSERT INTO agency_members (agency_id, account_id, role, joined_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (agency_id, account_id) DO UPDATE SET role = excluded.role",
      {agency, account, std::string(to_string(role)), now});
}

bool set_member_role(Tx& tx, Id agency, Id account, MemberRole role) {
  return tx.execute("UPDATE agency_members SET role = $3 WHERE agency_id = $1 AND account_id = $2",
                    {agency, account, std::string(to_string(role))}) == 1;
}

bool remove_member(Tx& tx, Id agency, Id account) {
  return tx.execute("DELETE FROM agency_members WHERE agency_id = $1 AND account_id = $2",
                    {agency, account}) == 1;
}

std::vector<Membership> memberships_of(Reader& reader, Id account) {
  std::vector<Membership> out;
  for (const Row& row : reader.query(
           "SELECT g.id, g.name, m.role FROM agency_members m JOIN agencies g ON g.id = "
           "m.agency_id JOIN accounts a ON a.id = g.id WHERE m.account_id = $1 AND g.state = "
           "'active' AND a.state = 'active' ORDER BY g.name, g.id",
           {account}))
    out.push_back({row.integer(0), row.text(1), role_at(row, 2)});
  return out;
}

void insert_invitation(Tx& tx, const Keyring& keys, const std::string& token, const Invitation& i) {
  tx.execute(
      "INSERT INTO agency_invitations (id, token_hash, agency_id, email_lookup, email_sealed, "
      "role, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {i.id, Blob{sha256(token)}, i.agency_id, Blob{email_lookup(keys, i.email)},
       seal(keys, i.email, "agency_invitations.email", i.id), std::string(to_string(i.role)),
       i.invited_by, i.created_at, i.expires_at});
}

std::vector<Invitation> open_invitations(Reader& reader, const Keyring& keys, Id agency,
                                         Millis now) {
  std::vector<Invitation> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_invitation_columns) +
                                         " FROM agency_invitations WHERE agency_id = $1 AND "
                                         "ended_at IS NULL AND expires_at > $2 ORDER BY id",
                                     {agency, now}))
    out.push_back(read_invitation(row, keys));
  return out;
}

std::optional<Invitation> find_invitation(Reader& reader, const Keyring& keys,
                                          const std::string& token, Millis now) {
  const auto row = reader.query_one("SELECT " + std::string(k_invitation_columns) +
                                        " FROM agency_invitations WHERE token_hash = $1 AND "
                                        "ended_at IS NULL AND expires_at > $2",
                                    {Blob{sha256(token)}, now});
  if (!row) return std::nullopt;
  return read_invitation(*row, keys);
}

bool end_invitation(Tx& tx, Id agency, Id invitation, Millis now) {
  return tx.execute(
             "UPDATE agency_invitations SET ended_at = $3 WHERE id = $2 AND agency_id = $1 AND "
             "ended_at IS NULL",
             {agency, invitation, now}) == 1;
}

std::vector<Client> list_clients(Reader& reader, const Keyring& keys, Id agency) {
  std::vector<Client> out;
  for (const Row& row : reader.query(
           "SELECT id, agency_id, name_sealed, created_at FROM clients WHERE agency_id = $1",
           {agency}))
    out.push_back(read_client(row, keys));
  return out;
}

std::optional<Client> find_client(Reader& reader, const Keyring& keys, Id agency, Id client) {
  const auto row = reader.query_one(
      "SELECT id, agency_id, name_sealed, created_at FROM clients WHERE id = $2 AND agency_id = "
      "$1",
      {agency, client});
  if (!row) return std::nullopt;
  return read_client(*row, keys);
}

std::optional<Id> find_client_by_name(Reader& reader, const Keyring& keys, Id agency,
                                      std::string_view name) {
  const auto row =
      reader.query_one("SELECT id FROM clients WHERE agency_id = $1 AND name_lookup = $2",
                       {agency, Blob{name_lookup(keys, agency, name)}});
  if (!row) return std::nullopt;
  return row->integer(0);
}

bool insert_client(Tx& tx, const Keyring& keys, const Client& c) {
  return tx.execute(
             "INSERT INTO clients (id, agency_id, name_lookup, name_sealed, created_at) VALUES "
             "($1, $2, $3, $4, $5) ON CONFLICT (agency_id, name_lookup) DO NOTHING",
             {c.id, c.agency_id, Blob{name_lookup(keys, c.agency_id, c.name)},
              seal(keys, c.name, "clients.name", c.id), c.created_at}) == 1;
}

bool rename_client(Tx& tx, const Keyring& keys, const Client& c) {
  return tx.execute(
             "UPDATE clients SET name_lookup = $3, name_sealed = $4 WHERE id = $2 AND agency_id = "
             "$1",
             {c.agency_id, c.id, Blob{name_lookup(keys, c.agency_id, c.name)},
              seal(keys, c.name, "clients.name", c.id)}) == 1;
}

bool remove_client(Tx& tx, Id agency, Id client) {
  return tx.execute(
             "DELETE FROM clients WHERE id = $2 AND agency_id = $1 AND NOT EXISTS (SELECT 1 FROM "
             "filings WHERE client_id = $2)",
             {agency, client}) == 1;
}

std::map<Id, ClientCount> count_by_client(Reader& reader, Id agency) {
  std::map<Id, ClientCount> out;
  for (const Row& row : reader.query(
           "SELECT COALESCE(client_id, 0), state, turn, COUNT(*) FROM filings WHERE account_id = "
           "$1 GROUP BY COALESCE(client_id, 0), state, turn",
           {agency})) {
    ClientCount& count = out[row.integer(0)];
    const std::int64_t n = row.integer(3);
    count.all += n;
    if (row.text(1) == "draft") count.drafts += n;
    if (row.text(1) == "approved") count.approved += n;
    if (row.text(2) == "applicant") count.ours += n;
  }
  return out;
}

std::optional<Id> client_of_organiser(Reader& reader, Id agency, Id organiser) {
  const auto row = reader.query_one(
      "SELECT client_id FROM filings WHERE organiser_id = $2 AND account_id = $1 AND client_id IS "
      "NOT NULL ORDER BY updated_at DESC LIMIT 1",
      {agency, organiser});
  if (!row) return std::nullopt;
  return row->integer(0);
}

bool move_to_client(Tx& tx, Id agency, Id filing, Id client) {
  return tx.execute(
             "UPDATE filings SET client_id = $3, revision = revision + 1 WHERE id = $2 AND "
             "account_id = $1 AND EXISTS (SELECT 1 FROM clients WHERE id = $3 AND agency_id = $1)",
             {agency, filing, client}) == 1;
}

void adopt_filings(Tx& tx, Id agency, Id client) {
  tx.execute("UPDATE filings SET client_id = $2 WHERE account_id = $1 AND client_id IS NULL",
             {agency, client});
}

namespace {

bool holds(Reader& reader, const Keyring& keys, Id id, const std::string& title_sealed,
           const std::string& number, const std::string& word) {
  if (to_lower_ascii(narrow_line(unseal(keys, title_sealed, "filings.title", id))).find(word) !=
          std::string::npos ||
      (!number.empty() && to_lower_ascii(number).find(word) != std::string::npos))
    return true;
  for (const FilingSite& site : list_sites(reader, id))
    if (site.domain.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

std::vector<Filing> page_of_filings(Reader& reader, const Keyring& keys, Id agency,
                                    const FilingPage& page) {
  const std::string word = to_lower_ascii(narrow_line(page.word));
  std::vector<Filing> out;
  Value at = or_null(page.before_at);
  Id id = page.before_id;
  // Titles are sealed, so a word is looked for page by page.
  while (out.size() < static_cast<std::size_t>(page.limit)) {
    constexpr std::int64_t k_step = 500;
    const std::int64_t step = word.empty() ? page.limit : k_step;
    const auto rows = reader.query(
        "SELECT id, title_sealed, organiser_number, updated_at FROM filings WHERE account_id = $1 "
        "AND (CAST($2 AS BIGINT) IS NULL OR COALESCE(client_id, 0) = $2) AND ($3 = '' OR turn = "
        "$3) AND (CAST($4 AS BIGINT) IS NULL OR updated_at < $4 OR (updated_at = $4 AND id < $5)) "
        "ORDER BY updated_at DESC, id DESC LIMIT $6",
        {agency, or_null(page.client), page.turn, at, id, step});
    for (const Row& row : rows) {
      at = row.integer(3);
      id = row.integer(0);
      if (!word.empty() &&
          !holds(reader, keys, id, row.blob(1), row.opt_text(2).value_or(""), word))
        continue;
      out.push_back(find_filing(reader, keys, id).value());
      if (out.size() == static_cast<std::size_t>(page.limit)) break;
    }
    if (rows.size() < static_cast<std::size_t>(step)) break;
  }
  return out;
}

}  // namespace beian::store
