// Names the context of every sealed column in one way: "<table>.<column>/<row id>", so that a
// ciphertext moved to another row or column does not open.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

inline std::string context_of(std::string_view column, Id id) {
  return std::string(column) + "/" + id_to_string(id);
}
inline Blob seal(const Keyring& keys, std::string_view plain, std::string_view column, Id id) {
  return Blob{keys.seal(plain, context_of(column, id))};
}
inline std::string unseal(const Keyring& keys, std::string_view sealed, std::string_view column,
                          Id id) {
  return keys.open(sealed, context_of(column, id));
}
// Optional text: empty is kept as NULL.
inline Value seal_optional(const Keyring& keys, std::string_view plain, std::string_view column,
                           Id id) {
  if (plain.empty()) return std::monostate{};
  return seal(keys, plain, column, id);
}
template <typename T>
Value or_null(const std::optional<T>& value) {
  if (!value) return std::monostate{};
  return Value(*value);
}

}  // namespace beian::store
