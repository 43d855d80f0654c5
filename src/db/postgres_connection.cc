#include "db/postgres_connection.h"

#include "db/engines.h"
#include "db/postgres_values.h"
#include "db/sql_text.h"

namespace beian {
namespace {

constexpr std::size_t k_most_statements = 256;

std::string field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

DbError::Kind kind_of(std::string_view state) {
  if (state == "23505") return DbError::Kind::unique;
  if (state == "23503") return DbError::Kind::foreign_key;
  if (state == "40001" || state == "40P01" || state == "55P03") return DbError::Kind::busy;
  if (state == "53100") return DbError::Kind::full;
  if (state.starts_with("08") || state.starts_with("57P")) return DbError::Kind::lost;
  return DbError::Kind::other;
}

}  // namespace

PostgresConnection::PostgresConnection(const std::string& address) {
  // What stands before "dbname" may be overridden by the address, what stands after may not.
  const char* const keywords[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                  "dbname",          "client_encoding",  nullptr};
  const char* const values[] = {"5", "30000", "beian", address.c_str(), "UTF8", nullptr};
  connection_.reset(PQconnectdbParams(keywords, values, /*expand_dbname=*/1));
  if (!is_good()) {
    // libpq names host, port and user here, but quotes an address it cannot parse: with a password.
    char* parse_error = nullptr;
    PQconninfoOption* options = PQconninfoParse(address.c_str(), &parse_error);
    PQfreemem(parse_error);
    if (options == nullptr) throw std::runtime_error("postgresql: the address is not understood");
    PQconninfoFree(options);
    throw DbError(DbError::Kind::lost,
                  std::string("postgresql: ") + PQerrorMessage(connection_.get()));
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  run("SET synchronous_commit = on");
  check_durability();
}

void PostgresConnection::check_durability() {
  const std::vector<Row> rows = query("SELECT current_setting('fsync')", {});
  if (rows.at(0).text(0) != "on") {
    throw std::runtime_error("postgresql: fsync is off; the server does not promise durability");
  }
  const std::vector<Row> encoding = query("SELECT current_setting('server_encoding')", {});
  if (encoding.at(0).text(0) != "UTF8") {
    throw std::runtime_error("postgresql: the database's encoding is not UTF8");
  }
}

std::string PostgresConnection::run(const char* sql) {
  const Result result(PQexec(connection_.get(), sql), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail(result.get(), sql);
  return PQcmdStatus(result.get());
}

const PostgresConnection::Statement& PostgresConnection::prepare(std::string_view sql,
                                                                 const Params& params) {
  if (plans_stale_ || statements_.size() >= k_most_statements) {
    run("DEALLOCATE ALL");
    statements_.clear();
    plans_stale_ = false;
  }
  const auto found = statements_.find(sql);
  const bool known = found != statements_.end();
  const std::size_t parameters = known ? found->second.parameters : parameters_of(sql);
  check_params(params, parameters, sql);
  std::vector<Oid> types = known ? found->second.types : std::vector<Oid>(parameters, 0);
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (const Oid type = type_of(params[i])) types[i] = type;
  }
  if (known) {
    if (types == found->second.types) return found->second;
    run(("DEALLOCATE " + found->second.name).c_str());
    statements_.erase(found);
  }
  Statement statement{"s" + std::to_string(++prepared_), parameters, std::move(types)};
  const Result result(
      PQprepare(connection_.get(), statement.name.c_str(), to_postgresql(sql).c_str(),
                static_cast<int>(statement.types.size()), statement.types.data()),
      PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail(result.get(), sql);
  return statements_.emplace(std::string(sql), std::move(statement)).first->second;
}

PostgresConnection::Result PostgresConnection::execute_prepared(std::string_view sql,
                                                                const Params& params) {
  const Statement& statement = prepare(sql, params);
  const PostgresArguments arguments(params);
  Result result(
      PQexecPrepared(connection_.get(), statement.name.c_str(), arguments.count(),
                     arguments.values(), arguments.lengths(), arguments.formats(), /*binary=*/1),
      PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(result.get(), sql);
  return result;
}

std::vector<Row> PostgresConnection::query(std::string_view sql, const Params& params) {
  const Result result = execute_prepared(sql, params);
  const int count = PQntuples(result.get());
  const int columns = PQnfields(result.get());
  std::vector<Row> rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      values.push_back(read_value(result.get(), row, column));
    }
    rows.emplace_back(std::move(values));
  }
  return rows;
}

std::int64_t PostgresConnection::execute(std::string_view sql, const Params& params) {
  const Result result = execute_prepared(sql, params);
  const std::string_view tag = PQcmdStatus(result.get());
  const bool changes =
      tag.starts_with("INSERT") || tag.starts_with("UPDATE") || tag.starts_with("DELETE");
  return changes ? std::stoll(PQcmdTuples(result.get())) : 0;
}

void PostgresConnection::fail(const PGresult* result, std::string_view sql) {
  const std::string state = field_of(result, PG_DIAG_SQLSTATE);
  DbError::Kind kind = kind_of(state);
  if (state.empty() || !is_good()) kind = DbError::Kind::lost;  // libpq's word, not the server's
  if (field_of(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery") {
    plans_stale_ = true;  // a migration changed the table; prepared anew it works
    kind = DbError::Kind::busy;
  }
  // The server's own words may quote values, except where they speak of the statement (class 42).
  std::string why = state.empty() ? "connection lost" : "SQLSTATE " + state;
  for (const int field : {PG_DIAG_CONSTRAINT_NAME, PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME}) {
    if (const std::string name = field_of(result, field); !name.empty()) why += " " + name;
  }
  if (state.starts_with("42")) why += " " + field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  throw DbError(kind, "postgresql: " + why + ": " + shorten_sql(sql));
}

}  // namespace beian
