#include <algorithm>
#include <pugixml.hpp>

#include "bureau/soap.h"
#include "bureau/xml.h"

namespace beian::bureau::soap {
namespace {

constexpr const char* k_wsdl = "http://schemas.xmlsoap.org/wsdl/";
constexpr const char* k_wsdl_soap = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr const char* k_schema = "http://www.w3.org/2001/XMLSchema";
constexpr const char* k_over_http = "http://schemas.xmlsoap.org/soap/http";

pugi::xml_node add(pugi::xml_node parent, const char* name,
                   std::initializer_list<std::pair<const char*, std::string>> attributes = {}) {
  auto node = parent.append_child(name);
  for (const auto& [key, value] : attributes) node.append_attribute(key) = value.c_str();
  return node;
}

// An element of the schema wrapping `parts`, each optional as in JAX-WS.
void add_wrapper(pugi::xml_node schema, const std::string& name,
                 const std::vector<std::pair<std::string, std::string>>& parts) {
  auto sequence =
      add(add(add(schema, "xs:element", {{"name", name}}), "xs:complexType"), "xs:sequence");
  for (const auto& [part, type] : parts) {
    auto node = add(sequence, "xs:element", {{"name", part}, {"type", "xs:" + type}});
    if (type == "string") node.append_attribute("minOccurs") = "0";
  }
}

void add_types(pugi::xml_node definitions, const Service& service) {
  auto schema =
      add(add(definitions, "wsdl:types"), "xs:schema",
          {{"targetNamespace", service.name_space}, {"elementFormDefault", "unqualified"}});
  for (const auto& [name, operation] : service.operations) {
    add_wrapper(schema, name, operation.parts);
    add_wrapper(schema, name + "Response", {{"return", "string"}});
  }
}

void add_messages_and_port(pugi::xml_node definitions, const Service& service) {
  for (const auto& [name, operation] : service.operations) {
    for (const std::string& message : {name, name + "Response"}) {
      add(add(definitions, "wsdl:message", {{"name", message}}), "wsdl:part",
          {{"name", "parameters"}, {"element", "tns:" + message}});
    }
  }
  auto port = add(definitions, "wsdl:portType", {{"name", service.name + "PortType"}});
  for (const auto& [name, operation] : service.operations) {
    auto node = add(port, "wsdl:operation", {{"name", name}});
    add(node, "wsdl:input", {{"message", "tns:" + name}});
    add(node, "wsdl:output", {{"message", "tns:" + name + "Response"}});
  }
}

void add_binding(pugi::xml_node definitions, const Service& service) {
  auto binding =
      add(definitions, "wsdl:binding",
          {{"name", service.name + "Binding"}, {"type", "tns:" + service.name + "PortType"}});
  add(binding, "soap:binding", {{"style", "document"}, {"transport", k_over_http}});
  for (const auto& [name, operation] : service.operations) {
    auto node = add(binding, "wsdl:operation", {{"name", name}});
    add(node, "soap:operation", {{"soapAction", operation.action}, {"style", "document"}});
    add(add(node, "wsdl:input"), "soap:body", {{"use", "literal"}});
    add(add(node, "wsdl:output"), "soap:body", {{"use", "literal"}});
  }
  auto node = add(definitions, "wsdl:service", {{"name", service.name}});
  auto port =
      add(node, "wsdl:port",
          {{"name", service.name + "Port"}, {"binding", "tns:" + service.name + "Binding"}});
  add(port, "soap:address", {{"location", service.location}});
}

std::string without_prefix(std::string name) {
  const auto colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

template <typename F>
void each_child(const pugi::xml_node& parent, std::string_view local, F&& work) {
  for (const auto& node : parent.children()) {
    if (node.type() == pugi::node_element && local_name(node) == local) work(node);
  }
}

pugi::xml_node named(const pugi::xml_node& schema, std::string_view local,
                     const std::string& name) {
  pugi::xml_node found;
  each_child(schema, local, [&](const pugi::xml_node& node) {
    if (!found && node.attribute("name").value() == name) found = node;
  });
  return found;
}

// The parts of every element of `schema`, whether its type stands inside or beside it.
void read_schema(const pugi::xml_node& schema, Service& service,
                 std::vector<std::string>& imports) {
  const std::string name_space = schema.attribute("targetNamespace").value();
  const bool qualified =
      std::string_view(schema.attribute("elementFormDefault").value()) == "qualified";
  for (const char* way : {"import", "include"}) {
    each_child(schema, way, [&](const pugi::xml_node& node) {
      if (const auto location = node.attribute("schemaLocation")) {
        imports.emplace_back(location.value());
      }
    });
  }
  each_child(schema, "element", [&](const pugi::xml_node& element) {
    auto type = child(element, "complexType");
    if (!type) {
      type = named(schema, "complexType", without_prefix(element.attribute("type").value()));
    }
    if (!type) return;
    Operation& operation = service.operations[element.attribute("name").value()];
    operation.name_space = name_space;
    operation.qualified = qualified;
    operation.parts.clear();
    each_child(child(type, "sequence"), "element", [&](const pugi::xml_node& part) {
      operation.parts.emplace_back(part.attribute("name").value(),
                                   without_prefix(part.attribute("type").value()));
    });
  });
}

void read_definitions(const pugi::xml_node& definitions, Service& service,
                      std::vector<std::string>& imports) {
  if (service.name_space.empty()) {
    service.name_space = definitions.attribute("targetNamespace").value();
  }
  each_child(definitions, "import", [&](const pugi::xml_node& node) {
    if (const auto location = node.attribute("location")) imports.emplace_back(location.value());
  });
  each_child(child(definitions, "types"), "schema",
             [&](const pugi::xml_node& schema) { read_schema(schema, service, imports); });
  each_child(definitions, "binding", [&](const pugi::xml_node& binding) {
    each_child(binding, "operation", [&](const pugi::xml_node& node) {
      const auto action = child(node, "operation").attribute("soapAction");
      Operation& operation = service.operations[node.attribute("name").value()];
      if (action && operation.action.empty()) operation.action = action.value();
    });
  });
  each_child(definitions, "service", [&](const pugi::xml_node& node) {
    each_child(node, "port", [&](const pugi::xml_node& port) {
      const auto location = child(port, "address").attribute("location");
      if (location && service.location.empty()) service.location = location.value();
    });
  });
}

}  // namespace

std::string build_wsdl(const Service& service) {
  pugi::xml_document document;
  auto definitions = add(document, "wsdl:definitions",
                         {{"name", service.name},
                          {"targetNamespace", service.name_space},
                          {"xmlns:wsdl", k_wsdl},
                          {"xmlns:soap", k_wsdl_soap},
                          {"xmlns:xs", k_schema},
                          {"xmlns:tns", service.name_space}});
  add_types(definitions, service);
  add_messages_and_port(definitions, service);
  add_binding(definitions, service);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + to_xml(document.document_element());
}

bool WsdlReader::add(std::string_view document) {
  XmlDocument parsed;
  if (parsed.parse(std::string(document), k_max_wsdl_bytes)) return false;
  const auto name = local_name(parsed.root());
  if (name == "definitions") {
    read_definitions(parsed.root(), service_, imports_);
    return true;
  }
  if (name != "schema") return false;
  read_schema(parsed.root(), service_, imports_);
  return true;
}

}  // namespace beian::bureau::soap
