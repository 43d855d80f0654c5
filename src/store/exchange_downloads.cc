// The files fetched from a bureau, and the numbers of the whole exchange.
#include <map>

#include "store/exchange.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "province, file_name, hash, contents, note, attention, replay, received_at, bytes";

DownloadFile read_file(const Row& row) {
  return {row.text(0),    row.text(1),    row.text(2),    row.text(3),    row.text(4),
          row.boolean(5), row.boolean(6), row.integer(7), row.integer(8), ""};
}

// A download has no id of its own; its context is its name.
std::string context(const std::string& province, const std::string& file_name) {
  return "bureau_downloads.xml/" + province + "/" + file_name;
}

std::optional<DownloadFile> opened(Reader& reader, const Keyring& keys, const std::string& where,
                                   const Params& params) {
  const auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + ", xml_sealed FROM bureau_downloads WHERE " + where,
      params);
  if (!row) return std::nullopt;
  DownloadFile file = read_file(*row);
  if (!row->blob(9).empty())
    file.xml = keys.open(row->blob(9), context(file.province, file.file_name));
  return file;
}

}  // namespace

bool store_download(Tx& tx, const Keyring& keys, DownloadFile& file) {
  const auto known =
      tx.query_one("SELECT hash FROM bureau_downloads WHERE province = $1 AND file_name = $2",
                   {file.province, file.file_name});
  // A file of before hashes were kept has none: its name alone tells that it was here.
  if (known && (known->text(0).empty() || known->text(0) == file.hash)) return false;
  if (known) file.file_name += "~" + file.hash;
  file.bytes = static_cast<std::int64_t>(file.xml.size());
  return tx.execute(
             "INSERT INTO bureau_downloads (province, file_name, received_at, xml_sealed, note, "
             "hash, bytes, contents, attention, replay) VALUES ($1, $2, $3, $4, '', $5, $6, '', 0, "
             "0) ON CONFLICT (province, file_name) DO NOTHING",
             {file.province, file.file_name, file.received_at,
              Blob{keys.seal(file.xml, context(file.province, file.file_name))}, file.hash,
              file.bytes}) == 1;
}

void note_download(Tx& tx, const DownloadFile& file) {
  tx.execute(
      "UPDATE bureau_downloads SET note = $3, contents = $4, attention = $5, replay = 0 "
      "WHERE province = $1 AND file_name = $2",
      {file.province, file.file_name, file.note, file.contents, std::int64_t{file.attention}});
}

std::optional<DownloadFile> find_download(Reader& reader, const Keyring& keys,
                                          const std::string& province,
                                          const std::string& file_name) {
  return opened(reader, keys, "province = $1 AND file_name = $2", {province, file_name});
}

std::optional<DownloadFile> download_to_replay(Reader& reader, const Keyring& keys,
                                               const std::string& province) {
  return opened(reader, keys,
                "province = $1 AND replay = 1 ORDER BY received_at, file_name LIMIT 1", {province});
}

std::vector<DownloadFile> list_downloads(Reader& reader, const std::string& province, Millis before,
                                         bool only_attention, int limit) {
  std::vector<DownloadFile> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM bureau_downloads WHERE province = $1 AND ($2 = 0 OR received_at < "
                        "$2) AND ($3 = 0 OR attention = 1) ORDER BY received_at DESC, file_name "
                        "DESC LIMIT $4",
                    {province, before, std::int64_t{only_attention}, std::int64_t{limit}}))
    out.push_back(read_file(row));
  return out;
}

bool replay_download(Tx& tx, const std::string& province, const std::string& file_name) {
  return tx.execute(
             "UPDATE bureau_downloads SET replay = 1 WHERE province = $1 AND file_name = $2 AND "
             "xml_sealed <> $3",
             {province, file_name, Blob{}}) == 1;
}

std::vector<ExchangeNumbers> exchange_numbers(Reader& reader, Millis now) {
  std::map<std::string, ExchangeNumbers> by_province;
  for (const Row& row :
       reader.query("SELECT province, last_sequence, failures, troubles, last_contact_at FROM "
                    "bureau_lines")) {
    ExchangeNumbers& n = by_province[row.text(0)];
    n.last_sequence = row.integer(1);
    n.failures = row.integer(2);
    n.troubles = row.integer(3);
    n.last_contact_at = row.opt_integer(4);
  }
  for (const Row& row : reader.query(
           "SELECT province, COUNT(*), CAST(SUM(records) AS BIGINT), CAST(SUM(bytes) AS "
           "BIGINT) FROM bureau_uploads WHERE accepted_at IS NOT NULL GROUP BY province")) {
    ExchangeNumbers& n = by_province[row.text(0)];
    n.uploads = row.integer(1);
    n.upload_records = row.integer(2);
    n.upload_bytes = row.integer(3);
  }
  for (const Row& row :
       reader.query("SELECT province, COUNT(*), CAST(SUM(bytes) AS BIGINT), CAST(SUM(attention) AS "
                    "BIGINT) FROM bureau_downloads GROUP BY province")) {
    ExchangeNumbers& n = by_province[row.text(0)];
    n.downloads = row.integer(1);
    n.download_bytes = row.integer(2);
    n.attention = row.integer(3);
  }
  for (const Row& row : reader.query(
           "SELECT province, COUNT(*), CAST(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) AS "
           "BIGINT) FROM bureau_tasks WHERE state IN ('open', 'refused') GROUP BY province",
           {now})) {
    ExchangeNumbers& n = by_province[row.text(0)];
    n.open_tasks = row.integer(1);
    n.overdue_tasks = row.integer(2);
  }
  std::vector<ExchangeNumbers> out;
  for (auto& [province, n] : by_province) {
    n.province = province;
    n.waiting = count_waiting(reader, province);
    n.to_send = count_to_send(reader, province);
    out.push_back(std::move(n));
  }
  return out;
}

}  // namespace beian::store
