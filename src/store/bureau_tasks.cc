#include "store/bureau_tasks.h"

#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "id, task_key, province, kind, state, subject, content_sealed, answer_sealed, filing_id, "
    "account_id, file_name, received_at, due_at, sent_times, decided_by, decided_at, result";

BureauTask read_task(const Row& row, const Keyring& keys) {
  BureauTask t;
  t.id = row.integer(0);
  t.key = row.text(1);
  t.province = row.text(2);
  t.kind = row.text(3);
  t.state = row.text(4);
  t.subject = row.text(5);
  t.content = unseal(keys, row.blob(6), "bureau_tasks.content", t.id);
  if (const auto sealed = row.opt_blob(7))
    t.answer = unseal(keys, *sealed, "bureau_tasks.answer", t.id);
  t.filing_id = row.opt_integer(8);
  t.account_id = row.opt_integer(9);
  t.file_name = row.text(10);
  t.received_at = row.integer(11);
  t.due_at = row.opt_integer(12);
  t.sent_times = row.integer(13);
  t.decided_by = row.opt_integer(14);
  t.decided_at = row.opt_integer(15);
  t.result = row.text(16);
  return t;
}

std::vector<BureauTask> read_all(const std::vector<Row>& rows, const Keyring& keys) {
  std::vector<BureauTask> out;
  for (const Row& row : rows) out.push_back(read_task(row, keys));
  return out;
}

std::string select(std::string_view rest) {
  return "SELECT " + std::string(k_columns) + " FROM bureau_tasks " + std::string(rest);
}

}  // namespace

bool wants_answer(std::string_view kind) {
  return kind == "verification" || kind == "unfiled_site";
}

bool put_task(Tx& tx, const Keyring& keys, BureauTask t) {
  const auto known = tx.query_one("SELECT id FROM bureau_tasks WHERE task_key = $1", {t.key});
  if (known) {
    const Id id = known->integer(0);
    tx.execute(
        "UPDATE bureau_tasks SET content_sealed = $2, file_name = $3, state = CASE WHEN state = "
        "'done' THEN 'open' ELSE state END WHERE id = $1 AND (state IN ('open', 'refused') OR "
        "(state = 'done' AND kind IN ('unreported_ip', 'unsendable', 'dictionary')))",
        {id, seal(keys, t.content, "bureau_tasks.content", id), t.file_name});
    return false;
  }
  t.id = new_id();
  tx.execute(
      "INSERT INTO bureau_tasks (id, task_key, province, kind, state, subject, content_sealed, "
      "filing_id, account_id, file_name, received_at, due_at, sent_times, result) VALUES ($1, $2, "
      "$3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, 0, '')",
      {t.id, t.key, t.province, t.kind, t.subject,
       seal(keys, t.content, "bureau_tasks.content", t.id), or_null(t.filing_id),
       or_null(t.account_id), t.file_name, t.received_at, or_null(t.due_at)});
  return true;
}

std::optional<BureauTask> find_task(Reader& reader, const Keyring& keys, Id id) {
  const auto row = reader.query_one(select("WHERE id = $1"), {id});
  if (!row) return std::nullopt;
  return read_task(*row, keys);
}

std::optional<BureauTask> find_task_by_key(Reader& reader, const Keyring& keys,
                                           const std::string& key) {
  const auto row = reader.query_one(select("WHERE task_key = $1"), {key});
  if (!row) return std::nullopt;
  return read_task(*row, keys);
}

std::optional<BureauTask> find_sent_task(Reader& reader, const Keyring& keys,
                                         const std::string& province, const std::string& mark) {
  const std::string prefix = "verification/" + province + "/" + mark + "/";
  const auto row = reader.query_one(
      select("WHERE province = $1 AND state = 'sent' AND (subject = $2 OR substr(task_key, 1, "
             "CAST($4 AS INTEGER)) = "
             "$3) AND kind IN ('verification', 'unfiled_site') ORDER BY id LIMIT 1"),
      {province, mark, prefix, static_cast<std::int64_t>(prefix.size())});
  if (!row) return std::nullopt;
  return read_task(*row, keys);
}

std::vector<BureauTask> list_tasks(Reader& reader, const Keyring& keys, const TaskQuery& query) {
  if (!query.scope.customers.empty()) return {};
  Params params{query.kind, std::int64_t{query.limit}};
  if (query.only_open) {
    const std::string within = scope_condition(query.scope, "", params);
    return read_all(
        reader.query(
            select("WHERE state IN ('open', 'refused') AND ($1 = '' OR kind = $1)" + within +
                   " ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id LIMIT $2"),
            params),
        keys);
  }
  params.emplace_back(query.before);
  const std::string within = scope_condition(query.scope, "", params);
  return read_all(reader.query(select("WHERE ($1 = '' OR kind = $1) AND ($3 = 0 OR id < $3)" +
                                      within + " ORDER BY id DESC LIMIT $2"),
                               params),
                  keys);
}

std::map<std::string, std::int64_t> count_open_tasks(Reader& reader, const StaffScope& scope) {
  std::map<std::string, std::int64_t> out;
  if (!scope.customers.empty()) return out;
  Params params;
  const std::string within = scope_condition(scope, "", params);
  for (const Row& row :
       reader.query("SELECT kind, COUNT(*) FROM bureau_tasks WHERE state IN ('open', 'refused')" +
                        within + " GROUP BY kind",
                    params))
    out[row.text(0)] = row.integer(1);
  return out;
}

bool decide_task(Tx& tx, const Keyring& keys, Id task, const std::string& state,
                 const std::string& answer, Id by, Millis now) {
  return tx.execute(
             "UPDATE bureau_tasks SET state = $2, answer_sealed = $3, decided_by = $4, decided_at "
             "= $5, result = '' WHERE id = $1 AND state IN ('open', 'refused')",
             {task, state, seal_optional(keys, answer, "bureau_tasks.answer", task), by, now}) == 1;
}

void close_ip_tasks(Tx& tx, const std::string& province, Millis now) {
  tx.execute(
      "UPDATE bureau_tasks SET state = 'done', decided_at = $2 WHERE province = $1 AND kind = "
      "'unreported_ip' AND state = 'open'",
      {province, now});
}

void close_task(Tx& tx, const std::string& key, Id by, Millis now) {
  tx.execute(
      "UPDATE bureau_tasks SET state = 'done', decided_by = $2, decided_at = $3 WHERE task_key = "
      "$1 AND state = 'open'",
      {key, by, now});
}

std::vector<BureauTask> tasks_to_send(Reader& reader, const Keyring& keys,
                                      const std::string& province, const std::string& kind,
                                      int limit) {
  return read_all(reader.query(select("WHERE province = $1 AND kind = $2 AND state = 'answered' "
                                      "ORDER BY id LIMIT $3"),
                               {province, kind, std::int64_t{limit}}),
                  keys);
}

void mark_task_sent(Tx& tx, Id task) {
  tx.execute(
      "UPDATE bureau_tasks SET state = 'sent', sent_times = sent_times + 1 WHERE id = $1 AND state "
      "= 'answered'",
      {task});
}

void set_task_result(Tx& tx, Id task, const std::string& state, const std::string& result) {
  tx.execute("UPDATE bureau_tasks SET state = $2, result = $3 WHERE id = $1",
             {task, state, result});
}

}  // namespace beian::store
