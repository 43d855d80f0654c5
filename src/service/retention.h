// How long personal data is kept (data/retention.json), applied by the clock. Each erasure is an
// audit entry: that is the proof.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

class Retention {
 public:
  // Throws std::runtime_error for an unknown rule, one that is missing, or fewer days than its
  // floor.
  static Retention from_json(const json::value& document);
  Millis keep(std::string_view rule) const;  // milliseconds
  const json::object& document() const { return document_; }

 private:
  std::map<std::string, std::int64_t, std::less<>> days_;
  json::object document_;
};
// Of data/retention.json; read once.
const Retention& retention_of(const Service& s);

// One round, at most a few hundred of each kind; true while there may be more.
bool apply_retention(Service& s);

}  // namespace beian::service
