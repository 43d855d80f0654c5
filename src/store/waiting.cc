#include "store/waiting.h"

#include "base/ids.h"

namespace beian::store {

std::map<std::string, std::vector<Millis>> waits_since(Reader& reader, Millis since) {
  std::map<std::string, std::vector<Millis>> out;
  std::map<Id, Millis> entered;  // filing -> when it came into the state it is in
  const auto rows = reader.query(
      "SELECT filing_id, at, from_state, to_state FROM (SELECT id, filing_id, at, from_state, "
      "to_state "
      "FROM events WHERE to_state IS NOT NULL AND at > $1 ORDER BY id DESC LIMIT 20000) e ORDER BY "
      "id",
      {since});
  for (const Row& row : rows) {
    const Id filing = row.integer(0);
    const std::string from = row.opt_text(2).value_or("");
    const auto begun = entered.find(filing);
    if (begun != entered.end() &&
        (from == "initial_review" || from == "photo_review" || from == "bureau_review"))
      out[from].push_back(row.integer(1) - begun->second);
    entered[filing] = row.integer(1);
  }
  return out;
}

}  // namespace beian::store
