// What keeps other web sites out: response headers, the origin and token check of state-changing
// calls, and the session cookie.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/message.h"

namespace beian {

// For ServerOptions::common_headers: content policy without inline script or style, no framing, no
// sniffing, no referrer to others, own opener group, no-store, and HSTS where public_url is https.
std::vector<std::pair<std::string, std::string>> security_headers(std::string_view public_url);

// "https://example.cn" of a URL: lower case, without path and default port. Empty when it is none.
std::string origin_of(std::string_view url);

// False when the browser says that the call comes from another site: an Origin other than that of
// public_url (or "null"), or Sec-Fetch-Site: cross-site. Programs that send neither pass; a session
// cookie is of no use to them without the token.
bool is_same_origin(const Request& request, std::string_view public_url);

// The session cookie: __Host- and Secure where public_url is https, always HttpOnly, SameSite=Lax
// (a link in a mail must find its reader logged in) and for the whole site.
std::string session_cookie_name(std::string_view public_url);
std::string session_cookie(std::string_view public_url, std::string_view token,
                           int max_age_seconds);
std::string ended_session_cookie(std::string_view public_url);

// Bytes that came from a user, shown so that they cannot act: no-store, sandboxed, never sniffed.
// With a file name (ASCII, ours) they are for saving, not for showing.
Response untrusted_content(std::string bytes, std::string content_type,
                           const std::string& save_as = "");

}  // namespace beian
