#include "db/engines.h"

#include "base/text.h"
#include "db/sql_text.h"

namespace beian {

void check_params(const Params& params, std::size_t expected, std::string_view sql) {
  if (params.size() != expected) {
    throw DbError(DbError::Kind::other, std::to_string(params.size()) + " values for " +
                                            std::to_string(expected) +
                                            " parameters: " + shorten_sql(sql));
  }
  for (const Value& value : params) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) continue;
    if (text->find('\0') != std::string::npos || !is_utf8(*text)) {
      throw DbError(DbError::Kind::other, "a text parameter is not UTF-8 without NUL");
    }
  }
}

std::size_t parameters_of(std::string_view sql) {
  try {
    return count_parameters(sql);
  } catch (const std::runtime_error& error) {
    throw DbError(DbError::Kind::other, error.what() + (": " + shorten_sql(sql)));
  }
}

std::string shorten_sql(std::string_view sql) {
  constexpr std::size_t k_most = 200;
  return sql.size() <= k_most ? std::string(sql) : std::string(sql.substr(0, k_most)) + "…";
}

}  // namespace beian
