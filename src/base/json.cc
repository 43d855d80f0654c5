#include "base/json.h"

#include <algorithm>
#include <stdexcept>

#include "base/file.h"
#include "base/refusal.h"

namespace beian {
namespace {

constexpr std::size_t k_max_depth = 32;

struct Fault {
  std::size_t line = 1, column = 1;  // counted from 1, column in bytes
  std::string what;
};

Fault fault_at(std::string_view text, std::size_t offset, const json::error_code& error) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n');  // npos + 1 is 0: the first line
  Fault fault;
  fault.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  fault.column = before.size() - (line_start + 1) + 1;
  fault.what = error.message();
  return fault;
}

// Returns the fault, or nullopt and the value.
std::optional<Fault> parse_bounded(std::string_view text, json::value& value) {
  json::parse_options options;
  options.max_depth = k_max_depth;
  json::stream_parser parser({}, options);
  json::error_code error;
  const std::size_t consumed = parser.write_some(text.data(), text.size(), error);
  if (error) return fault_at(text, consumed, error);
  if (consumed < text.size()) return fault_at(text, consumed, json::error::extra_data);
  parser.finish(error);
  if (error) return fault_at(text, consumed, error);
  value = parser.release();
  return std::nullopt;
}

[[noreturn]] void refuse_member(std::string_view key, std::string code,
                                std::map<std::string, std::string> params = {}) {
  Problem problem;
  problem.field = std::string(key);
  problem.code = std::move(code);
  problem.params = std::move(params);
  throw Refusal(RefusalCode::invalid, "request_invalid", {std::move(problem)});
}

[[noreturn]] void refuse_type(std::string_view key, const char* expected) {
  refuse_member(key, "member_type", {{"expected", expected}});
}

const json::value* find(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::value& require(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr) refuse_member(key, "member_missing");
  return *value;
}

std::string to_text(const json::value& value, std::string_view key, std::size_t max_bytes) {
  const json::string* text = value.if_string();
  if (text == nullptr) refuse_type(key, "string");
  if (text->size() > max_bytes) {
    refuse_member(key, "member_too_long", {{"max_bytes", std::to_string(max_bytes)}});
  }
  // No text anybody types holds it, and PostgreSQL cannot keep it.
  if (text->find('\0') != json::string::npos) refuse_member(key, "member_characters");
  return std::string(text->data(), text->size());
}

std::int64_t to_int(const json::value& value, std::string_view key) {
  const std::int64_t* number = value.if_int64();
  if (number == nullptr) refuse_type(key, "integer");
  return *number;
}

bool to_bool(const json::value& value, std::string_view key) {
  const bool* flag = value.if_bool();
  if (flag == nullptr) refuse_type(key, "boolean");
  return *flag;
}

Id to_id(const json::value& value, std::string_view key) {
  const json::string* text = value.if_string();
  const std::optional<Id> id =
      text == nullptr ? std::nullopt : id_from_string({text->data(), text->size()});
  if (!id) refuse_type(key, "id");
  return *id;
}

}  // namespace

json::value parse_json(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    throw Refusal(RefusalCode::too_large, "too_large", {},
                  {{"max_bytes", std::to_string(max_bytes)}});
  }
  json::value value;
  if (const auto fault = parse_bounded(text, value)) {
    throw Refusal(RefusalCode::bad_request, "json_invalid", {},
                  {{"line", std::to_string(fault->line)},
                   {"column", std::to_string(fault->column)},
                   {"fault", fault->what}});
  }
  return value;
}

json::value read_json_file(const std::string& path) {
  const std::string text = read_file(path);
  json::value value;
  if (const auto fault = parse_bounded(text, value)) {
    throw std::runtime_error(path + ":" + std::to_string(fault->line) + ":" +
                             std::to_string(fault->column) + ": " + fault->what);
  }
  return value;
}

const json::object& as_object(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) refuse_type("", "object");
  return *object;
}

std::string get_string(const json::object& object, std::string_view key, std::size_t max_bytes) {
  return to_text(require(object, key), key, max_bytes);
}

std::int64_t get_int(const json::object& object, std::string_view key) {
  return to_int(require(object, key), key);
}

bool get_bool(const json::object& object, std::string_view key) {
  return to_bool(require(object, key), key);
}

Id get_id(const json::object& object, std::string_view key) {
  return to_id(require(object, key), key);
}

std::optional<std::string> opt_string(const json::object& object, std::string_view key,
                                      std::size_t max_bytes) {
  const json::value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  return to_text(*value, key, max_bytes);
}

std::optional<std::int64_t> opt_int(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  return to_int(*value, key);
}

std::optional<bool> opt_bool(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  return to_bool(*value, key);
}

std::optional<Id> opt_id(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  return to_id(*value, key);
}

}  // namespace beian
