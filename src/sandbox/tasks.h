// What officers give out to providers, and the answers that come back (HSJG, WBACLJG).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "bureau/messages.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct Task {
  Id id = 0;
  std::string kind;  // verification, unfiled, illegal_access, finding, notice, ip_finding,
                     // blacklist, dictionary, synchronisation
  std::string province;
  Id isp_id = 0;
  Id subject = 0;
  std::string key;     // what an answer names: Ztid, or domain and address
  std::string detail;  // JSON
  Millis created_at = 0;
  std::optional<Millis> answered_at;
  std::string answer;  // JSON
};

Id insert_task(Tx& tx, const Task& task);
// Newest first, below `before` (0: from the newest); an empty kind: all.
std::vector<Task> list_tasks(Reader& reader, const std::string& kind, Id before, int limit);
json::object task_json(const Task& task);

std::string unfiled_key(const std::string& domain, std::uint32_t ip);

// The code an answer is refused with, or 0 when it was taken.
std::int64_t take_answer(Tx& tx, Id isp_id, const bureau::VerificationAnswer& answer,
                         const Dictionaries& dictionaries, Millis now);
std::int64_t take_answer(Tx& tx, Id isp_id, const bureau::UnfiledAnswer& answer,
                         const Dictionaries& dictionaries, Millis now);

}  // namespace beian::sandbox
