#include "store/announcements.h"

namespace beian::store {
namespace {

std::string select(const std::string& more) {
  return "SELECT n.id, n.audience, n.tone, n.text_zh, n.text_en, n.from_at, n.until_at, n.by_id, "
         "a.display_name, n.at, n.ended_at FROM announcements n "
         "LEFT JOIN accounts a ON a.id = n.by_id " +
         more;
}

Announcement read_one(const Row& row) {
  Announcement a;
  a.id = row.integer(0);
  a.audience = row.text(1);
  a.tone = row.text(2);
  a.text_zh = row.text(3);
  a.text_en = row.text(4);
  a.from_at = row.integer(5);
  a.until_at = row.integer(6);
  a.by_id = row.integer(7);
  a.by_name = row.opt_text(8).value_or("");
  a.at = row.integer(9);
  a.ended_at = row.opt_integer(10);
  return a;
}

std::vector<Announcement> read_all(const std::vector<Row>& rows) {
  std::vector<Announcement> out;
  for (const Row& row : rows) out.push_back(read_one(row));
  return out;
}

}  // namespace

void put_announcement(Tx& tx, const Announcement& a) {
  tx.execute(
      "INSERT INTO announcements (id, audience, tone, text_zh, text_en, from_at, until_at, by_id, "
      "at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET audience = "
      "excluded.audience, tone = excluded.tone, text_zh = excluded.text_zh, text_en = "
      "excluded.text_en, from_at = excluded.from_at, until_at = excluded.until_at, by_id = "
      "excluded.by_id, at = excluded.at, ended_at = NULL",
      {a.id, a.audience, a.tone, a.text_zh, a.text_en, a.from_at, a.until_at, a.by_id, a.at});
}

std::optional<Announcement> find_announcement(Reader& reader, Id id) {
  const auto row = reader.query_one(select("WHERE n.id = $1"), {id});
  if (!row) return std::nullopt;
  return read_one(*row);
}

bool end_announcement(Tx& tx, Id id, Millis now) {
  return tx.execute(
             "UPDATE announcements SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND "
             "until_at > $2",
             {id, now}) == 1;
}

std::vector<Announcement> current_announcements(Reader& reader, const std::string& audience,
                                                Millis now) {
  return read_all(reader.query(
      select("WHERE n.until_at > $1 AND n.from_at <= $1 AND n.ended_at IS NULL AND n.audience IN "
             "($2, 'everybody') ORDER BY n.from_at DESC, n.id DESC LIMIT 5"),
      {now, audience}));
}

std::vector<Announcement> list_announcements(Reader& reader, int limit) {
  return read_all(reader.query(select("ORDER BY n.id DESC LIMIT $1"), {std::int64_t{limit}}));
}

}  // namespace beian::store
