#include "db/postgres_values.h"

#include <limits>

namespace beian {
namespace {

[[noreturn]] void fail(const std::string& why) {
  throw DbError(DbError::Kind::other, "postgresql: " + why);
}

std::uint64_t big_endian(const char* bytes, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string to_big_endian(std::int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift));
  }
  return bytes;
}

// SUM of BIGINTs comes as numeric: 16-bit count, weight, sign, scale, then digits of base 10,000,
// the first of which stands for 10,000^weight.
std::int64_t whole_numeric(const char* bytes, int size) {
  const auto field = [&](int i) { return static_cast<std::int16_t>(big_endian(bytes + 2 * i, 2)); };
  if (size < 8) fail("a numeric result is cut short");
  const int count = field(0), weight = field(1);
  const auto sign = static_cast<std::uint16_t>(field(2));
  if (count < 0 || size < 8 + 2 * count || sign > 0x4000 || weight > 4) {
    fail("a numeric result does not fit in 64 bits");
  }
  __int128 value = 0;
  for (int i = 0; i <= weight; ++i) value = value * 10'000 + (i < count ? field(4 + i) : 0);
  for (int i = weight + 1; i < count; ++i) {
    if (i >= 0 && field(4 + i) != 0) fail("a numeric result is not whole");
  }
  if (sign == 0x4000) value = -value;
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    fail("a numeric result does not fit in 64 bits");
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

Oid type_of(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return k_oid_bigint;
  if (std::holds_alternative<std::string>(value)) return k_oid_text;
  if (std::holds_alternative<Blob>(value)) return k_oid_bytea;
  return 0;
}

PostgresArguments::PostgresArguments(const Params& params) : formats_(params.size(), 1) {
  numbers_.reserve(params.size());  // so that pointers into it stay
  const auto add = [this](const std::string& bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      fail("a value is too large");
    }
    values_.push_back(bytes.data());
    lengths_.push_back(static_cast<int>(bytes.size()));
  };
  for (const Value& value : params) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      add(numbers_.emplace_back(to_big_endian(*number)));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      add(*text);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      add(blob->bytes);
    } else {
      values_.push_back(nullptr);
      lengths_.push_back(0);
    }
  }
}

Value read_value(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate();
  const char* bytes = PQgetvalue(result, row, column);
  const int size = PQgetlength(result, row, column);
  const auto content = [&] { return std::string(bytes, static_cast<std::size_t>(size)); };
  switch (const Oid type = PQftype(result, column)) {
    case 16:  // boolean: 1 or 0, as SQLite has it
      return std::int64_t{bytes[0] != 0};
    case 20:
      return static_cast<std::int64_t>(big_endian(bytes, 8));
    case 21:
      return std::int64_t{static_cast<std::int16_t>(big_endian(bytes, 2))};
    case 23:
      return std::int64_t{static_cast<std::int32_t>(big_endian(bytes, 4))};
    case 1700:
      return whole_numeric(bytes, size);
    case 19:    // name
    case 25:    // text
    case 705:   // unknown: a literal
    case 1042:  // bpchar
    case 1043:  // varchar
      return content();
    case 17:
      return Blob{content()};
    case 2278:  // void: of functions called for what they do
      return std::monostate();
    default:
      fail("result type " + std::to_string(type) + " is not used here");
  }
}

}  // namespace beian
