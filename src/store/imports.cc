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

// A question opens as that of its own row only.
// As store/reseal.cc names the row.
std::string question_context(Id import, std::int64_t row) {
  return context_of("import_questions.question", import) + "/" + std::to_string(row);
}

}  // namespace

bool insert_import(Tx& tx, const Keyring& keys, Import& i, const std::string& file) {
  const Blob hash{keys.lookup(file, "imports.file")};
  if (const auto known = tx.query_one(
          "SELECT id FROM imports WHERE agency_id = $1 AND file_hash = $2", {i.agency_id, hash})) {
    i.id = known->integer(0);
    tx.execute(
        "UPDATE imports SET report_sealed = $2, rows_good = $3 WHERE id = $1 AND state = 'checked'",
        {i.id, seal(keys, i.report, "imports.report", i.id), i.rows_good});
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
       reader.query("SELECT row_number FROM import_rows WHERE import_id = $1 "
                    "UNION ALL SELECT row_number FROM import_questions WHERE import_id = $1",
                    {import}))
    out.insert(row.integer(0));
  return out;
}

bool insert_import_row(Tx& tx, Id import, const ImportRow& row) {
  return tx.execute(
             "INSERT INTO import_rows (import_id, row_number, filing_id, code, domain, client_id) "
             "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (import_id, row_number) DO NOTHING",
             {import, row.row, or_null(row.filing), row.code, row.domain, or_null(row.client)}) ==
         1;
}

std::vector<ImportRow> left_out_rows(Reader& reader, Id import, int limit) {
  std::vector<ImportRow> out;
  for (const Row& row : reader.query(
           "SELECT row_number, code, domain, client_id FROM import_rows WHERE import_id = $1 AND "
           "filing_id IS NULL ORDER BY row_number LIMIT $2",
           {import, std::int64_t{limit}}))
    out.push_back({row.integer(0), std::nullopt, row.text(1), row.text(2), row.opt_integer(3)});
  return out;
}

void advance_import(Tx& tx, Id import, std::int64_t rows, std::int64_t drafts,
                    std::int64_t skipped) {
  tx.execute(
      "UPDATE imports SET rows_done = rows_done + $2, drafts = drafts + $3, skipped = skipped + $4 "
      "WHERE id = $1",
      {import, rows, drafts, skipped});
}

void drop_import_file(Tx& tx, Id import) {
  tx.execute("UPDATE imports SET file_sealed = NULL WHERE id = $1", {import});
}

void finish_import(Tx& tx, Id import, Millis now) {
  tx.execute(
      "UPDATE imports SET state = 'done', finished_at = $2 WHERE id = $1 AND state = 'running' AND "
      "file_sealed IS NULL AND NOT EXISTS (SELECT 1 FROM import_questions WHERE import_id = $1)",
      {import, now});
}

void insert_import_question(Tx& tx, const Keyring& keys, Id import, const ImportQuestion& q) {
  tx.execute(
      "INSERT INTO import_questions (import_id, row_number, question_sealed, created_at) VALUES "
      "($1, $2, $3, $4) ON CONFLICT (import_id, row_number) DO NOTHING",
      {import, q.row, Blob{keys.seal(q.text, question_context(import, q.row))}, q.created_at});
}

std::optional<ImportQuestion> find_import_question(Reader& reader, const Keyring& keys, Id import,
                                                   std::int64_t number) {
  const auto row = reader.query_one(
      "SELECT question_sealed, created_at FROM import_questions WHERE import_id = $1 AND "
      "row_number = $2",
      {import, number});
  if (!row) return std::nullopt;
  return ImportQuestion{number, keys.open(row->blob(0), question_context(import, number)),
                        row->integer(1)};
}

bool remove_import_question(Tx& tx, Id import, std::int64_t row) {
  return tx.execute("DELETE FROM import_questions WHERE import_id = $1 AND row_number = $2",
                    {import, row}) == 1;
}

std::int64_t count_import_questions(Reader& reader, Id import) {
  return reader.query_one("SELECT COUNT(*) FROM import_questions WHERE import_id = $1", {import})
      ->integer(0);
}

std::int64_t remove_imports(Tx& tx, Millis before, int limit) {
  std::int64_t removed = 0;
  for (const Row& row : tx.query(
           "SELECT id FROM imports WHERE created_at < $1 AND state <> 'running' ORDER BY id LIMIT "
           "$2",
           {before, std::int64_t{limit}})) {
    const Id import = row.integer(0);
    tx.execute("DELETE FROM import_rows WHERE import_id = $1", {import});
    removed += tx.execute("DELETE FROM imports WHERE id = $1", {import});
  }
  return removed;
}

}  // namespace beian::store
