#include "bureau/soap.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "bureau/gbk.h"
#include "bureau/xml.h"

namespace beian::bureau::soap {
namespace {

constexpr const char* k_envelope = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view k_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
constexpr std::size_t k_max_fault_words = 200;

std::string c(std::string_view text) { return std::string(text); }

pugi::xml_node start_envelope(pugi::xml_document& document) {
  auto envelope = document.append_child("soapenv:Envelope");
  envelope.append_attribute("xmlns:soapenv") = k_envelope;
  return envelope.append_child("soapenv:Body");
}

std::string finish(const pugi::xml_document& document) {
  return c(k_declaration) + to_xml(document.document_element());
}

// Envelopes are UTF-8, but a server may answer in the character set of its inner document.
std::string as_utf8(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 100);
  const bool says_gb = head.find("encoding=\"GB") != std::string_view::npos ||
                       head.find("encoding=\"gb") != std::string_view::npos;
  if (says_gb || !is_utf8(bytes)) return from_gbk(bytes).utf8;
  return std::string(bytes);
}

pugi::xml_node first_element(const pugi::xml_node& parent) {
  for (const auto& node : parent.children()) {
    if (node.type() == pugi::node_element) return node;
  }
  return {};
}

pugi::xml_node body_of(const XmlDocument& document) {
  if (local_name(document.root()) != "Envelope") return {};
  return child(document.root(), "Body");
}

std::string cut(std::string text) {
  if (text.size() <= k_max_fault_words) return text;
  std::size_t end = k_max_fault_words;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

}  // namespace

const std::string* Call::find(std::string_view name) const {
  const std::string wanted = to_lower_ascii(name);
  for (const auto& [key, value] : parameters) {
    if (to_lower_ascii(key) == wanted) return &value;
  }
  return nullptr;
}

std::string build_call(std::string_view name_space, bool qualified, const Call& call) {
  pugi::xml_document document;
  auto method = start_envelope(document).append_child(("q:" + call.method).c_str());
  method.append_attribute("xmlns:q") = c(name_space).c_str();
  for (const auto& [name, value] : call.parameters) {
    method.append_child((qualified ? "q:" + name : name).c_str()).text().set(value.c_str());
  }
  return finish(document);
}

std::optional<Call> parse_call(std::string_view envelope) {
  XmlDocument document;
  if (document.parse(as_utf8(envelope), k_max_soap_bytes)) return std::nullopt;
  const auto method = first_element(body_of(document));
  if (!method) return std::nullopt;
  Call call;
  call.method = local_name(method);
  for (const auto& node : method.children()) {
    if (node.type() == pugi::node_element) {
      call.parameters.emplace_back(local_name(node), text_of(node));
    }
  }
  return call;
}

std::string build_answer(std::string_view name_space, std::string_view method,
                         std::string_view text) {
  pugi::xml_document document;
  auto answer = start_envelope(document).append_child(("ns:" + c(method) + "Response").c_str());
  answer.append_attribute("xmlns:ns") = c(name_space).c_str();
  answer.append_child("return").text().set(c(text).c_str());
  return finish(document);
}

std::string build_fault(std::string_view reason) {
  pugi::xml_document document;
  auto fault = start_envelope(document).append_child("soapenv:Fault");
  fault.append_child("faultcode").text().set("soapenv:Client");
  fault.append_child("faultstring").text().set(c(reason).c_str());
  return finish(document);
}

AnswerText parse_answer(std::string_view envelope) {
  XmlDocument document;
  if (const auto wrong = document.parse(as_utf8(envelope), k_max_soap_bytes)) {
    return {std::nullopt, "no XML: " + *wrong};
  }
  const auto answer = first_element(body_of(document));
  if (!answer) return {std::nullopt, "no SOAP envelope"};
  if (local_name(answer) == "Fault") {
    auto words = text_of(child(answer, "faultstring"));                          // SOAP 1.1
    if (words.empty()) words = text_of(child(child(answer, "Reason"), "Text"));  // SOAP 1.2
    return {std::nullopt, "SOAP fault: " + cut(words)};
  }
  auto result = child(answer, "return");
  if (!result) result = first_element(answer);
  if (!result) return {std::nullopt, "an empty answer"};
  return {text_of(result), ""};
}

}  // namespace beian::bureau::soap
