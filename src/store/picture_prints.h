// Prints of photographs (documents/picture_print.h) and where a copy of one was found. A print is
// kept sealed, its bands as keyed hashes; both go when the filing is erased.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "db/db.h"
#include "store/materials.h"

namespace beian::store {

using PrintBands = std::vector<std::uint16_t>;

// Once for a material; a second time changes nothing.
void put_print(Tx& tx, const Keyring& keys, Id material, std::string_view print,
               const PrintBands& bands);

// Another material's print that has bands in common with one of these: those with the most first,
// at most `limit`. Removed ones count until they are forgotten: the picture was used.
struct LikePrint {
  Id material_id = 0;
  Twin twin;
  std::string print;
};
std::vector<LikePrint> find_like_prints(Reader& reader, const Keyring& keys,
                                        const Material& material,
                                        const std::vector<PrintBands>& wanted, int limit);

void put_copy(Tx& tx, Id material, Id of);
// With the erasure of a filing.
void forget_prints(Tx& tx, Id filing);

}  // namespace beian::store
