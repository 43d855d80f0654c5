#include "service/proof.h"

#include <algorithm>

#include "bureau/auth.h"
#include "service/act.h"
#include "store/filings.h"

namespace beian::service {
namespace {

constexpr int k_too_often = 22;  // msg_code: this number's password was tried too often

std::string lookup_of(const Service& s, const std::string& number) {
  return s.keys.lookup(number, "filing_password");
}

[[noreturn]] void refuse(const char* reason, std::int64_t left) {
  const TextParams params{{"left", std::to_string(left)}};
  throw Refusal(RefusalCode::invalid, reason, {{"password", reason, params, "", "", true}}, params);
}

[[noreturn]] void refuse_locked(const Service& s) {
  throw Refusal(RefusalCode::too_many, "filing_password_locked", {},
                {{"minutes", std::to_string(s.reference.password_minutes)}});
}

}  // namespace

std::int64_t password_tries_left(Service& s, const std::string& number) {
  const Millis since = s.now() - s.reference.password_minutes * 60'000;
  const std::int64_t tried = s.db.read([&](Reader& reader) {
    return store::count_password_tries(reader, lookup_of(s, number), since);
  });
  return std::max<std::int64_t>(0, s.settings.now()->integer("limits.password_tries") - tried);
}

std::string prove_password(Service& s, const std::string& province, const std::string& number,
                           const std::optional<std::string>& password) {
  if (!policy_of(s, province).filing_password) return {};
  const std::int64_t left = password_tries_left(s, number);
  if (!password || password->empty()) refuse("filing_password_needed", left);
  if (left == 0) refuse_locked(s);
  const auto line = s.bureaus.find(province);
  // Without a line the bureau looks at the password when the filing arrives.
  if (line == s.bureaus.end()) return bureau::filing_password_hash(*password);
  // Counted before the bureau is asked, so that many at once cannot get past the limit.
  s.db.write([&](Tx& tx) { store::note_password_try(tx, lookup_of(s, number), s.now()); });
  const bureau::PasswordAnswer answer = line->second.verify_password(number, *password);
  if (answer.answered(k_too_often)) refuse_locked(s);
  if (!answer.answered(0)) {
    s.db.write([&](Tx& tx) { store::forget_password_try(tx, lookup_of(s, number)); });
    throw Refusal(RefusalCode::unavailable, "bureau_unreachable");
  }
  if (!answer.correct) refuse("filing_password_wrong", left - 1);
  s.db.write([&](Tx& tx) { store::forget_password_try(tx, lookup_of(s, number)); });
  return bureau::filing_password_hash(*password);
}

}  // namespace beian::service
