// Registering, logging in and out, passwords and sessions. No answer here tells whether an address
// has an account.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/service.h"
#include "store/accounts.h"

namespace beian::service {

inline constexpr std::string_view k_privacy_notice = "2026-11-23";
inline constexpr std::size_t k_min_password = 12, k_max_password = 256;  // characters, bytes
inline constexpr Millis k_activation_hours = 24, k_reset_minutes = 30,
                        k_invitation_hours = 72;  // how long mailed links are good
inline constexpr Millis k_minute = 60'000, k_hour = 60 * k_minute, k_day = 24 * k_hour;
// 等保 2.0 8.1.4.1b: sessions end when idle and absolutely.
// How long idle is a setting (limits.…_idle_minutes).
inline constexpr Millis k_session_absolute = 12 * k_hour;

struct Registration {
  std::string email, password, consent, locale;
};
// Mails an activation link, or to the owner of a known address that somebody tried.
void register_account(Service& s, const Registration& input);
// Throws Refusal{invalid, "link_invalid"} for a spent, expired or unknown link.
void activate(Service& s, const std::string& token);

struct Visitor {
  std::string device, ip;
};
struct LoggedIn {
  store::Account account;
  std::string secret;  // for the cookie
  std::string csrf;
  bool must_enrol = false;  // a second factor, before anything else
};
// Throws Refusal{unauthenticated, "login_failed"} whatever was wrong, and Refusal{too_many,
// "login_locked"} after five failures in fifteen minutes from one network or thirty in all.
// Whoever has a second factor gives its `code` too: Refusal{unauthenticated,
// "second_factor_needed"} when it is empty, "second_factor_wrong" (counted like a wrong password).
LoggedIn log_in(Service& s, const std::string& email, const std::string& password,
                const std::string& code, const Visitor& from);
void log_out(Service& s, const std::string& secret);
void forgot_password(Service& s, const std::string& email);
// Also lifts the lock that wrong passwords caused, in all and in this visitor's network.
void reset_password(Service& s, const std::string& token, const std::string& password,
                    const Visitor& from);

struct Known {
  store::Account account;
  store::Session session;
  bool must_enrol = false;  // a second factor, before anything else
};
// The live session of this cookie. Extends it, at most once in five minutes.
std::optional<Known> identify(Service& s, const std::string& secret);

std::vector<store::Session> sessions_of(Service& s, Id account);
void end_session(Service& s, Id account, Id session);

// For the operator's commands and the demo: staff do not register themselves.
Id create_account(Service& s, const std::string& email, const std::string& password, Role role,
                  const std::string& display_name);

}  // namespace beian::service
