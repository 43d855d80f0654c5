// The one way in for XML from outside: bounded in size, depth and number of nodes, without DTDs.
// For the .cc files of this room and the sandbox; public headers stay free of pugixml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "bureau/wire_limits.h"

namespace beian::bureau {

// Owns the text it was parsed from.
class XmlDocument {
 public:
  // Parses UTF-8 whatever its declaration says: an inner document that arrives as a string keeps
  // declaring GBK. Returns what is wrong, or nullopt.
  std::optional<std::string> parse(std::string utf8, std::size_t max_bytes = k_max_file_bytes * 2);
  pugi::xml_node root() const { return document_.document_element(); }

 private:
  std::string text_;
  pugi::xml_document document_;
};

// Name without its namespace prefix.
std::string_view local_name(const pugi::xml_node& node);
// First child element of that local name.
pugi::xml_node child(const pugi::xml_node& parent, std::string_view local);
// All text directly inside, CDATA included.
std::string text_of(const pugi::xml_node& node);
// The whole element as XML, UTF-8, unindented (indenting deep trees is quadratic).
std::string to_xml(const pugi::xml_node& node);
// An xs:long: optional sign, digits, white space around; nullopt otherwise.
std::optional<std::int64_t> to_integer(std::string_view text);

}  // namespace beian::bureau
