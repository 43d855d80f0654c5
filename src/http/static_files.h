// The pages: a Vite build read into memory at start. A request only looks names up in that table,
// so no path reaches the file system.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/message.h"

namespace beian {

class StaticFiles {
 public:
  // Reads every regular file below `folder` (links and hidden ones are skipped, 64 MiB at most).
  // Throws std::runtime_error when there is no index.html.
  static StaticFiles load(const std::string& folder);

  // GET only. /assets/… is cached for ever (its names carry a hash), everything else is revalidated
  // by ETag. A path that is no file gets the nearest index.html above it (the pages' own router
  // reads the path), unless it looks like a file: then 404 with an empty body.
  Response serve(const Request& request) const;

 private:
  struct File {
    std::string bytes, gzip;  // gzip: of the file beside it with .gz, or empty
    std::string content_type, etag;
    bool immutable = false;
  };
  const File* find(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // "/index.html"
};

}  // namespace beian
