#include "store/job_desk.h"

namespace beian::store {
namespace {

// A job that was given up is due in the year 9999, and that long after when it was: nothing leases
// it, and a new cause (put_job) or a retry brings it back.
constexpr Millis k_never = 253'000'000'000'000;

// $1: now, $2: k_never
constexpr std::string_view k_state =
    "CASE WHEN lease_until > $1 THEN 'running' WHEN run_at >= $2 THEN 'given_up' "
    "WHEN last_error <> '' THEN 'failing' ELSE 'waiting' END";

}  // namespace

std::vector<JobCount> count_jobs(Reader& reader, Millis now) {
  std::vector<JobCount> out;
  for (const Row& row :
       reader.query("SELECT kind, state, COUNT(*), MIN(run_at) FROM (SELECT kind, run_at, " +
                        std::string(k_state) +
                        " AS state FROM jobs) j GROUP BY kind, state ORDER BY kind, state",
                    {now, k_never}))
    out.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3)});
  return out;
}

std::vector<JobRow> list_jobs(Reader& reader, const JobQuery& q, Millis now) {
  Params params{now, k_never, q.kind, q.state, q.after, std::int64_t{q.limit}};
  std::string ids;
  for (const Id id : q.ids) {
    params.emplace_back(id);
    ids += (ids.empty() ? " AND id IN ($" : ", $") + std::to_string(params.size());
  }
  if (!ids.empty()) ids += ")";
  std::vector<JobRow> out;
  for (const Row& row : reader.query(
           "SELECT id, kind, job_key, filing_id, payload, run_at, attempts, last_error, state FROM "
           "(SELECT jobs.*, " +
               std::string(k_state) +
               " AS state FROM jobs) j WHERE ($3 = '' OR kind = $3) AND ($4 = '' OR state = $4) "
               "AND id > $5" +
               ids + " ORDER BY id LIMIT $6",
           params))
    out.push_back({{row.integer(0), row.text(1), row.text(2), row.opt_integer(3), row.text(4),
                    row.integer(5), row.integer(6), row.text(7)},
                   row.text(8)});
  return out;
}

bool retry_job_now(Tx& tx, Id job, Millis now) {
  return tx.execute("UPDATE jobs SET run_at = $2, attempts = 0 WHERE id = $1 AND lease_until <= $2",
                    {job, now}) == 1;
}

bool give_up_job(Tx& tx, Id job, Millis now) {
  return tx.execute(
             "UPDATE jobs SET run_at = $3 WHERE id = $1 AND lease_until <= $2 AND run_at < $4",
             {job, now, k_never + now, k_never}) == 1;
}

std::int64_t remove_given_up(Tx& tx, Millis before, int limit) {
  return tx.execute(
      "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE run_at >= $1 AND run_at < $2 "
      "ORDER BY run_at LIMIT $3)",
      {k_never, k_never + before, std::int64_t{limit}});
}

}  // namespace beian::store
