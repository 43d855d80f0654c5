#include "store/reseal.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"

namespace beian::store {
namespace {

constexpr std::string_view k_suffix = "_sealed";

using Type = SealedColumn::Type;
using Key = SealedColumn::Key;

struct Naming {
  std::vector<Key> context_keys;
  Key order_by;
};

// Tables whose rows are named otherwise than by `id`.
const std::map<std::string, Naming>& named_otherwise() {
  static const Key filing{"filing_id", Type::number}, account{"account_id", Type::number};
  static const Key file{"file_name", Type::text}, value{"value_lookup", Type::bytes};
  static const Key material{"material_id", Type::number};
  static const Key answer{"key_hash", Type::bytes};
  static const Key province{"province", Type::text}, kind{"kind", Type::text};
  static const Key import{"import_id", Type::number}, row{"row_number", Type::number};
  static const std::map<std::string, Naming> tables = {
      {"snapshots", {{filing}, filing}},
      {"second_factors", {{account}, account}},
      {"bureau_downloads", {{province, file}, file}},
      {"inspections", {{material}, material}},
      {"picture_prints", {{material}, material}},
      {"idempotency", {{account, answer}, answer}},
      {"import_questions", {{import, row}, row}},
      {"blacklist", {{kind, value, province}, value}}};
  return tables;
}

constexpr std::string_view k_sqlite_columns =
    "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table' ORDER BY m.name, p.cid";
constexpr std::string_view k_postgresql_columns =
    "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";

Value start_of(const SealedColumn& column) {
  switch (column.order_by.type) {
    case Type::text:
      return std::string();
    case Type::bytes:
      return Blob{};
    case Type::number:
      break;
  }
  return std::int64_t{-1};
}

Value value_at(const Row& row, std::size_t column, Type type) {
  if (type == Type::text) return row.text(column);
  if (type == Type::bytes) return Blob{row.blob(column)};
  return row.integer(column);
}

std::string shown(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return to_hex(std::get<Blob>(value).bytes);
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
      const Key id{"id", Type::number};
      const Naming naming = other == named_otherwise().end() ? Naming{{id}, id} : other->second;
      out.push_back({table, column, naming.context_keys, naming.order_by});
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
  std::string sql = "SELECT " + c.column + ", " + c.order_by.column;
  for (const Key& key : c.context_keys) sql += ", " + key.column;
  sql += " FROM " + c.table + " WHERE " + c.order_by.column + " > $1 AND " + c.column +
         " IS NOT NULL AND substr(" + c.column + ", 1, " + std::to_string(wanted.size()) +
         ") <> $2 ORDER BY " + c.order_by.column + " LIMIT $3";
  const auto rows = db_.read([&](Reader& reader) {
    return reader.query(sql, {after_, Blob{wanted}, std::int64_t{limit}});
  });
  db_.write([&](Tx& tx) {
    for (const Row& row : rows) {
      std::string context = c.table + "." + name;
      for (std::size_t i = 0; i < c.context_keys.size(); ++i)
        context += "/" + shown(value_at(row, i + 2, c.context_keys[i].type));
      const std::string plain = keys_.open(row.blob(0), context);
      // Only if nobody wrote it meanwhile: ciphertexts never repeat.
      tx.execute(
          "UPDATE " + c.table + " SET " + c.column + " = $1 WHERE " + c.order_by.column +
              " = $2 AND " + c.column + " = $3",
          {Blob{keys_.seal(plain, context)}, value_at(row, 1, c.order_by.type), Blob{row.blob(0)}});
    }
  });
  in_round_ += static_cast<std::int64_t>(rows.size());
  done_ += static_cast<std::int64_t>(rows.size());
  if (static_cast<int>(rows.size()) == limit) {
    after_ = value_at(rows.back(), 1, c.order_by.type);
    return true;
  }
  next_column();
  if (at_ != 0) return true;
  return std::exchange(in_round_, 0) > 0;
}

}  // namespace beian::store
