#include "store/jobs.h"

#include "base/json.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, kind, job_key, filing_id, payload, run_at, attempts, last_error";

Job read_job(const Row& row) {
  return Job{row.integer(0), row.text(1),    row.text(2),    row.opt_integer(3),
             row.text(4),    row.integer(5), row.integer(6), row.text(7)};
}

std::string quoted(const std::vector<std::string>& kinds) {
  std::string out;
  for (const std::string& kind : kinds) out += (out.empty() ? "'" : ", '") + kind + "'";
  return out;
}

constexpr std::string_view k_message_columns =
    "id, message_key, account_id, filing_id, channel, notice, body_sealed, state, created_at";

Message read_message(const Row& row, const Keyring& keys) {
  Message m;
  m.id = row.integer(0);
  m.key = row.text(1);
  m.account_id = row.opt_integer(2);
  m.filing_id = row.opt_integer(3);
  m.channel = row.text(4);
  m.notice = row.text(5);
  const auto body = parse_json(unseal(keys, row.blob(6), "messages.body", m.id));
  const auto& object = as_object(body);
  m.to = get_string(object, "to");
  m.subject = get_string(object, "subject");
  m.text = get_string(object, "text", 1 << 18);
  m.html = get_string(object, "html", 1 << 18);
  if (const json::value* values = object.if_contains("values"))
    for (const auto& [name, value] : as_object(*values)) m.values.emplace(name, value.as_string());
  m.state = row.text(7);
  m.created_at = row.integer(8);
  return m;
}

}  // namespace

void put_job(Tx& tx, const Job& job) {
  tx.execute(
      "INSERT INTO jobs (id, kind, job_key, filing_id, payload, run_at, lease_until, attempts, "
      "last_error) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '') "
      "ON CONFLICT (job_key) DO UPDATE SET run_at = excluded.run_at, attempts = 0 "
      "WHERE jobs.run_at > excluded.run_at OR jobs.lease_until > 0",
      {job.id != 0 ? job.id : new_id(), job.kind, job.key, or_null(job.filing_id), job.payload,
       job.run_at});
}

std::optional<Job> lease_job(Tx& tx, const std::vector<std::string>& kinds,
                             const std::string& owner, Millis now, Millis lease_until) {
  auto row = tx.query_one(
      "UPDATE jobs SET lease_owner = $1, lease_until = $3, attempts = attempts + 1 WHERE id = "
      "(SELECT id FROM jobs WHERE run_at <= $2 AND lease_until <= $2 AND kind IN (" +
          quoted(kinds) + ") ORDER BY run_at, id LIMIT 1) AND lease_until <= $2 RETURNING " +
          std::string(k_columns),
      {owner, now, lease_until});
  if (!row) return std::nullopt;
  return read_job(*row);
}

bool finish_job(Tx& tx, Id job, const std::string& owner) {
  return tx.execute("DELETE FROM jobs WHERE id = $1 AND lease_owner = $2", {job, owner}) == 1;
}

bool postpone_job(Tx& tx, Id job, const std::string& owner, Millis run_at,
                  const std::string& error) {
  return tx.execute(
             "UPDATE jobs SET run_at = $3, lease_until = 0, lease_owner = NULL, last_error = $4 "
             "WHERE id = $1 AND lease_owner = $2",
             {job, owner, run_at, error}) == 1;
}

bool repeat_job(Tx& tx, Id job, const std::string& owner, Millis run_at) {
  return tx.execute(
             "UPDATE jobs SET run_at = CASE WHEN attempts = 0 THEN run_at ELSE $3 END, "
             "lease_until = 0, lease_owner = NULL, attempts = 0, last_error = '' "
             "WHERE id = $1 AND lease_owner = $2",
             {job, owner, run_at}) == 1;
}

void release_leases(Tx& tx, const std::string& owner_prefix) {
  tx.execute(
      "UPDATE jobs SET lease_until = 0, lease_owner = NULL "
      "WHERE substr(lease_owner, 1, CAST($2 AS INTEGER)) = $1",
      {owner_prefix, static_cast<std::int64_t>(owner_prefix.size())});
}

std::optional<Millis> next_job_time(Reader& reader, const std::vector<std::string>& kinds) {
  auto row = reader.query_one(
      "SELECT MIN(CASE WHEN lease_until > run_at THEN lease_until ELSE run_at END) FROM jobs WHERE "
      "kind IN (" +
      quoted(kinds) + ")");
  return row ? row->opt_integer(0) : std::nullopt;
}

std::vector<Job> failing_jobs(Reader& reader, int limit) {
  std::vector<Job> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM jobs WHERE last_error <> '' ORDER BY run_at LIMIT $1",
                    {std::int64_t{limit}}))
    out.push_back(read_job(row));
  return out;
}

bool insert_message(Tx& tx, const Keyring& keys, const Message& m) {
  json::object parts{{"to", m.to}, {"subject", m.subject}, {"text", m.text}, {"html", m.html}};
  if (!m.values.empty()) {
    json::object values;
    for (const auto& [name, value] : m.values) values[name] = value;
    parts["values"] = std::move(values);
  }
  const std::string body = json::serialize(parts);
  return tx.execute(
             "INSERT INTO messages (id, message_key, account_id, filing_id, channel, notice, "
             "body_sealed, state, created_at, error) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $8, '') "
             "ON CONFLICT (message_key) DO NOTHING",
             {m.id, m.key, or_null(m.account_id), or_null(m.filing_id), m.channel, m.notice,
              seal(keys, body, "messages.body", m.id), m.created_at,
              m.channel == "app" ? "sent" : "queued"}) == 1;
}

std::optional<Message> find_message(Reader& reader, const Keyring& keys, Id id) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_message_columns) + " FROM messages WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return read_message(*row, keys);
}

void set_message_state(Tx& tx, Id id, std::string_view state, Millis now,
                       const std::string& error) {
  tx.execute("UPDATE messages SET state = $2, sent_at = $3, error = $4 WHERE id = $1",
             {id, std::string(state), now, error});
}

std::optional<Millis> find_message_time(Reader& reader, const std::string& key) {
  const auto row =
      reader.query_one("SELECT created_at FROM messages WHERE message_key = $1", {key});
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

std::vector<Message> latest_messages(Reader& reader, const Keyring& keys, int limit) {
  std::vector<Message> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_message_columns) +
                        " FROM messages WHERE channel <> 'app' ORDER BY id DESC LIMIT $1",
                    {std::int64_t{limit}}))
    out.push_back(read_message(row, keys));
  return out;
}

}  // namespace beian::store
