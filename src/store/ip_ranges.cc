#include "store/ip_ranges.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, province, kind, first_ip, last_ip, content_sealed, wanted, state, bureau_id, codes, "
    "sent_times, updated_at";

IpRangeRow read_range(const Row& row, const Keyring& keys) {
  return {row.integer(0),  row.text(1),
          row.text(2),     row.integer(3),
          row.integer(4),  unseal(keys, row.blob(5), "ip_ranges.content", row.integer(0)),
          row.text(6),     row.text(7),
          row.integer(8),  row.text(9),
          row.integer(10), row.integer(11)};
}

std::string select(std::string_view rest) {
  return "SELECT " + std::string(k_columns) + " FROM ip_ranges " + std::string(rest);
}

std::optional<IpRangeRow> one(Reader& reader, const Keyring& keys, std::string_view rest,
                              const Params& params) {
  const auto row = reader.query_one(select(rest), params);
  if (!row) return std::nullopt;
  return read_range(*row, keys);
}

std::vector<IpRangeRow> all(Reader& reader, const Keyring& keys, std::string_view rest,
                            const Params& params) {
  std::vector<IpRangeRow> out;
  for (const Row& row : reader.query(select(rest), params)) out.push_back(read_range(row, keys));
  return out;
}

}  // namespace

void insert_ip_range(Tx& tx, const Keyring& keys, const IpRangeRow& r) {
  tx.execute(
      "INSERT INTO ip_ranges (id, province, kind, first_ip, last_ip, content_sealed, wanted, "
      "state, bureau_id, codes, sent_times, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12)",
      {r.id, r.province, r.kind, r.first, r.last, seal(keys, r.content, "ip_ranges.content", r.id),
       r.wanted, r.state, r.bureau_id, r.codes, r.sent_times, r.updated_at});
}

void update_ip_range(Tx& tx, const Keyring& keys, const IpRangeRow& r) {
  tx.execute(
      "UPDATE ip_ranges SET first_ip = $2, last_ip = $3, content_sealed = $4, wanted = $5, state = "
      "$6, bureau_id = $7, codes = $8, sent_times = $9, updated_at = $10 WHERE id = $1",
      {r.id, r.first, r.last, seal(keys, r.content, "ip_ranges.content", r.id), r.wanted, r.state,
       r.bureau_id, r.codes, r.sent_times, r.updated_at});
}

void delete_ip_range(Tx& tx, Id id) { tx.execute("DELETE FROM ip_ranges WHERE id = $1", {id}); }

std::optional<IpRangeRow> find_ip_range(Reader& reader, const Keyring& keys, Id id) {
  return one(reader, keys, "WHERE id = $1", {id});
}

std::optional<IpRangeRow> find_ip_range_by_bureau_id(Reader& reader, const Keyring& keys,
                                                     const std::string& province,
                                                     const std::string& kind, Id bureau_id) {
  return one(reader, keys, "WHERE province = $1 AND kind = $2 AND bureau_id = $3",
             {province, kind, bureau_id});
}

std::vector<IpRangeRow> list_ip_ranges(Reader& reader, const Keyring& keys,
                                       const std::string& province, int limit) {
  return all(reader, keys,
             "WHERE ($1 = '' OR province = $1) AND state <> 'removed' ORDER BY first_ip, last_ip "
             "DESC, id LIMIT $2",
             {province, std::int64_t{limit}});
}

std::optional<IpRangeRow> overlapping_ip_range(Reader& reader, const Keyring& keys,
                                               const IpRangeRow& r) {
  return one(reader, keys,
             "WHERE province = $1 AND kind = $2 AND first_ip <= $4 AND last_ip >= $3 AND id <> $5 "
             "AND state <> 'removed' LIMIT 1",
             {r.province, r.kind, r.first, r.last, r.id});
}

std::vector<IpRangeRow> ip_ranges_to_send(Reader& reader, const Keyring& keys,
                                          const std::string& province, int limit) {
  return all(reader, keys,
             "WHERE province = $1 AND wanted <> 'nothing' AND state NOT IN ('sent', 'refused') "
             "ORDER BY CASE WHEN "
             "kind = 'source' THEN 0 ELSE 1 END, id LIMIT $2",
             {province, std::int64_t{limit}});
}

bool has_source_for(Reader& reader, const std::string& province, std::int64_t ip) {
  return reader
      .query_one(
          "SELECT 1 FROM ip_ranges WHERE province = $1 AND kind = 'source' AND first_ip <= $2 AND "
          "last_ip >= $2 AND state <> 'removed' AND wanted <> 'remove' LIMIT 1",
          {province, ip})
      .has_value();
}

std::optional<bool> knows_ip(Reader& reader, const std::string& province, std::int64_t ip) {
  const auto found = reader.query_one(
      "SELECT COUNT(*), CAST(SUM(CASE WHEN first_ip <= $2 AND last_ip >= $2 THEN 1 ELSE 0 END) AS "
      "BIGINT) FROM ip_ranges WHERE province = $1 AND state <> 'removed' AND wanted <> 'remove'",
      {province, ip});
  if (found->integer(0) == 0) return std::nullopt;
  return found->integer(1) > 0;
}

}  // namespace beian::store
