#include "service/privacy.h"

#include "base/json.h"
#include "bureau/zip_writer.h"
#include "service/account.h"
#include "service/act.h"
#include "service/audit.h"
#include "store/cases.h"
#include "store/claims.h"
#include "store/filings.h"
#include "store/materials.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_bytes = 200u << 20;
constexpr int k_most_filings = 10'000;

void check_password(Service& s, const store::Account& account, const std::string& password) {
  if (!s.passwords.verify(password.substr(0, k_max_password), account.password_hash))
    throw Refusal(RefusalCode::invalid, "password_wrong",
                  {{"password", "password_wrong", {}, "", "", true}});
}

json::array show_events(Service& s, Reader& reader, Id filing) {
  json::array out;
  for (const store::Event& e : store::list_events(reader, s.keys, filing))
    out.push_back(
        json::object{{"at", e.at},
                     {"actor", e.actor},
                     {"action", e.action},
                     {"to", e.to_state ? json::value(*e.to_state) : json::value(nullptr)}});
  return out;
}

json::object show_filing_whole(Service& s, Reader& reader, const store::Filing& filing) {
  json::array sites, materials;
  for (const store::FilingSite& site : store::list_sites(reader, filing.id))
    sites.push_back(json::object{{"domain", site.domain}, {"number", site.number.value_or("")}});
  for (const store::Material& m : store::list_materials(reader, filing.id))
    materials.push_back(json::object{
        {"id", id_to_string(m.id)}, {"purpose", m.purpose}, {"uploaded_at", m.created_at}});
  return {{"id", id_to_string(filing.id)},
          {"kind", to_string(filing.kind)},
          {"state", to_string(filing.state)},
          {"created_at", filing.created_at},
          {"organiser_number", filing.organiser_number.value_or("")},
          {"content", parse_json(filing.content)},
          {"sites", std::move(sites)},
          {"materials", std::move(materials)},
          {"history", show_events(s, reader, filing.id)}};
}

bool is_under_way(const store::Filing& filing) {
  return filing.state != State::draft && !is_final(filing.state);
}

}  // namespace

PrivacyStanding privacy_standing(Service& s, const store::Account& account) {
  PrivacyStanding out;
  out.agreed_version = account.consent;
  s.db.read([&](Reader& reader) {
    out.consents = store::list_consents(reader, account.id);
    for (const store::Filing& f : store::list_filings(reader, s.keys, account.id, k_most_filings)) {
      if (is_under_way(f)) out.under_way.push_back(f.id);
      if (f.state == State::approved) ++out.approved;
    }
  });
  return out;
}

void agree(Service& s, Id account, const std::string& version) {
  if (version != k_privacy_notice)
    throw Refusal(RefusalCode::invalid, "account_invalid",
                  {{"consent", "consent_missing", {}, "", "", true}});
  s.db.write([&](Tx& tx) {
    store::set_consent(tx, account, version);
    store::insert_consent(tx, account, "privacy_notice", version, s.now());
    record(s, tx, {"applicant", account}, "privacy.agreed", subject_account(account),
           {{"version", version}});
  });
}

std::string export_account(Service& s, const store::Account& account, const std::string& password) {
  check_password(s, account, password);
  std::vector<std::pair<std::string, std::string>> files;
  std::size_t bytes = 0;
  const auto add = [&](const std::string& name, std::string content) {
    bytes += content.size();
    if (bytes > k_most_bytes) throw Refusal(RefusalCode::too_large, "export_too_large");
    files.emplace_back(name, std::move(content));
  };
  std::vector<std::pair<std::string, std::string>> pictures;
  s.db.read([&](Reader& reader) {
    json::array consents;
    for (const store::Consent& c : store::list_consents(reader, account.id))
      consents.push_back(
          json::object{{"purpose", c.purpose}, {"version", c.version}, {"given_at", c.given_at}});
    add("account.json", json::serialize(json::object{{"email", account.email},
                                                     {"display_name", account.display_name},
                                                     {"created_at", account.created_at},
                                                     {"consents", std::move(consents)}}));
    for (const store::Filing& f : store::list_filings(reader, s.keys, account.id, k_most_filings)) {
      const std::string folder = "filings/" + id_to_string(f.id) + "/";
      add(folder + "filing.json", json::serialize(show_filing_whole(s, reader, f)));
      for (const store::Material& m : store::list_materials(reader, f.id))
        pictures.emplace_back(folder + m.purpose + "-" + id_to_string(m.id) + ".jpg", m.full_key);
    }
  });
  for (const auto& [name, key] : pictures) add(name, s.blobs.get(key));
  s.db.write([&](Tx& tx) {
    record(s, tx, doer_of(account.role, account.id), "privacy.exported",
           subject_account(account.id), {{"files", files.size()}});
  });
  return bureau::zip_files({files.begin(), files.end()});
}

void erase_account(Service& s, const store::Account& account, const std::string& password) {
  if (is_staff(account.role)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  check_password(s, account, password);
  s.db.write([&](Tx& tx) {
    std::int64_t erased = 0, kept = 0;
    for (const store::Filing& f : store::list_filings(tx, s.keys, account.id, k_most_filings)) {
      if (is_under_way(f)) throw Refusal(RefusalCode::conflict, "erasure_blocked");
      if (f.state == State::draft)
        act(s, tx, f, {Action::withdraw, Actor::applicant, account.id, ""});
      if (f.state == State::approved) ++kept;
    }
    for (const Id id : store::ended_filings_of(tx, account.id)) {
      store::erase_filing(tx, s.keys, id, s.now());
      ++erased;
    }
    store::close_claims_of(tx, account.id, s.now());
    store::erase_account(tx, s.keys, account.id, s.now());
    record(s, tx, {"applicant", account.id}, "privacy.account_erased", subject_account(account.id),
           {{"filings_erased", erased}, {"filings_kept_by_law", kept}});
  });
}

}  // namespace beian::service
