#include "service/determine.h"

#include "base/text.h"
#include "filing/check.h"
#include "filing/content.h"
#include "filing/domain_name.h"
#include "filing/identity.h"
#include "service/act.h"
#include "service/blacklist.h"
#include "service/content_access.h"
#include "service/proof.h"
#include "service/registered.h"
#include "store/filings.h"
#include "store/registry.h"

namespace beian::service {
namespace {

// The interface asks by certificate type 1 to 11 (specification 3-3-5); it has no query for others.
constexpr std::int64_t k_last_query_type = 11;

std::vector<Problem> check_input(Service& s, const DeterminationInput& in) {
  std::vector<Problem> out = check_domain(s.reference.catalogue.suffixes, in.domain);
  for (Problem& p : out) p.field = "domain";
  const Dictionaries& dictionaries = s.reference.catalogue.dictionaries;
  const DictionaryEntry* type = dictionaries.find("certificate_types", in.certificate_type);
  if (!dictionaries.find("natures", in.nature))
    out.push_back({"nature", "required", {}, "", "", true});
  if (!type || type->number("nature") != in.nature) {
    out.push_back({"certificate_type", "required", {}, "", "", true});
  } else if (auto problem = check_certificate_number(dictionaries, s.reference.catalogue.divisions,
                                                     in.certificate_type, in.certificate_number,
                                                     shanghai_day(s.now()))) {
    problem->field = "certificate_number";
    out.push_back(*problem);
  }
  if (!s.reference.bureaus.find(in.province))
    out.push_back({"province", "required", {}, "", "", true});
  return out;
}

BureauAnswer ask(Service& s, const std::string& province, int type, const std::string& condition) {
  BureauAnswer out;
  const auto line = s.bureaus.find(province);
  if (line == s.bureaus.end()) return out;
  const bureau::StatusAnswer answer = line->second.query_status(type, condition);
  if (!answer.answered(0)) {
    out.status = BureauAnswer::Status::unreachable;
    return out;
  }
  out.status = BureauAnswer::Status::answered;
  out.filed = answer.filed;
  out.organiser_number = answer.organiser_number;
  out.site_number = answer.site_number;
  out.site_name = answer.site_name;
  return out;
}

KindFacts facts_of_registry(Service& s, Reader& reader, Id account, Determined& d) {
  KindFacts facts;
  facts.own_filing = store::own_open_filing_of_domain(reader, account, d.domain);
  const auto active = store::active_filing_of_domain(reader, d.domain);
  const auto organisers = store::active_filing_of_organiser(reader, d.organiser_lookup, 0);
  for (const auto& other : {active, organisers}) {
    if (!other) continue;
    const auto fresh = store::freshness(reader, *other);
    if (fresh && fresh->account_id == account)
      facts.own_filing = facts.own_filing ? facts.own_filing : other;
    else
      facts.other_accounts_filing = true;
  }
  const auto organiser = store::find_organiser(reader, s.keys, d.organiser_lookup);
  if (organiser && !organiser->cancelled) {
    facts.organiser_number_here = organiser->number;
    facts.organiser_of_account = organiser->account_id == account;
    if (facts.organiser_of_account) d.organiser_here = organiser->id;
  }
  if (const auto site = store::find_registered_site(reader, s.keys, d.domain)) {
    const auto holder = store::find_organiser_by_id(reader, s.keys, site->organiser_id);
    const bool same = holder && holder->certificate_lookup == d.organiser_lookup;
    facts.domain_here = same ? DomainHolder::same_organiser : DomainHolder::other_organiser;
    facts.served_here = site->state == store::Standing::served;
    if (same && d.organiser_here) {
      d.site_here = site->id;
      d.site_name = text_at(record_of(s, reader, *site), "name");
      d.domain_number = site->number;
    }
  }
  return facts;
}

}  // namespace

namespace {

// Another account of this platform has it: a message may be passed on (service/holders.h).
bool is_held_here(std::string_view outcome_text) {
  return outcome_text == "conflict_here" || outcome_text == "organiser_other_account" ||
         outcome_text == "already_filed_other_account" || outcome_text == "in_flight_other_account";
}

}  // namespace

DeterminationInput read_determination(const json::object& body) {
  DeterminationInput in;
  std::vector<Problem> problems;
  const auto take = [&](auto& into, auto&& read) {
    try {
      into = read();
    } catch (
        const Refusal& refusal) {  // a program is told of all that is missing, not of the first
      problems.insert(problems.end(), refusal.problems().begin(), refusal.problems().end());
    }
  };
  take(in.domain, [&] { return get_string(body, "domain", 255); });
  take(in.nature, [&] { return get_int(body, "nature"); });
  take(in.certificate_type, [&] { return get_int(body, "certificate_type"); });
  take(in.certificate_number,
       [&] { return clean_line(get_string(body, "certificate_number", 255)); });
  take(in.province, [&] { return get_string(body, "province", 6); });
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", problems);
  return in;
}

Determined determine(Service& s, Id account, const DeterminationInput& in) {
  std::vector<Problem> problems = check_input(s, in);
  if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "determination_invalid", problems);
  Determined out;
  const auto domain = registrable_domain(parse_host(in.domain).value()).value();
  out.domain = domain.ascii;
  out.unicode_domain = domain.unicode;
  out.organiser_lookup =
      store::certificate_lookup(s.keys, in.certificate_type, in.certificate_number);
  problems = s.db.read([&](Reader& reader) {
    return blacklist_problems(s, reader,
                              {in.certificate_type,
                               in.certificate_number,
                               "certificate_number",
                               {{out.domain, "domain"}}});
  });
  if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "determination_invalid", problems);
  KindFacts facts =
      s.db.read([&](Reader& reader) { return facts_of_registry(s, reader, account, out); });
  // A filing of one's own under way answers everything: the bureau need not be asked.
  if (!facts.own_filing) {
    facts.domain = ask(s, in.province, bureau::k_by_domain, domain.unicode);
    if (in.certificate_type > k_last_query_type)
      facts.organiser.status = BureauAnswer::Status::cannot_ask;
    else
      facts.organiser =
          ask(s, in.province, static_cast<int>(in.certificate_type), in.certificate_number);
  }
  if (facts.domain.filed) {
    out.domain_number = facts.domain.site_number;
    out.site_name = facts.domain.site_name;
  }
  out.decision = determine_kind(facts);
  const bool proves = out.decision.kind && *out.decision.kind != Kind::first_filing;
  if (proves && policy_of(s, in.province).filing_password) {
    out.asks_password = true;
    out.tries_left = password_tries_left(s, out.decision.organiser_number);
  }
  return out;
}

json::object show_determination(const Service& s, const Determined& d, std::string_view locale) {
  const KindDecision& k = d.decision;
  const TextParams params{{"domain", d.unicode_domain},
                          {"organiser_number", k.organiser_number},
                          {"domain_number", d.domain_number}};
  json::object out{
      {"outcome", to_string(k.outcome)},
      {"kind", nullptr},
      {"possible", k.kind && k.outcome != Outcome::already_filed_here},
      {"filing_id", nullptr},
      {"organiser_number", nullptr},
      {"registrable", d.unicode_domain},
      {"title", s.texts.render(locale, "outcomes", k.text + ".title", params)},
      {"explanation", s.texts.render(locale, "outcomes", k.text + ".explanation", params)},
      {"next_step", s.texts.render(locale, "outcomes", k.text + ".next_step", params)},
      {"bureau_asked", k.bureau_asked},
      {"organiser_id", nullptr},
      {"asks_password", d.asks_password},
      {"tries_left", nullptr},
      {"site_number", nullptr},
      {"site_name", nullptr},
      {"held_here", is_held_here(k.text)}};
  if (d.organiser_here) out["organiser_id"] = id_to_string(*d.organiser_here);
  if (d.asks_password) out["tries_left"] = d.tries_left;
  if (k.kind == Kind::new_access) {
    out["site_number"] = d.domain_number;
    out["site_name"] = d.site_name;
  }
  if (k.kind) out["kind"] = to_string(*k.kind);
  if (k.filing) out["filing_id"] = id_to_string(*k.filing);
  if (!k.organiser_number.empty()) out["organiser_number"] = k.organiser_number;
  return out;
}

DomainAnswer check_domain_filed(Service& s, const std::string& typed) {
  const auto host = parse_host(clean_line(typed));
  const auto domain = host ? registrable_domain(*host) : std::nullopt;
  if (!domain)
    throw Refusal(RefusalCode::invalid, "determination_invalid",
                  {{"domain", "domain_invalid", {}, "", "", true}});
  DomainAnswer out{clean_line(typed), domain->unicode, std::nullopt, false, false, std::nullopt};
  const auto site = s.db.read(
      [&](Reader& reader) { return store::find_registered_site(reader, s.keys, domain->ascii); });
  if (site) {
    out.filed = true;
    out.here = site->state == store::Standing::served;
    out.number = site->number;
    return out;
  }
  // The ministry's registry is one; any connected bureau answers for the whole country.
  for (const auto& [province, client] : s.bureaus) {
    const BureauAnswer answer = ask(s, province, bureau::k_by_domain, domain->unicode);
    if (answer.status != BureauAnswer::Status::answered) continue;
    out.bureau_asked = true;
    out.filed = out.filed.value_or(false) || answer.filed;
    if (answer.filed && !answer.site_number.empty()) out.number = answer.site_number;
    break;
  }
  return out;
}

}  // namespace beian::service
