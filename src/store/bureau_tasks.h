// Work that a bureau, or the line to it, gives the staff: verification tasks, unfiled websites,
// inspection findings, notices, differences. One record of a bureau's is one task, however often it
// comes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/scopes.h"

namespace beian::store {

struct BureauTask {
  Id id = 0;
  std::string key;
  std::string province;
  std::string kind;     // k_task_kinds
  std::string state;    // open, answered (to be sent), sent, refused, done
  std::string subject;  // a domain, a number, a file's name: never personal data
  std::string content;  // JSON, opened
  std::string answer;   // JSON, opened; empty while there is none
  std::optional<Id> filing_id, account_id;
  std::string file_name;
  Millis received_at = 0;
  std::optional<Millis> due_at;
  std::int64_t sent_times = 0;
  std::optional<Id> decided_by;
  std::optional<Millis> decided_at;
  std::string result;  // the bureau's codes for the answer
};

// verification (HSRW) and unfiled_site (WBAWZLB) want an answer that goes to the bureau; the others
// are done when somebody says so.
inline constexpr std::string_view k_task_kinds[] = {
    "verification", "unfiled_site", "blacklisted_site", "finding",    "notice",  "difference",
    "cancelled",    "dictionary",   "unreported_ip",    "unsendable", "unknown",
};
bool wants_answer(std::string_view kind);

// True when it is new. One that is open or refused takes over the content of its repetition; what
// kept a filing from being sent (unreported_ip, unsendable) is open again when it does so again,
// and so are code lists that differ again.
bool put_task(Tx& tx, const Keyring& keys, BureauTask task);
std::optional<BureauTask> find_task(Reader& reader, const Keyring& keys, Id id);
std::optional<BureauTask> find_task_by_key(Reader& reader, const Keyring& keys,
                                           const std::string& key);

// The one whose answer is with the bureau: by its subject, or a verification task by its
// organiser's id there.
std::optional<BureauTask> find_sent_task(Reader& reader, const Keyring& keys,
                                         const std::string& province, const std::string& mark);

struct TaskQuery {
  std::string kind;        // empty: all
  bool only_open = false;  // open or refused
  Id before = 0;           // of the last one seen
  StaffScope scope;        // of who asks
  int limit = 50;
};
// With a deadline first, then oldest first, when only open ones are asked for; else newest first.
std::vector<BureauTask> list_tasks(Reader& reader, const Keyring& keys, const TaskQuery& query);
std::map<std::string, std::int64_t> count_open_tasks(Reader& reader,
                                                     const StaffScope& scope);  // by kind

// False when somebody decided meanwhile. `state` is answered or done.
bool decide_task(Tx& tx, const Keyring& keys, Id task, const std::string& state,
                 const std::string& answer, Id by, Millis now);
// The provider's addresses changed: filings that waited for one are looked at again.
void close_ip_tasks(Tx& tx, const std::string& province, Millis now);

// What has taken care of itself.
void close_task(Tx& tx, const std::string& key, Id by, Millis now);

std::vector<BureauTask> tasks_to_send(Reader& reader, const Keyring& keys,
                                      const std::string& province, const std::string& kind,
                                      int limit);
// With its file accepted: to sent. sent_times counts, so that a later answer is another round.
void mark_task_sent(Tx& tx, Id task);
void set_task_result(Tx& tx, Id task, const std::string& state, const std::string& result);

}  // namespace beian::store
