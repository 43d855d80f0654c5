// Inside the V.3.0 codec: writing and reading the parts of a message. Not for other rooms.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "bureau/codec_v30.h"
#include "bureau/messages.h"
#include "bureau/xml.h"

namespace beian::bureau::v30 {

// Appends elements and remembers which fields hold characters that cannot be sent.
struct Writer {
  std::vector<Problem> problems;

  // Absent values (empty, 0, nullopt) write no element.
  void text(pugi::xml_node parent, const char* name, const std::string& value,
            const std::string& field);
  void number(pugi::xml_node parent, const char* name, std::int64_t value);
  void number(pugi::xml_node parent, const char* name, const std::optional<std::int64_t>& value);
  void numbers(pugi::xml_node parent, const char* group, const char* name,
               const std::vector<std::int64_t>& values);
  void base64(pugi::xml_node parent, const char* name, const std::string& bytes);
};

// Reads elements in any order and remembers the first that is not what it must be.
struct Reader {
  std::optional<Fault> fault;

  std::string text(const pugi::xml_node& parent, const char* name);
  std::optional<std::int64_t> number(const pugi::xml_node& parent, const char* name);
  Id id(const pugi::xml_node& parent, const char* name) { return number(parent, name).value_or(0); }
  std::vector<std::int64_t> numbers(const pugi::xml_node& group, const char* name);
  std::uint32_t ipv4(const pugi::xml_node& parent, const char* name);
  std::string base64(const pugi::xml_node& node);
  void fail(const pugi::xml_node& node, std::string what);
};

void write_new_filing(Writer& writer, pugi::xml_node record, const NewFiling& filing);
NewFiling read_new_filing(Reader& reader, const pugi::xml_node& record);

void write_results(Writer& writer, pugi::xml_node group, const Download& download);
void read_results(Reader& reader, const pugi::xml_node& group, Download& into);
void write_published(Writer& writer, pugi::xml_node record, const PublishedFiling& filing);
PublishedFiling read_published(Reader& reader, const pugi::xml_node& record);

// Shared by both directions.
enum class Way { up, down };
void write_address(Writer& writer, pugi::xml_node parent, const Address& address,
                   const std::string& field);
void write_certificate(Writer& writer, pugi::xml_node parent, const Certificate& certificate,
                       const std::string& field);
void write_person(Writer& writer, pugi::xml_node parent, const char* name, const Person& person,
                  const std::string& field);
void write_website(Writer& writer, pugi::xml_node node, const Website& website,
                   const std::string& field, Way way);
Address read_address(Reader& reader, const pugi::xml_node& node);
Certificate read_certificate(Reader& reader, const pugi::xml_node& node);
Person read_person(Reader& reader, const pugi::xml_node& node);
Website read_website(Reader& reader, const pugi::xml_node& node);

}  // namespace beian::bureau::v30
