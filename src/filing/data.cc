#include "filing/data.h"

#include <stdexcept>

namespace beian::data {

void fault(std::string_view where, std::string_view what) {
  throw std::runtime_error(std::string(where) + ": " + std::string(what));
}

const json::object& object(const json::value& value, std::string_view where) {
  if (!value.is_object()) fault(where, "an object is expected");
  return value.get_object();
}

const json::array& array(const json::value& value, std::string_view where) {
  if (!value.is_array()) fault(where, "a list is expected");
  return value.get_array();
}

std::string text(const json::value& value, std::string_view where) {
  if (!value.is_string()) fault(where, "a text is expected");
  return std::string(value.get_string());
}

std::int64_t integer(const json::value& value, std::string_view where) {
  if (!value.is_int64()) fault(where, "a whole number is expected");
  return value.get_int64();
}

const json::value& member(const json::object& object, std::string_view key,
                          std::string_view where) {
  const json::value* found = object.if_contains(key);
  if (!found) fault(where, "\"" + std::string(key) + "\" is missing");
  return *found;
}

std::string text_of(const json::object& object, std::string_view key, std::string_view where) {
  return text(member(object, key, where), std::string(where) + ", " + std::string(key));
}

std::string text_or(const json::object& object, std::string_view key, std::string_view otherwise,
                    std::string_view where) {
  return object.contains(key) ? text_of(object, key, where) : std::string(otherwise);
}

std::int64_t integer_or(const json::object& object, std::string_view key, std::int64_t otherwise,
                        std::string_view where) {
  const json::value* found = object.if_contains(key);
  return found ? integer(*found, std::string(where) + ", " + std::string(key)) : otherwise;
}

bool flag_or(const json::object& object, std::string_view key, bool otherwise,
             std::string_view where) {
  const json::value* found = object.if_contains(key);
  if (!found) return otherwise;
  if (!found->is_bool()) fault(where, "\"" + std::string(key) + "\" must be true or false");
  return found->get_bool();
}

std::vector<std::string> texts_or_none(const json::object& object, std::string_view key,
                                       std::string_view where) {
  std::vector<std::string> texts;
  if (const json::value* found = object.if_contains(key)) {
    for (const json::value& one : array(*found, where)) texts.push_back(text(one, where));
  }
  return texts;
}

}  // namespace beian::data
