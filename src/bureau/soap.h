// SOAP 1.1, document/literal wrapped, as the ministry's services speak it: envelopes for both ends,
// and the WSDL that a server publishes and a client reads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beian::bureau::soap {

// The namespace live systems used (2016); a WSDL may say otherwise.
inline constexpr std::string_view k_namespace = "http://www.miibeian.gov.cn";

using Parameters = std::vector<std::pair<std::string, std::string>>;  // in the method's order

struct Call {
  std::string method;
  Parameters parameters;

  // By name, ignoring case: live systems write ispId in one method and ispID in the others.
  const std::string* find(std::string_view name) const;
};

// `qualified`: whether the parameters carry the namespace too (the WSDL's elementFormDefault).
std::string build_call(std::string_view name_space, bool qualified, const Call& call);
// nullopt when it is no SOAP envelope with one call in it.
std::optional<Call> parse_call(std::string_view envelope);

std::string build_answer(std::string_view name_space, std::string_view method,
                         std::string_view text);
std::string build_fault(std::string_view reason);

struct AnswerText {
  std::optional<std::string> text;  // the returned string
  std::string error;                // why there is none; at most 200 characters of a fault's words
};
AnswerText parse_answer(std::string_view envelope);

struct Operation {
  std::string action;                                      // SOAPAction
  std::vector<std::pair<std::string, std::string>> parts;  // name and schema type, in order
  std::string name_space;                                  // of the request's element
  bool qualified = false;
};

struct Service {
  std::string name, name_space, location;
  std::map<std::string, Operation> operations;
};

std::string build_wsdl(const Service& service);

// What a client learns from a WSDL. Some servers keep schema or port types in documents of their
// own: `imports` lists their addresses, and add() takes each of them.
class WsdlReader {
 public:
  // false when it is no WSDL or schema.
  [[nodiscard]] bool add(std::string_view document);
  const std::vector<std::string>& imports() const { return imports_; }
  const Service& service() const { return service_; }

 private:
  std::vector<std::string> imports_;
  Service service_;
};

}  // namespace beian::bureau::soap
