#include "store/search.h"

#include <algorithm>
#include <cstring>

namespace beian::store {
namespace {

constexpr std::size_t k_most_looked_up = 8;  // words of one search, the rarest
constexpr int k_rare = 500;                  // rare enough to begin with, whatever the others are
constexpr int k_rare_enough = 20'000;        // beyond, one word is as common as another

std::int64_t term_of(const Keyring& keys, const std::string& word) {
  std::int64_t term = 0;
  std::memcpy(&term, keys.lookup(word, "search.term").data(), sizeof term);
  return term;
}

std::set<std::int64_t> terms_in(const std::string& bytes) {
  std::set<std::int64_t> out;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::int64_t term = 0;
    std::memcpy(&term, bytes.data() + at, sizeof term);
    out.insert(term);
  }
  return out;
}

std::set<std::int64_t> known_terms(Reader& reader, Id filing) {
  auto row = reader.query_one("SELECT terms FROM search_filings WHERE filing_id = $1", {filing});
  return row ? terms_in(row->blob(0)) : std::set<std::int64_t>{};
}

// In one statement: a name has some dozen of them.
void add_terms(Tx& tx, Id filing, const std::vector<std::int64_t>& terms) {
  if (terms.empty()) return;
  Params params{filing};
  std::string rows;
  for (std::int64_t term : terms) {
    params.push_back(term);
    rows += (rows.empty() ? "($" : ", ($") + std::to_string(params.size()) + ", $1)";
  }
  tx.execute("INSERT INTO search_terms (term, filing_id) VALUES " + rows +
                 " ON CONFLICT (term, filing_id) DO NOTHING",
             params);
}

std::int64_t how_common(Reader& reader, std::int64_t term, int at_most) {
  return reader
      .query_one("SELECT COUNT(*) FROM (SELECT 1 FROM search_terms WHERE term = $1 LIMIT " +
                     std::to_string(at_most) + ") t",
                 {term})
      ->integer(0);
}

std::vector<Id> ids_of(const std::vector<Row>& rows) {
  std::vector<Id> out;
  for (const Row& row : rows) out.push_back(row.integer(0));
  return out;
}

}  // namespace

std::set<std::int64_t> terms_of(const Keyring& keys, const SearchWords& words) {
  std::set<std::int64_t> out;
  for (const std::string& word : words) out.insert(term_of(keys, word));
  return out;
}

void put_search_terms(Tx& tx, const Keyring& keys, Id filing, const SearchWords& words) {
  const std::set<std::int64_t> before = known_terms(tx, filing), after = terms_of(keys, words);
  if (before == after) return;
  for (std::int64_t term : before)
    if (!after.contains(term))
      tx.execute("DELETE FROM search_terms WHERE term = $1 AND filing_id = $2", {term, filing});
  std::vector<std::int64_t> added;
  std::string bytes;
  for (std::int64_t term : after) {
    if (!before.contains(term)) added.push_back(term);
    bytes.append(reinterpret_cast<const char*>(&term), sizeof term);
  }
  add_terms(tx, filing, added);
  tx.execute(
      "INSERT INTO search_filings (filing_id, terms) VALUES ($1, $2) ON CONFLICT (filing_id) DO "
      "UPDATE SET terms = excluded.terms",
      {filing, Blob{bytes}});
}

void remove_search_terms(Tx& tx, Id filing) {
  for (std::int64_t term : known_terms(tx, filing))
    tx.execute("DELETE FROM search_terms WHERE term = $1 AND filing_id = $2", {term, filing});
  tx.execute("DELETE FROM search_filings WHERE filing_id = $1", {filing});
}

std::vector<Id> find_by_words(Reader& reader, const Keyring& keys, const SearchWords& words,
                              int limit, const StaffScope& scope) {
  std::vector<std::pair<std::int64_t, std::int64_t>> terms;  // how many have it, the term
  for (std::int64_t term : terms_of(keys, words)) {
    terms.emplace_back(how_common(reader, term, k_rare), term);
    if (terms.back().first == 0) return {};
  }
  if (terms.empty()) return {};
  std::sort(terms.begin(), terms.end());
  if (terms.front().first == k_rare) {
    for (auto& [common, term] : terms) common = how_common(reader, term, k_rare_enough);
    std::sort(terms.begin(), terms.end());
  }
  terms.resize(std::min(terms.size(), k_most_looked_up));
  Params params;
  std::string sql;
  for (const auto& [common, term] : terms) {
    params.push_back(term);
    const std::string n = std::to_string(params.size());
    if (n == "1")
      sql =
          "SELECT filing_id FROM (SELECT filing_id FROM search_terms WHERE term = $1 ORDER BY "
          "filing_id DESC LIMIT " +
          std::to_string(scope.is_whole() ? k_search_depth : k_search_depth_in_scope) +
          ") t WHERE 1 = 1";
    else
      sql += " AND EXISTS (SELECT 1 FROM search_terms x WHERE x.term = $" + n +
             " AND x.filing_id = t.filing_id)";
  }
  // Last, since it reads the row.
  if (!scope.is_whole())
    sql += " AND EXISTS (SELECT 1 FROM filings f WHERE f.id = t.filing_id" +
           scope_condition(scope, "f", params) + ")";
  sql += " ORDER BY filing_id DESC LIMIT " + std::to_string(limit);
  return ids_of(reader.query(sql, params));
}

std::vector<Id> find_by_domain(Reader& reader, const std::string& domain, int limit) {
  return ids_of(
      reader.query("SELECT DISTINCT filing_id FROM filing_sites WHERE domain = $1 ORDER BY "
                   "filing_id DESC LIMIT $2",
                   {domain, std::int64_t{limit}}));
}

std::vector<Id> filings_to_index(Reader& reader, int limit) {
  return ids_of(
      reader.query("SELECT id FROM filings WHERE id < (SELECT next_before FROM search_progress "
                   "WHERE id = 1) ORDER BY id DESC LIMIT $1",
                   {std::int64_t{limit}}));
}

void note_indexed(Tx& tx, const std::vector<Id>& filings) {
  tx.execute("UPDATE search_progress SET next_before = $1 WHERE id = 1",
             {filings.empty() ? Id{0} : filings.back()});
}

}  // namespace beian::store
