#include "store/person_marks.h"

#include "base/json.h"
#include "store/domain_facts.h"
#include "store/registry.h"

namespace beian::store {

bool mark_persons_of_old(Tx& tx, const Keyring& keys, int limit) {
  const auto waiting = tx.query(
      "SELECT organiser_id FROM persons_to_mark ORDER BY organiser_id LIMIT $1 FOR UPDATE SKIP "
      "LOCKED",
      {std::int64_t{limit}});
  for (const Row& row : waiting) {
    const Id id = row.integer(0);
    const auto organiser = find_organiser_by_id(tx, keys, id);
    if (organiser && !organiser->record.empty())
      mark_persons(tx, keys, id, "principal", as_object(parse_json(organiser->record)));
    if (organiser)
      for (const RegisteredSite& site : sites_of(tx, keys, id))
        if (!site.record.empty())
          mark_persons(tx, keys, id, id_to_string(site.id), as_object(parse_json(site.record)));
    tx.execute("DELETE FROM persons_to_mark WHERE organiser_id = $1", {id});
  }
  return !waiting.empty();
}

}  // namespace beian::store
