#include "service/reauth.h"

#include "service/account.h"
#include "service/second_factor.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_most_wrong = 5;
constexpr Millis k_window = 15 * k_minute;

}  // namespace

void prove_oneself(Service& s, const store::Account& account, const std::string& password,
                   const std::string& code) {
  const std::string guard = s.keys.lookup(id_to_string(account.id), "reauth");
  const Millis locked =
      s.db.read([&](Reader& reader) { return store::locked_until(reader, guard); });
  if (locked > s.now())
    throw Refusal(RefusalCode::too_many, "login_locked", {},
                  {{"retry_after", std::to_string((locked - s.now()) / 1000 + 1)},
                   {"minutes", std::to_string((locked - s.now()) / k_minute + 1)}});
  const bool by_code = password.empty() && !code.empty();
  const bool right =
      by_code ? s.db.write([&](Tx& tx) { return check_second_factor(s, tx, account.id, code); })
              : s.passwords.verify(password.substr(0, k_max_password), account.password_hash);
  s.db.write([&](Tx& tx) {
    if (right)
      store::clear_login_failures(tx, guard);
    else
      store::count_login_failure(tx, guard, k_most_wrong, s.now(), k_window, k_window);
  });
  if (right) return;
  const char* reason = by_code ? "code_wrong" : "password_wrong";
  throw Refusal(RefusalCode::invalid, reason,
                {{by_code ? "code" : "password", reason, {}, "", "", true}});
}

}  // namespace beian::service
