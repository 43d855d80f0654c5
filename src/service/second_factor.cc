#include "service/second_factor.h"

#include "base/text.h"
#include "base/totp.h"
#include "service/audit.h"
#include "store/second_factors.h"

namespace beian::service {
namespace {

constexpr int k_recovery_codes = 10;

// Ten letters and digits that are told apart on paper: 49 bits.
std::string new_recovery_code() {
  constexpr std::string_view k_letters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string out;
  while (out.size() < 10) {
    const auto byte = static_cast<unsigned char>(random_bytes(1).front());
    if (byte < 248) out += k_letters[byte % k_letters.size()];  // 248 = 8 · 31: no letter favoured
  }
  return out;
}

// As people copy them: blanks, dashes and capitals do not count.
std::string plain_code(const std::string& typed) {
  std::string out;
  for (const char c : to_lower_ascii(typed))
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) out += c;
  return out;
}

[[noreturn]] void refuse_code() {
  throw Refusal(RefusalCode::invalid, "code_wrong", {{"code", "code_wrong", {}, "", "", true}});
}

}  // namespace

bool second_factor_required(const Service& s, Role role) {
  if (!is_staff(role)) return false;
  const std::string& wanted = s.config.staff.second_factor;
  return wanted.empty() ? !s.config.demo : wanted == "required";
}

bool must_enrol(const Service& s, Reader& reader, const store::Account& account) {
  return second_factor_required(s, account.role) && !store::has_second_factor(reader, account.id);
}

FactorStanding factor_standing(Service& s, const store::Account& account) {
  return s.db.read([&](Reader& reader) {
    return FactorStanding{second_factor_required(s, account.role),
                          store::has_second_factor(reader, account.id),
                          store::count_recovery_codes(reader, account.id)};
  });
}

Enrolment begin_enrolment(Service& s, const store::Account& account) {
  store::SecondFactor factor;
  factor.account_id = account.id;
  factor.secret = random_bytes(20);
  factor.made_at = s.now();
  s.db.write([&](Tx& tx) {
    if (!store::put_second_factor(tx, s.keys, factor))
      throw Refusal(RefusalCode::conflict, "second_factor_exists");
  });
  return {to_base32(factor.secret),
          documents::make_qr(
              totp_uri(factor.secret, s.settings.now()->text("provider.name"), account.email))};
}

std::vector<std::string> confirm_enrolment(Service& s, Id account, const std::string& code) {
  std::vector<std::string> codes;
  for (int i = 0; i < k_recovery_codes; ++i) codes.push_back(new_recovery_code());
  s.db.write([&](Tx& tx) {
    const auto factor = store::find_second_factor(tx, s.keys, account);
    if (!factor) throw Refusal(RefusalCode::not_found, "not_found");
    if (factor->confirmed_at) throw Refusal(RefusalCode::conflict, "second_factor_exists");
    const auto step = totp_step(factor->secret, plain_code(code), s.now(), factor->last_step);
    if (!step || !store::take_step(tx, account, *step)) refuse_code();
    store::confirm_second_factor(tx, account, s.now());
    store::replace_recovery_codes(tx, account, codes);
    record(s, tx, {"staff", account}, "account.second_factor_enrolled", subject_account(account));
  });
  return codes;
}

void remove_enrolment(Service& s, const store::Account& account, const std::string& code) {
  s.db.write([&](Tx& tx) {
    if (!check_second_factor(s, tx, account.id, code)) refuse_code();
    store::remove_second_factor(tx, account.id);
    record(s, tx, doer_of(account.role, account.id), "account.second_factor_removed",
           subject_account(account.id));
  });
}

bool check_second_factor(Service& s, Tx& tx, Id account, const std::string& typed) {
  const std::string code = plain_code(typed);
  const auto factor = store::find_second_factor(tx, s.keys, account);
  if (!factor || !factor->confirmed_at || code.empty()) return false;
  if (const auto step = totp_step(factor->secret, code, s.now(), factor->last_step))
    return store::take_step(tx, account, *step);
  if (!store::spend_recovery_code(tx, account, code, s.now())) return false;
  record(s, tx, {"staff", account}, "account.recovery_code_used", subject_account(account));
  return true;
}

}  // namespace beian::service
