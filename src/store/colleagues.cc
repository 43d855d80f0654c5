#include "store/colleagues.h"

#include <algorithm>

#include "store/sealed.h"

namespace beian::store {
namespace {

std::string open_text(const Row& row, std::size_t column, const Keyring& keys, Id id) {
  const auto sealed = row.opt_blob(column);
  return sealed ? unseal(keys, *sealed, "case_notes.text", id) : std::string();
}

constexpr std::string_view k_note_columns =
    "n.id, n.filing_id, n.author_id, a.display_name, n.kind, n.text_sealed, n.at";

Note read_note(const Row& row, const Keyring& keys) {
  const Id id = row.integer(0);
  return {id,
          row.integer(1),
          row.integer(2),
          row.opt_text(3).value_or(""),
          row.text(4),
          open_text(row, 5, keys, id),
          row.integer(6),
          {}};
}

Appointment read_appointment(const Row& row) {
  return {row.integer(0), row.integer(1), row.integer(2), row.opt_text(3).value_or(""),
          row.text(4)};
}

}  // namespace

void insert_note(Tx& tx, const Keyring& keys, const Note& n) {
  tx.execute(
      "INSERT INTO case_notes (id, filing_id, author_id, kind, text_sealed, at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {n.id, n.filing_id, n.author_id, n.kind, seal_optional(keys, n.text, "case_notes.text", n.id),
       n.at});
  for (const Id account : n.mentions)
    tx.execute(
        "INSERT INTO mentions (note_id, account_id, filing_id) VALUES ($1, $2, $3) "
        "ON CONFLICT (note_id, account_id) DO NOTHING",
        {n.id, account, n.filing_id});
}

std::vector<Note> list_notes(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<Note> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_note_columns) +
                        " FROM case_notes n LEFT JOIN accounts a ON a.id = n.author_id "
                        "WHERE n.filing_id = $1 ORDER BY n.id LIMIT 500",
                    {filing}))
    out.push_back(read_note(row, keys));
  for (const Row& row :
       reader.query("SELECT m.note_id, m.account_id FROM mentions m JOIN case_notes n "
                    "ON n.id = m.note_id WHERE n.filing_id = $1 ORDER BY m.note_id",
                    {filing}))
    for (Note& note : out)
      if (note.id == row.integer(0)) note.mentions.push_back(row.integer(1));
  return out;
}

std::vector<Mention> mentions_of(Reader& reader, const Keyring& keys, Id account,
                                 const StaffScope& scope, Id before, int limit) {
  std::vector<Mention> out;
  Params params{account, before, std::int64_t{limit}};
  const std::string within = scope_condition(scope, "f", params);
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_note_columns) +
               ", f.title_sealed, f.nature, m.seen_at FROM mentions m "
               "JOIN case_notes n ON n.id = m.note_id JOIN filings f ON f.id = n.filing_id "
               "LEFT JOIN accounts a ON a.id = n.author_id "
               "WHERE m.account_id = $1 AND (CAST($2 AS BIGINT) = 0 OR m.note_id < $2)" +
               within + " ORDER BY m.note_id DESC LIMIT $3",
           params))
    out.push_back({read_note(row, keys), unseal(keys, row.blob(7), "filings.title", row.integer(1)),
                   row.integer(8), row.opt_integer(9)});
  return out;
}

std::int64_t count_unseen_mentions(Reader& reader, Id account, const StaffScope& scope) {
  Params params{account};
  const std::string within = scope_condition(scope, "f", params);
  return reader
      .query_one(
          "SELECT COUNT(*) FROM mentions m JOIN filings f ON f.id = m.filing_id "
          "WHERE m.account_id = $1 AND m.seen_at IS NULL" +
              within,
          params)
      ->integer(0);
}

std::int64_t see_mentions(Tx& tx, Id account, Id filing, Millis now) {
  return tx.execute(
      "UPDATE mentions SET seen_at = $3 WHERE account_id = $1 AND seen_at IS NULL "
      "AND (CAST($2 AS BIGINT) = 0 OR filing_id = $2)",
      {account, filing, now});
}

void close_appointments(Tx& tx, Id filing) {
  tx.execute("UPDATE appointments SET open = 0 WHERE filing_id = $1 AND open = 1", {filing});
}

void put_appointment(Tx& tx, Id call, const Appointment& a) {
  close_appointments(tx, a.filing_id);
  if (a.at == 0) return;
  tx.execute(
      "INSERT INTO appointments (call_id, filing_id, at, by_id, person, open) "
      "VALUES ($1, $2, $3, $4, $5, 1)",
      {call, a.filing_id, a.at, a.by_id, a.person});
}

std::optional<Appointment> open_appointment(Reader& reader, Id filing) {
  const auto row = reader.query_one(
      "SELECT p.filing_id, p.at, p.by_id, a.display_name, p.person FROM appointments p "
      "LEFT JOIN accounts a ON a.id = p.by_id WHERE p.filing_id = $1 AND p.open = 1",
      {filing});
  if (!row) return std::nullopt;
  return read_appointment(*row);
}

std::vector<MyAppointment> appointments_of(Reader& reader, const Keyring& keys, Id account,
                                           const StaffScope& scope, Millis until, int limit) {
  std::vector<MyAppointment> out;
  Params params{account, until, std::int64_t{limit}};
  const std::string within = scope_condition(scope, "f", params);
  for (const Row& row : reader.query(
           "SELECT p.filing_id, p.at, p.by_id, a.display_name, p.person, f.title_sealed, f.nature "
           "FROM appointments p JOIN filings f ON f.id = p.filing_id "
           "LEFT JOIN accounts a ON a.id = p.by_id "
           "WHERE p.open = 1 AND p.at <= $2 AND f.turn <> 'nobody' "
           "AND COALESCE(f.assignee_id, p.by_id) = $1" +
               within + " ORDER BY p.at LIMIT $3",
           params))
    out.push_back({read_appointment(row),
                   unseal(keys, row.blob(5), "filings.title", row.integer(0)), row.integer(6)});
  return out;
}

void put_second_opinion(Tx& tx, Id filing, std::int64_t round, State state,
                        const SecondOpinion& opinion) {
  tx.execute(
      "INSERT INTO second_opinions (filing_id, round, state, first_by, note_id, at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {filing, round, std::string(to_string(state)), opinion.first_by, opinion.note_id,
       opinion.at});
}

std::optional<SecondOpinion> find_second_opinion(Reader& reader, Id filing, std::int64_t round,
                                                 State state) {
  const auto row = reader.query_one(
      "SELECT o.first_by, a.display_name, o.note_id, o.at FROM second_opinions o "
      "LEFT JOIN accounts a ON a.id = o.first_by "
      "WHERE o.filing_id = $1 AND o.round = $2 AND o.state = $3",
      {filing, round, std::string(to_string(state))});
  if (!row) return std::nullopt;
  return SecondOpinion{row->integer(0), row->opt_text(1).value_or(""), row->integer(2),
                       row->integer(3)};
}

void forget_second_opinion(Tx& tx, Id filing) {
  tx.execute("DELETE FROM second_opinions WHERE filing_id = $1", {filing});
}

}  // namespace beian::store
