// Cookie and language headers: a cookie is found only where it stands, and nothing runs away.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/message.h"
#include "base/texts.h"
#include "http/security.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  beian::Request request;
  request.headers.emplace("cookie", text);
  request.headers.emplace("origin", text);
  const auto session = request.cookie("session");
  if (session && text.find("session") == std::string::npos) std::abort();
  if (session && session->find(';') != std::string::npos) std::abort();
  const std::string_view locale = beian::locale_of(text);
  if (locale != beian::k_locale_zh && locale != beian::k_locale_en) std::abort();
  const std::string origin = beian::origin_of(text);
  const bool same = beian::is_same_origin(request, "https://beian.example.cn");
  if (same && origin != "https://beian.example.cn") std::abort();
  return 0;
}
