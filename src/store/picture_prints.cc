#include "store/picture_prints.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_print = "picture_prints.print";
constexpr std::string_view k_band = "picture_bands.band";
constexpr std::size_t k_hash_bytes = 12;  // of a hash: a stranger's print more or less is compared
constexpr std::int64_t k_most_of_a_band = 2000;

Blob hash_of(const Keyring& keys, std::size_t place, std::uint16_t band) {
  const std::string value = std::to_string(place) + "/" + std::to_string(band);
  return Blob{keys.lookup(value, k_band).substr(0, k_hash_bytes)};
}

}  // namespace

void put_print(Tx& tx, const Keyring& keys, Id material, std::string_view print,
               const PrintBands& bands) {
  if (tx.execute("INSERT INTO picture_prints (material_id, print_sealed) VALUES ($1, $2) "
                 "ON CONFLICT (material_id) DO NOTHING",
                 {material, seal(keys, print, k_print, material)}) == 0)
    return;
  for (std::size_t i = 0; i < bands.size(); ++i)
    tx.execute(
        "INSERT INTO picture_bands (band_lookup, material_id) VALUES ($1, $2) "
        "ON CONFLICT (band_lookup, material_id) DO NOTHING",
        {hash_of(keys, i, bands[i]), material});
}

std::vector<LikePrint> find_like_prints(Reader& reader, const Keyring& keys,
                                        const Material& material,
                                        const std::vector<PrintBands>& wanted, int limit) {
  std::set<std::pair<std::size_t, std::uint16_t>> bands;
  for (const PrintBands& one : wanted)
    for (std::size_t i = 0; i < one.size(); ++i) bands.emplace(i, one[i]);
  std::map<Id, int> common;
  for (const auto& [place, band] : bands)
    for (const Row& row : reader.query(
             "SELECT material_id FROM picture_bands WHERE band_lookup = $1 AND material_id <> $2 "
             "ORDER BY material_id DESC LIMIT $3",
             {hash_of(keys, place, band), material.id, k_most_of_a_band}))
      ++common[row.integer(0)];
  std::vector<std::pair<int, Id>> likeliest;
  for (const auto& [id, count] : common) likeliest.emplace_back(count, id);
  std::sort(likeliest.rbegin(), likeliest.rend());
  if (likeliest.size() > static_cast<std::size_t>(limit))
    likeliest.resize(static_cast<std::size_t>(limit));
  std::vector<LikePrint> out;
  for (const auto& [count, id] : likeliest) {
    const auto row = reader.query_one(
        "SELECT p.print_sealed, m.filing_id, m.purpose, CASE WHEN f.account_id = (SELECT "
        "account_id FROM filings WHERE id = $2) THEN 1 ELSE 0 END, CASE WHEN m.removed_at IS NULL "
        "THEN 0 ELSE 1 END FROM picture_prints p "
        "JOIN materials m ON m.id = p.material_id JOIN filings f ON f.id = m.filing_id "
        "WHERE p.material_id = $1",
        {id, material.filing_id});
    if (row)
      out.push_back({id,
                     {row->integer(1), row->text(2), row->boolean(3), row->boolean(4)},
                     unseal(keys, row->blob(0), k_print, id)});
  }
  return out;
}

void put_copy(Tx& tx, Id material, Id of) {
  tx.execute(
      "INSERT INTO picture_copies (material_id, of_id) SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM "
      "materials WHERE id = $2) ON CONFLICT (material_id, of_id) DO NOTHING",
      {material, of});
}

void forget_prints(Tx& tx, Id filing) {
  for (const char* table : {"picture_prints", "picture_bands", "picture_copies"})
    tx.execute(std::string("DELETE FROM ") + table +
                   " WHERE material_id IN (SELECT id FROM materials WHERE filing_id = $1)",
               {filing});
  tx.execute(
      "DELETE FROM picture_copies WHERE of_id IN (SELECT id FROM materials WHERE filing_id = $1)",
      {filing});
}

}  // namespace beian::store
