// Envelopes, WSDLs and returned documents, from either end.
#include <cstdint>
#include <string>

#include "bureau/methods.h"
#include "bureau/soap.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian::bureau;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto call = soap::parse_call(text)) {
    static_cast<void>(call->find("ispId"));
    static_cast<void>(soap::parse_call(soap::build_call(soap::k_namespace, false, *call)));
  }
  const auto answer = soap::parse_answer(text);
  const std::string inner = answer.text.value_or(text);
  static_cast<void>(parse_return(inner));
  static_cast<void>(parse_upload_return(inner));
  static_cast<void>(parse_file_return(inner));
  static_cast<void>(parse_status_return(inner));
  static_cast<void>(parse_password_return(inner));
  soap::WsdlReader reader;
  if (reader.add(text)) static_cast<void>(soap::build_wsdl(reader.service()));
  return 0;
}
