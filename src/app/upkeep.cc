#include "app/upkeep.h"

#include <chrono>
#include <thread>

#include "app/backup.h"
#include "app/backup_expiry.h"
#include "base/log.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/related.h"
#include "service/retention.h"
#include "service/statistics.h"
#include "store/person_marks.h"
#include "store/privacy.h"

namespace beian::app {

using service::k_hour;
using service::k_minute;

constexpr int k_marks_a_round = 200;

void Upkeep::plant() {
  const auto plant_one = [](Tx& tx, const std::string& kind, Millis now) {
    store::put_job(tx, {0, kind, kind, std::nullopt, "", now, 0, ""});
  };
  service::retention_of(service_);  // a mistake in it is said at the start
  service_.db.write([&](Tx& tx) {
    plant_one(tx, "audit_head", service_.now());
    plant_one(tx, "retention", service_.now());
    plant_one(tx, "statistics", service_.now());
    plant_one(tx, "marks", service_.now());
    if (service_.config.backup.every_hours > 0 && !service_.config.backup.folder.empty())
      plant_one(tx, "backup", service_.now());
  });
}

std::map<std::string, worker::Work> Upkeep::works() {
  std::map<std::string, worker::Work> out;
  out["audit_head"] = [this](const store::Job&) { return keep_head(); };
  out["retention"] = [this](const store::Job&) { return retention(); };
  out["statistics"] = [this](const store::Job&) { return statistics(); };
  out["marks"] = [this](const store::Job&) -> worker::Done {
    const bool filings = service::mark_old_filings(service_, k_marks_a_round);
    const bool persons = service_.db.write(
        [&](Tx& tx) { return store::mark_persons_of_old(tx, service_.keys, k_marks_a_round); });
    if (!filings && !persons) return {};
    return {service_.now() + 1000, ""};
  };
  out["backup"] = [this](const store::Job&) { return backup(); };
  out["reseal"] = [this](const store::Job&) { return reseal(); };
  return out;
}

worker::Done Upkeep::keep_head() {
  service_.keys.refresh();
  service_.settings.refresh_sometimes(service_.db, service_.now());
  service::keep_audit_head(service_);
  return {service_.now() + k_minute, ""};
}

worker::Done Upkeep::retention() {
  const bool more = service::apply_retention(service_);
  expire_copies();
  return {service_.now() + (more ? 1000 : k_hour), ""};
}

void Upkeep::expire_copies() {
  const auto days = service::days_kept(service_, "backups");
  const auto expired = expire_backups(backup_folder(service_.config), days, SystemClock().now());
  if (!expired.late.empty())
    log_warn("backup_over_its_time", {{"copy", expired.late}, {"days", std::to_string(days)}});
  if (expired.removed == 0) return;
  service_.db.write([&](Tx& tx) {
    store::count_erased(tx, "backups", expired.removed, service_.now());
    service::record(service_, tx, {"clock", std::nullopt}, "privacy.retention", "",
                    {{"rule", "backups"}, {"count", expired.removed}});
  });
}

// Whoever tries the demo looks at once for what he did.
worker::Done Upkeep::statistics() {
  const bool more = service::roll_up_statistics(service_, 3);
  const Millis pause = service_.config.demo ? 2000 : 5 * k_minute;
  return {service_.now() + (more ? 100 : pause), ""};
}

worker::Done Upkeep::backup() {
  const BackupConfig& wanted = service_.config.backup;
  if (wanted.every_hours == 0 || wanted.folder.empty()) return {};  // no longer configured
  make_backup(service_.config, service_.db, wanted.folder);
  return {service_.now() + wanted.every_hours * k_hour, ""};
}

// A tenth of the time, so that people do not notice it, and for a few seconds, since a stop
// waits.
worker::Done Upkeep::reseal() {
  service_.keys.refresh();
  if (!reseal_) reseal_ = std::make_unique<store::Reseal>(service_.db, service_.keys);
  const Millis until = service_.now() + 3000;
  bool more = true;
  while (more && service_.now() < until) {
    const Millis began = service_.now();
    more = reseal_->step(100);
    if (!more) more = service_.blobs.reseal(20) > 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(9 * (service_.now() - began)));
  }
  log_info("resealed",
           {{"values", std::to_string(reseal_->done())}, {"more", more ? "yes" : "no"}});
  if (more) return {service_.now(), ""};
  reseal_.reset();
  return {};
}

}  // namespace beian::app
