#include "filing/path.h"

#include <algorithm>
#include <boost/json.hpp>

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

// Walks on from `value` by what is left of a path, ".name.name" or nothing.
bool walk(const json::value& value, std::string_view rest, const Wanted& wanted) {
  const json::value* at = &value;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(end);
    const json::value* next = nullptr;
    if (const json::object* object = at->if_object()) {
      next = object->if_contains(name);
    } else if (const json::array* list = at->if_array()) {
      if (name == "*") {
        for (const json::value& element : *list)
          if (walk(element, rest, wanted)) return true;
        return false;
      }
      next = element_named(*list, name);
    }
    if (!next) return false;
    at = next;
  }
  return wanted(*at);
}

bool walk(const json::object& object, std::string_view path, const Wanted& wanted) {
  const std::size_t end = std::min(path.find('.'), path.size());
  const json::value* first = object.if_contains(path.substr(0, end));
  return first && walk(*first, path.substr(end), wanted);
}

}  // namespace

Facts::Facts(const json::object& content_, std::string_view today_, std::string_view item_,
             const json::object* known_)
    : content(content_), today(today_), item(item_), known(known_) {
  if (item.empty()) return;
  site = value_at(content, item);
  if (known) known_site = value_at(*known, item);
}

std::string absolute_path(std::string_view path, std::string_view item) {
  std::string absolute;
  if (path.starts_with('.')) {
    absolute.reserve(item.size() + path.size());
    absolute = item;
  }
  return absolute.append(path);
}

std::vector<const json::value*> values_at(const json::object& content, std::string_view path) {
  std::vector<const json::value*> values;
  walk(content, path, [&](const json::value& value) {
    values.push_back(&value);
    return false;
  });
  return values;
}

const json::value* value_at(const json::object& content, std::string_view path) {
  const json::value* found = nullptr;
  walk(content, path, [&](const json::value& value) {
    found = &value;
    return true;
  });
  return found;
}

const json::value* value_of(std::string_view path, const Facts& facts) {
  const json::value* found = nullptr;
  any_value(path, facts, [&](const json::value& value) {
    found = &value;
    return true;
  });
  return found;
}

bool any_value(std::string_view path, const Facts& facts, Wanted wanted) {
  const bool beside = path.starts_with('$');
  if (beside) path.remove_prefix(1);
  if (path.starts_with('.')) {
    const json::value* site = beside ? facts.known_site : facts.site;
    return site && walk(*site, path, wanted);
  }
  const json::object* root = beside ? facts.known : &facts.content;
  return root && walk(*root, path, wanted);
}

bool any_scalar(std::string_view path, const Facts& facts, Wanted wanted) {
  return any_value(path, facts, [&](const json::value& value) {
    if (is_absent(&value)) return false;
    const json::array* list = value.if_array();
    if (!list) return wanted(value);
    for (const json::value& element : *list)
      if (!is_absent(&element) && wanted(element)) return true;
    return false;
  });
}

bool is_absent(const json::value* value) {
  if (!value || value->is_null()) return true;
  if (const json::string* text = value->if_string()) return text->empty();
  if (const json::array* list = value->if_array()) return list->empty();
  return false;
}

}  // namespace beian
