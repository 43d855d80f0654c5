// The filed names as the file of an nginx `map` with `hostnames`, for whoever would rather reload a
// web server than ask another program.
#pragma once

#include <string>

#include "db/db.h"

namespace beian::gate {

// Writes ".example.cn 1;" for each filed name into `path`, all or nothing: the former file stands
// until the new one is complete and on the disk. Returns how many. Throws std::runtime_error.
std::int64_t write_nginx_map(Db& db, const std::string& path);

}  // namespace beian::gate
