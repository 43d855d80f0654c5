// The table of filed names as it lies in memory, kept in a file, so that a gate that starts again
// is ready in the time it takes to read that file. It is a copy for speed and nothing else: where
// it is missing, of another form, damaged or ahead of the database, it is left aside, and what was
// loaded from it is read anew from the database in the background.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gate/name_table.h"

namespace beian::gate {

struct Snapshot {
  NameTable names;
  std::int64_t position = 0;  // of the registry's changes that are in it (store/gate.h)
};

// All or nothing: a former file stands until the new one is on the disk. Mode 0600. Throws
// std::runtime_error naming the path.
void save_snapshot(const std::string& path, const NameTable& names, std::int64_t position);

// Nothing when there is none that can be used.
std::optional<Snapshot> open_snapshot(const std::string& path);

}  // namespace beian::gate
