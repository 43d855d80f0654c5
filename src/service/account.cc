#include "service/account.h"

#include "base/text.h"
#include "notify/mail.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/products.h"
#include "service/second_factor.h"
#include "store/privacy.h"
#include "store/second_factors.h"

namespace beian::service {
namespace {

constexpr Millis k_lock = 15 * k_minute;
constexpr std::int64_t k_fails_from_network = 5, k_fails_in_all = 30;
constexpr Millis k_touch_every = 5 * k_minute;

void check_password(const std::string& password, const std::string& email) {
  std::vector<Problem> problems;
  if (!is_utf8(password) || count_characters(password) < k_min_password)
    problems.push_back(
        {"password", "password_short", {{"min", std::to_string(k_min_password)}}, "", "", true});
  else if (password.size() > k_max_password)
    problems.push_back(
        {"password", "password_long", {{"max", std::to_string(k_max_password)}}, "", "", true});
  else if (to_lower_ascii(password) == to_lower_ascii(email) ||
           password.find_first_not_of(password.front()) == std::string::npos)
    problems.push_back({"password", "password_weak", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "account_invalid", problems);
}

std::string checked_email(const std::string& typed) {
  std::string email = clean_line(typed);
  if (email.size() > 254 || !notify::is_mail_address(email))
    throw Refusal(RefusalCode::invalid, "account_invalid",
                  {{"email", "email_invalid", {}, "", "", true}});
  return email;
}

Millis idle_of(const Service& s, Role role) {
  return k_minute * s.settings.now()->integer(is_staff(role) ? "limits.staff_idle_minutes"
                                                             : "limits.applicant_idle_minutes");
}

// The first three numbers of an IPv4 address, or half of an IPv6 one: whoever guesses from there.
std::string network_of(const std::string& ip) {
  if (const auto dot = ip.rfind('.'); dot != std::string::npos) return ip.substr(0, dot);
  std::size_t colons = 0, i = 0;
  while (i < ip.size() && colons < 4) colons += ip[i++] == ':';
  return ip.substr(0, i);
}

struct Guards {
  std::string by_network, by_address;
};
Guards guards_of(const Service& s, const std::string& email, const std::string& ip) {
  const std::string address = to_lower_ascii(clean_line(email));
  return {s.keys.lookup(address + "|" + network_of(ip), "login.network"),
          s.keys.lookup(address, "login.address")};
}

// Compared against when there is no account, so that the answer takes as long as otherwise.
const std::string& nobodys_hash(Service& s) {
  static const std::string hash = s.passwords.hash(random_token());
  return hash;
}

}  // namespace

void register_account(Service& s, const Registration& input) {
  if (!s.settings.now()->flag("registration.open"))
    throw Refusal(RefusalCode::conflict, "registration_closed");
  const std::string email = checked_email(input.email);
  check_password(input.password, email);
  if (input.consent != k_privacy_notice)
    throw Refusal(RefusalCode::invalid, "account_invalid",
                  {{"consent", "consent_missing", {}, "", "", true}});
  store::Account account;
  account.id = new_id();
  account.email = email;
  account.password_hash = s.passwords.hash(input.password);
  account.display_name = mask_email(email);
  account.state = "pending";
  account.locale = input.locale;
  account.consent = input.consent;
  account.created_at = s.now();
  const std::string token = random_token();
  s.db.write([&](Tx& tx) {
    const auto known = store::find_account_by_email(tx, s.keys, email);
    if (known && known->state == "active") {
      queue_mail(s, tx, *known, std::nullopt, "account_exists",
                 "exists/" + id_to_string(account.id), {});
      return;
    }
    Id id = account.id;
    if (known) {  // never activated: the newest password and link count
      id = known->id;
      store::set_password(tx, id, account.password_hash);
    } else {
      store::insert_account(tx, s.keys, account);
    }
    store::insert_consent(tx, id, "privacy_notice", account.consent, s.now());
    record(s, tx, {"applicant", id}, "account.registered", subject_account(id),
           {{"consent", account.consent}});
    store::insert_token(tx, token, id, "activate", s.now() + k_activation_hours * k_hour);
    queue_mail(s, tx, known ? *known : account, std::nullopt, "account_activate",
               "activate/" + id_to_string(account.id),
               {{"token", token}, {"hours", std::to_string(k_activation_hours)}});
  });
  s.wake_workers();
}

void activate(Service& s, const std::string& token) {
  const auto account = s.db.write([&](Tx& tx) {
    const auto id = store::spend_token(tx, token, "activate", s.now());
    if (id) {
      store::set_account_state(tx, *id, "active");
      record(s, tx, {"applicant", *id}, "account.activated", subject_account(*id));
    }
    return id ? store::find_account(tx, s.keys, *id) : std::nullopt;
  });
  if (!account) throw Refusal(RefusalCode::invalid, "link_invalid");
}

LoggedIn log_in(Service& s, const std::string& email, const std::string& password,
                const std::string& code, const Visitor& from) {
  const Guards guards = guards_of(s, email, from.ip);
  Millis locked = 0;
  const auto account = s.db.read([&](Reader& reader) {
    locked = std::max(store::locked_until(reader, guards.by_network),
                      store::locked_until(reader, guards.by_address));
    return store::find_account_by_email(reader, s.keys, email);
  });
  if (locked > s.now())
    throw Refusal(RefusalCode::too_many, "login_locked", {},
                  {{"retry_after", std::to_string((locked - s.now()) / 1000 + 1)},
                   {"minutes", std::to_string((locked - s.now()) / k_minute + 1)}});
  const bool right = s.passwords.verify(password.substr(0, k_max_password),
                                        account ? account->password_hash : nobodys_hash(s));
  const auto refuse = [&](const char* reason) {
    s.db.write([&](Tx& tx) {
      store::count_login_failure(tx, guards.by_network, k_fails_from_network, s.now(), k_lock,
                                 k_lock);
      store::count_login_failure(tx, guards.by_address, k_fails_in_all, s.now(), k_lock, k_lock);
      // An address without an account has no name to be written down by.
      record(s, tx, {}, "account.login_failed", account ? subject_account(account->id) : "",
             {{"reason", reason}, {"network", network_of(from.ip)}});
    });
    throw Refusal(RefusalCode::unauthenticated, reason);
  };
  if (!right || !account || account->state != "active") refuse("login_failed");
  const bool second =
      s.db.read([&](Reader& reader) { return store::has_second_factor(reader, account->id); });
  if (second && clean_line(code).empty())
    throw Refusal(RefusalCode::unauthenticated, "second_factor_needed");
  if (second && !s.db.write([&](Tx& tx) { return check_second_factor(s, tx, account->id, code); }))
    refuse("second_factor_wrong");
  if (s.config.demo && account->role == Role::applicant) give_demo_product(s, account->email);
  LoggedIn out{*account, random_token(), random_token(),
               !second && second_factor_required(s, account->role)};
  store::Session session{new_id(),
                         account->id,
                         out.csrf,
                         s.now(),
                         s.now(),
                         s.now() + idle_of(s, account->role),
                         from.device.substr(0, 200),
                         from.ip};
  s.db.write([&](Tx& tx) {
    store::clear_login_failures(tx, guards.by_network);
    store::clear_login_failures(tx, guards.by_address);
    store::insert_session(tx, out.secret, session);
    record(s, tx, doer_of(account->role, account->id), "account.logged_in",
           subject_account(account->id),
           {{"network", network_of(from.ip)}, {"second_factor", second}});
  });
  return out;
}

void log_out(Service& s, const std::string& secret) {
  s.db.write([&](Tx& tx) {
    if (const auto session = store::find_session(tx, secret, s.now()))
      record(s, tx, {"nobody", session->account_id}, "account.logged_out",
             subject_account(session->account_id));
    store::end_session_by_secret(tx, secret);
  });
}

void forgot_password(Service& s, const std::string& typed) {
  const std::string email = checked_email(typed);
  const std::string token = random_token();
  s.db.write([&](Tx& tx) {
    const auto account = store::find_account_by_email(tx, s.keys, email);
    if (!account || account->state != "active") {
      // A write either way: the wait for the disk must not tell the two apart.
      store::count_login_failure(tx, s.keys.lookup(token, "forgot"), 2, s.now() - k_day, k_minute,
                                 0);
      return;
    }
    store::insert_token(tx, token, account->id, "reset", s.now() + k_reset_minutes * k_minute);
    queue_mail(s, tx, *account, std::nullopt, "password_reset", "reset/" + id_to_string(new_id()),
               {{"token", token}, {"minutes", std::to_string(k_reset_minutes)}});
  });
  s.wake_workers();
}

void reset_password(Service& s, const std::string& token, const std::string& password,
                    const Visitor& from) {
  check_password(password, "");
  const std::string hash = s.passwords.hash(password);
  const bool done = s.db.write([&](Tx& tx) {
    const auto id = store::spend_token(tx, token, "reset", s.now());
    if (!id) return false;
    const auto account = store::find_account(tx, s.keys, *id);
    store::set_password(tx, *id, hash);
    store::end_all_sessions(tx, *id);
    record(s, tx, {"nobody", *id}, "account.password_reset", subject_account(*id),
           {{"network", network_of(from.ip)}});
    const Guards guards = guards_of(s, account->email, from.ip);
    store::clear_login_failures(tx, guards.by_network);
    store::clear_login_failures(tx, guards.by_address);
    queue_mail(s, tx, *account, std::nullopt, "password_changed",
               "changed/" + id_to_string(new_id()), {});
    return true;
  });
  if (!done) throw Refusal(RefusalCode::invalid, "link_invalid");
  s.wake_workers();
}

std::optional<Known> identify(Service& s, const std::string& secret) {
  const Millis now = s.now();
  auto known = s.db.read([&](Reader& reader) -> std::optional<Known> {
    auto session = store::find_session(reader, secret, now);
    if (!session || session->created_at + k_session_absolute < now) return std::nullopt;
    auto account = store::find_account(reader, s.keys, session->account_id);
    if (!account || account->state != "active") return std::nullopt;
    return Known{*account, *session, must_enrol(s, reader, *account)};
  });
  if (known && known->session.last_seen_at + k_touch_every < now)
    s.db.write([&](Tx& tx) {
      store::touch_session(tx, secret, now, now + idle_of(s, known->account.role));
    });
  return known;
}

std::vector<store::Session> sessions_of(Service& s, Id account) {
  return s.db.read([&](Reader& reader) { return store::list_sessions(reader, account, s.now()); });
}

void end_session(Service& s, Id account, Id session) {
  const bool ended = s.db.write([&](Tx& tx) {
    if (!store::end_session(tx, account, session)) return false;
    record(s, tx, {"nobody", account}, "account.session_ended", subject_account(account),
           {{"session", id_to_string(session)}});
    return true;
  });
  if (!ended) throw Refusal(RefusalCode::not_found, "not_found");
}

Id create_account(Service& s, const std::string& email, const std::string& password, Role role,
                  const std::string& display_name) {
  store::Account account;
  account.id = new_id();
  account.email = checked_email(email);
  check_password(password, email);
  account.password_hash = s.passwords.hash(password);
  account.role = role;
  account.display_name = display_name;
  account.state = "active";
  account.locale = "zh-CN";
  account.consent = std::string(k_privacy_notice);
  account.created_at = s.now();
  s.db.write([&](Tx& tx) {
    if (const auto known = store::find_account_by_email(tx, s.keys, account.email)) {
      account.id = known->id;
      store::set_password(tx, known->id, account.password_hash);
    } else {
      store::insert_account(tx, s.keys, account);
    }
    record(s, tx, {"operator", std::nullopt}, "account.made", subject_account(account.id),
           {{"role", to_string(role)}});
  });
  return account.id;
}

}  // namespace beian::service
