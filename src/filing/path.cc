#include "base/text.h"
#include "filing/condition.h"
#include "filing/data.h"

namespace beian {
namespace {

const json::value* element_named(const json::array& list, std::string_view name) {
  for (const json::value& element : list) {
    const json::object* object = element.if_object();
    if (!object) continue;
    const json::value* key = object->if_contains("key");
    if (key && key->is_string() && key->get_string() == name) return &element;
  }
  if (name.empty() || name.size() > 4) return nullptr;
  std::size_t position = 0;
  for (char c : name) {
    if (c < '0' || c > '9') return nullptr;
    position = position * 10 + static_cast<std::size_t>(c - '0');
  }
  return position < list.size() ? &list[position] : nullptr;
}

void step_into(const json::value& value, std::string_view name,
               std::vector<const json::value*>& found) {
  if (const json::array* list = value.if_array()) {
    if (name == "*") {
      for (const json::value& element : *list) found.push_back(&element);
    } else if (const json::value* element = element_named(*list, name)) {
      found.push_back(element);
    }
  } else if (const json::object* object = value.if_object()) {
    if (const json::value* member = object->if_contains(name)) found.push_back(member);
  }
}

}  // namespace

std::string absolute_path(std::string_view path, std::string_view item) {
  std::string absolute;
  if (path.starts_with('.')) absolute = item;
  return absolute.append(path);
}

std::vector<const json::value*> values_at(const json::object& content, std::string_view path) {
  const std::vector<std::string> names = split(path, '.');
  std::vector<const json::value*> values;
  if (const json::value* first = content.if_contains(names.front())) values.push_back(first);
  for (std::size_t i = 1; i < names.size() && !values.empty(); ++i) {
    std::vector<const json::value*> next;
    for (const json::value* value : values) step_into(*value, names[i], next);
    values = std::move(next);
  }
  return values;
}

const json::value* value_at(const json::object& content, std::string_view path) {
  const std::vector<const json::value*> values = values_at(content, path);
  return values.empty() ? nullptr : values.front();
}

bool is_absent(const json::value* value) {
  if (!value || value->is_null()) return true;
  if (const json::string* text = value->if_string()) return text->empty();
  if (const json::array* list = value->if_array()) return list->empty();
  return false;
}

}  // namespace beian
