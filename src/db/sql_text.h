// SQL as text: cutting files into statements, and the few words in which the engines differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beian {

// The statements of a file, without the semicolons; quotes and comments are respected. Throws
// std::runtime_error when a quote or comment does not end.
std::vector<std::string> split_statements(std::string_view sql);

// The largest n of the $n in a statement. Throws std::runtime_error for a bare `$n IS [NOT] NULL`:
// PostgreSQL knows no type for it when NULL is bound, so it must be CAST($n AS …) IS NULL.
std::size_t count_parameters(std::string_view sql);

std::string to_postgresql(std::string_view sql);  // BLOB -> BYTEA
std::string to_sqlite(std::string_view sql);      // without FOR UPDATE [SKIP LOCKED]

}  // namespace beian
