// Registries' answers: whatever comes is read, cut or left, and stays valid text within its bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "filing/registration.h"

namespace {

void check(const std::optional<beian::Registration>& found) {
  if (!found) return;
  for (const std::string& text :
       {found->holder, found->registrar, found->registrar_id, found->more})
    if (text.size() > 255 || !beian::is_utf8(text)) std::abort();
  if (found->statuses.size() > 20 || found->servers.size() > 20) std::abort();
  if (!found->until.empty() && found->until.size() != 10) std::abort();
  (void)beian::json::serialize(found->to_json());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const beian::Registries registries = beian::Registries::from_json(beian::json::parse(
      R"({"rdap":{"services":[]},"whois":{},"privacy_words":["proxy"],"redacted_words":["redacted"],)"
      R"("registrars":{"domestic_ids":["420"],"foreign_ids":["146"],"domestic_names":["阿里"]}})"));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(registries.read_rdap(text, "a.com"));
  check(registries.read_whois(text, "a.com"));
  (void)beian::Registries::is_free(text);
  return 0;
}
