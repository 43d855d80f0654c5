#include "store/reseal.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"

namespace beian::store {
namespace {

constexpr std::string_view k_suffix = "_sealed";

// Tables whose rows are named otherwise than by `id`.
const std::map<std::string, std::vector<std::string>>& named_otherwise() {
  static const std::map<std::string, std::vector<std::string>> tables = {
      {"snapshots", {"filing_id"}},
      {"second_factors", {"account_id"}},
      {"bureau_downloads", {"province", "file_name"}}};
  return tables;
}

constexpr std::string_view k_sqlite_columns =
    "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table' ORDER BY m.name, p.cid";
constexpr std::string_view k_postgresql_columns =
    "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";

Value start_of(const SealedColumn& column) {
  return column.order_by == "file_name" ? Value(std::string()) : Value(std::int64_t{-1});
}

}  // namespace

std::vector<SealedColumn> sealed_columns(Db& db) {
  std::map<std::string, std::vector<std::string>> tables;
  db.read([&](Reader& reader) {
    for (const Row& row :
         reader.query(db.engine() == Engine::sqlite ? k_sqlite_columns : k_postgresql_columns))
      tables[row.text(0)].push_back(row.text(1));
  });
  std::vector<SealedColumn> out;
  for (const auto& [table, columns] : tables)
    for (const std::string& column : columns) {
      if (!column.ends_with(k_suffix)) continue;
      const auto other = named_otherwise().find(table);
      const bool has_id = std::find(columns.begin(), columns.end(), "id") != columns.end();
      if (other == named_otherwise().end() && !has_id)
        throw std::logic_error("store/reseal.cc does not know how rows of " + table + " are named");
      const auto keys =
          other == named_otherwise().end() ? std::vector<std::string>{"id"} : other->second;
      out.push_back({table, column, keys, keys.back()});
    }
  return out;
}

Reseal::Reseal(Db& db, const Keyring& keys) : db_(db), keys_(keys), columns_(sealed_columns(db)) {
  if (!columns_.empty()) after_ = start_of(columns_[0]);
}

void Reseal::next_column() {
  at_ = (at_ + 1) % columns_.size();
  after_ = start_of(columns_[at_]);
}

bool Reseal::step(int limit) {
  const SealedColumn& c = columns_.at(at_);
  const std::string wanted = keys_.active_prefix();
  const std::string name = c.column.substr(0, c.column.size() - k_suffix.size());
  const auto rows = db_.read([&](Reader& reader) {
    return reader.query(
        "SELECT " + c.column + ", " + join(c.context_keys, ", ") + " FROM " + c.table + " WHERE " +
            c.order_by + " > $1 AND " + c.column + " IS NOT NULL AND substr(" + c.column + ", 1, " +
            std::to_string(wanted.size()) + ") <> $2 ORDER BY " + c.order_by + " LIMIT $3",
        {after_, Blob{wanted}, std::int64_t{limit}});
  });
  const std::size_t last_key = c.context_keys.size();
  const bool by_text = c.order_by == "file_name";
  db_.write([&](Tx& tx) {
    for (const Row& row : rows) {
      std::string context = c.table + "." + name;
      for (std::size_t i = 1; i <= last_key; ++i)
        context += "/" + (by_text ? row.text(i) : std::to_string(row.integer(i)));
      const std::string plain = keys_.open(row.blob(0), context);
      const Value key = by_text ? Value(row.text(last_key)) : Value(row.integer(last_key));
      // Only if nobody wrote it meanwhile: ciphertexts never repeat.
      tx.execute("UPDATE " + c.table + " SET " + c.column + " = $1 WHERE " + c.order_by +
                     " = $2 AND " + c.column + " = $3",
                 {Blob{keys_.seal(plain, context)}, key, Blob{row.blob(0)}});
    }
  });
  in_round_ += static_cast<std::int64_t>(rows.size());
  done_ += static_cast<std::int64_t>(rows.size());
  if (static_cast<int>(rows.size()) == limit) {
    const Row& end = rows.back();
    after_ = by_text ? Value(end.text(last_key)) : Value(end.integer(last_key));
    return true;
  }
  next_column();
  if (at_ != 0) return true;
  return std::exchange(in_round_, 0) > 0;
}

}  // namespace beian::store
