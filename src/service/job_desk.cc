#include "service/job_desk.h"

#include <cctype>

#include "service/audit.h"
#include "service/line_notes.h"

namespace beian::service {
namespace {

constexpr int k_most_at_once = 500;
constexpr std::size_t k_longest_why = 300, k_telling_digits = 6;

// Work that comes back by itself: one job for each of these, or for each bureau.
bool is_standing(const store::Job& job) {
  return job.key == job.kind || job.kind == "bureau_exchange";
}

std::vector<store::JobRow> chosen(Service& s, store::JobQuery& which) {
  which.limit = k_most_at_once;
  return s.db.read([&](Reader& reader) { return store::list_jobs(reader, which, s.now()); });
}

// The message of a send_message job.
void mark_message(Service& s, Tx& tx, const store::Job& job, std::string_view from,
                  std::string_view to, const std::string& error) {
  if (job.kind != "send_message") return;
  const auto id = id_from_string(job.payload);
  const auto message = id ? store::find_message(tx, s.keys, *id) : std::nullopt;
  if (message && message->state == from)
    store::set_message_state(tx, message->id, to, s.now(), error);
}

std::string subject_of(const store::Job& job) { return "job/" + id_to_string(job.id); }

}  // namespace

std::string without_personal(std::string_view text) {
  std::string out, word;
  const auto flush = [&] {
    if (word.find('@') != std::string::npos) word = "***@***";
    std::string digits, plain;
    for (std::size_t i = 0; i <= word.size(); ++i) {
      if (i < word.size() && std::isdigit(static_cast<unsigned char>(word[i])) != 0) {
        digits += word[i];
        continue;
      }
      plain += digits.size() >= k_telling_digits ? "***" : digits;
      digits.clear();
      if (i < word.size()) plain += word[i];
    }
    out += plain;
    word.clear();
  };
  for (const char c : text.substr(0, k_longest_why)) {
    if (c == ' ' || c == '<' || c == '>' || c == ',' || c == ';' || c == '"') {
      flush();
      out += c;
    } else {
      word += c;
    }
  }
  flush();
  return out;
}

json::object show_jobs(Service& s, const store::JobQuery& query, std::string_view locale) {
  return s.db.read([&](Reader& reader) {
    json::array counts, jobs;
    for (const store::JobCount& count : store::count_jobs(reader, s.now()))
      counts.push_back(
          json::object{{"kind", count.kind},
                       {"state", count.state},
                       {"n", count.n},
                       {"next_at", count.state == "given_up" ? json::value(nullptr)
                                                             : json::value(count.next_at)}});
    const auto rows = store::list_jobs(reader, query, s.now());
    for (const store::JobRow& row : rows)
      jobs.push_back(json::object{
          {"id", id_to_string(row.job.id)},
          {"kind", row.job.kind},
          {"state", row.state},
          {"province",
           row.job.kind == "bureau_exchange" ? json::value(row.job.payload) : json::value(nullptr)},
          {"filing_id", row.job.filing_id ? json::value(id_to_string(*row.job.filing_id))
                                          : json::value(nullptr)},
          {"attempts", row.job.attempts},
          {"next_at", row.state == "given_up" ? json::value(nullptr) : json::value(row.job.run_at)},
          {"why", without_personal(note_words(s.texts, locale, row.job.last_error))},
          {"standing", is_standing(row.job)}});
    json::object out{{"counts", std::move(counts)}, {"jobs", std::move(jobs)}, {"next", nullptr}};
    if (static_cast<int>(rows.size()) == query.limit)
      out["next"] = id_to_string(rows.back().job.id);
    return out;
  });
}

std::int64_t retry_jobs(Service& s, const Staff& by, store::JobQuery which) {
  std::int64_t n = 0;
  for (const store::JobRow& row : chosen(s, which))
    n += s.db.write([&](Tx& tx) {
      if (!store::retry_job_now(tx, row.job.id, s.now())) return 0;
      mark_message(s, tx, row.job, "refused", "queued", "");
      record(s, tx, {"staff", by.id}, "job.retried", subject_of(row.job), {{"kind", row.job.kind}});
      return 1;
    });
  s.wake_workers();
  return n;
}

std::int64_t give_up_jobs(Service& s, const Staff& by, store::JobQuery which) {
  std::int64_t n = 0;
  for (const store::JobRow& row : chosen(s, which)) {
    if (is_standing(row.job)) continue;
    n += s.db.write([&](Tx& tx) {
      if (!store::give_up_job(tx, row.job.id, s.now())) return 0;
      mark_message(s, tx, row.job, "queued", "refused", "given_up");
      record(s, tx, {"staff", by.id}, "job.given_up", subject_of(row.job),
             {{"kind", row.job.kind}});
      return 1;
    });
  }
  return n;
}

}  // namespace beian::service
