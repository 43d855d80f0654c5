// Cancellations (ZXSJ) and the bureau's own registry (SJTB) beside ours.
#include <algorithm>

#include "service/content_access.h"
#include "service/inbound_tasks.h"
#include "service/registered.h"
#include "service/tell_bureau.h"
#include "store/bureau_tasks.h"
#include "store/owners.h"
#include "store/registry.h"

namespace beian::service {
namespace {

using bureau::RecordKind;

void open_task(Service& s, Tx& tx, const Inbound& in, const std::string& kind,
               const std::string& key, const std::string& subject, json::object content,
               const std::optional<store::Owner>& owner) {
  store::BureauTask task;
  task.key = kind + "/" + in.province + "/" + key;
  task.province = in.province;
  task.kind = kind;
  task.subject = subject;
  task.content = json::serialize(content);
  if (owner) {
    task.account_id = owner->account_id;
    if (owner->filing_id != 0) task.filing_id = owner->filing_id;
  }
  task.file_name = in.file_name;
  task.received_at = s.now();
  store::put_task(tx, s.keys, task);
}

std::string first_domain(const bureau::Website& site) {
  return site.domains.empty() ? site.publication.number : site.domains.front().name;
}

// Websites that we hold as filed under this organiser and the bureau does not.
std::vector<store::RegisteredSite> missing_there(Service& s, Tx& tx,
                                                 const bureau::PublishedFiling& theirs) {
  std::vector<store::RegisteredSite> out;
  const auto organiser =
      store::find_organiser_by_bureau_id(tx, s.keys, theirs.organiser.publication.id);
  if (!organiser) return out;
  for (store::RegisteredSite& site : store::sites_of(tx, s.keys, organiser->id))
    if (site.state != store::Standing::cancelled &&
        std::none_of(theirs.websites.begin(), theirs.websites.end(),
                     [&](const auto& their) { return their.publication.id == site.bureau_id; }))
      out.push_back(std::move(site));
  return out;
}

}  // namespace

LineNotes apply_cancellations(Service& s, Tx& tx, const Inbound& in,
                              const std::vector<bureau::CancelledRecord>& records) {
  LineNotes notes;
  for (const bureau::CancelledRecord& record : records) {
    const bool organiser = record.scope == static_cast<std::int64_t>(RecordKind::organiser);
    if (record.scope == static_cast<std::int64_t>(RecordKind::access)) {
      // Outside V3.0's own range (0 to 1), yet its text speaks of it.
      const bool known = end_record(s, tx, RecordKind::access, record.record);
      notes.push_back(
          {known ? "cancelled_access" : "unknown_access", {{"id", id_to_string(record.record)}}});
      continue;
    }
    const auto owner = organiser ? store::owner_of_organiser(tx, record.record, "")
                                 : store::owner_of_site(tx, record.record, "");
    const std::string id = std::to_string(record.scope) + "/" + id_to_string(record.record);
    if (!owner) {
      notes.push_back({"unknown_cancelled", {{"id", id_to_string(record.record)}}});
      continue;
    }
    end_record(s, tx, static_cast<RecordKind>(record.scope), record.record);
    const std::string what = organiser ? "cancelled_organiser" : "cancelled_site";
    open_task(s, tx, in, "cancelled", id,
              owner->domain.empty() ? owner->number : unicode_domain(owner->domain),
              {{"what", what}, {"number", owner->number}, {"remark", record.remark}}, owner);
    tell_owner(s, tx, *owner, "record_cancelled", "cancelled/" + in.province + "/" + id,
               {what, {{"number", owner->number}}, ""});
    notes.push_back(
        {organiser ? "cancelled_organiser" : "cancelled_site", {{"number", owner->number}}});
  }
  return notes;
}

LineNotes compare_registry(Service& s, Tx& tx, const Inbound& in,
                           const bureau::Synchronisation& theirs) {
  LineNotes notes;
  int differences = 0;
  const auto differs = [&](const std::string& key, const std::string& subject, const char* what,
                           const std::string& ours, const std::string& number,
                           const std::optional<store::Owner>& owner) {
    open_task(s, tx, in, "difference", key, subject,
              {{"what", what}, {"ours", ours}, {"theirs", number}}, owner);
    ++differences;
  };
  for (const bureau::PublishedFiling& filing : theirs.filings) {
    const auto& organiser = filing.organiser.publication;
    const auto holder = store::owner_of_organiser(tx, organiser.id, organiser.number);
    if (!holder)
      differs("organiser/" + id_to_string(organiser.id), organiser.number, "unknown_organiser", "",
              organiser.number, std::nullopt);
    for (const bureau::Website& site : filing.websites) {
      const auto owner = store::owner_of_site(tx, site.publication.id, site.publication.number);
      const std::string key = "site/" + id_to_string(site.publication.id);
      if (!owner)
        differs(key, first_domain(site), "unknown_site", "", site.publication.number, holder);
      else if (owner->number != site.publication.number)
        differs(key, first_domain(site), "number_differs", owner->number, site.publication.number,
                owner);
    }
    for (const store::RegisteredSite& ours : missing_there(s, tx, filing))
      differs("missing/" + id_to_string(ours.bureau_id), unicode_domain(ours.domain),
              "missing_there", ours.number, "", holder);
  }
  if (!theirs.empty())
    notes.push_back({"synchronised",
                     {{"filings", std::to_string(theirs.filings.size())},
                      {"differences", std::to_string(differences)}}});
  return notes;
}

}  // namespace beian::service
