#include "store/imports.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, agency_id, name_sealed, report_sealed, state, rows_total, rows_good, rows_done, drafts, "
    "skipped, made_by, created_at, confirmed_at, finished_at";

Import read_import(const Row& row, const Keyring& keys) {
  Import i;
  i.id = row.integer(0);
  i.agency_id = row.integer(1);
  i.name = unseal(keys, row.blob(2), "imports.name", i.id);
  i.report = unseal(keys, row.blob(3), "imports.report", i.id);
  i.state = row.text(4);
  i.rows_total = row.integer(5);
  i.rows_good = row.integer(6);
  i.rows_done = row.integer(7);
  i.drafts = row.integer(8);
  i.skipped = row.integer(9);
  i.made_by = row.integer(10);
  i.created_at = row.integer(11);
  i.confirmed_at = row.opt_integer(12);
  i.finished_at = row.opt_integer(13);
  return i;
}

}  // namespace

bool insert_import(Tx& tx, const Keyring& keys, Import& i, const std::string& file) {
  const Blob hash{keys.lookup(file, "imports.file")};
  if (const auto known = tx.query_one(
          "SELECT id FROM imports WHERE agency_id = $1 AND file_hash = $2", {i.agency_id, hash})) {
    i.id = known->integer(0);
    return false;
  }
  return tx.execute(
             "INSERT INTO imports (id, agency_id, file_hash, name_sealed, file_sealed, "
             "report_sealed, state, rows_total, rows_good, rows_done, drafts, skipped, made_by, "
             "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $11)",
             {i.id, i.agency_id, hash, seal(keys, i.name, "imports.name", i.id),
              seal(keys, file, "imports.file", i.id), seal(keys, i.report, "imports.report", i.id),
              i.state, i.rows_total, i.rows_good, i.made_by, i.created_at}) == 1;
}

std::optional<Import> find_import(Reader& reader, const Keyring& keys, Id agency, Id import) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM imports WHERE id = $2 AND agency_id = $1",
      {agency, import});
  if (!row) return std::nullopt;
  return read_import(*row, keys);
}

std::optional<Import> find_any_import(Reader& reader, const Keyring& keys, Id import) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM imports WHERE id = $1", {import});
  if (!row) return std::nullopt;
  return read_import(*row, keys);
}

std::vector<Import> list_imports(Reader& reader, const Keyring& keys, Id agency, int limit) {
  std::vector<Import> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM imports WHERE agency_id = $1 ORDER BY id DESC LIMIT $2",
                    {agency, std::int64_t{limit}}))
    out.push_back(read_import(row, keys));
  return out;
}

std::string find_import_file(Reader& reader, const Keyring& keys, Id import) {
  const auto row = reader.query_one("SELECT file_sealed FROM imports WHERE id = $1", {import});
  const auto sealed = row ? row->opt_blob(0) : std::nullopt;
  return sealed ? unseal(keys, *sealed, "imports.file", import) : std::string();
}

bool confirm_import(Tx& tx, Id import, Millis now) {
  return tx.execute(
             "UPDATE imports SET state = 'running', confirmed_at = $2 WHERE id = $1 AND state = "
             "'checked'",
             {import, now}) == 1;
}

bool drop_import(Tx& tx, Id agency, Id import) {
  return tx.execute("DELETE FROM imports WHERE id = $2 AND agency_id = $1 AND state = 'checked'",
                    {agency, import}) == 1;
}

std::set<std::int64_t> done_rows(Reader& reader, Id import) {
  std::set<std::int64_t> out;
  for (const Row& row :
       reader.query("SELECT row_number FROM import_rows WHERE import_id = $1", {import}))
    out.insert(row.integer(0));
  return out;
}

bool insert_import_row(Tx& tx, Id import, const ImportRow& row) {
  return tx.execute(
             "INSERT INTO import_rows (import_id, row_number, filing_id, code) VALUES ($1, $2, $3, "
             "$4) ON CONFLICT (import_id, row_number) DO NOTHING",
             {import, row.row, or_null(row.filing), row.code}) == 1;
}

std::vector<ImportRow> left_out_rows(Reader& reader, Id import, int limit) {
  std::vector<ImportRow> out;
  for (const Row& row : reader.query(
           "SELECT row_number, code FROM import_rows WHERE import_id = $1 AND filing_id IS NULL "
           "ORDER BY row_number LIMIT $2",
           {import, std::int64_t{limit}}))
    out.push_back({row.integer(0), std::nullopt, row.text(1)});
  return out;
}

void advance_import(Tx& tx, Id import, std::int64_t rows, std::int64_t drafts,
                    std::int64_t skipped) {
  tx.execute(
      "UPDATE imports SET rows_done = rows_done + $2, drafts = drafts + $3, skipped = skipped + $4 "
      "WHERE id = $1",
      {import, rows, drafts, skipped});
}

void finish_import(Tx& tx, Id import, Millis now) {
  tx.execute(
      "UPDATE imports SET state = 'done', finished_at = $2, file_sealed = NULL WHERE id = $1",
      {import, now});
}

}  // namespace beian::store
