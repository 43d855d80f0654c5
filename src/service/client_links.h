// What an agency cannot do for its client: photograph his certificates and himself, and agree to
// it. A one-time link lets him do that on a phone, without an account, for exactly one filing. It
// shows who asks, which domains it is about and which pictures are wanted, and nothing else of the
// filing.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "documents/qr.h"
#include "service/materials.h"
#include "service/service.h"

namespace beian::service {

// Of the words that the client agrees to (web/src/phone/texts/*/client_link.json). A link notes the
// version and when.
inline constexpr std::string_view k_client_consent = "2026-11-28";
inline constexpr Millis k_link_life = 72LL * 60 * 60 * 1000;
inline constexpr std::size_t k_most_links = 30;  // ever made for one filing

struct LinkMade {
  std::string url;
  documents::QrCode qr;
  json::object link;
};
// Takes back the filing's other open links. `send_to`: a mail address or a mobile number, empty
// when the agency hands the link over itself. Refusal{conflict, "client_link_nothing"} when no
// identity part is open now.
LinkMade make_client_link(Service& s, Id agency, Id person, Id filing, const std::string& send_to);
json::array show_client_links(Service& s, Id agency, Id filing);
void revoke_client_link(Service& s, Id agency, Id filing, Id link);

// By whoever holds the link. Refusal{not_found, "client_link_unknown"}; once it is used, taken back
// or over: Refusal{conflict, "client_link_ended"}.
json::object show_client_link(Service& s, const std::string& token, std::string_view locale);
// Refusal{stale, "consent_changed"} for another version than the one that holds.
void consent_by_link(Service& s, const std::string& token, const std::string& version);
// Refusal{conflict, "consent_needed"} before that.
store::Material upload_by_link(Service& s, const std::string& token, Upload upload);
// Refusal{invalid, "client_link_missing"} naming the pictures that are still missing.
void complete_by_link(Service& s, const std::string& token);

}  // namespace beian::service
