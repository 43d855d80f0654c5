#include "service/inbound_tasks.h"

#include "service/act.h"
#include "service/bureau_answers.h"
#include "service/content_access.h"
#include "service/ipv4.h"
#include "service/tell_bureau.h"
#include "store/bureau_tasks.h"
#include "store/owners.h"

namespace beian::service {
namespace {

class Opening {
 public:
  Opening(Service& s, Tx& tx, const Inbound& in) : s_(s), tx_(tx), in_(in) {}

  int opened() const { return opened_; }

  // True when it is new.
  bool open(const std::string& kind, const std::string& key, const std::string& subject,
            json::object content, const std::optional<store::Owner>& owner,
            std::string_view deadline) {
    store::BureauTask task;
    task.key = kind + "/" + in_.province + "/" + key;
    task.province = in_.province;
    task.kind = kind;
    task.subject = subject;
    task.content = json::serialize(content);
    if (owner) {
      task.account_id = owner->account_id;
      if (owner->filing_id != 0) task.filing_id = owner->filing_id;
    }
    task.file_name = in_.file_name;
    task.received_at = s_.now();
    if (!deadline.empty()) {
      const LiveSettingsPtr live = s_.settings.now();
      const Limit& limit = live->deadlines.at(deadline);
      task.due_at = due_at(live->calendar, limit.unit, limit.limit, s_.now());
    }
    if (!store::put_task(tx_, s_.keys, task)) return false;
    ++opened_;
    return true;
  }

  void found(const std::string& key, const std::string& subject, json::object content,
             const std::optional<store::Owner>& owner, const Said& told) {
    if (open("finding", key, subject, std::move(content), owner, "bureau_finding") && owner)
      tell_owner(s_, tx_, *owner, "bureau_finding", "finding/" + in_.province + "/" + key, told);
  }

  Service& s_;
  Tx& tx_;
  const Inbound& in_;

 private:
  int opened_ = 0;
};

void open_verifications(Opening& o, const std::vector<bureau::VerificationTask>& tasks) {
  for (const bureau::VerificationTask& task : tasks) {
    const Id id = task.organiser.publication.id;
    std::string domain;
    for (const auto& site : task.websites)
      if (domain.empty() && !site.domains.empty()) domain = site.domains.front().name;
    o.open("verification", id_to_string(id) + "/" + o.in_.file_name,
           domain.empty() ? id_to_string(id) : domain, content_of(task),
           store::owner_of_organiser(o.tx_, id, ""), "bureau_verification");
  }
}

void open_unfiled(Opening& o, const std::vector<bureau::UnfiledWebsite>& sites) {
  for (const bureau::UnfiledWebsite& site : sites)
    o.open("unfiled_site", id_to_string(site.id), site.domain, content_of(site),
           store::owner_of_domain(o.tx_, registrable_of(site.domain)), "bureau_unfiled_site");
}

void open_illegal(Opening& o, const std::vector<bureau::IllegalAccess>& all) {
  for (const bureau::IllegalAccess& access : all)
    o.open("blacklisted_site", id_to_string(access.id), access.domain,
           {{"what", "illegal_access"},
            {"ip", ipv4_to_text(access.ip)},
            {"detected", access.detected},
            {"provider", id_to_string(access.provider)},
            {"remark", access.remark}},
           store::owner_of_domain(o.tx_, registrable_of(access.domain)), "bureau_unfiled_site");
}

void open_findings(Opening& o, const bureau::Inspection& inspection) {
  for (const auto& f : inspection.organisers) {
    const auto owner = store::owner_of_organiser(o.tx_, f.organiser_id, "");
    o.found(
        "organiser/" + id_to_string(f.organiser_id) + "/" + o.in_.file_name,
        owner ? owner->number : id_to_string(f.organiser_id),
        {{"what", "organiser_wrong"}, {"name", f.name}, {"reason", f.reason}, {"remark", f.remark}},
        owner, {"organiser_wrong", {{"reason", f.reason}}, ""});
  }
  for (const auto& f : inspection.accesses) {
    const bool absent =
        f.finding == static_cast<std::int64_t>(bureau::AccessMismatch::filed_but_absent);
    const std::string what = absent ? "access_absent" : "access_unfiled";
    const std::string ip = f.resolved_ip ? ipv4_to_text(*f.resolved_ip) : "";
    o.found("access/" + id_to_string(f.website_id) + "/" + f.inspected, f.website_number,
            {{"what", what},
             {"domain", f.domain},
             {"ip", ip},
             {"inspected", f.inspected},
             {"remark", f.remark}},
            store::owner_of_site(o.tx_, f.website_id, f.website_number),
            {what, {{"domain", f.domain}, {"ip", ip}}, ""});
  }
  for (const auto& f : inspection.hollow_websites) {
    if (f.dead == false) continue;  // alive: nothing to be done
    o.found("hollow/" + id_to_string(f.website_id) + "/" + f.inspected, f.website_number,
            {{"what", "hollow_site"},
             {"home_url", f.home_url},
             {"inspected", f.inspected},
             {"remark", f.remark}},
            store::owner_of_site(o.tx_, f.website_id, f.website_number), {"hollow_site", {}, ""});
  }
  for (const auto& f : inspection.liveness)
    o.found("liveness/" + id_to_string(f.website_id) + "/" + f.inspected, f.website_number,
            {{"what", "not_alive"},
             {"home_url", f.home_url},
             {"inspected", f.inspected},
             {"remark", f.remark}},
            store::owner_of_site(o.tx_, f.website_id, f.website_number), {"not_alive", {}, ""});
}

void open_notices(Opening& o, const std::vector<bureau::RectificationNotice>& notices) {
  for (std::size_t i = 0; i < notices.size(); ++i) {
    const bureau::RectificationNotice& n = notices[i];
    const bool of_site = n.scope == static_cast<std::int64_t>(bureau::RecordKind::website);
    const auto owner = of_site ? store::owner_of_site(o.tx_, n.record, n.number)
                               : store::owner_of_organiser(o.tx_, n.record, n.number);
    const std::string key = o.in_.file_name + "/" + std::to_string(i);
    const std::string subject = !n.number.empty() ? n.number
                                : owner           ? owner->number
                                                  : id_to_string(n.record);
    const bool fresh = o.open("notice", key, subject,
                              {{"what", of_site ? "rectify_site" : "rectify_organiser"},
                               {"text", n.text},
                               {"remark", n.remark}},
                              owner, "bureau_notice");
    if (fresh && owner)
      tell_owner(o.s_, o.tx_, *owner, "bureau_notice", "notice/" + o.in_.province + "/" + key,
                 {"", {}, n.text});
  }
}

}  // namespace

int open_tasks(Service& s, Tx& tx, const Inbound& in, const bureau::Download& download) {
  Opening o(s, tx, in);
  open_verifications(o, download.verification_tasks);
  open_unfiled(o, download.unfiled_websites);
  open_illegal(o, download.illegal_accesses);
  open_findings(o, download.inspection);
  open_notices(o, download.notices);
  return o.opened();
}

}  // namespace beian::service
