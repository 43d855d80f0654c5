#include "store/exchange.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

// The record's id where a file carries one record alone.
constexpr std::string_view k_columns =
    "u.id, u.province, u.sequence, u.subject, u.records, "
    "(CASE WHEN u.records = 1 THEN (SELECT r.record_id FROM bureau_upload_records r WHERE "
    "r.upload_id = u.id) ELSE NULL END), u.package_hash, u.state, u.tries, u.note, u.bytes, "
    "u.created_at, u.accepted_at";

// What the staff has to mend first does not stand in the way of the others.
constexpr std::string_view k_not_set_aside =
    "AND NOT EXISTS (SELECT 1 FROM bureau_tasks t WHERE t.filing_id = f.id AND t.state = 'open' "
    "AND "
    "t.kind IN ('unreported_ip', 'unsendable'))";

Upload read_upload(const Row& row) {
  Upload u;
  u.id = row.integer(0);
  u.province = row.text(1);
  u.sequence = row.integer(2);
  u.subject = row.text(3);
  u.records = row.integer(4);
  if (kind_from_string(u.subject)) u.filing_id = row.opt_integer(5).value_or(0);
  u.package_hash = row.text(6);
  u.state = row.text(7);
  u.tries = row.integer(8);
  u.note = row.text(9);
  u.bytes = row.integer(10);
  u.created_at = row.integer(11);
  u.accepted_at = row.opt_integer(12);
  return u;
}

std::optional<Upload> opened_upload(Reader& reader, const Keyring& keys, const std::string& where,
                                    const Params& params) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + ", u.xml_sealed FROM bureau_uploads u WHERE " + where,
      params);
  if (!row) return std::nullopt;
  Upload u = read_upload(*row);
  if (const auto sealed = row->opt_blob(13))
    u.xml = unseal(keys, *sealed, "bureau_uploads.xml", u.id);
  return u;
}

void ensure_line(Tx& tx, const std::string& province) {
  tx.execute(
      "INSERT INTO bureau_lines (province, last_sequence) VALUES ($1, 0) ON CONFLICT (province) DO "
      "NOTHING",
      {province});
}

}  // namespace

BureauLine find_line(Reader& reader, const std::string& province) {
  auto row = reader.query_one(
      "SELECT last_sequence, last_contact_at, last_error, upload_after, upload_hold, failures, "
      "troubles, pruned_at FROM bureau_lines WHERE province = $1",
      {province});
  BureauLine line;
  line.province = province;
  if (!row) return line;
  line.last_sequence = row->integer(0);
  line.last_contact_at = row->opt_integer(1);
  line.last_error = row->opt_text(2);
  line.upload_after = row->integer(3);
  line.upload_hold = row->text(4);
  line.failures = row->integer(5);
  line.troubles = row->integer(6);
  line.pruned_at = row->integer(7);
  return line;
}

void note_contact(Tx& tx, const std::string& province, const std::string& error, Millis now) {
  ensure_line(tx, province);
  if (error.empty())
    tx.execute(
        "UPDATE bureau_lines SET last_contact_at = $2, last_error = NULL, failures = 0 "
        "WHERE province = $1",
        {province, now});
  else
    tx.execute(
        "UPDATE bureau_lines SET last_error = $2, failures = failures + 1, troubles = troubles + 1 "
        "WHERE province = $1",
        {province, error});
}

void note_reached(Tx& tx, const std::string& province, Millis now) {
  ensure_line(tx, province);
  tx.execute("UPDATE bureau_lines SET last_contact_at = $2 WHERE province = $1", {province, now});
}

void hold_uploads(Tx& tx, const std::string& province, Millis until, const std::string& why) {
  ensure_line(tx, province);
  tx.execute("UPDATE bureau_lines SET upload_after = $2, upload_hold = $3 WHERE province = $1",
             {province, until, why});
}

void note_pruned(Tx& tx, const std::string& province, Millis now) {
  ensure_line(tx, province);
  tx.execute("UPDATE bureau_lines SET pruned_at = $2 WHERE province = $1", {province, now});
}

std::optional<Id> prepare_upload(Tx& tx, const Keyring& keys, const NewUpload& upload, Millis now) {
  ensure_line(tx, upload.province);
  if (tx.execute(
          "UPDATE bureau_lines SET last_sequence = $2 WHERE province = $1 AND last_sequence = $3",
          {upload.province, upload.sequence, upload.sequence - 1}) == 0)
    return std::nullopt;
  const Id id = new_id();
  tx.execute(
      "INSERT INTO bureau_uploads (id, province, sequence, subject, records, bytes, package_hash, "
      "xml_sealed, state, tries, note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "'prepared', 0, '', $9)",
      {id, upload.province, upload.sequence, upload.subject,
       static_cast<std::int64_t>(upload.records.size()),
       static_cast<std::int64_t>(upload.xml.size()), upload.hash,
       seal(keys, upload.xml, "bureau_uploads.xml", id), now});
  for (const UploadRecord& record : upload.records)
    tx.execute(
        "INSERT INTO bureau_upload_records (upload_id, record_id, round) VALUES ($1, $2, $3)",
        {id, record.id, record.round});
  return id;
}

std::optional<Upload> prepared_upload(Reader& reader, const Keyring& keys,
                                      const std::string& province) {
  return opened_upload(reader, keys,
                       "u.province = $1 AND u.state = 'prepared' ORDER BY u.sequence LIMIT 1",
                       {province});
}

std::optional<Upload> upload_to_repeat(Reader& reader, const Keyring& keys,
                                       const std::string& province) {
  return opened_upload(reader, keys,
                       "u.province = $1 AND u.state = 'again' ORDER BY u.sequence LIMIT 1",
                       {province});
}

std::optional<Upload> find_upload(Reader& reader, const Keyring& keys, const std::string& province,
                                  std::int64_t sequence) {
  return opened_upload(reader, keys, "u.province = $1 AND u.sequence = $2", {province, sequence});
}

std::vector<Upload> list_uploads(Reader& reader, const std::string& province, std::int64_t before,
                                 int limit) {
  std::vector<Upload> out;
  for (const Row& row : reader.query(
           "SELECT " + std::string(k_columns) +
               " FROM bureau_uploads u WHERE u.province = $1 AND ($2 = 0 OR u.sequence < $2) "
               "ORDER BY u.sequence DESC LIMIT $3",
           {province, before, std::int64_t{limit}}))
    out.push_back(read_upload(row));
  return out;
}

std::vector<UploadRecord> records_of(Reader& reader, Id upload) {
  std::vector<UploadRecord> out;
  for (const Row& row : reader.query(
           "SELECT record_id, round FROM bureau_upload_records WHERE upload_id = $1 ORDER BY "
           "record_id",
           {upload}))
    out.push_back({row.integer(0), row.integer(1)});
  return out;
}

std::vector<Upload> uploads_of_record(Reader& reader, Id record) {
  std::vector<Upload> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM bureau_uploads u WHERE u.id IN (SELECT upload_id FROM "
                        "bureau_upload_records WHERE record_id = $1) ORDER BY u.id DESC",
                    {record}))
    out.push_back(read_upload(row));
  return out;
}

void count_try(Tx& tx, Id upload) {
  tx.execute("UPDATE bureau_uploads SET tries = tries + 1 WHERE id = $1", {upload});
}

void accept_upload(Tx& tx, Id upload, Millis now) {
  tx.execute("UPDATE bureau_uploads SET state = 'accepted', accepted_at = $2 WHERE id = $1",
             {upload, now});
}

void note_upload(Tx& tx, Id upload, const std::string& note) {
  tx.execute("UPDATE bureau_uploads SET note = $2 WHERE id = $1", {upload, note});
}

bool repeat_upload(Tx& tx, const std::string& province, std::int64_t sequence) {
  return tx.execute(
             "UPDATE bureau_uploads SET state = 'again' WHERE province = $1 AND sequence = $2 AND "
             "state IN ('accepted', 'again') AND xml_sealed IS NOT NULL",
             {province, sequence}) == 1;
}

void settle_repeat(Tx& tx, Id upload, const std::string& note) {
  tx.execute("UPDATE bureau_uploads SET state = 'accepted', note = $2 WHERE id = $1",
             {upload, note});
}

void renumber_upload(Tx& tx, Id upload, const std::string& province, std::int64_t sequence,
                     const std::string& hash) {
  tx.execute("UPDATE bureau_uploads SET sequence = $2, package_hash = $3 WHERE id = $1",
             {upload, sequence, hash});
  tx.execute("UPDATE bureau_lines SET last_sequence = $2 WHERE province = $1",
             {province, sequence});
}

void split_upload(Tx& tx, const Upload& upload, std::int64_t at_most, bool number_is_free,
                  Millis now) {
  for (const UploadRecord& record : records_of(tx, upload.id))
    tx.execute(
        "INSERT INTO bureau_requeue (filing_id, province, at_most, since) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (filing_id) DO UPDATE SET at_most = excluded.at_most",
        {record.id, upload.province, at_most, now});
  tx.execute("DELETE FROM bureau_upload_records WHERE upload_id = $1", {upload.id});
  if (!number_is_free) {
    tx.execute("UPDATE bureau_uploads SET state = 'split' WHERE id = $1", {upload.id});
    return;
  }
  tx.execute("DELETE FROM bureau_uploads WHERE id = $1", {upload.id});
  tx.execute(
      "UPDATE bureau_lines SET last_sequence = $2 WHERE province = $1 AND last_sequence = $3",
      {upload.province, upload.sequence - 1, upload.sequence});
}

std::int64_t prune_files(Tx& tx, const std::string& province, Millis before) {
  const std::int64_t uploads = tx.execute(
      "UPDATE bureau_uploads SET xml_sealed = NULL WHERE province = $1 AND state IN ('accepted', "
      "'split') AND created_at < $2 AND xml_sealed IS NOT NULL",
      {province, before});
  return uploads + tx.execute(
                       "UPDATE bureau_downloads SET xml_sealed = $3 WHERE province = $1 AND "
                       "received_at < $2 AND xml_sealed <> $3",
                       {province, before, Blob{}});
}

std::vector<Waiting> filings_to_send(Reader& reader, const std::string& province, int limit) {
  std::vector<Waiting> out;
  const auto add = [&](const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      const auto kind = kind_from_string(row.text(1));
      if (!kind || (!out.empty() &&
                    (out.front().kind != *kind || out.front().at_most != row.opt_integer(2))))
        continue;
      out.push_back({row.integer(0), *kind, row.opt_integer(2)});
    }
  };
  const Params params{province, std::int64_t{limit}};
  add(reader.query(
      std::string("SELECT f.id, f.kind, q.at_most FROM bureau_requeue q JOIN filings f ON f.id = "
                  "q.filing_id WHERE q.province = $1 ") +
          std::string(k_not_set_aside) + " ORDER BY q.since, f.id LIMIT $2",
      params));
  if (!out.empty()) return out;
  const auto oldest =
      reader.query_one("SELECT f.kind FROM filings f WHERE f.state = 'ready' AND f.province = $1 " +
                           std::string(k_not_set_aside) + " ORDER BY f.state_since, f.id LIMIT 1",
                       {province});
  if (!oldest) return out;
  add(reader.query(
      "SELECT f.id, f.kind, CAST(NULL AS BIGINT) FROM filings f WHERE f.state = 'ready' AND "
      "f.province = $1 AND f.kind = $3 " +
          std::string(k_not_set_aside) + " ORDER BY f.state_since, f.id LIMIT $2",
      {province, std::int64_t{limit}, oldest->text(0)}));
  return out;
}

void take_from_requeue(Tx& tx, Id filing) {
  tx.execute("DELETE FROM bureau_requeue WHERE filing_id = $1", {filing});
}

bool requeue_filing(Tx& tx, Id filing, Millis now) {
  const auto row = tx.query_one(
      "SELECT province, round FROM filings WHERE id = $1 AND state IN ('sending', 'sms_pending', "
      "'bureau_review')",
      {filing});
  if (!row) return false;
  tx.execute("DELETE FROM bureau_upload_records WHERE record_id = $1 AND round = $2",
             {filing, row->integer(1)});
  tx.execute(
      "INSERT INTO bureau_requeue (filing_id, province, at_most, since) VALUES ($1, $2, 1, $3) "
      "ON CONFLICT (filing_id) DO NOTHING",
      {filing, row->text(0), now});
  return true;
}

std::int64_t count_waiting(Reader& reader, const std::string& province) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM filings WHERE province = $1 AND state IN ('ready', 'sending', "
          "'sms_pending', 'bureau_review')",
          {province})
      ->integer(0);
}

std::int64_t count_to_send(Reader& reader, const std::string& province) {
  return reader
      .query_one(
          "SELECT (SELECT COUNT(*) FROM filings WHERE province = $1 AND state = 'ready') + "
          "(SELECT COUNT(*) FROM bureau_requeue WHERE province = $1)",
          {province})
      ->integer(0);
}

}  // namespace beian::store
