#include "documents/inspection_wire.h"

#include <algorithm>
#include <cstring>

#include "base/crypto.h"
#include "base/text.h"
#include "documents/picture_print.h"
#include "documents/wire.h"

namespace beian::documents {
namespace {

constexpr std::size_t k_head_bytes = 8;  // the JSON head's length
constexpr std::size_t k_longest_answer = 64u << 10;
constexpr std::size_t k_longest_value = 400;  // bytes
constexpr std::size_t k_longest_code = 600;
constexpr std::size_t k_most_codes = 4;
constexpr std::size_t k_longest_print = 4 * k_print_bytes / 3 + 4;

template <typename List>
bool holds(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

Problem read_finding(const json::object& in) {
  Problem finding;
  finding.code = get_string(in, "code", 60);
  if (!holds(k_finding_codes, finding.code)) throw Refusal(RefusalCode::invalid, "inspection");
  for (const auto& [name, value] : as_object(in.at("params")))
    finding.params[name] = std::string(value.as_string()).substr(0, 20);
  finding.hard = false;
  return finding;
}

Inspection read_inspection(const json::object& in) {
  Inspection out;
  out.could_read = get_bool(in, "could_read");
  for (const json::value& finding : in.at("findings").as_array())
    out.findings.push_back(read_finding(as_object(finding)));
  for (const auto& [name, value] : in.at("fields").as_object()) {
    if (!holds(k_reading_fields, name)) throw Refusal(RefusalCode::invalid, "inspection");
    const std::string text = clean_line(std::string(value.as_string()));
    if (!text.empty() && text.size() <= k_longest_value) out.fields[name] = text;
  }
  for (const auto& [name, value] : in.at("confidence").as_object())
    if (out.fields.contains(std::string(name)))
      out.confidence[name] = static_cast<int>(std::clamp<std::int64_t>(value.as_int64(), 0, 100));
  out.print = from_base64(get_string(in, "print", k_longest_print));
  if (!is_picture_print(out.print)) out.print.clear();
  for (const json::value& code : in.at("codes").as_array())
    if (out.codes.size() < k_most_codes && code.as_string().size() <= k_longest_code)
      out.codes.push_back(clean_line(std::string(code.as_string())));
  return out;
}

}  // namespace

std::string pack_question(const InspectRequest& request, const Thresholds& thresholds) {
  const std::string head = json::serialize(json::object{{"paper", to_string(request.paper)},
                                                        {"use_code", request.use_code},
                                                        {"thresholds", thresholds.to_json()}});
  return with_length(with_length(head) + request.jpeg);
}

std::optional<Question> unpack_question(std::string_view message) {
  const auto length = message_length(message);
  if (!length || *length > message.size() - k_head_bytes) return std::nullopt;
  try {
    const json::value head = parse_json(message.substr(k_head_bytes, *length));
    const json::object& in = as_object(head);
    const auto paper = paper_from_string(get_string(in, "paper", 20));
    if (!paper) return std::nullopt;
    return Question{
        {std::string(message.substr(k_head_bytes + *length)), *paper, get_bool(in, "use_code")},
        Thresholds::from_json(as_object(in.at("thresholds")))};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string pack_inspection(const Inspection& inspection) {
  json::array findings, codes;
  for (const Problem& finding : inspection.findings) {
    json::object params;
    for (const auto& [name, value] : finding.params) params[name] = value;
    findings.push_back(json::object{{"code", finding.code}, {"params", std::move(params)}});
  }
  json::object fields;
  for (const auto& [name, value] : inspection.fields) fields[name] = value;
  json::object confidence;
  for (const auto& [name, value] : inspection.confidence) confidence[name] = value;
  for (const std::string& code : inspection.codes) codes.push_back(json::value(code));
  return with_length(json::serialize(json::object{{"could_read", inspection.could_read},
                                                  {"findings", std::move(findings)},
                                                  {"fields", std::move(fields)},
                                                  {"confidence", std::move(confidence)},
                                                  {"print", to_base64(inspection.print)},
                                                  {"codes", std::move(codes)}}));
}

std::optional<Inspection> unpack_inspection(std::string_view message) {
  try {
    const json::value in = parse_json(message, k_longest_answer);
    return read_inspection(as_object(in));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace beian::documents
