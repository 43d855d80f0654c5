#include "worker/clocks.h"

#include "service/account.h"
#include "service/act.h"
#include "service/ends.h"
#include "service/outbox.h"
#include "service/overdue.h"
#include "service/reminders.h"
#include "service/search.h"
#include "service/transfers.h"
#include "store/filings.h"
#include "store/materials.h"
#include "store/presence.h"

namespace beian::worker {
namespace {

constexpr int k_most_a_round = 100;

void end_draft(service::Service& s, Id id, Millis idle) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (filing && filing->state == State::draft && filing->updated_at <= idle)
      service::act(s, tx, *filing, {Action::expire, Actor::clock, std::nullopt, ""});
  });
}

void warn_of_end(service::Service& s, Id id, Millis idle) {
  s.db.write([&](Tx& tx) {
    const auto filing = store::find_filing(tx, s.keys, id);
    const auto account =
        filing ? store::find_account(tx, s.keys, filing->account_id) : std::nullopt;
    if (!account || filing->state != State::draft) return;
    service::queue_mail(
        s, tx, *account, id, "draft_expiring",
        "expiring/" + id_to_string(id) + "/" + std::to_string(filing->updated_at),
        {{"filing", id_to_string(id)},
         {"days", std::to_string((filing->updated_at - idle) / service::k_day + 1)}});
  });
}

// Drafts nobody touched: a warning while there is time, then the end (data/deadlines.json).
void tend_idle_drafts(service::Service& s) {
  const Limit limit = s.settings.now()->deadlines.at("draft_idle");
  const Millis idle = s.now() - limit.limit * service::k_day;
  const Millis warn = s.now() - limit.remind.value_or(limit.limit) * service::k_day;
  const auto find = [&](Millis before, bool unwarned) {
    return s.db.read([&](Reader& reader) {
      return store::idle_drafts(reader, before, unwarned, k_most_a_round);
    });
  };
  for (Id id : find(idle, false)) end_draft(s, id, idle);
  for (Id id : find(warn, true)) warn_of_end(s, id, idle);
}

}  // namespace

Done tend_clocks(service::Service& s, const store::Job&) {
  tend_idle_drafts(s);
  service::tend_waiting_filings(s);
  service::expire_transfers(s);
  service::tend_sms_checks(s);
  service::tend_overdue(s);
  s.db.write([&](Tx& tx) {
    store::remove_expired(tx, s.now());
    store::remove_gone_viewers(tx, s.now());
  });
  s.wake_workers();
  return {s.now() + service::k_minute, ""};
}

Done announce_expiries(service::Service& s, const store::Job&) {
  service::announce_expiries(s);
  return {s.now() + service::k_day, ""};
}

Done index_filings(service::Service& s, const store::Job&) {
  const Millis enough = s.now() + 2000;  // another job may want this thread
  while (service::index_some(s))
    if (s.now() > enough) return {s.now() + 100, ""};
  return {};
}

Done sweep_blobs(service::Service& s, const store::Job&) {
  const Millis before = s.now() - service::k_day;
  const auto gone = s.db.write([&](Tx& tx) { return store::forget_removed(tx, before); });
  for (const std::string& name : gone) s.blobs.remove(name);
  s.blobs.sweep(before, [&](const std::string& name) {
    return s.db.read([&](Reader& reader) { return store::is_blob_used(reader, name); });
  });
  return {s.now() + service::k_day, ""};
}

void plant_standing_jobs(service::Service& s) {
  s.db.write([&](Tx& tx) {
    store::put_job(tx, {0, "clocks", "clocks", std::nullopt, "", s.now(), 0, ""});
    store::put_job(tx,
                   {0, "announce_expiries", "announce_expiries", std::nullopt, "", s.now(), 0, ""});
    store::put_job(tx, {0, "index_filings", "index_filings", std::nullopt, "", s.now(), 0, ""});
    store::put_job(tx, {0, "sweep_blobs", "sweep_blobs", std::nullopt, "", s.now(), 0, ""});
    if (s.config.domains.lookups)
      store::put_job(tx, {0, "patrol_domains", "patrol_domains", std::nullopt, "", s.now(), 0, ""});
    for (const auto& [province, client] : s.bureaus) service::wake_line(s, tx, province);
  });
}

}  // namespace beian::worker
