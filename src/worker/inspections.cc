#include "worker/inspections.h"

#include "service/inspections.h"

namespace beian::worker {

Done look_at_material(service::Service& s, const store::Job& job) {
  if (const auto id = id_from_string(job.payload)) service::inspect_material(s, *id);
  return {};
}

}  // namespace beian::worker
