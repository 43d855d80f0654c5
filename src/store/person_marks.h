// Marks of the persons of organisers that were registered before there were any (mark_persons).
#pragma once

#include "base/crypto.h"
#include "db/db.h"

namespace beian::store {

// Marks those of the next `limit` organisers that wait for it. False when none is left.
bool mark_persons_of_old(Tx& tx, const Keyring& keys, int limit);

}  // namespace beian::store
