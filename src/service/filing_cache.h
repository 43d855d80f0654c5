// The applicant's view of a filing, kept rendered while nothing about it changed: pages ask for it
// again and again. One point read tells whether what is kept is still true and whose it is.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "service/service.h"

namespace beian::service {

// Thread-safe; bounded.
class FilingCache {
 public:
  // JSON, or Refusal{not_found} whether it is missing or somebody else's.
  std::string show(Service& s, Id account, Id filing, std::string_view locale);

 private:
  struct Entry {
    std::int64_t revision = 0;
    Id settings = 0;   // the version they were of: policies and deadlines are shown too
    Millis until = 0;  // problems depend on the day
    std::shared_ptr<const std::string> json;
  };
  using Key = std::pair<Id, std::string>;

  std::mutex mutex_;
  std::map<Key, Entry> entries_;
  std::list<Key> order_;  // oldest first
};

}  // namespace beian::service
