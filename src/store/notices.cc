#include "store/notices.h"

namespace beian::store {
namespace {

std::vector<SentMessage> read_all(Reader& reader, const Keyring& keys,
                                  const std::vector<Row>& rows) {
  std::vector<SentMessage> out;
  for (const Row& row : rows)
    if (auto message = find_message(reader, keys, row.integer(0)))
      out.push_back({std::move(*message), row.opt_integer(1), row.opt_integer(2), row.text(3)});
  return out;
}

}  // namespace

std::vector<NoticeSetting> list_notice_settings(Reader& reader, Id account) {
  std::vector<NoticeSetting> out;
  for (const Row& row : reader.query(
           "SELECT notice_group, mail, sms, app FROM notice_settings WHERE account_id = $1 "
           "ORDER BY notice_group",
           {account}))
    out.push_back({row.text(0), row.boolean(1), row.boolean(2), row.boolean(3)});
  return out;
}

void put_notice_setting(Tx& tx, Id account, const NoticeSetting& s) {
  tx.execute(
      "INSERT INTO notice_settings (account_id, notice_group, mail, sms, app) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, notice_group) DO UPDATE SET "
      "mail = excluded.mail, sms = excluded.sms, app = excluded.app",
      {account, s.group, std::int64_t{s.mail}, std::int64_t{s.sms}, std::int64_t{s.app}});
}

std::vector<SentMessage> list_messages(Reader& reader, const Keyring& keys, Id account, Id filing,
                                       Id before, int limit) {
  return read_all(
      reader, keys,
      reader.query("SELECT id, sent_at, seen_at, error FROM messages WHERE account_id = "
                   "$1 AND (CAST($2 AS BIGINT) = 0 OR filing_id = $2) AND "
                   "(CAST($3 AS BIGINT) = 0 OR id < $3) ORDER BY id DESC LIMIT $4",
                   {account, filing, before, std::int64_t{limit}}));
}

std::int64_t count_unseen(Reader& reader, Id account) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM messages WHERE account_id = $1 AND channel = 'app' AND seen_at IS "
          "NULL",
          {account})
      ->integer(0);
}

void see_messages(Tx& tx, Id account, Millis now) {
  tx.execute(
      "UPDATE messages SET seen_at = $2 WHERE account_id = $1 AND channel = 'app' AND seen_at IS "
      "NULL",
      {account, now});
}

}  // namespace beian::store
