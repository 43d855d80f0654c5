#include "db/db.h"

#include "db/engines.h"

namespace beian {
namespace {

[[noreturn]] void fail_column(std::size_t column, const char* expected) {
  throw std::logic_error("result column " + std::to_string(column) + " is not " + expected);
}

}  // namespace

void Tx::run_endings() {
  for (std::size_t i = 0; i < endings_.size(); ++i) endings_[i](*this);
  endings_.clear();
}

bool Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::monostate>(values_.at(column));
}

std::int64_t Row::integer(std::size_t column) const {
  const auto* value = std::get_if<std::int64_t>(&values_.at(column));
  if (value == nullptr) fail_column(column, "an integer");
  return *value;
}

const std::string& Row::text(std::size_t column) const {
  const auto* value = std::get_if<std::string>(&values_.at(column));
  if (value == nullptr) fail_column(column, "text");
  return *value;
}

const std::string& Row::blob(std::size_t column) const {
  const auto* value = std::get_if<Blob>(&values_.at(column));
  if (value == nullptr) fail_column(column, "a blob");
  return value->bytes;
}

std::optional<std::int64_t> Row::opt_integer(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Row::opt_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<std::string> Row::opt_blob(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return blob(column);
}

std::optional<Row> Reader::query_one(std::string_view sql, const Params& params) {
  std::vector<Row> rows = query(sql, params);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::unique_ptr<Db> open_database(const std::string& address, int readers) {
  constexpr std::string_view k_sqlite = "sqlite:";
  if (readers < 1) throw std::runtime_error("a database needs at least one reader");
  if (address.starts_with(k_sqlite)) return open_sqlite(address.substr(k_sqlite.size()), readers);
  if (address.starts_with("postgresql://")) return open_postgresql(address, readers);
  throw std::runtime_error("the database address starts with neither sqlite: nor postgresql://");
}

}  // namespace beian
