// One-time codes by time: RFC 6238 with HMAC-SHA-1, 30 seconds, six digits, as every authenticator
// app has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace beian {

inline constexpr Millis k_totp_step = 30'000;

// RFC 4226: the code of a counter. `digits` 6 to 8.
std::string hotp(std::string_view secret, std::uint64_t counter, int digits = 6);

// The step whose code this is, the one before and the one after `now` allowed for slow clocks and
// hands; nullopt for a wrong code and for steps up to `last_step`, so that none is good twice.
std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Millis now,
                                      std::int64_t last_step);

// RFC 4648 base32 without padding: how people type a secret.
std::string to_base32(std::string_view bytes);

// What an app reads from the QR code. `issuer` and `account` may be any text.
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace beian
