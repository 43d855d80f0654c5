#include "service/reminders.h"

#include <algorithm>

#include "base/text.h"
#include "filing/date.h"
#include "service/account.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "service/registered.h"
#include "service/tell.h"
#include "store/cases.h"
#include "store/products.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr int k_most_a_round = 100;
// The bureau's own return usually arrives in that time.
constexpr Millis k_grace = 2 * k_hour;

void remind(Service& s, Id id, std::int64_t hours) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (filing && filing->state == State::sms_pending) tell_sms_check_ends(s, tx, *filing, hours);
  });
}

void expire(Service& s, Id id, Millis before) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (!filing || filing->state != State::sms_pending || filing->state_since > before) return;
    // The number to be mended opens with it.
    const bool asks = s.reference.form_of(filing->kind).field("principal.mobile") != nullptr;
    store::insert_correction(tx, s.keys,
                             {0, filing->id, asks ? "principal.mobile" : "", "sms_expired", "",
                              "bureau", std::nullopt, "open", s.now()});
    act(s, tx, *filing, {Action::sms_expired, Actor::clock, std::nullopt, ""});
  });
}

struct Ending {
  std::string key, what;  // stable name, and what the owner calls it
  std::string until;
};

std::vector<Ending> endings_of(Service& s, Reader& reader, const store::Organiser& organiser,
                               const std::string& locale) {
  std::vector<Ending> out;
  const auto add = [&](const std::string& key, const std::string& name, const std::string& of,
                       const std::string& until) {
    if (until.empty() || until == "long") return;
    out.push_back({key, s.texts.render(locale, "events", name, {{"of", of}}), until});
  };
  const json::object record = record_of(s, reader, organiser);
  add("principal", "ends_certificate", mask_name(text_at(record, "principal.name")),
      text_at(record, "principal.certificate_until"));
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, organiser.id)) {
    if (site.state != store::Standing::served) continue;
    const std::string id = id_to_string(site.id), domain = unicode_domain(site.domain);
    const json::object of_site = record_of(s, reader, site);
    const json::value* same = of_site.if_contains("manager_same");
    if (same && same->is_bool() && !same->get_bool())
      add("manager/" + id, "ends_certificate", mask_name(text_at(of_site, "manager.name")),
          text_at(of_site, "manager.certificate_until"));
    add("domain/" + id, "ends_domain", domain, text_at(of_site, "domain_until"));
    const auto slot = store::slot_product(reader, site.filing_id, site.site_key);
    const auto product = slot ? store::find_product(reader, *slot) : std::nullopt;
    if (product) add("product/" + id, "ends_product", domain, product->term_until);
  }
  return out;
}

// The announcement that is due: the least of the days that still covers what is left.
std::optional<std::int64_t> due(const Service& s, Day today, const std::string& until) {
  const auto end = parse_day(until);
  if (!end || *end < today) return std::nullopt;
  const std::int64_t left = (*end - today).count();
  std::optional<std::int64_t> found;
  for (std::int64_t days : s.reference.announce_days)
    if (left <= days && (!found || days < *found)) found = days;
  return found;
}

void announce(Service& s, const store::Organiser& organiser) {
  const Day today = shanghai_day(s.now());
  s.db.write([&](Tx& tx) {
    const auto account = store::find_account(tx, s.keys, organiser.account_id);
    if (!account) return;
    for (const Ending& ending : endings_of(s, tx, organiser, account->locale)) {
      const auto days = due(s, today, ending.until);
      if (!days) continue;
      const std::int64_t left = (parse_day(ending.until).value() - today).count();
      queue_notice(s, tx, *account, "", std::nullopt, "expires_soon",
                   "expires/" + id_to_string(organiser.id) + "/" + ending.key + "/" + ending.until +
                       "/" + std::to_string(*days),
                   {{{"number", organiser.number},
                     {"what", ending.what},
                     {"until", ending.until},
                     {"days", std::to_string(left)}},
                    {}});
    }
  });
}

}  // namespace

void tend_sms_checks(Service& s) {
  const Limit limit = s.settings.now()->deadlines.at("sms_check");
  const auto since = [&](Millis before) {
    return s.db.read([&](Reader& reader) {
      return store::filings_since(reader, State::sms_pending, before, k_most_a_round);
    });
  };
  const Millis end = s.now() - limit.limit * k_hour - k_grace;
  for (Id id : since(end)) expire(s, id, end);
  const std::int64_t half = limit.remind.value_or(limit.limit);
  for (Id id : since(s.now() - half * k_hour)) remind(s, id, limit.limit - half);
}

void announce_expiries(Service& s) {
  Id after = 0;
  while (true) {
    const auto page = s.db.read([&](Reader& reader) {
      return store::filed_organisers(reader, s.keys, after, k_most_a_round);
    });
    for (const store::Organiser& organiser : page) {
      after = organiser.id;
      if (organiser.account_id != 0) announce(s, organiser);
    }
    if (page.size() < k_most_a_round) break;
  }
  s.wake_workers();
}

}  // namespace beian::service
