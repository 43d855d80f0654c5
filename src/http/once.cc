#include "http/once.h"

#include <algorithm>

#include "service/account.h"
#include "store/tokens.h"

namespace beian {
namespace {

constexpr std::size_t k_most_key = 200;
constexpr Millis k_under_way = service::k_minute;  // for longer no call is worked on
constexpr int k_swept_at_once = 20;

std::string content_type_of(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "content-type" || name == "Content-Type") return value;
  return "";
}

std::string checked_key(const Request& request) {
  std::string key = request.header("idempotency-key").value_or("");
  const bool good = !key.empty() && key.size() <= k_most_key &&
                    std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
  if (!good)
    throw Refusal(RefusalCode::bad_request, "idempotency_key_malformed", {},
                  {{"max", std::to_string(k_most_key)}});
  return key;
}

Response answer_of(const store::KeptAnswer& kept, const std::string& fingerprint, Millis now) {
  if (kept.fingerprint != fingerprint)
    throw Refusal(RefusalCode::invalid, "idempotency_key_reused");
  if (!kept.status) {
    if (kept.created_at + k_under_way > now)
      throw Refusal(RefusalCode::conflict, "idempotency_under_way", {}, {{"retry_after", "2"}});
    throw Refusal(RefusalCode::conflict, "idempotency_interrupted");
  }
  Response response{static_cast<int>(*kept.status), {}, kept.body};
  if (!kept.content_type.empty()) response.with("content-type", kept.content_type);
  response.with("idempotency-replayed", "true");
  return response;
}

}  // namespace

Response answer_once(service::Service& s, const Identity& who, const Request& request,
                     const std::function<Response()>& work) {
  const std::string key_hash = sha256(checked_key(request));
  const std::string fingerprint = sha256(request.method + " " + request.path + "\n" + request.body);
  const bool first = s.db.write([&](Tx& tx) {
    store::sweep_once(tx, s.now() - service::k_day, k_swept_at_once);
    return store::begin_once(tx, who.account, key_hash, fingerprint, s.now());
  });
  if (!first) {
    const auto kept = s.db.read(
        [&](Reader& reader) { return store::find_once(reader, s.keys, who.account, key_hash); });
    if (!kept)
      throw Refusal(RefusalCode::conflict, "idempotency_under_way", {}, {{"retry_after", "2"}});
    return answer_of(*kept, fingerprint, s.now());
  }
  const auto forget = [&] {
    s.db.write([&](Tx& tx) { store::forget_once(tx, who.account, key_hash); });
  };
  Response response;
  try {
    response = work();
  } catch (const Refusal&) {  // nothing was done: it may be tried again with the same key
    forget();
    throw;
  }
  if (response.status >= 300)
    forget();
  else
    s.db.write([&](Tx& tx) {
      store::keep_once(tx, s.keys, who.account, key_hash, response.status,
                       content_type_of(response), response.body);
    });
  return response;
}

}  // namespace beian
