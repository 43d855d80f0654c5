#include "service/client_links.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "filing/contact.h"
#include "filing/content.h"
#include "notify/mail.h"
#include "service/account.h"
#include "service/act.h"
#include "service/agencies.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/outbox.h"
#include "store/client_links.h"

namespace beian::service {
namespace {

// Pictures of a person or his certificate: only he can give them. The rest is paper that the agency
// has.
constexpr std::array<std::string_view, 6> k_identity_purposes{
    "organiser_certificate",     "principal_certificate_front", "principal_certificate_back",
    "manager_certificate_front", "manager_certificate_back",    "verification_photo"};

bool is_identity(std::string_view purpose) {
  return std::ranges::find(k_identity_purposes, purpose) != k_identity_purposes.end();
}

Stage stage_of(const store::Filing& filing) {
  return filing.state == State::verification ? Stage::verification : Stage::submit;
}
std::string_view stage_name(Stage stage) {
  return stage == Stage::verification ? "verification" : "submit";
}

// The identity parts that the filing wants now and that may be put in now.
std::vector<NeededMaterial> wanted(Service& s, Reader& reader, const store::Filing& filing,
                                   const json::object& content) {
  const Stage stage = stage_of(filing);
  const Openness open = openness_of(s, reader, filing, content);
  std::vector<NeededMaterial> out;
  for (NeededMaterial& needed : required_materials(s.reference.form_of(filing.kind), content,
                                                   day_to_string(shanghai_day(s.now())), stage)) {
    const bool may = stage == Stage::verification || open.all ||
                     std::ranges::find(open.paths, material_path(needed)) != open.paths.end();
    if (is_identity(needed.purpose) && may) out.push_back(std::move(needed));
  }
  return out;
}

bool has(const std::vector<store::Material>& all, const MaterialPlace& place) {
  return std::ranges::any_of(all, [&](const store::Material& m) {
    return m.purpose == place.purpose && m.site_key == place.site;
  });
}

std::string_view state_of(const store::ClientLink& link, Millis now) {
  if (link.completed_at) return "completed";
  if (link.revoked_at) return "revoked";
  if (link.expires_at <= now) return "expired";
  return link.opened_at ? "opened" : "open";
}
bool is_open(const store::ClientLink& link, Millis now) {
  const std::string_view state = state_of(link, now);
  return state == "open" || state == "opened";
}

std::string masked(const std::string& to) {
  return to.find('@') == std::string::npos ? mask_phone(to) : mask_email(to);
}

json::object shown(const store::ClientLink& link, Millis now) {
  const auto time = [](const std::optional<Millis>& at) {
    return at ? json::value(*at) : json::value(nullptr);
  };
  return {{"id", id_to_string(link.id)},
          {"state", state_of(link, now)},
          {"stage", link.stage},
          {"sent_to", link.sent_to.empty() ? "" : masked(link.sent_to)},
          {"created_at", link.created_at},
          {"expires_at", link.expires_at},
          {"opened_at", time(link.opened_at)},
          {"consent", link.consent},
          {"consented_at", time(link.consented_at)},
          {"completed_at", time(link.completed_at)}};
}

// The link and its filing, which must still be the agency's.
struct Held {
  store::ClientLink link;
  store::Filing filing;
};
Held hold(Service& s, Reader& reader, const std::string& token) {
  auto link = store::find_client_link(reader, s.keys, token);
  auto filing = link ? store::find_own_filing(reader, s.keys, link->filing_id, link->account_id)
                     : std::nullopt;
  if (!filing || !store::is_agency(reader, link->account_id))
    throw Refusal(RefusalCode::not_found, "client_link_unknown");
  return {std::move(*link), std::move(*filing)};
}
Held hold_open(Service& s, Reader& reader, const std::string& token) {
  Held held = hold(s, reader, token);
  if (!is_open(held.link, s.now()) || held.link.stage != stage_name(stage_of(held.filing)))
    throw Refusal(RefusalCode::conflict, "client_link_ended");
  return held;
}

std::string domains_of(Reader& reader, Id filing) {
  std::vector<std::string> out;
  for (const store::FilingSite& site : store::list_sites(reader, filing))
    if (!site.domain.empty()) out.push_back(unicode_domain(site.domain));
  return join(out, "、");
}

void send_link(Service& s, Tx& tx, const store::ClientLink& link, const std::string& agency,
               const std::string& token) {
  store::Account to;  // nobody's: the client has none
  to.locale = "zh-CN";
  const bool by_mail = link.sent_to.find('@') != std::string::npos;
  if (by_mail) to.email = link.sent_to;
  queue_notice(
      s, tx, to, by_mail ? "" : link.sent_to, link.filing_id, "client_link",
      "client_link/" + id_to_string(link.id),
      {{{"agency", agency}, {"token", token}, {"hours", std::to_string(k_link_life / k_hour)}},
       {}});
}

void check_target(const std::string& to) {
  if (to.empty()) return;
  const bool mail = to.find('@') != std::string::npos;
  if (mail ? to.size() <= 254 && notify::is_mail_address(to) : !check_mobile(to)) return;
  throw Refusal(RefusalCode::invalid, "request_invalid",
                {{"send_to", "client_link_target", {}, "", "", true}});
}

}  // namespace

LinkMade make_client_link(Service& s, Id agency, Id person, Id id, const std::string& typed) {
  const std::string send_to = clean_line(typed), token = random_token();
  LinkMade made;
  s.db.write([&](Tx& tx) {
    const store::Filing filing = own_filing(s, tx, agency, id);
    const store::Agency known = require_agency(s, tx, agency);
    check_target(send_to);
    if (wanted(s, tx, filing, parse_content(filing.content)).empty())
      throw Refusal(RefusalCode::conflict, "client_link_nothing");
    if (store::list_client_links(tx, s.keys, id).size() >= k_most_links)
      throw Refusal(RefusalCode::too_many, "client_links_full");
    store::revoke_client_links(tx, id, std::nullopt, s.now());
    store::ClientLink link;
    link.id = new_id();
    link.filing_id = id;
    link.account_id = agency;
    link.made_by = person;
    link.stage = stage_name(stage_of(filing));
    link.sent_to = send_to;
    link.created_at = s.now();
    link.expires_at = s.now() + k_link_life;
    store::insert_client_link(tx, s.keys, token, link);
    note_event(s, tx, id, Actor::applicant, person, "client_link_made");
    if (!send_to.empty()) send_link(s, tx, link, known.name, token);
    made.link = shown(link, s.now());
  });
  s.wake_workers();
  made.url = s.config.http.public_url + "/c/" + token;
  made.qr = documents::make_qr(made.url);
  return made;
}

json::array show_client_links(Service& s, Id agency, Id id) {
  return s.db.read([&](Reader& reader) {
    own_filing(s, reader, agency, id);
    json::array out;
    for (const store::ClientLink& link : store::list_client_links(reader, s.keys, id))
      out.push_back(shown(link, s.now()));
    return out;
  });
}

void revoke_client_link(Service& s, Id agency, Id id, Id link) {
  s.db.write([&](Tx& tx) {
    own_filing(s, tx, agency, id);
    if (store::revoke_client_links(tx, id, link, s.now()) == 0)
      throw Refusal(RefusalCode::not_found, "not_found");
  });
}

json::object show_client_link(Service& s, const std::string& token, std::string_view locale) {
  const Millis now = s.now();
  bool first = false;
  Id id = 0;
  json::object out = s.db.read([&](Reader& reader) {
    const Held held = hold(s, reader, token);
    id = held.link.id;
    const bool open =
        is_open(held.link, now) && held.link.stage == stage_name(stage_of(held.filing));
    first = open && !held.link.opened_at;
    json::object shown_link{
        {"agency", store::find_agency(reader, s.keys, held.link.account_id).value().name},
        {"state", open                     ? std::string_view("open")
                  : held.link.completed_at ? std::string_view("completed")
                                           : std::string_view("ended")},
        {"expires_at", held.link.expires_at},
        {"consent_version", k_client_consent},
        {"consented", held.link.consent == k_client_consent},
        {"domains", ""},
        {"kind", to_string(held.filing.kind)},
        {"materials", json::array()}};
    if (!open) return shown_link;
    shown_link["domains"] = domains_of(reader, held.filing.id);
    const json::object content = parse_content(held.filing.content);
    const auto present = store::list_materials(reader, held.filing.id);
    for (const NeededMaterial& one : wanted(s, reader, held.filing, content)) {
      json::object row{{"purpose", one.purpose},   {"site", nullptr},
                       {"site_name", ""},          {"title", label_in(one.rule->label, locale)},
                       {"required", one.required}, {"present", has(present, one)}};
      if (!one.site.empty()) {
        row["site"] = one.site;
        row["site_name"] = text_at(content, "sites." + one.site + ".domain");
      }
      shown_link["materials"].as_array().push_back(std::move(row));
    }
    return shown_link;
  });
  if (first) s.db.write([&](Tx& tx) { store::note_link_opened(tx, id, now); });
  return out;
}

void consent_by_link(Service& s, const std::string& token, const std::string& version) {
  s.db.write([&](Tx& tx) {
    const Held held = hold_open(s, tx, token);
    if (version != k_client_consent) throw Refusal(RefusalCode::stale, "consent_changed");
    if (held.link.consent == version) return;
    store::note_link_consent(tx, held.link.id, version, s.now());
    note_event(s, tx, held.filing.id, Actor::applicant, std::nullopt, "client_consented",
               json::serialize(json::object{{"version", version}}));
  });
}

store::Material upload_by_link(Service& s, const std::string& token, Upload upload) {
  upload.by_phone = true;
  const auto check = [&](Reader& reader) {
    Held held = hold_open(s, reader, token);
    if (held.link.consent != k_client_consent)
      throw Refusal(RefusalCode::conflict, "consent_needed");
    for (const NeededMaterial& one :
         wanted(s, reader, held.filing, parse_content(held.filing.content)))
      if (one.purpose == upload.purpose && one.site == upload.site) return held;
    throw Refusal(
        RefusalCode::forbidden, "field_closed",
        {{material_path({upload.purpose, upload.site}), "field_closed", {}, "", "", true}});
  };
  const Held held = s.db.read([&](Reader& reader) { return check(reader); });
  return store_upload(s, held.link.account_id, held.filing.id, upload, [&](Tx& tx) { check(tx); });
}

void complete_by_link(Service& s, const std::string& token) {
  s.db.write([&](Tx& tx) {
    const Held held = hold_open(s, tx, token);
    if (held.link.consent != k_client_consent)
      throw Refusal(RefusalCode::conflict, "consent_needed");
    const auto present = store::list_materials(tx, held.filing.id);
    std::vector<Problem> missing;
    for (const NeededMaterial& one : wanted(s, tx, held.filing, parse_content(held.filing.content)))
      if (one.required && !has(present, one))
        missing.push_back({material_path(one), "material_missing", {}, "", "", true});
    if (!missing.empty()) throw Refusal(RefusalCode::invalid, "client_link_missing", missing);
    if (!store::complete_client_link(tx, held.link.id, s.now()))
      throw Refusal(RefusalCode::conflict, "client_link_ended");
    note_event(s, tx, held.filing.id, Actor::applicant, std::nullopt, "client_completed");
    store::bump_revision(tx, held.filing.id, s.now());
    if (const auto to = store::find_account(tx, s.keys, held.link.account_id))
      queue_mail(
          s, tx, *to, held.filing.id, "client_completed",
          "client_completed/" + id_to_string(held.link.id),
          {{"filing", id_to_string(held.filing.id)}, {"domains", domains_of(tx, held.filing.id)}});
  });
  s.wake_workers();
}

}  // namespace beian::service
