#include "bureau/xml.h"

#include <charconv>

namespace beian::bureau {
namespace {

// Walks over the markup without building anything, so that a bomb is refused before pugixml
// allocates a node for every part of it. Being no parser, it may let malformed text pass.
class MarkupScan {
 public:
  explicit MarkupScan(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    while ((at_ = text_.find('<', at_)) != std::string_view::npos) {
      if (++parts_ > k_max_xml_tags) return "too many elements";
      if (starts("<!--")) {
        skip_to("-->");
      } else if (starts("<![CDATA[")) {
        skip_to("]]>");
      } else if (starts("<?")) {
        skip_to("?>");
      } else if (starts("<!")) {
        return "a document type is not allowed";
      } else if (starts("</")) {
        --depth_;
        skip_to(">");
      } else if (const auto wrong = tag()) {
        return wrong;
      }
    }
    return std::nullopt;
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  void skip_to(std::string_view end) {
    const auto found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  std::optional<std::string> tag() {
    char quote = 0;
    const std::size_t begin = at_;
    for (++at_; at_ < text_.size(); ++at_) {
      if (at_ - begin > k_max_xml_tag_bytes) return "a tag is too long";
      const char c = text_[at_];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '=') {
        if (++parts_ > k_max_xml_tags) return "too many attributes";
      } else if (c == '>') {
        break;
      }
    }
    const bool closed = at_ > 0 && at_ < text_.size() && text_[at_ - 1] == '/';
    if (!closed && ++depth_ > k_max_xml_depth) return "nested too deep";
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t parts_ = 0;
  int depth_ = 0;
};

struct StringWriter : pugi::xml_writer {
  std::string text;
  void write(const void* data, std::size_t size) override {
    // A carriage return written as itself would be read as the end of a line (XML 1.0, 2.11).
    for (const char c : std::string_view(static_cast<const char*>(data), size)) {
      if (c == '\r')
        text += "&#13;";
      else
        text += c;
    }
  }
};

}  // namespace

std::optional<std::string> XmlDocument::parse(std::string utf8, std::size_t max_bytes) {
  if (utf8.size() > max_bytes) return "too large";
  if (const auto wrong = MarkupScan(utf8).run()) return wrong;
  text_ = std::move(utf8);
  // parse_ws_pcdata_single: a value of blanks only is a value.
  const auto result = document_.load_buffer_inplace(
      text_.data(), text_.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
      pugi::encoding_utf8);
  if (!result) return std::string(result.description());
  if (!document_.document_element()) return "no root element";
  return std::nullopt;
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view local) {
  for (const auto& node : parent.children()) {
    if (node.type() == pugi::node_element && local_name(node) == local) return node;
  }
  return {};
}

std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const auto& part : node.children()) {
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
  }
  return text;
}

std::string to_xml(const pugi::xml_node& node) {
  StringWriter writer;
  node.print(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(writer.text);
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace beian::bureau
