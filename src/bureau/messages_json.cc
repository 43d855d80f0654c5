#include "bureau/messages_json.h"

#include <fmt/format.h>

#include <concepts>
#include <map>
#include <set>
#include <stdexcept>

#include "base/crypto.h"
#include "base/refusal.h"
#include "bureau/shapes.h"
#include "bureau/xml.h"

namespace beian::bureau {
namespace {

namespace json = boost::json;
using namespace v30;

std::string dotted(std::uint32_t ip) {
  return fmt::format("{}.{}.{}.{}", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
}

std::optional<std::uint32_t> from_dotted(std::string_view text) {
  std::uint32_t ip = 0;
  for (int part = 0; part < 4; ++part) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const auto number = to_integer(text.substr(0, dot));
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    ip = ip << 8 | static_cast<std::uint32_t>(*number);
    if (part < 3) text.remove_prefix(dot + 1);
  }
  return ip;
}

class JsonWriter : public Visitor<JsonWriter> {
 public:
  json::object object;

  void text(Name name, const std::string& value, Need need, std::int64_t, std::int64_t) {
    if (need != k_never && !value.empty()) object[name.json] = value;
  }
  template <std::integral T>
  void integer(Name name, T value, Need need, std::int64_t low, std::int64_t = k_no_limit) {
    if (need == k_never || !is_value(static_cast<std::int64_t>(value), need, low)) return;
    object[name.json] = number(value);
  }
  template <typename T>
  void integer(Name name, const std::optional<T>& value, Need need, std::int64_t,
               std::int64_t = k_no_limit) {
    if (need != k_never && value) object[name.json] = number(*value);
  }
  void flag(Name name, bool value, Need need, int, bool) {
    if (need != k_never) object[name.json] = value;
  }
  void flag(Name name, const std::optional<bool>& value, Need need, int, bool) {
    if (need != k_never && value) object[name.json] = *value;
  }
  void bytes(Name name, const std::string& value, Need) { object[name.json] = to_base64(value); }
  void derived(const char*, std::int64_t, std::int64_t, std::int64_t) {}
  void either(Name id_name, Id id, Name text_name, const std::string& value, std::int64_t,
              std::int64_t) {
    if (id != 0) {
      object[id_name.json] = id;
    } else if (!value.empty()) {
      object[text_name.json] = value;
    }
  }
  template <typename T, typename Shape>
  void group(Name name, Order, Need, const T& value, const Shape& shape) {
    part(name, value, shape);
  }
  template <typename T, typename Shape>
  void part(Name name, const T& value, const Shape& shape) {
    JsonWriter inner;
    if (auto* begun = object.if_contains(name.json)) inner.object = std::move(begun->as_object());
    shape(inner, value);
    if (!inner.object.empty()) object[name.json] = std::move(inner.object);
  }
  template <typename Shape>
  void wrap(const char*, Order, Need, const Shape& shape) {
    shape(*this);
  }
  template <typename T, typename Shape>
  void each(Name name, Order, Need, const std::vector<T>& values, const Shape& shape,
            int = k_many) {
    if (values.empty()) return;
    json::array array;
    for (const T& value : values) {
      JsonWriter inner;
      shape(inner, value);
      array.push_back(std::move(inner.object));
    }
    object[name.json] = std::move(array);
  }
  template <typename T>
  void singles(const char*, Name name, const std::vector<T>& values, std::int64_t, std::int64_t) {
    if (!values.empty()) object[name.json] = json::array(values.begin(), values.end());
  }
  void scans(Name name, const std::vector<std::string>& values, int) {
    json::array array;
    for (const auto& value : values) array.push_back(json::value(to_base64(value)));
    if (!array.empty()) object[name.json] = std::move(array);
  }
  void numbers(const char*, Need need, Name name, const std::vector<std::int64_t>& values,
               std::int64_t, int) {
    if (need != k_never && !values.empty()) {
      object[name.json] = json::array(values.begin(), values.end());
    }
  }
  template <typename Shape>
  void branch(const char*, Order, bool present, const Shape& shape) {
    if (present) shape(*this);
  }

 private:
  static json::value number(std::int64_t value) { return value; }
  static json::value number(std::uint32_t value) { return json::value(dotted(value)); }
};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw std::invalid_argument(path + ": " + what);
}

std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

class JsonReader : public Visitor<JsonReader> {
 public:
  using Known = std::map<std::string, std::set<std::string>>;  // members with a reader, by object

  JsonReader(const json::object& object, std::string path, Known& known)
      : object_(object), path_(std::move(path)), known_(known) {
    known_[path_];
  }

  void text(Name name, std::string& into, Need need, std::int64_t, std::int64_t) {
    if (const auto* value = find(name, need)) into = text_at(*value, joined(path_, name.json));
  }
  template <std::integral T>
  void integer(Name name, T& into, Need need, std::int64_t, std::int64_t = k_no_limit) {
    if (const auto* value = find(name, need)) into = number<T>(*value, joined(path_, name.json));
  }
  template <typename T>
  void integer(Name name, std::optional<T>& into, Need need, std::int64_t,
               std::int64_t = k_no_limit) {
    if (const auto* value = find(name, need)) into = number<T>(*value, joined(path_, name.json));
  }
  template <typename T>
  void flag(Name name, T& into, Need need, int, bool) {
    const auto* value = find(name, need);
    if (value == nullptr) return;
    if (!value->is_bool()) fail(joined(path_, name.json), "must be true or false");
    into = value->as_bool();
  }
  void bytes(Name name, std::string& into, Need need) {
    if (const auto* value = find(name, need)) into = bytes_at(*value, joined(path_, name.json));
  }
  void derived(const char*, std::int64_t, std::int64_t, std::int64_t) {}
  void either(Name id_name, Id& id, Name text_name, std::string& value, std::int64_t low,
              std::int64_t high) {
    integer(id_name, id, k_optional, 1);
    text(text_name, value, k_optional, low, high);
    if (id != 0) value.clear();
  }
  template <typename T, typename Shape>
  void group(Name name, Order, Need, T& into, const Shape& shape) {
    part(name, into, shape);
  }
  template <typename T, typename Shape>
  void part(Name name, T& into, const Shape& shape) {
    if (const auto* value = find(name, k_optional)) {
      const auto path = joined(path_, name.json);
      JsonReader inner(object_at(*value, path), path, known_);
      shape(inner, into);
    }
  }
  template <typename Shape>
  void wrap(const char*, Order, Need, const Shape& shape) {
    shape(*this);
  }
  template <typename T, typename Shape>
  void each(Name name, Order, Need need, std::vector<T>& into, const Shape& shape, int = k_many) {
    for_all(name, need, [&](const json::value& value, const std::string& path) {
      JsonReader inner(object_at(value, path), path, known_);
      shape(inner, into.emplace_back());
    });
  }
  void singles(const char*, Name name, std::vector<std::string>& into, std::int64_t, std::int64_t) {
    for_all(name, k_optional, [&](const json::value& value, const std::string& path) {
      into.push_back(text_at(value, path));
    });
  }
  void singles(const char*, Name name, std::vector<Id>& into, std::int64_t, std::int64_t) {
    numbers(nullptr, k_optional, name, into, 0, 0);
  }
  void scans(Name name, std::vector<std::string>& into, int) {
    for_all(name, k_optional, [&](const json::value& value, const std::string& path) {
      into.push_back(bytes_at(value, path));
    });
  }
  void numbers(const char*, Need need, Name name, std::vector<std::int64_t>& into, std::int64_t,
               int) {
    for_all(name, need, [&](const json::value& value, const std::string& path) {
      into.push_back(number<std::int64_t>(value, path));
    });
  }
  template <typename Shape>
  void branch(const char*, Order, bool, const Shape& shape) {
    shape(*this);
  }

 private:
  const json::value* find(Name name, Need need) {
    if (need == k_never) return nullptr;
    known_[path_].insert(name.json);
    const auto* value = object_.if_contains(name.json);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  template <typename Work>
  void for_all(Name name, Need need, const Work& work) {
    const auto* value = find(name, need);
    if (value == nullptr) return;
    const auto path = joined(path_, name.json);
    if (!value->is_array()) fail(path, "must be a list");
    std::size_t index = 0;
    for (const auto& one : value->as_array()) work(one, fmt::format("{}[{}]", path, index++));
  }

  static const json::object& object_at(const json::value& value, const std::string& path) {
    if (!value.is_object()) fail(path, "must be an object");
    return value.as_object();
  }
  static std::string text_at(const json::value& value, const std::string& path) {
    if (!value.is_string()) fail(path, "must be a text");
    return std::string(value.as_string());
  }
  static std::string bytes_at(const json::value& value, const std::string& path) {
    try {
      return from_base64(text_at(value, path));
    } catch (const Refusal&) {
      fail(path, "must be base64");
    }
  }
  template <typename T>
  static T number(const json::value& value, const std::string& path) {
    if constexpr (std::same_as<T, std::uint32_t>) {
      const auto ip = from_dotted(text_at(value, path));
      if (!ip) fail(path, "must be an IPv4 address");
      return *ip;
    } else {
      if (!value.is_int64()) fail(path, "must be a number");
      return value.as_int64();
    }
  }

  const json::object& object_;
  std::string path_;
  Known& known_;
};

// Members that no reader asked for are mistakes of the writer.
void refuse_unknown(const json::value& value, const std::string& path,
                    const JsonReader::Known& known) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const auto& one : value.as_array()) {
      refuse_unknown(one, fmt::format("{}[{}]", path, index++), known);
    }
  }
  if (!value.is_object()) return;
  const auto members = known.find(path);
  for (const auto& [name, member] : value.as_object()) {
    const auto inside = joined(path, name);
    if (members == known.end() || !members->second.contains(std::string(name))) {
      fail(inside, "no message has this member here");
    }
    refuse_unknown(member, inside, known);
  }
}

const Name k_others = {nullptr, "others"};

inline constexpr auto raw_group = [](auto& v, auto& x) {
  v.text({nullptr, "name"}, x.name, k_required, 1, k_no_limit);
  v.text({nullptr, "xml"}, x.xml, k_required, 1, k_no_limit);
};

template <typename Message, typename Shape>
json::object write(const Message& message, const Shape& shape) {
  JsonWriter writer;
  shape(writer, message);
  writer.each(k_others, Order::sequence, k_optional, message.others, raw_group);
  return std::move(writer.object);
}

template <typename Message, typename Shape>
Message read(const json::value& value, const Shape& shape) {
  if (!value.is_object()) fail("message", "must be an object");
  JsonReader::Known known;
  JsonReader reader(value.as_object(), "", known);
  Message message;
  shape(reader, message);
  reader.each(k_others, Order::sequence, k_optional, message.others, raw_group);
  refuse_unknown(value, "", known);
  for (std::size_t i = 0; i < message.others.size(); ++i) {
    XmlDocument document;
    if (const auto wrong = document.parse(message.others[i].xml)) {
      fail(fmt::format("others[{}].xml", i), *wrong);
    }
    message.others[i].xml = to_xml(document.root());
  }
  return message;
}

}  // namespace

json::object to_json(const Upload& upload) { return write(upload, shape::upload); }
json::object to_json(const Download& download) { return write(download, shape::download); }

Upload upload_from_json(const json::value& json) { return read<Upload>(json, shape::upload); }
Download download_from_json(const json::value& json) {
  return read<Download>(json, shape::download);
}

}  // namespace beian::bureau
