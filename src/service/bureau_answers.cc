#include "service/bureau_answers.h"

#include <functional>

#include "base/crypto.h"
#include "base/text.h"
#include "bureau/codec_v30.h"
#include "filing/date.h"
#include "service/ipv4.h"

namespace beian::service {
namespace {

constexpr std::size_t k_max_record_bytes = 64u << 20;

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}
std::int64_t number_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value && value->is_int64()) return value->get_int64();
  return id_from_string(text_in(object, name)).value_or(0);
}

std::string day_of(Millis time) { return day_to_string(shanghai_day(time)); }

bureau::UnfiledAnswer unfiled_answer(const store::BureauTask& task, Id isp_id) {
  const json::value content_value = parse_json(task.content),
                    answer_value = parse_json(task.answer);
  const json::object &content = as_object(content_value), &answer = as_object(answer_value);
  bureau::UnfiledAnswer out;
  out.domain = text_in(content, "domain");
  out.ip = ipv4_from_text(text_in(content, "ip")).value_or(0);
  out.carrier = number_in(content, "carrier");
  out.provider = number_in(content, "provider");
  if (out.provider == 0) out.provider = isp_id;
  out.province = number_in(content, "province");
  if (out.province == 0) out.province = id_from_string(task.province).value_or(0);
  out.outcome = number_in(answer, "outcome");
  out.opinion = text_in(answer, "opinion");
  out.listed = day_of(task.received_at);
  out.deadline = day_of(task.due_at.value_or(task.received_at));
  out.reporter_name = text_in(answer, "reporter");
  return out;
}

bureau::VerificationAnswer verification_answer(const store::BureauTask& task, Id isp_id) {
  const json::value content = parse_json(task.content, k_max_record_bytes),
                    answer_value = parse_json(task.answer);
  const json::object& answer = as_object(answer_value);
  const json::value* corrections = answer.if_contains("corrections");
  bureau::VerificationTask record =
      record_of(as_object(content),
                corrections && corrections->is_object() ? &corrections->get_object() : nullptr);
  bureau::VerificationAnswer out;
  const json::value* passed = answer.if_contains("passed");
  out.passed = passed && passed->is_bool() && passed->get_bool();
  out.verifier = text_in(answer, "reporter");
  out.verified = day_of(task.decided_at.value_or(task.received_at));
  out.unit = isp_id;
  out.opinion = text_in(answer, "opinion");
  out.errors = text_in(answer, "errors");
  out.organiser = std::move(record.organiser);
  out.websites = std::move(record.websites);
  return out;
}

using Visit = std::function<void(const std::string& path, std::string& value)>;

void visit(const std::string& base, bureau::Person& person, const Visit& each) {
  each(base + ".name", person.name);
  each(base + ".mobile", person.mobile);
  each(base + ".office_phone", person.office_phone);
  each(base + ".email", person.email);
  each(base + ".certificate_number", person.certificate_number);
}

void visit(bureau::VerificationTask& task, const Visit& each) {
  each("organiser.name", task.organiser.name);
  each("organiser.certificate_number", task.organiser.certificate.number);
  each("organiser.certificate_address", task.organiser.certificate.residence);
  each("organiser.address", task.organiser.address.detail);
  each("organiser.investor", task.organiser.investor);
  visit("principal", task.organiser.principal, each);
  for (std::size_t i = 0; i < task.websites.size(); ++i) {
    const std::string base = "sites." + std::to_string(i);
    each(base + ".name", task.websites[i].name);
    each(base + ".home_url", task.websites[i].home_url);
    visit(base + ".manager", task.websites[i].manager, each);
  }
}

}  // namespace

bureau::Upload compose_answers(const std::vector<store::BureauTask>& tasks, Id isp_id) {
  bureau::Upload out;
  out.unit = isp_id;
  for (const store::BureauTask& task : tasks) {
    if (task.kind == "unfiled_site")
      out.unfiled_answers.push_back(unfiled_answer(task, isp_id));
    else
      out.verification_answers.push_back(verification_answer(task, isp_id));
  }
  return out;
}

json::object content_of(const bureau::UnfiledWebsite& site) {
  json::object out{{"id", id_to_string(site.id)},
                   {"domain", site.domain},
                   {"ip", ipv4_to_text(site.ip)},
                   {"first_detected", site.first_detected},
                   {"last_detected", site.last_detected},
                   {"province", site.province},
                   {"provider", id_to_string(site.provider)},
                   {"carrier", id_to_string(site.carrier)},
                   {"remark", site.remark}};
  if (site.times_detected) out["times_detected"] = *site.times_detected;
  return out;
}

json::object content_of(const bureau::VerificationTask& task) {
  bureau::Download alone;
  alone.verification_tasks = {task};
  const auto encoded = bureau::v30::encode(alone);
  return {{"record", to_base64(encoded.xml)},
          {"organiser_id", id_to_string(task.organiser.publication.id)},
          {"remark", task.remark}};
}

bureau::VerificationTask record_of(const json::object& content, const json::object* corrections) {
  const std::string* record = nullptr;
  std::string text;
  if (const json::value* value = content.if_contains("record"); value && value->is_string()) {
    text = value->get_string();
    record = &text;
  }
  auto decoded = bureau::v30::decode_download(record ? from_base64(*record) : std::string());
  if (decoded.fault || decoded.value.verification_tasks.empty()) return {};
  bureau::VerificationTask task = std::move(decoded.value.verification_tasks.front());
  if (corrections)
    visit(task, [&](const std::string& path, std::string& value) {
      const json::value* corrected = corrections->if_contains(path);
      if (corrected && corrected->is_string())
        value = clean_line(std::string_view(corrected->get_string()));
    });
  return task;
}

std::vector<std::pair<std::string, std::string>> correctable(const bureau::VerificationTask& task) {
  std::vector<std::pair<std::string, std::string>> out;
  bureau::VerificationTask copy = task;
  visit(copy, [&](const std::string& path, std::string& value) { out.emplace_back(path, value); });
  return out;
}

}  // namespace beian::service
