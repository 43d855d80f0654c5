// Values as PostgreSQL's binary protocol has them.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <vector>

#include "db/db.h"

namespace beian {

inline constexpr Oid k_oid_bigint = 20;
inline constexpr Oid k_oid_text = 25;
inline constexpr Oid k_oid_bytea = 17;

Oid type_of(const Value& value);  // 0 for NULL

// The arguments of one execution, in the shape libpq wants. Points into `params`.
class PostgresArguments {
 public:
  explicit PostgresArguments(const Params& params);
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> numbers_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
};

// Throws DbError{other} for a type that the program does not use.
Value read_value(const PGresult* result, int row, int column);

}  // namespace beian
