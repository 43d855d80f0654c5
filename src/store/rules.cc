#include "store/rules.h"

#include "store/sealed.h"

namespace beian::store {

void insert_rule_edit(Tx& tx, const RuleEdit& e) {
  tx.execute(
      "INSERT INTO rule_edits (id, province, rule_id, edit, note, by_id, at, agreed_by) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {e.id != 0 ? e.id : new_id(), e.province, e.rule_id, e.edit, e.note, e.by_id, e.at,
       e.agreed_by != 0 ? Value{e.agreed_by} : Value{}});
}

std::vector<RuleEdit> list_rule_edits(Reader& reader, const std::string& province) {
  std::vector<RuleEdit> out;
  for (const Row& row : reader.query(
           "SELECT e.id, e.province, e.rule_id, e.edit, e.note, e.by_id, a.display_name, e.at, "
           "COALESCE(e.agreed_by, 0), COALESCE(b.display_name, '') "
           "FROM rule_edits e JOIN accounts a ON a.id = e.by_id "
           "LEFT JOIN accounts b ON b.id = e.agreed_by WHERE e.province = $1 "
           "ORDER BY e.id LIMIT 5000",
           {province}))
    out.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4),
                   row.integer(5), row.text(6), row.integer(7), row.integer(8), row.text(9)});
  return out;
}

Id latest_rule_edit(Reader& reader, const std::string& province) {
  const auto row = reader.query_one(
      "SELECT id FROM rule_edits WHERE province = $1 ORDER BY id DESC LIMIT 1", {province});
  return row ? row->integer(0) : 0;
}

Id latest_edit_of_rule(Reader& reader, const std::string& province, const std::string& rule) {
  const auto row = reader.query_one(
      "SELECT id FROM rule_edits WHERE province = $1 AND rule_id = $2 ORDER BY id DESC LIMIT 1",
      {province, rule});
  return row ? row->integer(0) : 0;
}

namespace {

constexpr std::string_view k_changes =
    "SELECT c.id, c.province, c.rule_id, c.edit, c.note, c.base_id, c.state, c.asked_by, "
    "a.display_name, c.asked_at FROM rule_changes c JOIN accounts a ON a.id = c.asked_by ";

RuleChange read_change(const Row& row) {
  return {row.integer(0), row.text(1), row.text(2),    row.text(3), row.text(4),
          row.integer(5), row.text(6), row.integer(7), row.text(8), row.integer(9)};
}

}  // namespace

bool insert_rule_change(Tx& tx, const RuleChange& c) {
  return tx.execute(
             "INSERT INTO rule_changes (id, province, rule_id, edit, note, base_id, state, "
             "asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8) "
             "ON CONFLICT DO NOTHING",
             {c.id, c.province, c.rule_id, c.edit, c.note, c.base_id, c.asked_by, c.asked_at}) == 1;
}

std::optional<RuleChange> find_rule_change(Reader& reader, Id id) {
  const auto row = reader.query_one(std::string(k_changes) + "WHERE c.id = $1", {id});
  if (!row) return std::nullopt;
  return read_change(*row);
}

std::vector<RuleChange> open_rule_changes(Reader& reader) {
  std::vector<RuleChange> out;
  for (const Row& row :
       reader.query(std::string(k_changes) + "WHERE c.state = 'open' ORDER BY c.id LIMIT 200"))
    out.push_back(read_change(row));
  return out;
}

bool decide_rule_change(Tx& tx, Id id, std::string_view state, Id by, Millis now) {
  return tx.execute(
             "UPDATE rule_changes SET state = $2, decided_by = $3, decided_at = $4 "
             "WHERE id = $1 AND state = 'open'",
             {id, std::string(state), by, now}) == 1;
}

std::int64_t count_rule_seconds(Reader& reader, Id but) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM accounts WHERE role IN ('rules_editor', 'senior') AND "
          "state = 'active' AND id <> $1",
          {but})
      .value()
      .integer(0);
}

Id keep_rule_version(Tx& tx, const std::string& province, const std::string& digest,
                     const std::string& document, Millis now) {
  const auto known = [&] {
    return tx.query_one("SELECT id FROM rule_versions WHERE province = $1 AND digest = $2",
                        {province, digest});
  };
  // The text is long and nearly always there.
  if (const auto row = known()) return row->integer(0);
  tx.execute(
      "INSERT INTO rule_versions (id, province, digest, document, created_at) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (province, digest) DO NOTHING",
      {new_id(), province, digest, document, now});
  return known().value().integer(0);
}

std::optional<std::string> find_rule_version(Reader& reader, Id version) {
  const auto row = reader.query_one("SELECT document FROM rule_versions WHERE id = $1", {version});
  if (!row) return std::nullopt;
  return row->text(0);
}

void pin_rules(Tx& tx, Id filing, const RulePin& pin) {
  tx.execute(
      "INSERT INTO filing_rules (filing_id, province, version_id) VALUES ($1, $2, $3) "
      "ON CONFLICT (filing_id) DO UPDATE SET province = excluded.province, "
      "version_id = excluded.version_id",
      {filing, pin.province, pin.version});
}

std::optional<RulePin> find_rule_pin(Reader& reader, Id filing) {
  const auto row = reader.query_one(
      "SELECT province, version_id FROM filing_rules WHERE filing_id = $1", {filing});
  if (!row) return std::nullopt;
  return RulePin{row->text(0), row->integer(1)};
}

void pin_national_rules(Tx& tx, Id filing, Id version) {
  tx.execute(
      "INSERT INTO filing_national_rules (filing_id, version_id) VALUES ($1, $2) "
      "ON CONFLICT (filing_id) DO NOTHING",
      {filing, version});
}

std::optional<Id> find_national_pin(Reader& reader, Id filing) {
  const auto row = reader.query_one(
      "SELECT version_id FROM filing_national_rules WHERE filing_id = $1", {filing});
  if (!row) return std::nullopt;
  return row->integer(0);
}

void put_rule_decision(Tx& tx, const Keyring& keys, const RuleDecision& d) {
  tx.execute("DELETE FROM rule_decisions WHERE filing_id = $1 AND rule_id = $2 AND field = $3",
             {d.filing_id, d.rule_id, d.field});
  const Id id = new_id();
  tx.execute(
      "INSERT INTO rule_decisions (id, filing_id, rule_id, field, decision, reason_sealed, by_id, "
      "at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {id, d.filing_id, d.rule_id, d.field, d.decision,
       seal(keys, d.reason, "rule_decisions.reason", id), d.by_id, d.at});
}

std::vector<RuleDecision> list_rule_decisions(Reader& reader, const Keyring& keys, Id filing) {
  std::vector<RuleDecision> out;
  for (const Row& row : reader.query(
           "SELECT d.id, d.rule_id, d.field, d.decision, d.reason_sealed, d.by_id, a.display_name, "
           "d.at FROM rule_decisions d JOIN accounts a ON a.id = d.by_id WHERE d.filing_id = $1 "
           "ORDER BY d.id LIMIT 500",
           {filing}))
    out.push_back({filing, row.text(1), row.text(2), row.text(3),
                   unseal(keys, row.blob(4), "rule_decisions.reason", row.integer(0)),
                   row.integer(5), row.text(6), row.integer(7)});
  return out;
}

std::int64_t count_filed_sites(Reader& reader, const std::string& organiser_lookup) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM registered_sites s JOIN registered_organisers o "
          "ON o.id = s.organiser_id WHERE o.certificate_lookup = $1 AND o.state = 'filed' AND "
          "s.state <> 'cancelled'",
          {Blob{organiser_lookup}})
      .value()
      .integer(0);
}

std::int64_t count_numbers(Reader& reader, const std::string& organiser_lookup) {
  return reader
      .query_one(
          "SELECT COUNT(DISTINCT number) FROM registered_organisers WHERE certificate_lookup = $1 "
          "AND state = 'filed' AND number <> ''",
          {Blob{organiser_lookup}})
      .value()
      .integer(0);
}

std::vector<Id> latest_filings_of(Reader& reader, const std::string& province, int limit) {
  const std::int64_t most = limit;
  const auto rows =
      province.empty()
          ? reader.query("SELECT id FROM filings WHERE round > 0 ORDER BY id DESC LIMIT $1", {most})
          : reader.query(
                "SELECT id FROM filings WHERE province = $1 AND round > 0 ORDER BY id DESC "
                "LIMIT $2",
                {province, most});
  std::vector<Id> out;
  for (const Row& row : rows) out.push_back(row.integer(0));
  return out;
}

}  // namespace beian::store
