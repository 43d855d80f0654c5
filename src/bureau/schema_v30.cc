#include "bureau/schema_v30.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "bureau/gbk.h"
#include "bureau/shapes.h"
#include "bureau/xml.h"

namespace beian::bureau::v30 {
namespace {

constexpr std::size_t k_max_faults = 20;

enum class Kind {
  text,     // length in characters
  integer,  // value
  elements,
};

struct Element {
  std::string_view name;
  int min = 1, max = 1;
  Kind kind = Kind::elements;
  std::int64_t low = 0, high = k_no_limit;
  Order order = Order::sequence;
  std::vector<Element> children;
};

// Turns shapes into what they demand. What the visitor is given are values of no meaning.
class Builder : public Visitor<Builder> {
 public:
  explicit Builder(Element& parent) : parent_(parent) {}

  void text(Name name, const std::string&, Need need, std::int64_t low, std::int64_t high) {
    add(name.xml, need, Kind::text, low, high);
  }
  template <typename T>
  void integer(Name name, const T&, Need need, std::int64_t low, std::int64_t high = k_no_limit) {
    add(name.xml, need, Kind::integer, low, high);
  }
  template <typename T>
  void flag(Name name, const T&, Need need, int, bool) {
    add(name.xml, need, Kind::integer, 0, 1);
  }
  void bytes(Name name, const std::string&, Need need) {
    add(name.xml, need, Kind::text, 1, k_no_limit);
  }
  void derived(const char* xml, std::int64_t, std::int64_t low, std::int64_t high) {
    add(xml, k_required, Kind::integer, low, high);
  }
  void either(Name id_name, Id, Name text_name, const std::string&, std::int64_t low,
              std::int64_t high) {
    add(id_name.xml, k_optional, Kind::integer, 1, k_no_limit);
    add(text_name.xml, k_optional, Kind::text, low, high);
  }
  template <typename T, typename Shape>
  void group(Name name, Order order, Need need, T& value, const Shape& shape) {
    Builder inner(open(name.xml, order, need, 1));
    shape(inner, value);
  }
  template <typename T, typename Shape>
  void part(Name, T& value, const Shape& shape) {
    shape(*this, value);
  }
  template <typename Shape>
  void wrap(const char* xml, Order order, Need need, const Shape& shape) {
    Builder inner(open(xml, order, need, 1));
    shape(inner);
  }
  template <typename T, typename Shape>
  void each(Name name, Order order, Need need, std::vector<T>&, const Shape& shape,
            int most = k_many) {
    T value{};
    Builder inner(open(name.xml, order, need, most));
    shape(inner, value);
  }
  void singles(const char* element, Name name, const std::vector<std::string>&, std::int64_t low,
               std::int64_t high) {
    Builder(open(element, Order::any, k_required, k_many))
        .add(name.xml, k_required, Kind::text, low, high);
  }
  void singles(const char* element, Name name, const std::vector<Id>&, std::int64_t low,
               std::int64_t high) {
    Builder(open(element, Order::any, k_required, k_many))
        .add(name.xml, k_required, Kind::integer, low, high);
  }
  void scans(Name name, const std::vector<std::string>&, int most) {
    add(name.xml, k_required, Kind::text, 1, k_no_limit, most);
  }
  void numbers(const char* wrapper, Need need, Name name, const std::vector<std::int64_t>&,
               std::int64_t high, int most) {
    if (need == k_never) return;
    Builder(open(wrapper, Order::sequence, need, 1))
        .add(name.xml, k_required, Kind::integer, 1, high, most);
  }
  template <typename Shape>
  void branch(const char* xml, Order order, bool, const Shape& shape) {
    wrap(xml, order, k_optional, shape);
  }

 private:
  void add(std::string_view name, Need need, Kind kind, std::int64_t low, std::int64_t high,
           int most = 1) {
    if (need == k_never) return;
    parent_.children.push_back(
        {name, need == k_required ? 1 : 0, most, kind, low, high, Order::sequence, {}});
  }
  Element& open(std::string_view name, Order order, Need need, int most) {
    parent_.children.push_back(
        {name, need == k_required ? 1 : 0, most, Kind::elements, 0, 0, order, {}});
    return parent_.children.back();
  }

  Element& parent_;
};

template <typename Message, typename Shape>
Element build(std::string_view root, const Shape& shape) {
  Element element{root, 1, 1, Kind::elements, 0, 0, Order::choice, {}};
  Message message;
  Builder builder(element);
  shape(builder, message);
  return element;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::int64_t characters(std::string_view utf8) {
  std::int64_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

class Checker {
 public:
  std::vector<SchemaFault> faults;

  void check(const pugi::xml_node& node, const Element& rule, bool root = false) {
    if (faults.size() >= k_max_faults) return;
    check_attributes(node, root);
    if (rule.kind != Kind::elements) {
      check_value(node, rule);
    } else if (holds_elements_only(node)) {
      switch (rule.order) {
        case Order::sequence:
          check_ordered(node, rule);
          break;
        case Order::any:
          check_any_order(node, rule);
          break;
        case Order::choice:
          check_choice(node, rule);
          break;
      }
    }
  }

 private:
  void fail(const pugi::xml_node& node, std::string what) {
    if (faults.size() < k_max_faults) {
      const std::string path = node.path();
      faults.push_back({path.empty() ? path : path.substr(1), std::move(what)});
    }
  }

  void check_attributes(const pugi::xml_node& node, bool root) {
    if (root && !node.attribute("version")) fail(node, "the attribute version is missing");
    for (const auto& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const bool allowed = (root && name == "version") || name == "xmlns" ||
                           name.starts_with("xmlns:") || name.starts_with("xsi:");
      if (!allowed) fail(node, "an attribute that does not belong here");
    }
  }

  void check_value(const pugi::xml_node& node, const Element& rule) {
    for (const auto& part : node.children()) {
      if (part.type() == pugi::node_element) return fail(node, "must hold a value only");
    }
    const std::string value = text_of(node);
    if (rule.kind == Kind::integer) {
      const auto number = to_integer(value);
      if (!number) return fail(node, "is not a number");
      if (*number < rule.low || *number > rule.high) {
        fail(node, fmt::format("the number is not within {} to {}", rule.low, rule.high));
      }
      return;
    }
    const auto length = characters(value);
    if (length < rule.low || length > rule.high) {
      fail(node, fmt::format("length {} is not within {} to {}", length, rule.low, rule.high));
    }
  }

  bool holds_elements_only(const pugi::xml_node& node) {
    for (const auto& part : node.children()) {
      const bool text = part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata;
      if (text && (part.type() == pugi::node_cdata || !is_blank(part.value()))) {
        fail(node, "text between elements");
        return false;
      }
    }
    return true;
  }

  void check_ordered(const pugi::xml_node& node, const Element& rule) {
    auto next = first_element(node.first_child());
    for (const auto& expected : rule.children) {
      int count = 0;
      while (next && std::string_view(next.name()) == expected.name && count < expected.max) {
        check(next, expected);
        ++count;
        next = first_element(next.next_sibling());
      }
      if (count < expected.min) fail(node, fmt::format("{} is missing here", expected.name));
    }
    if (next) fail(next, "does not belong here, or not at this place");
  }

  void check_any_order(const pugi::xml_node& node, const Element& rule) {
    std::vector<int> counts(rule.children.size(), 0);
    for (auto part = first_element(node.first_child()); part;
         part = first_element(part.next_sibling())) {
      std::size_t i = 0;
      while (i < rule.children.size() && std::string_view(part.name()) != rule.children[i].name) {
        ++i;
      }
      if (i == rule.children.size()) {
        fail(part, "does not belong here");
      } else if (++counts[i] > 1) {
        fail(part, "appears twice");
      } else {
        check(part, rule.children[i]);
      }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0 && rule.children[i].min > 0) {
        fail(node, fmt::format("{} is missing", rule.children[i].name));
      }
    }
  }

  void check_choice(const pugi::xml_node& node, const Element& rule) {
    const auto chosen = first_element(node.first_child());
    if (!chosen) {
      // Of all choices the ministry's schema lets only a synchronisation be empty.
      if (rule.name != "SJTB") fail(node, "one of its elements is missing");
      return;
    }
    for (const auto& expected : rule.children) {
      if (std::string_view(chosen.name()) != expected.name) continue;
      check(chosen, expected);
      if (const auto next = first_element(chosen.next_sibling())) {
        fail(next, "does not belong here: one element of a choice is there already");
      }
      return;
    }
    fail(chosen, "does not belong here");
  }

  static pugi::xml_node first_element(pugi::xml_node node) {
    while (node && node.type() != pugi::node_element) node = node.next_sibling();
    return node;
  }
};

std::vector<SchemaFault> check_file(std::string_view gbk_xml, const Element& rule) {
  XmlDocument document;
  if (const auto wrong = document.parse(from_gbk(gbk_xml).utf8)) return {{"", *wrong}};
  if (std::string_view(document.root().name()) != rule.name) {
    return {{"", fmt::format("the root element is not {}", rule.name)}};
  }
  Checker checker;
  checker.check(document.root(), rule, true);
  return std::move(checker.faults);
}

}  // namespace

std::vector<SchemaFault> check_upload_schema(std::string_view gbk_xml) {
  static const Element k_rule = build<Upload>("UploadData", shape::upload);
  return check_file(gbk_xml, k_rule);
}

std::vector<SchemaFault> check_download_schema(std::string_view gbk_xml) {
  static const Element k_rule = build<Download>("DownloadData", shape::download);
  return check_file(gbk_xml, k_rule);
}

}  // namespace beian::bureau::v30
