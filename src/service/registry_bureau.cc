#include "service/registry_bureau.h"

namespace beian::service {

void cancel_registered(Service&, Tx& tx, const bureau::CancelledRecord& record) {
  const bool organiser =
      record.scope == static_cast<std::int64_t>(bureau::RecordKind::organiser);
  if (organiser) {
    tx.execute(
        "DELETE FROM registered_sites WHERE organiser_id IN (SELECT id FROM registered_organisers "
        "WHERE bureau_id = $1)",
        {record.record});
    tx.execute("DELETE FROM registered_organisers WHERE bureau_id = $1", {record.record});
  } else {
    tx.execute("DELETE FROM registered_sites WHERE bureau_id = $1", {record.record});
  }
}

}  // namespace beian::service
