#include "service/domain_facts.h"

#include <algorithm>

#include "base/text.h"
#include "bureau/gbk.h"
#include "filing/content.h"
#include "filing/derived.h"
#include "filing/home_page.h"
#include "filing/kind.h"
#include "filing/registration.h"
#include "service/account.h"
#include "service/content_access.h"
#include "service/rule_facts.h"
#include "store/jobs.h"
#include "store/registry.h"

namespace beian::service {
namespace {

using store::DomainCheck;
using store::DomainQuestion;

constexpr int k_kept = 20, k_shown = 5, k_most_a_round = 100;
constexpr Millis k_trusted = 30 * k_day;

void ask(Service& s, Tx& tx, const std::string& domain, DomainQuestion what, Millis pause,
         std::optional<Id> filing) {
  const Id id = store::ask_domain(tx, domain, what, s.now(), s.now() - pause);
  if (id == 0) return;
  store::put_job(tx, {0, "check_domain", "domain/" + id_to_string(id), filing, id_to_string(id),
                      s.now(), 0, ""});
}

json::object answer_of(const Fetched& seen) {
  return {{"server", seen.url}, {"address", seen.address}, {"error", seen.error}};
}

// RDAP; where the registry keeps the holder to its registrar, the registrar's RDAP as well.
std::optional<json::object> ask_rdap(Service& s, const OutboundGuard& guard,
                                     const std::string& domain, json::object& trouble) {
  const Registries& registries = s.reference.registries;
  const std::string url = registries.rdap_url(domain);
  if (url.empty()) return std::nullopt;
  constexpr std::string_view k_type = "application/rdap+json";
  const Fetched seen = guard.get(url, {}, false, k_type);
  json::object out = answer_of(seen);
  out["source"] = "rdap";
  if (seen.error.empty() && seen.status == 404) {
    out["free"] = true;
    return out;
  }
  auto found = seen.error.empty() && seen.status == 200 ? registries.read_rdap(seen.body, domain)
                                                        : std::nullopt;
  if (!found) {
    if (seen.error.empty())
      out["error"] = seen.status == 200 ? "unreadable" : "http_" + std::to_string(seen.status);
    trouble = std::move(out);
    return std::nullopt;
  }
  if (found->holder.empty() && !found->privacy && !found->more.empty()) {
    const Fetched more = guard.get(found->more, {}, false, k_type);
    if (more.error.empty() && more.status == 200)
      if (const auto theirs = registries.read_rdap(more.body, domain)) {
        found->holder = theirs->holder;
        found->privacy = theirs->privacy;
      }
  }
  for (auto& [name, value] : found->to_json()) out[name] = value;
  return out;
}

std::optional<json::object> ask_whois(Service& s, const OutboundGuard& guard,
                                      const std::string& domain, json::object& trouble) {
  const Registries& registries = s.reference.registries;
  const std::string host = registries.whois_host(domain);
  if (host.empty()) return std::nullopt;
  const Fetched seen = guard.ask_whois(host, domain, {});
  json::object out = answer_of(seen);
  out["source"] = "whois";
  const std::string text = is_utf8(seen.body) ? seen.body : bureau::from_gbk(seen.body).utf8;
  if (const auto found = registries.read_whois(text, domain); seen.error.empty() && found) {
    for (auto& [name, value] : found->to_json()) out[name] = value;
    return out;
  }
  if (seen.error.empty() && Registries::is_free(text)) {
    out["free"] = true;
    return out;
  }
  if (seen.error.empty()) out["error"] = "unreadable";
  trouble = std::move(out);
  return std::nullopt;
}

// {state, result}
std::pair<std::string, json::object> look_up_registration(Service& s, const OutboundGuard& guard,
                                                          const std::string& domain) {
  json::object trouble{{"error", "no_server"}};
  if (auto found = ask_rdap(s, guard, domain, trouble)) return {"done", std::move(*found)};
  if (auto found = ask_whois(s, guard, domain, trouble)) return {"done", std::move(*found)};
  return {"failed", std::move(trouble)};
}

json::object look_at_website(const OutboundGuard& guard, const std::string& domain) {
  const Resolved led_to = guard.resolve(domain);
  Fetched seen = guard.get("http://" + domain + "/", {}, true, "text/html,*/*");
  // Many answer at www alone.
  if (seen.error == "name" && seen.status == 0)
    seen = guard.get("http://www." + domain + "/", {}, true, "text/html,*/*");
  // A body that was cut within a character is still text.
  const std::string text = is_utf8(seen.body) ? seen.body : bureau::from_gbk(seen.body).utf8;
  const HomePage page = read_home_page(text);
  json::object out = answer_of(seen);
  const auto& addresses = led_to.addresses.empty() ? seen.addresses : led_to.addresses;
  out["addresses"] = json::array(addresses.begin(), addresses.end());
  out["status"] = seen.status;
  out["title"] = page.title;
  out["excerpt"] = page.excerpt;
  out["numbers"] = json::array(page.numbers.begin(), page.numbers.end());
  out["links_ministry"] = page.links_ministry;
  return out;
}

std::optional<DomainCheck> latest_done(Service& s, Reader& reader, const std::string& domain,
                                       DomainQuestion what) {
  for (DomainCheck& check : store::domain_checks(reader, s.keys, domain, what, k_shown))
    if (check.state == "done" && check.done_at && *check.done_at >= s.now() - k_trusted)
      return std::move(check);
  return std::nullopt;
}

bool answers(const json::object& website) {
  const std::int64_t status = get_int(website, "status");
  return get_string(website, "error").empty() && status >= 200 && status < 400;
}

// Closed while it is not filed; afterwards its number below the page, with a link to the ministry.
std::string verdict_of(const json::object& website, const std::vector<std::string>& numbers) {
  const bool open = answers(website);
  if (numbers.empty()) return open ? "open_unfiled" : "closed";
  if (!open) return "no_answer";
  bool right = false;
  for (const json::value& seen : website.at("numbers").as_array())
    for (const std::string& number : numbers)
      right = right || std::string_view(seen.as_string()) == number ||
              organiser_part(seen.as_string()) == organiser_part(number);
  if (!right) return website.at("numbers").as_array().empty() ? "number_missing" : "number_other";
  return get_bool(website, "links_ministry") ? "number_right" : "number_unlinked";
}

// Numbers under which the website is filed; none while it is not.
std::vector<std::string> numbers_of(Service& s, Reader& reader, const std::string& domain) {
  const auto site = store::find_registered_site(reader, s.keys, domain);
  if (site && !site->number.empty()) return {site->number};
  return {};
}

json::value show_check(const std::vector<DomainCheck>& checks) {
  if (checks.empty()) return nullptr;
  const DomainCheck& latest = checks.front();
  json::object out{{"state", latest.state}, {"asked_at", latest.asked_at}};
  // While a new answer is awaited the last one stays in view.
  for (const DomainCheck& check : checks) {
    if (check.result.empty()) continue;
    const json::value kept = parse_json(check.result);
    for (const auto& [name, value] : as_object(kept)) out[name] = value;
    out["done_at"] = check.done_at.value_or(0);
    break;
  }
  return out;
}

std::string standing_of(Service& s, const std::string& ascii) {
  switch (s.reference.catalogue.suffixes.standing(
      std::string_view(ascii).substr(ascii.rfind('.') + 1))) {
    case Suffixes::Standing::approved:
      return "approved";
    case Suffixes::Standing::refused:
      return "refused";
    default:
      return "unlisted";
  }
}

}  // namespace

void ask_about_domains(Service& s, Tx& tx, const store::Filing& filing, bool again) {
  if (!s.config.domains.lookups || is_cancel(filing.kind)) return;
  for (const store::FilingSite& site : store::list_sites(tx, filing.id)) {
    if (site.domain.empty()) continue;
    ask(s, tx, site.domain, DomainQuestion::registration, again ? k_minute : k_day, filing.id);
    ask(s, tx, site.domain, DomainQuestion::website, again ? k_minute : k_hour, filing.id);
  }
}

void patrol_domains(Service& s) {
  if (!s.config.domains.lookups || s.config.domains.patrol_days == 0) return;
  const Millis before = s.now() - s.config.domains.patrol_days * k_day;
  s.db.write([&](Tx& tx) {
    for (const std::string& domain : store::domains_to_look_at(tx, before, k_most_a_round))
      ask(s, tx, domain, DomainQuestion::website, 0, std::nullopt);
  });
}

void check_domain(Service& s, const OutboundGuard& guard, Id id) {
  const auto check =
      s.db.read([&](Reader& reader) { return store::find_domain_check(reader, s.keys, id); });
  if (!check || check->state != "waiting") return;
  auto [state, result] =
      check->what == DomainQuestion::registration
          ? look_up_registration(s, guard, check->domain)
          : std::pair<std::string, json::object>{"done", look_at_website(guard, check->domain)};
  s.db.write([&](Tx& tx) {
    if (!store::answer_domain(tx, s.keys, id, state, json::serialize(result), s.now(), k_kept))
      return;
    // Pages that show it look again.
    for (const Id filing : store::open_filings_of(tx, check->domain))
      store::bump_revision(tx, filing, s.now());
  });
}

json::object known_of_domain(Service& s, Reader& reader, const std::string& domain,
                             const std::vector<std::string>& filed_ips) {
  json::object out;
  if (domain.empty()) return out;
  if (const auto check = latest_done(s, reader, domain, DomainQuestion::registration)) {
    const json::value kept = parse_json(check->result);
    const json::object& told = as_object(kept);
    for (const auto& [from, to] : {std::pair{"holder", "registered_holder"},
                                   {"until", "registered_until"},
                                   {"domestic", "registrar_domestic"},
                                   {"privacy", "domain_private"}})
      if (const json::value* value = told.if_contains(from); !is_absent(value)) out[to] = *value;
    if (const auto since = parse_day(text_at(told, "registered_on")))
      out["domain_days"] = std::max<std::int64_t>(0, (shanghai_day(s.now()) - *since).count());
  }
  if (const auto check = latest_done(s, reader, domain, DomainQuestion::website)) {
    const json::value kept = parse_json(check->result);
    const json::array& addresses = kept.at("addresses").as_array();
    out["website_open"] = answers(as_object(kept));
    if (!addresses.empty() && !filed_ips.empty())
      out["resolves_as_filed"] = std::ranges::all_of(addresses, [&](const json::value& address) {
        return std::ranges::find(filed_ips, std::string(address.as_string())) != filed_ips.end();
      });
  }
  return out;
}

json::object show_domains(Service& s, Reader& reader, const store::Filing& filing, bool masked) {
  const json::object content = parse_content(filing.content);
  const json::object known = derive_facts(content, outside_facts(s, reader, filing, content));
  json::array sites;
  for (const store::FilingSite& site : store::list_sites(reader, filing.id)) {
    if (site.domain.empty()) continue;
    const std::string item = "sites." + site.key;
    json::object out{{"key", site.key},
                     {"domain", unicode_domain(site.domain)},
                     {"ascii", site.domain},
                     {"suffix", standing_of(s, site.domain)},
                     {"holder_is", text_at(known, item + ".domain_holder")},
                     {"until", text_at(known, item + ".domain_until")},
                     {"typed_holder", text_at(content, item + ".domain_holder")},
                     {"typed_until", text_at(content, item + ".domain_until")}};
    out["registration"] = show_check(
        store::domain_checks(reader, s.keys, site.domain, DomainQuestion::registration, k_shown));
    const auto looks =
        store::domain_checks(reader, s.keys, site.domain, DomainQuestion::website, k_shown);
    out["website"] = show_check(looks);
    if (json::object* website = out["website"].if_object();
        website && website->contains("status")) {
      const auto numbers = numbers_of(s, reader, site.domain);
      (*website)["verdict"] = verdict_of(*website, numbers);
      (*website)["filed_as"] = json::array(numbers.begin(), numbers.end());
      json::array history;
      for (const DomainCheck& look : looks)
        if (!look.result.empty()) {
          const json::value kept = parse_json(look.result);
          history.push_back(json::object{{"at", look.done_at.value_or(0)},
                                         {"status", kept.at("status")},
                                         {"error", kept.at("error")},
                                         {"title", kept.at("title")}});
        }
      (*website)["history"] = std::move(history);
    }
    if (masked) {
      out["typed_holder"] = mask_name(text_at(out, "typed_holder"));
      if (json::object* told = out["registration"].if_object(); told && told->contains("holder"))
        (*told)["holder"] = mask_name(get_string(*told, "holder"));
    }
    sites.push_back(std::move(out));
  }
  return {{"enabled", s.config.domains.lookups}, {"sites", std::move(sites)}};
}

}  // namespace beian::service
