#include "http/security.h"

#include <fmt/format.h>

#include "base/text.h"

namespace beian {
namespace {

constexpr std::string_view k_content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

bool is_https(std::string_view url) { return to_lower_ascii(url.substr(0, 8)) == "https://"; }

bool ends_in_default_port(std::string_view scheme, std::string_view authority) {
  return (scheme == "http://" && authority.ends_with(":80")) ||
         (scheme == "https://" && authority.ends_with(":443"));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> security_headers(std::string_view public_url) {
  std::vector<std::pair<std::string, std::string>> headers{
      {"Content-Security-Policy", std::string(k_content_policy)},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()"},
      {"Cache-Control", "no-store"},
  };
  if (is_https(public_url)) {
    headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
  return headers;
}

std::string origin_of(std::string_view url) {
  const std::string lower = to_lower_ascii(url);
  const std::size_t mark = lower.find("://");
  if (mark == std::string::npos) return "";
  const std::string scheme = lower.substr(0, mark + 3);
  if (scheme != "http://" && scheme != "https://") return "";
  std::string authority = lower.substr(scheme.size());
  authority.resize(std::min(authority.find_first_of("/?#"), authority.size()));
  if (authority.empty() || authority.find('@') != std::string::npos) return "";
  if (ends_in_default_port(scheme, authority)) authority.resize(authority.rfind(':'));
  return scheme + authority;
}

bool is_same_origin(const Request& request, std::string_view public_url) {
  const auto origin = request.header("origin");
  if (origin && (origin_of(*origin).empty() || origin_of(*origin) != origin_of(public_url))) {
    return false;
  }
  const auto site = request.header("sec-fetch-site");
  return !site || *site != "cross-site";
}

std::string session_cookie_name(std::string_view public_url) {
  return is_https(public_url) ? "__Host-session" : "session";
}

std::string session_cookie(std::string_view public_url, std::string_view token,
                           int max_age_seconds) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
                     session_cookie_name(public_url), token, max_age_seconds,
                     is_https(public_url) ? "; Secure" : "");
}

std::string ended_session_cookie(std::string_view public_url) {
  return session_cookie(public_url, "", 0);
}

Response untrusted_content(std::string bytes, std::string content_type,
                           const std::string& save_as) {
  Response response;
  response.body = std::move(bytes);
  response.with("Content-Type", std::move(content_type))
      .with("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
      .with("Content-Disposition",
            save_as.empty() ? "inline" : "attachment; filename=\"" + save_as + "\"")
      .with("Cache-Control", "no-store");
  return response;
}

}  // namespace beian
