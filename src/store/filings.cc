#include "store/filings.h"

#include "store/counters.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, account_id, kind, state, version, revision, province, nature, turn, form_version, "
    "content_sealed, title_sealed, organiser_lookup, round, assignee_id, assigned_at, created_at, "
    "updated_at, state_since, due_at, organiser_number, password_sealed, approved_at, "
    "organiser_id, "
    "client_id, days_used, overdue_since, findings";

Turn turn_from_string(std::string_view text) {
  for (Turn turn : {Turn::applicant, Turn::staff, Turn::bureau, Turn::platform})
    if (to_string(turn) == text) return turn;
  return Turn::nobody;
}

Filing read_filing(const Row& row, const Keyring& keys) {
  Filing f;
  f.id = row.integer(0);
  f.account_id = row.integer(1);
  f.kind = kind_from_string(row.text(2)).value();
  f.state = state_from_string(row.text(3)).value();
  f.version = row.integer(4);
  f.revision = row.integer(5);
  f.province = row.text(6);
  f.nature = row.integer(7);
  f.turn = turn_from_string(row.text(8));
  f.form_version = row.text(9);
  f.content = unseal(keys, row.blob(10), "filings.content", f.id);
  f.title = unseal(keys, row.blob(11), "filings.title", f.id);
  f.organiser_lookup = row.blob(12);
  f.round = row.integer(13);
  f.assignee_id = row.opt_integer(14);
  f.assigned_at = row.opt_integer(15);
  f.created_at = row.integer(16);
  f.updated_at = row.integer(17);
  f.state_since = row.integer(18);
  f.due_at = row.opt_integer(19);
  f.organiser_number = row.opt_text(20);
  if (auto sealed = row.opt_blob(21)) f.password = unseal(keys, *sealed, "filings.password", f.id);
  f.approved_at = row.opt_integer(22);
  f.organiser_id = row.opt_integer(23);
  f.client_id = row.opt_integer(24);
  f.days_used = row.integer(25);
  f.overdue_since = row.opt_integer(26);
  f.findings = row.integer(27);
  return f;
}

std::optional<Filing> find_where(Reader& reader, const Keyring& keys, std::string_view where,
                                 Params params) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM filings WHERE " + std::string(where), params);
  if (!row) return std::nullopt;
  return read_filing(*row, keys);
}

}  // namespace

void insert_filing(Tx& tx, const Keyring& keys, const Filing& f) {
  tx.execute(
      "INSERT INTO filings (id, account_id, kind, state, version, revision, province, nature, "
      "turn, "
      "form_version, content_sealed, title_sealed, organiser_lookup, round, created_at, "
      "updated_at, "
      "state_since, due_at, organiser_id, organiser_number, client_id) VALUES ($1, $2, $3, $4, $5, "
      "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15, $16, $17, $18, $19)",
      {f.id, f.account_id, std::string(to_string(f.kind)), std::string(to_string(f.state)),
       f.version, f.revision, f.province, f.nature, std::string(to_string(f.turn)), f.form_version,
       seal(keys, f.content, "filings.content", f.id), seal(keys, f.title, "filings.title", f.id),
       Blob{f.organiser_lookup}, f.round, f.created_at, or_null(f.due_at), or_null(f.organiser_id),
       or_null(f.organiser_number), or_null(f.client_id)});
  move_counters(tx, std::nullopt,
                {f.state, std::nullopt, f.province, std::string(to_string(f.kind)), f.nature, false,
                 f.account_id});
}

std::optional<Filing> find_filing(Reader& reader, const Keyring& keys, Id id) {
  return find_where(reader, keys, "id = $1", {id});
}

std::optional<Filing> find_own_filing(Reader& reader, const Keyring& keys, Id id, Id account) {
  return find_where(reader, keys, "id = $1 AND account_id = $2", {id, account});
}

std::vector<Filing> list_filings(Reader& reader, const Keyring& keys, Id account, int limit,
                                 const std::optional<FilingPlace>& after) {
  std::string sql = "SELECT " + std::string(k_columns) + " FROM filings WHERE account_id = $1 ";
  Params params{account, std::int64_t{limit}};
  if (after) {
    sql += "AND (updated_at < $3 OR (updated_at = $3 AND id < $4)) ";
    params.push_back(after->updated_at);
    params.push_back(after->id);
  }
  std::vector<Filing> out;
  for (const Row& row : reader.query(sql + "ORDER BY updated_at DESC, id DESC LIMIT $2", params))
    out.push_back(read_filing(row, keys));
  return out;
}

std::optional<Freshness> freshness(Reader& reader, Id id) {
  auto row = reader.query_one(
      "SELECT account_id, revision, assignee_id, assigned_at, version, state FROM filings WHERE id "
      "= $1",
      {id});
  if (!row) return std::nullopt;
  return Freshness{row->integer(0),     row->integer(1), row->opt_integer(2),
                   row->opt_integer(3), row->integer(4), row->text(5) == "draft"};
}

bool save_content(Tx& tx, const Keyring& keys, const Filing& f, std::int64_t version, Millis now) {
  const auto before = standing_of(tx, f.id);
  const bool saved =
      tx.execute(
          "UPDATE filings SET content_sealed = $3, title_sealed = $4, organiser_lookup = $5, "
          "province = $6, nature = $7, version = version + 1, revision = revision + 1, "
          "updated_at = $8 WHERE id = $1 AND version = $2",
          {f.id, version, seal(keys, f.content, "filings.content", f.id),
           seal(keys, f.title, "filings.title", f.id), Blob{f.organiser_lookup}, f.province,
           f.nature, now}) == 1;
  if (saved && (before->province != f.province || before->nature != f.nature)) {
    QueueStanding after = *before;
    after.province = f.province;
    after.nature = f.nature;
    move_counters(tx, before, after);
  }
  return saved;
}

void bump_revision(Tx& tx, Id id, Millis now) {
  tx.execute("UPDATE filings SET revision = revision + 1, updated_at = $2 WHERE id = $1",
             {id, now});
}

bool move_filing(Tx& tx, const Move& m, Millis now) {
  const auto before = standing_of(tx, m.id);
  if (!before) return false;
  // The person who has a case keeps it only from one staff step to the next.
  QueueStanding after = *before;
  after.state = m.to;
  after.assignee = std::nullopt;
  after.overdue = false;
  const bool moved =
      tx.execute(
          "UPDATE filings SET state = $4, version = version + 1, revision = revision + 1, turn = "
          "$5, due_at = $6, round = round + $7, state_since = $8, updated_at = $8, assignee_id = "
          "NULL, assigned_at = NULL, overdue_since = NULL, days_used = $9, findings = CASE WHEN $7 "
          "= 1 OR $10 = 1 THEN 0 ELSE findings END WHERE id = $1 AND state = $2 AND version = $3",
          {m.id, std::string(to_string(m.from)), m.version, std::string(to_string(m.to)),
           std::string(to_string(m.turn)), or_null(m.due_at), std::int64_t{m.next_round ? 1 : 0},
           now, m.days_used, std::int64_t{m.turn == Turn::nobody ? 1 : 0}}) == 1;
  if (moved) move_counters(tx, before, after);
  return moved;
}

bool assign_filing(Tx& tx, Id id, const std::optional<Id>& expected,
                   const std::optional<Id>& assignee, Millis now) {
  const auto before = standing_of(tx, id);
  if (!before || before->assignee != expected) return false;
  QueueStanding after = *before;
  after.assignee = assignee;
  const bool changed =
      tx.execute(
          "UPDATE filings SET assignee_id = $3, assigned_at = $4, revision = revision + 1 "
          "WHERE id = $1 AND COALESCE(assignee_id, 0) = $2",
          {id, expected.value_or(0), or_null(assignee),
           assignee ? Value(now) : Value(std::monostate{})}) == 1;
  if (changed) move_counters(tx, before, after);
  return changed;
}

std::vector<Id> late_filings(Reader& reader, Millis now, int limit) {
  std::vector<Id> out;
  for (const char* turn : {"staff", "platform"})
    for (const Row& row : reader.query("SELECT id FROM filings WHERE turn = $1 AND due_at < $2 AND "
                                       "overdue_since IS NULL ORDER BY due_at, id LIMIT $3",
                                       {std::string(turn), now, std::int64_t{limit}}))
      out.push_back(row.integer(0));
  return out;
}

bool mark_overdue(Tx& tx, Id id, Millis now) {
  const auto before = standing_of(tx, id);
  const bool marked =
      before && tx.execute(
                    "UPDATE filings SET overdue_since = $2, revision = revision + 1 WHERE id = $1 "
                    "AND overdue_since IS NULL AND turn IN ('staff', 'platform') AND due_at < $2",
                    {id, now}) == 1;
  if (!marked) return false;
  QueueStanding after = *before;
  after.overdue = true;
  move_counters(tx, before, after);
  return true;
}

void raise_findings(Tx& tx, Id id, std::int64_t findings) {
  tx.execute(
      "UPDATE filings SET findings = $2 WHERE id = $1 AND findings < $2 AND turn <> 'nobody'",
      {id, findings});
}

void set_organiser(Tx& tx, Id id, Id organiser) {
  tx.execute("UPDATE filings SET organiser_id = $2 WHERE id = $1", {id, organiser});
}

void set_result_number(Tx& tx, Id id, const std::string& number) {
  tx.execute(
      "UPDATE filings SET organiser_number = $2, revision = revision + 1 WHERE id = $1 AND "
      "COALESCE(organiser_number, '') <> $2",
      {id, number});
}

void set_result(Tx& tx, const Keyring& keys, Id id, const std::string& number,
                const std::string& password, Millis now) {
  tx.execute(
      "UPDATE filings SET organiser_number = $2, password_sealed = COALESCE($3, password_sealed), "
      "approved_at = COALESCE(approved_at, $4), revision = revision + 1 WHERE id = $1",
      {id, number, seal_optional(keys, password, "filings.password", id), now});
}

std::vector<Filing> filings_of_organiser(Reader& reader, const Keyring& keys, Id organiser,
                                         Id account, int limit) {
  std::vector<Filing> out;
  for (const Row& row : reader.query("SELECT " + std::string(k_columns) +
                                         " FROM filings WHERE organiser_id = $1 AND account_id = "
                                         "$2 ORDER BY id DESC LIMIT $3",
                                     {organiser, account, std::int64_t{limit}}))
    out.push_back(read_filing(row, keys));
  return out;
}

std::int64_t count_password_tries(Reader& reader, const std::string& number_lookup, Millis since) {
  return reader
      .query_one("SELECT COUNT(*) FROM password_tries WHERE number_lookup = $1 AND tried_at > $2",
                 {Blob{number_lookup}, since})
      .value()
      .integer(0);
}

void note_password_try(Tx& tx, const std::string& number_lookup, Millis now) {
  tx.execute("INSERT INTO password_tries (id, number_lookup, tried_at) VALUES ($1, $2, $3)",
             {new_id(), Blob{number_lookup}, now});
}

void forget_password_try(Tx& tx, const std::string& number_lookup) {
  tx.execute(
      "DELETE FROM password_tries WHERE id = (SELECT MAX(id) FROM password_tries WHERE "
      "number_lookup = $1)",
      {Blob{number_lookup}});
}

void put_snapshot(Tx& tx, const Keyring& keys, Id filing, std::int64_t round,
                  const std::string& content, Millis now) {
  tx.execute("INSERT INTO snapshots (filing_id, round, content_sealed, at) VALUES ($1, $2, $3, $4)",
             {filing, round, seal(keys, content, "snapshots.content", filing), now});
}

std::optional<std::string> find_snapshot(Reader& reader, const Keyring& keys, Id filing,
                                         std::int64_t round) {
  auto row = reader.query_one(
      "SELECT content_sealed FROM snapshots WHERE filing_id = $1 AND round = $2", {filing, round});
  if (!row) return std::nullopt;
  return unseal(keys, row->blob(0), "snapshots.content", filing);
}

}  // namespace beian::store
