#include "db/sqlite_connection.h"

#include <algorithm>
#include <charconv>

#include "db/engines.h"
#include "db/sql_text.h"

namespace beian {
namespace {

constexpr int k_busy_milliseconds = 10'000;  // another process (a backup, a command) may be writing
constexpr std::size_t k_most_statements = 256;

DbError::Kind kind_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return DbError::Kind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return DbError::Kind::foreign_key;
    case SQLITE_IOERR_SHMSIZE:  // the index of the log could not grow
      return DbError::Kind::full;
    default:
      break;
  }
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return DbError::Kind::busy;
    case SQLITE_FULL:
      return DbError::Kind::full;
    default:
      return DbError::Kind::other;
  }
}

// Leaves the statement ready for its next use and without the caller's values, come what may.
class Resetting {
 public:
  explicit Resetting(sqlite3_stmt* statement) : statement_(statement) {}
  ~Resetting() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Resetting(const Resetting&) = delete;
  Resetting& operator=(const Resetting&) = delete;

 private:
  sqlite3_stmt* statement_;
};

// The values outlive the execution, so SQLite need not copy them.
int bind_value(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    return sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(),
                               SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Use use) : path_(path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  db_.reset(handle);
  if (code != SQLITE_OK) {
    throw std::runtime_error("database " + path + " cannot be opened: " + sqlite3_errstr(code));
  }
  configure(use);
}

void SqliteConnection::configure(Use use) {
  sqlite3_busy_timeout(db_.get(), k_busy_milliseconds);
  // "x" is a name, never a text, as on PostgreSQL; a damaged schema may call no functions.
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);

  const std::vector<Row> mode = query("PRAGMA journal_mode = WAL", {});
  if (mode.empty() || mode.front().text(0) != "wal") {
    throw std::runtime_error("database " + path_ + " does not do write-ahead logging there");
  }
  run("PRAGMA synchronous = FULL");
  run("PRAGMA foreign_keys = ON");
  run("PRAGMA temp_store = MEMORY");
  run("PRAGMA cache_size = -16384");  // 16 MiB
  if (use == Use::read) run("PRAGMA query_only = ON");
  if (pragma("PRAGMA synchronous") != 2 || pragma("PRAGMA foreign_keys") != 1) {
    throw std::runtime_error("database " + path_ + " does not promise durability");
  }
}

std::int64_t SqliteConnection::pragma(const char* sql) { return query(sql, {}).at(0).integer(0); }

SqliteConnection::Statement& SqliteConnection::prepare(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  if (statements_.size() >= k_most_statements) statements_.clear();

  const std::string text = to_sqlite(sql);
  Statement statement;
  statement.parameters = parameters_of(sql);
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, &rest);
  statement.handle.reset(handle);
  if (code != SQLITE_OK) {  // SQLite's words quote the statement, which holds no values yet
    throw DbError(kind_of(code),
                  std::string("sqlite: ") + sqlite3_errmsg(db_.get()) + ": " + shorten_sql(sql));
  }
  const std::string_view unread(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (handle == nullptr || !split_statements(unread).empty()) {
    throw DbError(DbError::Kind::other, "sqlite: not one statement: " + shorten_sql(sql));
  }
  const int count = sqlite3_bind_parameter_count(handle);
  for (int index = 1; index <= count; ++index) {
    const char* name = sqlite3_bind_parameter_name(handle, index);
    const std::string_view digits = name == nullptr || name[0] != '$' ? "" : name + 1;
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number == 0 || number > statement.parameters) {
      throw DbError(DbError::Kind::other, "sqlite: a parameter is not $1…: " + shorten_sql(sql));
    }
    statement.numbers.push_back(number);
  }
  return statements_.emplace(std::string(sql), std::move(statement)).first->second;
}

void SqliteConnection::bind(Statement& statement, std::string_view sql, const Params& params) {
  check_params(params, statement.parameters, sql);
  for (std::size_t i = 0; i < statement.numbers.size(); ++i) {
    const Value& value = params[statement.numbers[i] - 1];
    const int code = bind_value(statement.handle.get(), static_cast<int>(i + 1), value);
    if (code != SQLITE_OK) fail(code, sql);
  }
}

bool SqliteConnection::step(Statement& statement, std::string_view sql) {
  const int code = sqlite3_step(statement.handle.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code, sql);
  return code == SQLITE_ROW;
}

Row SqliteConnection::read_row(Statement& statement) {
  sqlite3_stmt* handle = statement.handle.get();
  std::vector<Value> values;
  const int count = sqlite3_column_count(handle);
  values.reserve(static_cast<std::size_t>(count));
  const auto bytes = [handle](int column, const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle, column));
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
  };
  for (int column = 0; column < count; ++column) {
    switch (sqlite3_column_type(handle, column)) {
      case SQLITE_INTEGER:
        values.emplace_back(std::int64_t{sqlite3_column_int64(handle, column)});
        break;
      case SQLITE_TEXT:
        values.emplace_back(bytes(column, sqlite3_column_text(handle, column)));
        break;
      case SQLITE_BLOB:
        values.emplace_back(Blob{bytes(column, sqlite3_column_blob(handle, column))});
        break;
      case SQLITE_NULL:
        values.emplace_back(std::monostate());
        break;
      default:
        throw DbError(DbError::Kind::other, "sqlite: a result is neither integer, text nor blob");
    }
  }
  return Row(std::move(values));
}

std::vector<Row> SqliteConnection::query(std::string_view sql, const Params& params) {
  Statement& statement = prepare(sql);
  const Resetting resetting(statement.handle.get());
  bind(statement, sql, params);
  std::vector<Row> rows;
  while (step(statement, sql)) rows.push_back(read_row(statement));
  return rows;
}

std::int64_t SqliteConnection::execute(std::string_view sql, const Params& params) {
  Statement& statement = prepare(sql);
  const Resetting resetting(statement.handle.get());
  bind(statement, sql, params);
  const sqlite3_int64 before = sqlite3_total_changes64(db_.get());
  while (step(statement, sql)) {
  }
  // sqlite3_changes64 keeps the count of an earlier statement when this one changes no rows.
  return sqlite3_total_changes64(db_.get()) == before ? 0 : sqlite3_changes64(db_.get());
}

bool SqliteConnection::has_open_foreign_keys() const {
  int open = 0, unused = 0;
  sqlite3_db_status(db_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &unused, 0);
  return open != 0;
}

void SqliteConnection::fail(int code, std::string_view sql) const {
  const DbError::Kind kind = kind_of(code);
  // Of the messages made while running, only those of constraints are known to hold no values; they
  // name table and column.
  const bool constraint = (code & 0xFF) == SQLITE_CONSTRAINT;
  throw DbError(kind, std::string("sqlite: ") +
                          (constraint ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code)) + ": " +
                          shorten_sql(sql));
}

}  // namespace beian
