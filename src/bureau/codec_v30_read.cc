// GBK XML to messages.
#include <algorithm>
#include <concepts>

#include "bureau/base64.h"
#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "bureau/shapes.h"
#include "bureau/xml.h"

namespace beian::bureau::v30 {
namespace {

// Where a node is, for an operator: "UploadData/ICP/XZBA/Baxx/Zt_xx".
std::string path_of(const pugi::xml_node& node) {
  const std::string path = node.path();
  return path.empty() ? path : path.substr(1);
}

struct Outcome {
  std::optional<Fault> fault;  // the first
  std::vector<RawGroup> others;

  void fail(const pugi::xml_node& node, std::string what) {
    if (!fault) fault = Fault{5001, path_of(node), std::move(what)};
  }
};

// Reads what stands directly inside one node.
class Reader : public Visitor<Reader> {
 public:
  // `known`, where given, gathers the names of the elements that have a reader.
  Reader(pugi::xml_node node, Outcome& outcome, std::string branch = {},
         std::vector<std::string_view>* known = nullptr)
      : node_(node), outcome_(outcome), branch_(std::move(branch)), known_(known) {}

  void text(Name name, std::string& into, Need need, std::int64_t, std::int64_t) {
    if (need == k_never) return;
    if (const auto found = find(name.xml)) into = text_of(found);
  }

  template <std::integral T>
  void integer(Name name, T& into, Need need, std::int64_t, std::int64_t = k_no_limit) {
    std::optional<T> value;
    integer(name, value, need, 0);
    if (value) into = *value;
  }
  template <typename T>
  void integer(Name name, std::optional<T>& into, Need need, std::int64_t,
               std::int64_t = k_no_limit) {
    if (need == k_never) return;
    const auto found = find(name.xml);
    if (!found) return;
    const auto value = to_integer(text_of(found));
    if (!value) return outcome_.fail(found, "not a number");
    if constexpr (std::same_as<T, std::uint32_t>) {
      if (*value < 0 || *value > k_max_ipv4) return outcome_.fail(found, "not an IPv4 number");
    }
    into = static_cast<T>(*value);
  }

  void flag(Name name, bool& into, Need need, int of_true, bool strict) {
    std::optional<bool> value;
    flag(name, value, need, of_true, strict);
    if (value) into = *value;
    if (strict && !value) outcome_.fail(node_, std::string(name.xml) + " is neither 0 nor 1");
  }
  void flag(Name name, std::optional<bool>& into, Need need, int of_true, bool strict) {
    std::optional<std::int64_t> value;
    integer(name, value, need, 0);
    if (!value || (strict && *value != 0 && *value != 1)) return;
    into = *value == of_true;
  }

  void bytes(Name name, std::string& into, Need) {
    if (const auto found = find(name.xml)) into = decoded(found);
  }

  void derived(const char* xml, std::int64_t, std::int64_t, std::int64_t) { find(xml); }

  void either(Name id_name, Id& id, Name text_name, std::string& value, std::int64_t low,
              std::int64_t high) {
    integer(id_name, id, k_optional, 1);
    if (id == 0) text(text_name, value, k_optional, low, high);
  }

  template <typename T, typename Shape>
  void group(Name name, Order, Need, T& into, const Shape& shape) {
    Reader inner(find(name.xml), outcome_);
    shape(inner, into);
  }

  template <typename T, typename Shape>
  void part(Name, T& into, const Shape& shape) {
    shape(*this, into);
  }

  template <typename Shape>
  void wrap(const char* xml, Order, Need, const Shape& shape) {
    const auto found = find(xml);
    if (!found) return;
    Reader inner(found, outcome_);
    shape(inner);
  }

  template <typename T, typename Shape>
  void each(Name name, Order, Need, std::vector<T>& into, const Shape& shape, int = k_many) {
    find(name.xml);
    for (const auto& node : node_.children(name.xml)) {
      Reader inner(node, outcome_);
      shape(inner, into.emplace_back());
    }
  }

  template <typename T>
  void singles(const char* element, Name name, std::vector<T>& into, std::int64_t low,
               std::int64_t high) {
    find(element);
    for (const auto& node : node_.children(element)) {
      Reader inner(node, outcome_);
      if constexpr (std::same_as<T, std::string>) {
        inner.text(name, into.emplace_back(), k_required, low, high);
      } else {
        inner.integer(name, into.emplace_back(), k_required, low, high);
      }
    }
  }

  void scans(Name name, std::vector<std::string>& into, int) {
    for (const auto& node : node_.children(name.xml)) into.push_back(decoded(node));
  }

  void numbers(const char* wrapper, Need need, Name name, std::vector<std::int64_t>& into,
               std::int64_t, int) {
    if (need == k_never) return;
    for (const auto& node : find(wrapper).children(name.xml)) {
      if (const auto value = to_integer(text_of(node))) {
        into.push_back(*value);
      } else {
        outcome_.fail(node, "not a number");
      }
    }
  }

  template <typename Shape>
  void branch(const char* xml, Order, bool, const Shape& shape) {
    const auto found = find(xml);
    if (!found) return;
    std::vector<std::string_view> known;
    Reader inner(found, outcome_, branch_ + xml + "/", &known);
    shape(inner);
    inner.collect_others();
  }

  void collect_others() {
    for (const auto& group : node_.children()) {
      if (group.type() != pugi::node_element) continue;
      const std::string_view name = group.name();
      if (std::find(known_->begin(), known_->end(), name) != known_->end()) continue;
      outcome_.others.push_back(RawGroup{branch_ + std::string(name), to_xml(group)});
    }
  }

 private:
  pugi::xml_node find(const char* name) {
    if (known_ != nullptr) known_->push_back(name);
    return node_.child(name);
  }

  std::string decoded(const pugi::xml_node& node) {
    // The text as pugixml holds it, where it is in one piece.
    const auto first = node.first_child();
    const bool whole = first.type() == pugi::node_pcdata && !first.next_sibling();
    auto bytes = whole ? decode_base64(first.value()) : decode_base64(text_of(node));
    if (bytes) return std::move(*bytes);
    outcome_.fail(node, "not base64");
    return {};
  }

  pugi::xml_node node_;
  Outcome& outcome_;
  std::string branch_;
  std::vector<std::string_view>* known_;
};

// The document of one file, with what every kind of file is checked for first.
std::optional<Fault> open_document(std::string_view gbk_xml, std::string_view root_name,
                                   bool strict_characters, XmlDocument& document) {
  auto text = from_gbk(gbk_xml);
  if (strict_characters && text.broken > 0) return Fault{5008, "", "bytes that are not GBK"};
  if (const auto wrong = document.parse(std::move(text.utf8))) return Fault{5001, "", *wrong};
  if (document.root().name() != root_name) {
    return Fault{5001, "", "the root element is not " + std::string(root_name)};
  }
  if (document.root().attribute("version").value() != k_version) {
    return Fault{5004, std::string(root_name), "another interface version"};
  }
  return std::nullopt;
}

template <typename Message, typename Shape>
Decoded<Message> decode(std::string_view gbk_xml, std::string_view root, bool strict_characters,
                        const Shape& shape) {
  Decoded<Message> decoded;
  XmlDocument document;
  decoded.fault = open_document(gbk_xml, root, strict_characters, document);
  if (decoded.fault) return decoded;
  Outcome outcome;
  std::vector<std::string_view> known;
  Reader reader(document.root(), outcome, "", &known);
  shape(reader, decoded.value);
  reader.collect_others();
  decoded.value.others = std::move(outcome.others);
  decoded.fault = std::move(outcome.fault);
  return decoded;
}

}  // namespace

Decoded<Upload> decode_upload(std::string_view gbk_xml) {
  auto decoded = decode<Upload>(gbk_xml, "UploadData", true, shape::upload);
  for (auto& group : decoded.value.others) {
    if (group.name.starts_with("ICP/")) group.name.erase(0, 4);
  }
  return decoded;
}

Decoded<Download> decode_download(std::string_view gbk_xml) {
  return decode<Download>(gbk_xml, "DownloadData", false, shape::download);
}

}  // namespace beian::bureau::v30
