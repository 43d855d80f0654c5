// The names that are filed here, as the gate reads them, and which of them changed since it last
// looked.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"

namespace beian::store {

// One of these belongs into every transaction of the registry that files a name, changes where it
// is served from (empty: anywhere), or ends its filing or our access. `domain` is an A-label name.
void open_gate(Tx& tx, const std::string& domain, const std::vector<std::string>& addresses);
void close_gate(Tx& tx, const std::string& domain);

// Grows with every change that was committed.
std::int64_t gate_position(Reader& reader);

struct GateName {
  std::string domain;
  std::string addresses;  // separated by blanks
  bool filed = false;
};
struct GateChanges {
  std::vector<GateName> names;  // as they stand now, each once
  std::int64_t position = 0;    // to ask from next time
  bool more = false;
};
GateChanges gate_changes(Reader& reader, std::int64_t after, int limit);

std::int64_t count_gate_names(Reader& reader);
// All names that are filed, in pages of one text each: "domain address address\n…" without the last
// line end. Every page is a read of its own, so that no long transaction stands in the way of a
// checkpoint: ask for the position before and for the changes after.
void each_gate_page(Db& db, const std::function<void(std::string page, std::int64_t names)>& use);

}  // namespace beian::store
