#include "store/statistics.h"

namespace beian::store {
namespace {

// "sites.s3.name" -> "sites.*.name": the same question, whichever website it was.
std::string without_key(const std::string& field) {
  constexpr std::string_view k_sites = "sites.";
  if (!field.starts_with(k_sites)) return field;
  const auto dot = field.find('.', k_sites.size());
  return dot == std::string::npos ? "sites.*" : "sites.*" + field.substr(dot);
}

// The rows of a period; its values are put into `params`.
std::string filter_of(const Period& p, const std::string& measure, Params& params) {
  params = {measure, p.from, p.until};
  std::string out = " WHERE measure = $1 AND day >= $2 AND day <= $3";
  const auto place_of = [&](const std::string& value) {
    params.emplace_back(value);
    return "$" + std::to_string(params.size());
  };
  if (!p.province.empty()) out += " AND province = " + place_of(p.province);
  if (!p.kind.empty()) out += " AND kind = " + place_of(p.kind);
  if (p.within.empty()) return out;
  out += " AND province IN (";
  for (const std::string& one : p.within)
    out += (&one == &p.within.front() ? "" : ", ") + place_of(one);
  return out + ")";
}

}  // namespace

std::vector<Happening> happenings(Reader& reader, Millis from, Millis until) {
  std::vector<Happening> out;
  const auto rows = reader.query(
      "SELECT e.filing_id, e.at, f.province, f.kind, e.actor, e.action, e.from_state, e.actor_id, "
      "CASE WHEN e.from_state IS NULL THEN NULL ELSE (SELECT MAX(p.at) FROM events p WHERE "
      "p.filing_id = e.filing_id AND p.id < e.id AND p.to_state IS NOT NULL) END, "
      "CASE WHEN e.from_state IS NULL OR e.actor <> 'staff' THEN NULL ELSE (SELECT MAX(p.at) FROM "
      "events p WHERE p.filing_id = e.filing_id AND p.id < e.id AND p.action IN ('claimed', "
      "'taken_over', 'assigned') AND p.actor_id = e.actor_id) END, "
      "CASE WHEN e.from_state IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM events p WHERE "
      "p.filing_id = e.filing_id AND p.id < e.id AND "
      "((e.action IN ('pass_initial', 'return_initial') AND p.action IN ('pass_initial', "
      "'return_initial')) OR (e.action IN ('pass_photo', 'return_photo') AND p.action IN "
      "('pass_photo', 'return_photo')) OR (e.action IN ('bureau_approved', 'bureau_rejected') AND "
      "p.action IN ('bureau_approved', 'bureau_rejected')))) END "
      "FROM events e JOIN filings f ON f.id = e.filing_id WHERE e.at >= $1 AND e.at < $2 "
      "ORDER BY e.at, e.id",
      {from, until});
  out.reserve(rows.size());
  for (const Row& row : rows) {
    Happening h;
    h.filing_id = row.integer(0);
    h.at = row.integer(1);
    h.province = row.text(2);
    h.kind = row.text(3);
    h.actor = row.text(4);
    h.action = row.text(5);
    h.from_state = row.opt_text(6).value_or("");
    h.actor_id = row.opt_integer(7);
    h.entered_at = row.opt_integer(8);
    h.claimed_at = row.opt_integer(9);
    h.decided_before = row.integer(10) > 0;
    out.push_back(std::move(h));
  }
  return out;
}

std::vector<Passage> passages_of(Reader& reader, Id filing) {
  std::vector<Passage> out;
  for (const Row& row : reader.query("SELECT at, to_state FROM events WHERE filing_id = $1 AND "
                                     "to_state IS NOT NULL ORDER BY id",
                                     {filing}))
    out.push_back({row.integer(0), row.text(1)});
  return out;
}

std::vector<Counted> count_corrections(Reader& reader, Millis from, Millis until) {
  std::vector<Counted> out;
  for (const Row& row : reader.query(
           "SELECT f.province, f.kind, c.by_actor, c.reason_code, c.field, COUNT(*) FROM "
           "corrections c JOIN filings f ON f.id = c.filing_id WHERE c.at >= $1 AND c.at < $2 AND "
           "c.state <> 'draft' GROUP BY f.province, f.kind, c.by_actor, c.reason_code, c.field",
           {from, until}))
    out.push_back(
        {"reason", row.text(0), row.text(1),
         row.text(2) + "/" + row.opt_text(3).value_or("") + "/" + without_key(row.text(4)),
         row.integer(5)});
  return out;
}

std::vector<Counted> count_messages(Reader& reader, Millis from, Millis until) {
  std::vector<Counted> out;
  for (const Row& row : reader.query(
           "SELECT COALESCE(f.province, ''), COALESCE(f.kind, ''), m.channel, m.notice, m.state, "
           "COUNT(*) FROM messages m LEFT JOIN filings f ON f.id = m.filing_id WHERE m.created_at "
           ">= $1 AND m.created_at < $2 AND m.channel <> 'app' GROUP BY COALESCE(f.province, ''), "
           "COALESCE(f.kind, ''), m.channel, m.notice, m.state",
           {from, until}))
    out.push_back({"message", row.text(0), row.text(1),
                   row.text(2) + "/" + row.text(3) + "/" + row.text(4), row.integer(5)});
  return out;
}

std::vector<Counted> count_waiting_by_age(Reader& reader, const std::vector<Millis>& edges) {
  // One branch of the CASE for each edge, from the oldest on.
  std::string band = "CASE";
  Params params;
  for (std::size_t i = edges.size(); i > 0; --i) {
    params.push_back(edges[i - 1]);
    band += " WHEN state_since < $" + std::to_string(params.size()) + " THEN " + std::to_string(i);
  }
  band += " ELSE 0 END";
  std::vector<Counted> out;
  for (const Row& row : reader.query(
           "SELECT province, kind, state, band, COUNT(*) FROM (SELECT province, kind, state, " +
               band +
               " AS band FROM filings WHERE state IN ('initial_review', 'initial_returned', "
               "'verification', 'photo_review', 'ready', 'sending', 'sms_pending', "
               "'bureau_review', 'bureau_returned')) w GROUP BY province, kind, state, band",
           params))
    out.push_back({"queue", row.text(0), row.text(1),
                   row.text(2) + "/" + std::to_string(row.integer(3)), row.integer(4)});
  return out;
}

std::optional<Millis> first_event_at(Reader& reader) {
  return reader.query_one("SELECT MIN(at) FROM events")->opt_integer(0);
}

void put_day(Tx& tx, const std::string& day, const std::vector<std::string>& measures,
             const std::vector<Counted>& counts, const std::vector<Waited>& waits, Millis now) {
  for (const std::string& measure : measures) {
    tx.execute("DELETE FROM daily_counts WHERE measure = $1 AND day = $2", {measure, day});
    tx.execute("DELETE FROM daily_waits WHERE measure = $1 AND day = $2", {measure, day});
  }
  // Two that roll up the same day at once (the job and the command) write the same.
  for (const Counted& c : counts)
    tx.execute(
        "INSERT INTO daily_counts (measure, day, province, kind, item, n) VALUES ($1, $2, $3, $4, "
        "$5, $6) ON CONFLICT (measure, day, province, kind, item) DO UPDATE SET n = EXCLUDED.n",
        {c.measure, day, c.province, c.kind, c.item, c.n});
  for (const Waited& w : waits)
    tx.execute(
        "INSERT INTO daily_waits (measure, day, province, kind, item, elapsed, working) VALUES "
        "($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (measure, day, province, kind, item) DO UPDATE "
        "SET elapsed = EXCLUDED.elapsed, working = EXCLUDED.working",
        {w.measure, day, w.province, w.kind, w.item, w.elapsed, w.working});
  tx.execute(
      "INSERT INTO daily_rolled (day, rolled_at) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET "
      "rolled_at = EXCLUDED.rolled_at",
      {day, now});
}

std::vector<std::pair<std::string, Millis>> rolled_days(Reader& reader, const std::string& from) {
  std::vector<std::pair<std::string, Millis>> out;
  for (const Row& row :
       reader.query("SELECT day, rolled_at FROM daily_rolled WHERE day >= $1 ORDER BY day", {from}))
    out.emplace_back(row.text(0), row.integer(1));
  return out;
}

std::vector<Sum> sums_of(Reader& reader, const Period& period, const std::string& measure,
                         Grouping grouping) {
  const std::string group = grouping == Grouping::by_day        ? "day"
                            : grouping == Grouping::by_province ? "province"
                                                                : "";
  const std::string shown = group.empty() ? "''" : group;
  const std::string grouped = group.empty() ? "item" : group + ", item";
  Params params;
  const std::string filter = filter_of(period, measure, params);
  std::vector<Sum> out;
  for (const Row& row :
       reader.query("SELECT " + shown + ", item, CAST(SUM(n) AS BIGINT) FROM daily_counts" +
                        filter + " GROUP BY " + grouped + " ORDER BY " + grouped,
                    params))
    out.push_back({row.text(0), row.text(1), row.integer(2)});
  return out;
}

std::vector<Waited> waits_of(Reader& reader, const Period& period, const std::string& measure) {
  Params params;
  const std::string filter = filter_of(period, measure, params);
  std::vector<Waited> out;
  for (const Row& row : reader.query(
           "SELECT province, kind, item, elapsed, working FROM daily_waits" + filter, params))
    out.push_back({measure, row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
  return out;
}

std::string last_queue_day(Reader& reader, const Period& period) {
  return reader
      .query_one(
          "SELECT MAX(day) FROM daily_counts WHERE measure = 'queue' AND day >= $1 AND day "
          "<= $2",
          {period.from, period.until})
      ->opt_text(0)
      .value_or("");
}

}  // namespace beian::store
