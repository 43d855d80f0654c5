// What the two engines share inside this room.
#pragma once

#include <memory>
#include <string>

#include "db/db.h"

namespace beian {

std::unique_ptr<Db> open_sqlite(const std::string& path, int readers);
std::unique_ptr<Db> open_postgresql(const std::string& address, int readers);

// Throws DbError when a text could not be stored alike on both engines (NUL or broken UTF-8) or
// when there are not `expected` values.
void check_params(const Params& params, std::size_t expected, std::string_view sql);

// count_parameters, its error as DbError.
std::size_t parameters_of(std::string_view sql);

// The statement for an error message: it holds no values, only $1…$n.
std::string shorten_sql(std::string_view sql);

}  // namespace beian
