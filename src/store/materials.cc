#include "store/materials.h"

#include "base/crypto.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, filing_id, site_key, purpose, full_key, fitted_key, thumbnail_key, bytes, fitted_bytes, "
    "width, height, by_phone, created_at";
constexpr std::string_view k_mark = "picture_marks.picture";

Material read_material(const Row& row) {
  return {row.integer(0),  row.integer(1),  row.text(2),    row.text(3),    row.text(4),
          row.text(5),     row.text(6),     row.integer(7), row.integer(8), row.integer(9),
          row.integer(10), row.boolean(11), row.integer(12)};
}

}  // namespace

void insert_material(Tx& tx, const Material& m) {
  tx.execute(
      "INSERT INTO materials (id, filing_id, site_key, purpose, full_key, fitted_key, "
      "thumbnail_key, "
      "bytes, fitted_bytes, width, height, by_phone, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {m.id, m.filing_id, m.site_key, m.purpose, m.full_key, m.fitted_key, m.thumbnail_key, m.bytes,
       m.fitted_bytes, m.width, m.height, std::int64_t{m.by_phone ? 1 : 0}, m.created_at});
}

std::vector<Material> list_materials(Reader& reader, Id filing) {
  std::vector<Material> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM materials WHERE filing_id = $1 AND removed_at IS NULL "
                        "ORDER BY id",
                    {filing}))
    out.push_back(read_material(row));
  return out;
}

std::optional<Material> find_material(Reader& reader, Id filing, Id material) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) +
          " FROM materials WHERE id = $1 AND filing_id = $2 AND removed_at IS NULL",
      {material, filing});
  if (!row) return std::nullopt;
  return read_material(*row);
}

void remove_materials(Tx& tx, Id filing, const std::string& site_key, const std::string& purpose,
                      Millis now) {
  tx.execute(
      "UPDATE materials SET removed_at = $4 WHERE filing_id = $1 AND site_key = $2 AND purpose = "
      "$3 "
      "AND removed_at IS NULL",
      {filing, site_key, purpose, now});
}

bool remove_material(Tx& tx, Id filing, Id material, Millis now) {
  return tx.execute(
             "UPDATE materials SET removed_at = $3 WHERE id = $1 AND filing_id = $2 AND removed_at "
             "IS NULL",
             {material, filing, now}) == 1;
}

std::int64_t count_materials(Reader& reader, Id filing) {
  return reader.query_one("SELECT COUNT(*) FROM materials WHERE filing_id = $1", {filing})
      ->integer(0);
}

bool is_blob_used(Reader& reader, const std::string& key) {
  return reader
      .query_one(
          "SELECT 1 FROM materials WHERE full_key = $1 OR fitted_key = $1 OR thumbnail_key = $1 "
          "UNION ALL SELECT 1 FROM claims WHERE certificate_key = $1 OR proof_key = $1 LIMIT 1",
          {key})
      .has_value();
}

std::vector<std::string> forget_removed(Tx& tx, Millis before) {
  std::vector<std::string> out;
  for (const Row& row :
       tx.query("DELETE FROM materials WHERE removed_at IS NOT NULL AND removed_at < $1 "
                "RETURNING full_key, fitted_key, thumbnail_key",
                {before}))
    for (std::size_t column : {0u, 1u, 2u}) out.push_back(row.text(column));
  return out;
}

void await_inspection(Tx& tx, Id material) {
  tx.execute("INSERT INTO inspections (material_id, state) VALUES ($1, 'waiting')", {material});
}

bool finish_inspection(Tx& tx, const Keyring& keys, Id material, const Inspection& inspection,
                       Millis now) {
  return tx.execute(
             "UPDATE inspections SET state = $2, result_sealed = $3, done_at = $4 "
             "WHERE material_id = $1",
             {material, inspection.state,
              seal_optional(keys, inspection.result, "inspections.result", material), now}) == 1;
}

std::map<Id, Inspection> list_inspections(Reader& reader, const Keyring& keys, Id filing) {
  std::map<Id, Inspection> out;
  for (const Row& row :
       reader.query("SELECT i.material_id, i.state, i.result_sealed FROM inspections i "
                    "JOIN materials m ON m.id = i.material_id "
                    "WHERE m.filing_id = $1 AND m.removed_at IS NULL",
                    {filing})) {
    const Id id = row.integer(0);
    Inspection& one = out[id];
    one.state = row.text(1);
    if (!row.is_null(2)) one.result = unseal(keys, row.blob(2), "inspections.result", id);
  }
  return out;
}

std::optional<Material> find_any_material(Reader& reader, Id material) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM materials WHERE id = $1 AND removed_at IS NULL",
      {material});
  if (!row) return std::nullopt;
  return read_material(*row);
}

void put_mark(Tx& tx, const Keyring& keys, Id material, std::string_view picture) {
  tx.execute(
      "INSERT INTO picture_marks (material_id, lookup) VALUES ($1, $2) "
      "ON CONFLICT (material_id) DO NOTHING",
      {material, Blob{keys.lookup(picture, k_mark)}});
}

std::vector<Twin> find_twins(Reader& reader, const Keyring& keys, const Material& material,
                             std::string_view picture) {
  std::vector<Twin> out;
  for (const Row& row : reader.query(
           "SELECT m.filing_id, m.purpose, CASE WHEN f.account_id = (SELECT account_id "
           "FROM filings "
           "WHERE id = $3) THEN 1 ELSE 0 END, CASE WHEN m.removed_at IS NULL THEN 0 ELSE 1 "
           "END FROM picture_marks p JOIN materials m ON "
           "m.id = p.material_id "
           "JOIN filings f ON f.id = m.filing_id "
           "WHERE p.lookup = $1 AND p.material_id <> $2 ORDER BY m.id DESC LIMIT 20",
           {Blob{keys.lookup(picture, k_mark)}, material.id, material.filing_id}))
    out.push_back({row.integer(0), row.text(1), row.boolean(2), row.boolean(3)});
  return out;
}

bool has_twin_beside(Reader& reader, const Material& m) {
  return reader
      .query_one(
          "SELECT o.id FROM materials o WHERE o.filing_id = $1 AND o.id <> $2 AND o.purpose <> $3 "
          "AND o.removed_at IS NULL AND (o.id IN (SELECT b.material_id FROM picture_marks a JOIN "
          "picture_marks b ON b.lookup = a.lookup WHERE a.material_id = $2) OR o.id IN (SELECT "
          "of_id FROM picture_copies WHERE material_id = $2) OR o.id IN (SELECT material_id FROM "
          "picture_copies WHERE of_id = $2)) LIMIT 1",
          {m.filing_id, m.id, m.purpose})
      .has_value();
}

void insert_ticket(Tx& tx, const std::string& token, const Ticket& t) {
  tx.execute(
      "INSERT INTO tickets (token_hash, filing_id, account_id, site_key, purpose, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {Blob{sha256(token)}, t.filing_id, t.account_id, t.site_key, t.purpose, t.expires_at});
}

std::optional<Ticket> find_ticket(Reader& reader, const std::string& token) {
  auto row = reader.query_one(
      "SELECT filing_id, account_id, site_key, purpose, expires_at, used_at FROM tickets WHERE "
      "token_hash = $1",
      {Blob{sha256(token)}});
  if (!row) return std::nullopt;
  return Ticket{row->integer(0), row->integer(1), row->text(2),
                row->text(3),    row->integer(4), row->opt_integer(5)};
}

bool spend_ticket(Tx& tx, const std::string& token, Millis now) {
  return tx.execute(
             "UPDATE tickets SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND "
             "expires_at > $2",
             {Blob{sha256(token)}, now}) == 1;
}

}  // namespace beian::store
