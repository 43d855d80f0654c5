#include "sandbox/tasks.h"

#include "sandbox/console_json.h"
#include "sandbox/registry.h"
#include "sandbox/subjects.h"

namespace beian::sandbox {
namespace {

Task task_from(const Row& row) {
  Task task;
  task.id = row.integer(0);
  task.kind = row.text(1);
  task.province = row.text(2);
  task.isp_id = row.integer(3);
  task.subject = row.opt_integer(4).value_or(0);
  task.key = row.text(5);
  task.detail = row.text(6);
  task.created_at = row.integer(7);
  task.answered_at = row.opt_integer(8);
  task.answer = row.text(9);
  return task;
}

constexpr std::string_view k_columns =
    "SELECT id, kind, province, isp_id, subject_id, key, detail, created_at, answered_at, answer "
    "FROM tasks ";

// The oldest that is open, else the newest that was answered.
std::optional<Task> task_of_key(Reader& reader, const std::string& kind, Id isp_id,
                                const std::string& key) {
  const auto row =
      reader.query_one(std::string(k_columns) +
                           "WHERE kind = $1 AND isp_id = $2 AND key = $3 "
                           "ORDER BY CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END, "
                           "CASE WHEN answered_at IS NULL THEN id ELSE -id END LIMIT 1",
                       {kind, isp_id, key});
  if (!row) return std::nullopt;
  return task_from(*row);
}

void write_answer(Tx& tx, Id task, const json::object& answer, Millis now) {
  tx.execute("UPDATE tasks SET answered_at = $2, answer = $3 WHERE id = $1",
             {task, now, json::serialize(answer)});
}

}  // namespace

Id insert_task(Tx& tx, const Task& task) {
  const Id id = task.id != 0 ? task.id : next_number(tx, "task", k_first_record);
  tx.execute(
      "INSERT INTO tasks (id, kind, province, isp_id, subject_id, key, detail, created_at, answer) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')",
      {id, task.kind, task.province, task.isp_id, task.subject == 0 ? Value() : Value(task.subject),
       task.key, task.detail, task.created_at});
  return id;
}

std::vector<Task> list_tasks(Reader& reader, const std::string& kind, Id before, int limit) {
  std::vector<Task> tasks;
  for (const auto& row :
       reader.query(std::string(k_columns) + "WHERE ($1 = '' OR kind = $1) "
                                             "AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3",
                    {kind, before, static_cast<std::int64_t>(limit)})) {
    tasks.push_back(task_from(row));
  }
  return tasks;
}

json::object task_json(const Task& task) {
  json::object object{{"id", std::to_string(task.id)},
                      {"kind", task.kind},
                      {"province", task.province},
                      {"isp_id", std::to_string(task.isp_id)},
                      {"subject_id", nullptr},
                      {"detail", parse_json(task.detail)},
                      {"created_at", task.created_at},
                      {"answered_at", nullptr},
                      {"answer", nullptr}};
  if (task.subject != 0) object["subject_id"] = std::to_string(task.subject);
  if (task.answered_at) {
    object["answered_at"] = *task.answered_at;
    object["answer"] = parse_json(task.answer);
  }
  return object;
}

std::string unfiled_key(const std::string& domain, std::uint32_t ip) {
  return domain_claim(domain) + " " + std::to_string(ip);
}

std::int64_t take_answer(Tx& tx, Id isp_id, const bureau::VerificationAnswer& answer,
                         const Dictionaries& dictionaries, Millis now) {
  const Id subject = answer.organiser.publication.id;
  if (answer.unit != isp_id) return 5003;
  if (!find_subject(tx, subject)) return 1058;
  const auto task = task_of_key(tx, "verification", isp_id, std::to_string(subject));
  if (!task || task->answered_at) return 1016;
  const bureau::PublishedFiling record{answer.organiser, answer.websites, ""};
  write_answer(tx, task->id,
               {{"passed", answer.passed},
                {"verifier", answer.verifier},
                {"verified", answer.verified},
                {"opinion", answer.opinion},
                {"errors", answer.errors},
                {"filing", published_json(dictionaries, record)}},
               now);
  return 0;
}

std::int64_t take_answer(Tx& tx, Id isp_id, const bureau::UnfiledAnswer& answer,
                         const Dictionaries& dictionaries, Millis now) {
  if (answer.provider != isp_id) return 5005;
  const auto task = task_of_key(tx, "unfiled", isp_id, unfiled_key(answer.domain, answer.ip));
  if (!task) return 5005;
  if (task->answered_at) return 5006;
  const auto outcome = dictionaries.unfiled_outcomes.find(answer.outcome);
  if (outcome == dictionaries.unfiled_outcomes.end()) return 5007;
  write_answer(tx, task->id,
               {{"outcome", answer.outcome},
                {"outcome_name", outcome->second},
                {"opinion", answer.opinion},
                {"listed", answer.listed},
                {"deadline", answer.deadline},
                {"reporter_name", answer.reporter_name},
                {"reporter_phone", answer.reporter_phone},
                {"reporter_email", answer.reporter_email}},
               now);
  return 0;
}

}  // namespace beian::sandbox
