#include "service/begin.h"

#include <algorithm>

#include "filing/content.h"
#include "filing/kind.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/clients.h"
#include "service/content_access.h"
#include "service/domain_changes.h"
#include "service/proof.h"
#include "service/registered.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_sites = 200;

json::value text(const std::string& value) { return json::value(json::string(value)); }

void set_if(json::object& to, const char* name, const json::object& from) {
  if (const json::value* value = from.if_contains(name)) to[name] = *value;
}

// What is registered, as the draft's record, and the answers that begin as it is.
void begin_with_record(json::object& content, json::object record) {
  for (const char* name : {"organiser", "principal"}) set_if(content, name, record);
  content["record"] = std::move(record);
}

json::object record_of_organiser(Service& s, Reader& reader, const store::Organiser& organiser) {
  json::object record = record_of(s, reader, organiser);
  record["here"] = true;
  record["organiser_number"] = organiser.number;
  record["changed_at"] = organiser.changed_at;
  if (domain_may_change(s, organiser.province)) record["domain_changes"] = true;
  return record;
}

json::object record_of_site(Service& s, Reader& reader, const store::RegisteredSite& site) {
  json::object record = record_of(s, reader, site);
  record["id"] = id_to_string(site.id);
  record["number"] = site.number;
  if (!record.contains("domain")) record["domain"] = unicode_domain(site.domain);
  return record;
}

// An organiser that another provider filed: what the applicant and the bureau told us.
json::object record_from_answers(const DeterminationInput& in, const Determined& d) {
  json::object organiser{{"nature", in.nature},
                         {"certificate_type", in.certificate_type},
                         {"certificate_number", in.certificate_number},
                         {"province", in.province}};
  return {{"here", false},
          {"organiser_number", d.decision.organiser_number},
          {"organiser", std::move(organiser)}};
}

json::object first_content(Service& s, const DeterminationInput& in, const Determined& d) {
  const Form& form = s.reference.form;
  json::object content = new_content(form);
  const auto at = [&](const char* path) {
    const json::value* value = value_at(content, path);
    return value ? *value : json::value(nullptr);
  };
  apply_changes(
      form, content,
      {{"organiser.nature", at("organiser.nature"), in.nature},
       {"organiser.certificate_type", at("organiser.certificate_type"), in.certificate_type},
       {"organiser.certificate_number", nullptr, text(in.certificate_number)},
       {"organiser.province", nullptr, text(in.province)},
       {"sites.s1.domain", nullptr, text(d.unicode_domain)}});
  return content;
}

json::object website_content(Service& s, Reader& reader, const DeterminationInput& in,
                             const Determined& d) {
  const Form& form = s.reference.form_of(Kind::new_website);
  json::object content = new_content(form);
  begin_with_record(
      content,
      d.organiser_here
          ? record_of_organiser(
                s, reader, store::find_organiser_by_id(reader, s.keys, *d.organiser_here).value())
          : record_from_answers(in, d));
  apply_changes(form, content, {{"sites.s1.domain", nullptr, text(d.unicode_domain)}});
  return content;
}

json::object access_content(Service& s, Reader& reader, const DeterminationInput& in,
                            const Determined& d) {
  const Form& form = s.reference.form_of(Kind::new_access);
  json::object content = new_content(form);
  content["sites"] = json::array();
  content["last_site"] = 0;
  json::object site{{"domain", d.unicode_domain}, {"number", d.domain_number}};
  if (!d.site_name.empty()) site["name"] = d.site_name;
  if (d.organiser_here) {
    begin_with_record(
        content,
        record_of_organiser(
            s, reader, store::find_organiser_by_id(reader, s.keys, *d.organiser_here).value()));
    if (d.site_here) {
      site = record_of_site(s, reader, store::find_site(reader, s.keys, *d.site_here).value());
      site.erase("access");  // it begins anew
    }
  } else {
    begin_with_record(content, record_from_answers(in, d));
  }
  add_registered_site(form, content, site);
  return content;
}

bool is_active(Reader& reader, const std::string& organiser_lookup) {
  return store::active_filing_of_organiser(reader, organiser_lookup, 0).has_value();
}

store::Filing insert_for(Service& s, Tx& tx, const By& by, store::Filing filing,
                         const json::object& content) {
  filing.client_id = client_for_draft(s, tx, filing);
  return insert_draft(s, tx, filing, content, by.person);
}

}  // namespace

store::Filing create_filing(Service& s, const By& by, const DeterminationInput& input,
                            const std::vector<Change>& changes,
                            const std::optional<std::string>& password,
                            const std::optional<Id>& client) {
  const Determined determined = determine(s, by.account, input);
  const KindDecision& decision = determined.decision;
  if (!decision.kind || decision.outcome == Outcome::already_filed_here)
    throw Refusal(RefusalCode::conflict, "kind_not_offered", {},
                  {{"outcome", std::string(to_string(decision.outcome))},
                   {"filing_id", decision.filing ? id_to_string(*decision.filing) : ""}});
  const std::string proof =
      *decision.kind == Kind::first_filing
          ? std::string()
          : prove_password(s, input.province, decision.organiser_number, password);
  Beginning beginning = beginning_of(s, by, input, determined, proof);
  beginning.filing.client_id = client;
  apply_changes(s.reference.form_of(beginning.filing.kind), beginning.content, changes);
  return s.db.write([&](Tx& tx) { return insert_beginning(s, tx, by, beginning); });
}

Beginning beginning_of(Service& s, const By& by, const DeterminationInput& input,
                       const Determined& determined, const std::string& proof) {
  store::Filing filing;
  filing.account_id = by.account;
  filing.kind = determined.decision.kind.value();
  filing.province = input.province;
  if (filing.kind != Kind::first_filing) {
    filing.organiser_number = determined.decision.organiser_number;
    filing.organiser_id = determined.organiser_here;
  }
  json::object content = s.db.read([&](Reader& reader) {
    if (filing.kind == Kind::new_website) return website_content(s, reader, input, determined);
    if (filing.kind == Kind::new_access) return access_content(s, reader, input, determined);
    return first_content(s, input, determined);
  });
  if (!proof.empty()) content["proof"] = json::object{{"password_hash", proof}};
  return {std::move(filing), std::move(content)};
}

store::Filing insert_beginning(Service& s, Tx& tx, const By& by, const Beginning& beginning) {
  return insert_for(s, tx, by, beginning.filing, beginning.content);
}

FromRegistry read_from_registry(const json::object& body) {
  FromRegistry out;
  const auto kind = kind_from_string(get_string(body, "kind", 40));
  if (!kind || begins_with_domain(*kind))
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"kind", "choice_unknown", {}, "", "", true}});
  out.kind = *kind;
  out.password = opt_string(body, "password", 64);
  out.client = opt_id(body, "client_id");
  if (const json::value* sites = body.if_contains("sites"); sites && sites->is_array()) {
    if (sites->get_array().size() > k_most_sites)
      throw Refusal(RefusalCode::invalid, "request_invalid",
                    {{"sites", "too_many", {{"max", std::to_string(k_most_sites)}}, "", "", true}});
    for (const json::value& site : sites->get_array()) {
      const auto id =
          site.is_string() ? id_from_string(std::string(site.get_string())) : std::nullopt;
      if (id && std::find(out.sites.begin(), out.sites.end(), *id) == out.sites.end())
        out.sites.push_back(*id);
    }
  }
  return out;
}

Chosen choose_registered(Service& s, Reader& reader, Id account, Id organiser,
                         const FromRegistry& what) {
  const auto found = store::find_organiser_by_id(reader, s.keys, organiser);
  if (!found || found->account_id != account) throw Refusal(RefusalCode::not_found, "not_found");
  if (found->cancelled) throw Refusal(RefusalCode::conflict, "organiser_cancelled");
  Chosen out{*found, {}};
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, organiser)) {
    const bool whole = what.kind == Kind::cancel_organiser;
    const bool chosen =
        std::find(what.sites.begin(), what.sites.end(), site.id) != what.sites.end();
    if (site.state == store::Standing::cancelled || !(whole || chosen)) continue;
    if (what.kind == Kind::cancel_access && site.state != store::Standing::served)
      throw Refusal(RefusalCode::conflict, "access_cancelled");
    if (what.kind == Kind::change && site.state != store::Standing::served)
      throw Refusal(RefusalCode::conflict, "change_elsewhere");
    out.sites.push_back(site);
  }
  const bool needs = what.kind == Kind::cancel_website || what.kind == Kind::cancel_access;
  if (needs && out.sites.empty())
    throw Refusal(RefusalCode::invalid, "sites_not_chosen",
                  {{"sites", "sites_not_chosen", {}, "", "", true}});
  return out;
}

store::Filing begin_from_registry(Service& s, const By& by, Id organiser_id,
                                  const FromRegistry& what) {
  const Chosen chosen = s.db.read(
      [&](Reader& reader) { return choose_registered(s, reader, by.account, organiser_id, what); });
  const store::Organiser& organiser = chosen.organiser;
  // Leaving a provider needs no password (specification 3.1: Zxlb 2).
  const std::string proof =
      what.kind == Kind::cancel_access
          ? std::string()
          : prove_password(s, organiser.province, organiser.number, what.password);
  store::Filing filing;
  filing.account_id = by.account;
  filing.kind = what.kind;
  filing.client_id = what.client;
  filing.province = organiser.province;
  filing.organiser_id = organiser.id;
  filing.organiser_number = organiser.number;
  const Form& form = s.reference.form_of(what.kind);
  return s.db.write([&](Tx& tx) {
    if (is_active(tx, organiser.certificate_lookup))
      throw Refusal(RefusalCode::conflict, "organiser_in_flight");
    json::object content = new_content(form);
    begin_with_record(content, record_of_organiser(s, tx, organiser));
    for (const store::RegisteredSite& site : chosen.sites)
      add_registered_site(form, content, record_of_site(s, tx, site));
    if (!proof.empty()) content["proof"] = json::object{{"password_hash", proof}};
    return insert_for(s, tx, by, filing, content);
  });
}

bool refresh_record(Service& s, Reader& reader, const store::Filing& filing,
                    json::object& content) {
  const json::object* record = beian::record_of(content);
  if (!record || !filing.organiser_id) return false;
  const auto organiser = store::find_organiser_by_id(reader, s.keys, *filing.organiser_id);
  if (!organiser || number_at(*record, "changed_at") == organiser->changed_at) return false;
  json::object now = record_of_organiser(s, reader, *organiser);
  json::array sites;
  for (const std::string& key : site_keys(*record)) {
    const auto id = id_from_string(text_at(*record, "sites." + key + ".id"));
    const auto registered = id ? store::find_site(reader, s.keys, *id) : std::nullopt;
    json::object site;
    if (registered) {
      site = record_of_site(s, reader, *registered);
    } else if (const json::value* known = value_at(*record, "sites." + key)) {
      site = known->as_object();
    }
    site["key"] = key;
    sites.push_back(std::move(site));
  }
  if (!sites.empty()) now["sites"] = std::move(sites);
  content["record"] = std::move(now);
  return true;
}

bool can_copy(Service& s, Reader& reader, const store::Filing& filing,
              const json::object& content) {
  if (!is_final(filing.state) || filing.approved_at || !content.contains("sites")) return false;
  if (filing.kind == Kind::first_filing) return true;
  const auto organiser =
      store::find_organiser_by_id(reader, s.keys, filing.organiser_id.value_or(0));
  const bool here =
      organiser && !organiser->cancelled && organiser->account_id == filing.account_id;
  const bool free_of_password =
      filing.kind == Kind::cancel_access || !policy_of(s, filing.province).filing_password;
  const auto sites = store::list_sites(reader, filing.id);
  return here && free_of_password &&
         std::ranges::none_of(sites, [](const auto& site) { return site.outcome == "passed"; });
}

store::Filing copy_filing(Service& s, const By& by, Id id) {
  return s.db.write([&](Tx& tx) {
    const store::Filing old = own_filing(s, tx, by.account, id);
    json::object content = parse_content(old.content);
    if (!can_copy(s, tx, old, content)) throw Refusal(RefusalCode::conflict, "copy_not_offered");
    if (store::own_open_filing_of_organiser(tx, by.account, old.organiser_lookup))
      throw Refusal(RefusalCode::conflict, "organiser_in_flight");
    // A service code is for one filing.
    for (json::value& site : content["sites"].as_array())
      if (json::value* access = site.as_object().if_contains("access");
          access && access->is_object())
        access->get_object().erase("code");
    content.erase("confirm");
    store::Filing filing;
    filing.account_id = by.account;
    filing.kind = old.kind;
    filing.province = old.province;
    filing.client_id = old.client_id;
    filing.organiser_id = old.organiser_id;
    filing.organiser_number = old.organiser_id ? old.organiser_number : std::nullopt;
    refresh_record(s, tx, filing, content);
    return insert_for(s, tx, by, filing, content);
  });
}

}  // namespace beian::service
