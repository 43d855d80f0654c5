#include "store/related.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

Blob lookup_of(const Keyring& keys, const Mark& mark) {
  return Blob{keys.lookup(mark.value, "filing_marks." + mark.kind)};
}

std::vector<Id> ids_of(Reader& reader, std::string_view sql, const Params& params) {
  std::vector<Id> out;
  for (const Row& row : reader.query(sql, params)) out.push_back(row.integer(0));
  return out;
}

}  // namespace

void put_marks(Tx& tx, const Keyring& keys, Id filing, const std::vector<Mark>& marks) {
  tx.execute("DELETE FROM filing_marks WHERE filing_id = $1", {filing});
  for (const Mark& mark : marks)
    tx.execute(
        "INSERT INTO filing_marks (filing_id, kind, value_lookup) VALUES ($1, $2, $3) "
        "ON CONFLICT (filing_id, kind, value_lookup) DO NOTHING",
        {filing, mark.kind, lookup_of(keys, mark)});
}

std::vector<Id> filings_to_mark(Reader& reader, int limit) {
  return ids_of(reader, "SELECT filing_id FROM filing_marks_wanted ORDER BY filing_id LIMIT $1",
                {std::int64_t{limit}});
}

void marked(Tx& tx, Id filing) {
  tx.execute("DELETE FROM filing_marks_wanted WHERE filing_id = $1", {filing});
}

std::vector<Id> filings_with(Reader& reader, const Keyring& keys, const Mark& mark, Id except,
                             int limit) {
  return ids_of(reader,
                "SELECT filing_id FROM filing_marks WHERE value_lookup = $1 AND filing_id <> $2 "
                "ORDER BY filing_id DESC LIMIT $3",
                {lookup_of(keys, mark), except, std::int64_t{limit}});
}

std::vector<Id> filings_with_domain(Reader& reader, const std::string& domain, Id except,
                                    int limit) {
  return ids_of(reader,
                "SELECT DISTINCT filing_id FROM filing_sites WHERE domain = $1 AND filing_id <> $2 "
                "ORDER BY filing_id DESC LIMIT $3",
                {domain, except, std::int64_t{limit}});
}

std::vector<SharedPicture> filings_with_picture(Reader& reader, Id filing, int limit) {
  std::vector<SharedPicture> out;
  // The very same picture by its mark, a copy of it by the comparison of prints, either way round.
  for (const Row& row : reader.query(
           "SELECT theirs.filing_id, ours.id FROM materials ours "
           "JOIN (SELECT mine.material_id AS a, other.material_id AS b FROM picture_marks mine "
           "JOIN picture_marks other ON other.lookup = mine.lookup "
           "AND other.material_id <> mine.material_id "
           "JOIN materials m ON m.id = mine.material_id WHERE m.filing_id = $1 "
           "UNION SELECT c.material_id, c.of_id FROM picture_copies c "
           "JOIN materials m ON m.id = c.material_id WHERE m.filing_id = $1 "
           "UNION SELECT c.of_id, c.material_id FROM picture_copies c "
           "JOIN materials m ON m.id = c.of_id WHERE m.filing_id = $1) pair ON pair.a = ours.id "
           "JOIN materials theirs ON theirs.id = pair.b "
           "WHERE ours.filing_id = $1 AND ours.removed_at IS NULL AND theirs.filing_id <> $1 "
           "GROUP BY theirs.filing_id, ours.id "
           "ORDER BY theirs.filing_id DESC, ours.id LIMIT $2",
           {filing, std::int64_t{limit}}))
    out.push_back({row.integer(0), row.integer(1)});
  return out;
}

std::vector<RelatedFiling> related_filings(Reader& reader, const Keyring& keys,
                                           const std::vector<Id>& ids) {
  std::vector<RelatedFiling> out;
  for (const Id id : ids) {
    const auto row = reader.query_one(
        "SELECT id, account_id, kind, state, turn, title_sealed, province, nature, created_at, "
        "state_since FROM filings WHERE id = $1 AND round > 0",
        {id});
    if (!row) continue;
    RelatedFiling one{row->integer(0),
                      row->integer(1),
                      kind_from_string(row->text(2)).value(),
                      state_from_string(row->text(3)).value(),
                      row->text(4),
                      unseal(keys, row->blob(5), "filings.title", id),
                      row->text(6),
                      row->integer(7),
                      row->integer(8),
                      row->integer(9),
                      {}};
    for (const Row& site :
         reader.query("SELECT domain FROM filing_sites WHERE filing_id = $1 AND domain <> '' "
                      "ORDER BY ord LIMIT 5",
                      {id}))
      one.domains.push_back(site.text(0));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace beian::store
