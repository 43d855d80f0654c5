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

const json::value* step(const json::value& value, std::string_view name) {
  if (const json::array* list = value.if_array()) return element_named(*list, name);
  if (const json::object* object = value.if_object()) return object->if_contains(name);
  return nullptr;
}

// The names of a path, one after the other: "a." has two, the second empty.
class Names {
 public:
  explicit Names(std::string_view path) : rest_(path) {}
  bool more() const { return more_; }
  std::string_view take() {
    const std::size_t dot = rest_.find('.');
    more_ = dot != std::string_view::npos;
    const std::string_view name = rest_.substr(0, dot);
    rest_ = more_ ? rest_.substr(dot + 1) : std::string_view();
    return name;
  }

 private:
  std::string_view rest_;
  bool more_ = true;
};

void collect(const json::value& value, Names names, std::vector<const json::value*>& found) {
  const json::value* at = &value;
  while (names.more()) {
    const std::string_view name = names.take();
    if (const json::array* list = at->if_array(); list && name == "*") {
      for (const json::value& element : *list) collect(element, names, found);
      return;
    }
    at = step(*at, name);
    if (at == nullptr) return;
  }
  found.push_back(at);
}

}  // namespace

std::string absolute_path(std::string_view path, std::string_view item) {
  std::string absolute;
  if (path.starts_with('.')) absolute = item;
  return absolute.append(path);
}

std::vector<const json::value*> values_at(const json::object& content, std::string_view path) {
  Names names(path);
  std::vector<const json::value*> found;
  if (const json::value* first = content.if_contains(names.take())) collect(*first, names, found);
  return found;
}

const json::value* value_at(const json::object& content, std::string_view path) {
  Names names(path);
  const json::value* at = content.if_contains(names.take());
  while (at != nullptr && names.more()) at = step(*at, names.take());
  return at;
}

bool is_absent(const json::value* value) {
  if (!value || value->is_null()) return true;
  if (const json::string* text = value->if_string()) return text->empty();
  if (const json::array* list = value->if_array()) return list->empty();
  return false;
}

}  // namespace beian
