#include "store/exchange.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, province, sequence, filing_id, round, package_hash, xml_sealed, state, tries";

Upload read_upload(const Row& row, const Keyring& keys) {
  return {row.integer(0),
          row.text(1),
          row.integer(2),
          row.integer(3),
          row.integer(4),
          row.text(5),
          unseal(keys, row.blob(6), "bureau_uploads.xml", row.integer(0)),
          row.text(7),
          row.integer(8)};
}

void ensure_line(Tx& tx, const std::string& province) {
  tx.execute(
      "INSERT INTO bureau_lines (province, last_sequence) VALUES ($1, 0) ON CONFLICT (province) DO "
      "NOTHING",
      {province});
}

// A download has no id of its own; its context is its name.
std::string download_context(const std::string& province, const std::string& file_name) {
  return "bureau_downloads.xml/" + province + "/" + file_name;
}

}  // namespace

BureauLine find_line(Reader& reader, const std::string& province) {
  auto row = reader.query_one(
      "SELECT last_sequence, last_contact_at, last_error FROM bureau_lines WHERE province = $1",
      {province});
  if (!row) return {province, 0, std::nullopt, std::nullopt};
  return {province, row->integer(0), row->opt_integer(1), row->opt_text(2)};
}

void note_contact(Tx& tx, const std::string& province, const std::string& error, Millis now) {
  ensure_line(tx, province);
  if (error.empty())
    tx.execute(
        "UPDATE bureau_lines SET last_contact_at = $2, last_error = NULL WHERE province = $1",
        {province, now});
  else
    tx.execute("UPDATE bureau_lines SET last_error = $2 WHERE province = $1", {province, error});
}

std::optional<Upload> prepare_upload(Tx& tx, const Keyring& keys, const std::string& province,
                                     std::int64_t sequence, Id filing, std::int64_t round,
                                     const std::string& xml, const std::string& hash, Millis now) {
  ensure_line(tx, province);
  if (tx.execute(
          "UPDATE bureau_lines SET last_sequence = $2 WHERE province = $1 AND last_sequence = $3",
          {province, sequence, sequence - 1}) == 0)
    return std::nullopt;
  Upload u{new_id(), province, sequence, filing, round, hash, xml, "prepared", 0};
  tx.execute(
      "INSERT INTO bureau_uploads (id, province, sequence, filing_id, round, package_hash, "
      "xml_sealed, state, tries, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
      {u.id, u.province, u.sequence, u.filing_id, u.round, u.package_hash,
       seal(keys, u.xml, "bureau_uploads.xml", u.id), u.state, now});
  return u;
}

std::optional<Upload> prepared_upload(Reader& reader, const Keyring& keys,
                                      const std::string& province) {
  auto row = reader.query_one("SELECT " + std::string(k_columns) +
                                  " FROM bureau_uploads WHERE province = $1 AND state = 'prepared' "
                                  "ORDER BY sequence LIMIT 1",
                              {province});
  if (!row) return std::nullopt;
  return read_upload(*row, keys);
}

std::optional<Upload> find_upload(Reader& reader, const Keyring& keys, const std::string& province,
                                  std::int64_t sequence) {
  auto row = reader.query_one("SELECT " + std::string(k_columns) +
                                  " FROM bureau_uploads WHERE province = $1 AND sequence = $2",
                              {province, sequence});
  if (!row) return std::nullopt;
  return read_upload(*row, keys);
}

void count_try(Tx& tx, Id upload) {
  tx.execute("UPDATE bureau_uploads SET tries = tries + 1 WHERE id = $1", {upload});
}

void accept_upload(Tx& tx, Id upload, Millis now) {
  tx.execute("UPDATE bureau_uploads SET state = 'accepted', accepted_at = $2 WHERE id = $1",
             {upload, now});
}

void renumber_upload(Tx& tx, Id upload, const std::string& province, std::int64_t sequence) {
  tx.execute("UPDATE bureau_uploads SET sequence = $2 WHERE id = $1", {upload, sequence});
  tx.execute("UPDATE bureau_lines SET last_sequence = $2 WHERE province = $1",
             {province, sequence});
}

std::optional<Id> oldest_ready_filing(Reader& reader, const std::string& province) {
  auto row = reader.query_one(
      "SELECT id FROM filings WHERE state = 'ready' AND province = $1 ORDER BY state_since, id "
      "LIMIT 1",
      {province});
  if (!row) return std::nullopt;
  return row->integer(0);
}

std::int64_t count_waiting(Reader& reader, const std::string& province) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM filings WHERE province = $1 AND state IN ('ready', 'sending', "
          "'sms_pending', 'bureau_review')",
          {province})
      ->integer(0);
}

bool store_download(Tx& tx, const Keyring& keys, const std::string& province,
                    const std::string& file_name, const std::string& xml, Millis now) {
  return tx.execute(
             "INSERT INTO bureau_downloads (province, file_name, received_at, xml_sealed, note) "
             "VALUES ($1, $2, $3, $4, '') ON CONFLICT (province, file_name) DO NOTHING",
             {province, file_name, now,
              Blob{keys.seal(xml, download_context(province, file_name))}}) == 1;
}

bool has_download(Reader& reader, const std::string& province, const std::string& file_name) {
  return reader
      .query_one("SELECT 1 FROM bureau_downloads WHERE province = $1 AND file_name = $2",
                 {province, file_name})
      .has_value();
}

void note_download(Tx& tx, const std::string& province, const std::string& file_name,
                   const std::string& note) {
  tx.execute("UPDATE bureau_downloads SET note = $3 WHERE province = $1 AND file_name = $2",
             {province, file_name, note});
}

}  // namespace beian::store
