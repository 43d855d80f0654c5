#include "service/bureau_tasks.h"

#include "base/text.h"
#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "bureau/schema_v30.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/bureau_answers.h"
#include "store/accounts.h"
#include "store/cases.h"
#include "store/exchange.h"

namespace beian::service {
namespace {

constexpr std::size_t k_max_content = 64u << 20;
constexpr std::size_t k_longest_text = 400;  // of one element shown; above it is a picture

store::BureauTask task_of(Service& s, Reader& reader, const Staff& staff, Id id) {
  auto task = store::find_task(reader, s.keys, id);
  if (!task || !store::scope_of(reader, staff.id).covers_province(task->province))
    throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*task);
}

// `what` is a kind and its id: "bureau_task 5".
void look(Service& s, const Staff& staff, const std::string& what) {
  const std::size_t blank = what.find(' ');
  s.db.write([&](Tx& tx) {
    store::insert_look(tx, staff.id, 0, what, s.now());
    record(s, tx, {"staff", staff.id}, "look." + what.substr(0, blank),
           what.substr(0, blank) + "/" + what.substr(blank + 1));
  });
}

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}
json::value id_or_null(const std::optional<Id>& id) {
  return id ? json::value(id_to_string(*id)) : json::value(nullptr);
}

json::object read_answer(const std::string& kind, const json::object& in) {
  json::object out{{"opinion", clean_line(opt_string(in, "opinion", 1024).value_or(""))}};
  if (kind == "unfiled_site") {
    out["outcome"] = get_int(in, "outcome");
    return out;
  }
  out["passed"] = get_bool(in, "passed");
  out["errors"] = clean_line(opt_string(in, "errors", 4000).value_or(""));
  json::object corrections;
  if (const json::value* given = in.if_contains("corrections"); given && given->is_object())
    for (const auto& [path, value] : given->get_object())
      if (value.is_string() && value.get_string().size() <= 1024)
        corrections[path] = clean_line(std::string_view(value.get_string()));
  out["corrections"] = std::move(corrections);
  return out;
}

// What the interface would not take, before it is sent: characters, then the schema.
void check_answer(const store::BureauTask& task, Id isp_id) {
  const auto encoded = bureau::v30::encode(compose_answers({task}, isp_id));
  std::vector<Problem> problems;
  for (const Problem& p : encoded.problems) problems.push_back(p);
  if (problems.empty())
    for (const auto& fault : bureau::v30::check_upload_schema(encoded.xml))
      problems.push_back({fault.path, "task_field_schema", {{"what", fault.what}}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "task_answer_invalid", problems);
}

Id isp_of(const Service& s, const std::string& province) {
  for (const BureauConfig& bureau : s.config.bureaus)
    if (bureau.province == province) return bureau.isp_id;
  return 0;
}

std::string shortened(std::string_view text) {
  if (text.size() <= k_longest_text) return std::string(text);
  return "… " + std::to_string(text.size() * 3 / 4 / 1024 + 1) + " KiB …";
}

// One element a line; an element that holds only text, or nothing, stays on its line.
std::string indented(std::string_view xml) {
  std::string out;
  std::size_t depth = 0;
  bool beside = false;  // what closes next was opened just before
  for (std::size_t i = 0; i < xml.size();) {
    if (xml[i] != '<') {
      const std::size_t end = std::min(xml.find('<', i), xml.size());
      const std::string_view text = xml.substr(i, end - i);
      if (text.find_first_not_of(" \t\r\n") != std::string_view::npos) out += shortened(text);
      i = end;
      continue;
    }
    const std::size_t end = std::min(xml.find('>', i), xml.size() - 1);
    const std::string_view tag = xml.substr(i, end + 1 - i);
    const bool closing = tag.starts_with("</");
    const bool single = tag.starts_with("<?") || tag.ends_with("/>");
    if (closing && depth > 0) --depth;
    if (!out.empty() && !(closing && beside)) out += "\n" + std::string(depth * 2, ' ');
    out += tag;
    beside = !closing && !single;
    if (beside) ++depth;
    i = end + 1;
  }
  return out;
}

std::string readable(const std::string& gbk) {
  if (gbk.empty()) throw Refusal(RefusalCode::not_found, "nothing_kept");
  return indented(bureau::from_gbk(gbk).utf8);
}

}  // namespace

void require_line(Reader& reader, const Staff& staff, std::string_view province) {
  if (!store::scope_of(reader, staff.id).covers_province(province))
    throw Refusal(RefusalCode::not_found, "not_found");
}

json::object show_task_row(const store::BureauTask& task) {
  const json::value content = parse_json(task.content, k_max_content);
  json::object shown = as_object(content);
  shown.erase("record");
  return {{"id", id_to_string(task.id)},
          {"province", task.province},
          {"kind", task.kind},
          {"state", task.state},
          {"subject", task.subject},
          {"content", std::move(shown)},
          {"filing_id", id_or_null(task.filing_id)},
          {"file_name", task.file_name},
          {"received_at", task.received_at},
          {"due_at", or_null(task.due_at)},
          {"decided_at", or_null(task.decided_at)},
          {"result", task.result},
          {"wants_answer", store::wants_answer(task.kind)}};
}

json::object open_task(Service& s, const Staff& staff, Id id) {
  json::object out = s.db.read([&](Reader& reader) {
    const store::BureauTask task = task_of(s, reader, staff, id);
    json::object shown = show_task_row(task);
    shown["decided_by"] = nullptr;
    if (task.decided_by)
      if (const auto who = store::find_account(reader, s.keys, *task.decided_by))
        shown["decided_by"] = who->display_name;
    shown["answer"] = task.answer.empty() ? json::value(nullptr) : parse_json(task.answer);
    json::array fields;
    if (task.kind == "verification") {
      const json::value content = parse_json(task.content, k_max_content);
      for (const auto& [path, value] : correctable(record_of(as_object(content), nullptr)))
        fields.push_back(json::object{{"path", path}, {"value", value}});
    }
    shown["fields"] = std::move(fields);
    return shown;
  });
  if (out.at("kind") == "verification") look(s, staff, "bureau_task " + id_to_string(id));
  return out;
}

void answer_task(Service& s, const Staff& staff, Id id, const json::object& in) {
  s.db.write([&](Tx& tx) {
    store::BureauTask task = task_of(s, tx, staff, id);
    if (!store::wants_answer(task.kind)) throw Refusal(RefusalCode::not_found, "not_found");
    json::object answer = read_answer(task.kind, in);
    const auto who = store::find_account(tx, s.keys, staff.id);
    answer["reporter"] = who && !who->display_name.empty()
                             ? who->display_name
                             : s.settings.now()->text("provider.name");
    task.answer = json::serialize(answer);
    task.decided_at = s.now();
    check_answer(task, std::max<Id>(1, isp_of(s, task.province)));
    if (!store::decide_task(tx, s.keys, id, "answered", task.answer, staff.id, s.now()))
      throw Refusal(RefusalCode::conflict, "task_decided");
    record(s, tx, {"staff", staff.id}, "task.answered", "bureau_task/" + id_to_string(id),
           {{"kind", task.kind},
            {"proof", to_hex(s.keys.lookup(task.answer, "audit.event").substr(0, 16))}});
    wake_line(s, tx, task.province);
  });
  s.wake_workers();
}

void finish_task(Service& s, const Staff& staff, Id id, const std::string& note) {
  s.db.write([&](Tx& tx) {
    const store::BureauTask task = task_of(s, tx, staff, id);
    if (store::wants_answer(task.kind) && task.state != "refused")
      throw Refusal(RefusalCode::conflict, "task_answer_invalid");
    if (!store::decide_task(tx, s.keys, id, "done",
                            json::serialize(json::object{{"note", clean_line(note)}}), staff.id,
                            s.now()))
      throw Refusal(RefusalCode::conflict, "task_decided");
    record(s, tx, {"staff", staff.id}, "task.done", "bureau_task/" + id_to_string(id),
           {{"kind", task.kind}});
    if (task.kind == "unsendable" && task.filing_id)
      store::requeue_filing(tx, *task.filing_id, s.now());
    wake_line(s, tx, task.province);
  });
  s.wake_workers();
}

std::string readable_upload(Service& s, const Staff& staff, const std::string& province,
                            std::int64_t sequence) {
  const auto upload = s.db.read([&](Reader& reader) {
    require_line(reader, staff, province);
    return store::find_upload(reader, s.keys, province, sequence);
  });
  if (!upload) throw Refusal(RefusalCode::not_found, "nothing_kept");
  std::string text = readable(upload->xml);
  look(s, staff, "bureau_upload " + province + "/" + std::to_string(sequence));
  return text;
}

std::string readable_download(Service& s, const Staff& staff, const std::string& province,
                              const std::string& file_name) {
  const auto file = s.db.read([&](Reader& reader) {
    require_line(reader, staff, province);
    return store::find_download(reader, s.keys, province, file_name);
  });
  if (!file) throw Refusal(RefusalCode::not_found, "nothing_kept");
  std::string text = readable(file->xml);
  look(s, staff, "bureau_download " + province + "/" + file_name);
  return text;
}

}  // namespace beian::service
