#include "worker/packing.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "bureau/codec.h"
#include "bureau/wire_limits.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/bureau_answers.h"
#include "service/hand_over.h"
#include "service/ip_filing.h"
#include "store/bureau_tasks.h"
#include "store/cases.h"
#include "store/exchange.h"
#include "store/filings.h"

namespace beian::worker {
namespace {

using service::Service;

// What surrounds the records of a file.
constexpr std::size_t k_envelope_bytes = 4096;

template <typename T>
void append(std::vector<T>& into, std::vector<T>&& from) {
  std::move(from.begin(), from.end(), std::back_inserter(into));
}

// One kind of record in a file is the interface's safe practice; callers merge only such.
void merge(bureau::Upload& into, bureau::Upload&& from) {
  append(into.new_filings, std::move(from.new_filings));
  append(into.new_websites, std::move(from.new_websites));
  append(into.new_accesses, std::move(from.new_accesses));
  append(into.changes, std::move(from.changes));
  append(into.cancellations, std::move(from.cancellations));
  append(into.materials, std::move(from.materials));
  append(into.others, std::move(from.others));
  into.unit = from.unit;
}

struct Candidate {
  store::Filing filing;
  bool again = false;  // was in a file that was refused as a whole
};

struct Refused {
  Candidate candidate;
  std::vector<Problem> problems;  // characters the interface cannot carry
};

struct Batch {
  Kind kind = Kind::first_filing;
  bureau::Upload upload;
  std::size_t bytes = 0;
  std::vector<Candidate> filings;
  std::vector<Refused> refused;
};

std::size_t most_bytes(const Line& line) {
  return std::min(static_cast<std::size_t>(line.config.max_file_mb) << 20,
                  bureau::k_max_file_bytes) -
         k_envelope_bytes;
}

std::string key_of(const std::string& kind, const store::Filing& filing) {
  return kind + "/" + id_to_string(filing.id) + "/" + std::to_string(filing.round);
}

// A filing that cannot be sent as it is: the staff is told, the others go.
void set_aside(Line& line, const store::Filing& filing, const std::string& kind,
               const std::string& why, const std::string& detail) {
  log_warn("filing_set_aside",
           {{"filing", id_to_string(filing.id)}, {"why", why}, {"detail", detail}});
  store::BureauTask task;
  task.key = key_of(kind, filing);
  task.province = line.province;
  task.kind = kind;
  task.subject = id_to_string(filing.id);
  task.content = json::serialize(json::object{{"why", why}, {"detail", detail}});
  task.filing_id = filing.id;
  task.account_id = filing.account_id;
  task.received_at = line.s.now();
  line.s.db.write([&](Tx& tx) { store::put_task(tx, line.s.keys, task); });
}

// The bureau would answer 1063 for an address that the provider has not filed.
bool addresses_are_filed(Line& line, const store::Filing& filing) {
  const auto missing = line.s.db.read(
      [&](Reader& reader) { return service::unreported_ips(line.s, reader, filing); });
  if (missing.empty()) return true;
  const auto task = line.s.db.read([&](Reader& reader) {
    return store::find_task_by_key(reader, line.s.keys, key_of("unreported_ip", filing));
  });
  if (task && task->state == "done" && task->decided_by) return true;  // somebody says: send it
  set_aside(line, filing, "unreported_ip", "ip_not_reported", missing.front());
  return false;
}

// Composed and encoded by itself first: one that cannot be encoded must not hold up the others.
// False when the file is full without it.
bool add(Line& line, Batch& batch, Candidate candidate) {
  bureau::Upload upload;
  bureau::Encoded alone;
  try {
    upload = service::compose_upload(line.s, candidate.filing, line.config.isp_id);
    alone = line.client.codec().encode_upload(upload);
  } catch (const DbError&) {
    throw;
  } catch (const std::exception& e) {
    set_aside(line, candidate.filing, "unsendable", "cannot_compose", e.what());
    return true;
  }
  if (!alone.problems.empty()) {
    batch.refused.push_back({std::move(candidate), std::move(alone.problems)});
    return true;
  }
  if (alone.xml.size() > most_bytes(line)) {
    set_aside(line, candidate.filing, "unsendable", "too_large",
              std::to_string(alone.xml.size() >> 20) + " MiB");
    return true;
  }
  if (batch.bytes + alone.xml.size() > most_bytes(line)) return false;
  batch.bytes += alone.xml.size();
  merge(batch.upload, std::move(upload));
  batch.filings.push_back(std::move(candidate));
  return true;
}

Batch collect(Line& line, const std::vector<store::Waiting>& waiting) {
  Service& s = line.s;
  Batch batch;
  batch.kind = waiting.front().kind;
  const std::size_t most = static_cast<std::size_t>(
      std::min<std::int64_t>(line.config.max_records, waiting.front().at_most.value_or(1 << 20)));
  for (const store::Waiting& next : waiting) {
    if (batch.filings.size() >= std::max<std::size_t>(most, 1)) break;
    auto filing =
        s.db.read([&](Reader& reader) { return store::find_filing(reader, s.keys, next.filing); });
    if (!filing) continue;
    if (!next.at_most && !addresses_are_filed(line, *filing)) continue;
    if (!add(line, batch, {std::move(*filing), next.at_most.has_value()})) break;
  }
  return batch;
}

// Whether the filing is as it was when it was packed.
bool unchanged(const store::Filing& now, const Candidate& candidate) {
  if (now.version != candidate.filing.version) return false;
  return candidate.again ? now.state == State::sending || now.state == State::sms_pending ||
                               now.state == State::bureau_review
                         : now.state == State::ready;
}

void start(Line& line, Tx& tx, const store::Filing& now, const Candidate& candidate) {
  if (candidate.again)
    store::take_from_requeue(tx, now.id);
  else
    service::act(line.s, tx, now, {Action::start_sending, Actor::worker, std::nullopt, ""});
}

// The interface cannot carry a character: the bureau would say 5008, so say it first.
void refuse(Line& line, Tx& tx, const Refused& refused) {
  Service& s = line.s;
  store::Filing now = store::find_filing(tx, s.keys, refused.candidate.filing.id).value();
  if (!unchanged(now, refused.candidate)) return;
  start(line, tx, now, refused.candidate);
  now = store::find_filing(tx, s.keys, now.id).value();
  for (const Problem& p : refused.problems) {
    const auto characters = p.params.find("characters");
    store::insert_correction(
        tx, s.keys,
        {0, now.id, p.field, "bureau_5008", characters == p.params.end() ? "" : characters->second,
         "bureau", std::nullopt, "open", s.now()});
  }
  service::act(s, tx, now, {Action::bureau_rejected, Actor::bureau, std::nullopt, ""});
}

std::int64_t next_sequence(Line& line) {
  return line.s.db.read([&](Reader& reader) {
    return store::find_line(reader, line.province).last_sequence;
  }) + 1;
}

store::NewUpload file_of(Line& line, std::string subject, std::string xml) {
  store::NewUpload file;
  file.province = line.province;
  file.sequence = next_sequence(line);
  file.subject = std::move(subject);
  file.hash =
      line.client.pack(xml, bureau::upload_file_name(line.config.isp_id, file.sequence)).hash;
  file.xml = std::move(xml);
  return file;
}

// Goes back a requeued filing that is with the bureau no more.
void drop_stale(Line& line, const Batch& batch) {
  line.s.db.write([&](Tx& tx) {
    for (const Candidate& candidate : batch.filings) {
      const auto now = store::find_filing(tx, line.s.keys, candidate.filing.id);
      if (candidate.again && (!now || !unchanged(*now, candidate)))
        store::take_from_requeue(tx, candidate.filing.id);
    }
  });
}

bool prepare_filings(Line& line) {
  Service& s = line.s;
  const auto waiting = s.db.read([&](Reader& reader) {
    return store::filings_to_send(reader, line.province, line.config.max_records);
  });
  if (waiting.empty()) return false;
  const Batch batch = collect(line, waiting);
  std::optional<store::NewUpload> file;
  if (!batch.filings.empty()) {
    bureau::Encoded encoded = line.client.codec().encode_upload(batch.upload);
    file = file_of(line, std::string(to_string(batch.kind)), std::move(encoded.xml));
    for (const Candidate& candidate : batch.filings)
      file->records.push_back({candidate.filing.id, candidate.filing.round});
  }
  const bool kept = s.db.write([&](Tx& tx) {
    for (const Refused& refused : batch.refused) refuse(line, tx, refused);
    if (!file) return true;
    for (const Candidate& candidate : batch.filings) {
      const auto now = store::find_filing(tx, s.keys, candidate.filing.id);
      if (!now || !unchanged(*now, candidate)) return false;
    }
    if (!store::prepare_upload(tx, s.keys, *file, s.now())) return false;
    for (const Candidate& candidate : batch.filings)
      start(line, tx, store::find_filing(tx, s.keys, candidate.filing.id).value(), candidate);
    return true;
  });
  if (!kept) drop_stale(line, batch);
  return true;
}

void refuse_answer(Line& line, const store::BureauTask& task,
                   const std::vector<Problem>& problems) {
  std::string characters;
  for (const Problem& p : problems)
    if (const auto found = p.params.find("characters"); found != p.params.end())
      characters += found->second;
  line.s.db.write(
      [&](Tx& tx) { store::set_task_result(tx, task.id, "refused", "5008 " + characters); });
}

bool prepare_answers(Line& line, const std::string& kind) {
  Service& s = line.s;
  const auto tasks = s.db.read([&](Reader& reader) {
    return store::tasks_to_send(reader, s.keys, line.province, kind, line.config.max_records);
  });
  if (tasks.empty()) return false;
  std::vector<store::BureauTask> good;
  for (const store::BureauTask& task : tasks) {
    const auto alone =
        line.client.codec().encode_upload(service::compose_answers({task}, line.config.isp_id));
    if (alone.problems.empty())
      good.push_back(task);
    else
      refuse_answer(line, task, alone.problems);
  }
  if (good.empty()) return true;
  store::NewUpload file = file_of(
      line, kind,
      line.client.codec().encode_upload(service::compose_answers(good, line.config.isp_id)).xml);
  for (const store::BureauTask& task : good) file.records.push_back({task.id, task.sent_times});
  s.db.write([&](Tx& tx) {
    if (!store::prepare_upload(tx, s.keys, file, s.now())) return;
    for (const store::BureauTask& task : good) store::mark_task_sent(tx, task.id);
  });
  return true;
}

bool prepare_addresses(Line& line) {
  Service& s = line.s;
  const auto rows = s.db.read([&](Reader& reader) {
    return store::ip_ranges_to_send(reader, s.keys, line.province, line.config.max_records);
  });
  if (rows.empty()) return false;
  const service::IpBatch batch = service::compose_ip(rows, line.config.isp_id);
  const auto encoded = line.client.codec().encode_upload(batch.upload);
  if (!encoded.problems.empty()) {
    s.db.write([&](Tx& tx) { service::refuse_ip(s, tx, batch.rows, "5008"); });
    return true;
  }
  store::NewUpload file = file_of(line, "ip", encoded.xml);
  for (const store::IpRangeRow& row : batch.rows) file.records.push_back({row.id, row.sent_times});
  s.db.write([&](Tx& tx) {
    if (!store::prepare_upload(tx, s.keys, file, s.now())) return;
    service::mark_ip_sent(s, tx, batch.rows);
  });
  return true;
}

}  // namespace

bool prepare_next(Line& line) {
  return prepare_filings(line) || prepare_answers(line, "unfiled_site") ||
         prepare_answers(line, "verification") || prepare_addresses(line);
}

}  // namespace beian::worker
