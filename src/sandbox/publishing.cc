#include "sandbox/publishing.h"

#include <algorithm>

#include "base/refusal.h"
#include "bureau/auth.h"
#include "sandbox/china_time.h"

namespace beian::sandbox {
namespace {

using bureau::RecordKind;

std::set<Id> without(std::set<Id> providers, Id one) {
  providers.erase(one);
  return providers;
}

Subject living(Target& target) {
  if (target.fault != 0 || !target.subject) {
    throw Refusal(RefusalCode::conflict, "sandbox_order_target_gone");
  }
  return std::move(*target.subject);
}

Published new_filing(Tx& tx, const Province& province, const Record& record, Id isp_id,
                     const std::string& password, const std::string& reviewer, Millis now) {
  Subject subject;
  apply(subject.filing, record, Target{}, isp_id);
  subject.password = password;
  subject.filing.organiser.reviewer = reviewer;
  subject.filing.organiser.reviewed = china_date(now);
  save_subject(tx, province, subject, isp_id, now);
  return {subject.id, subject.number, publications(tx, subject, {isp_id})};
}

// Dates the websites an order is about.
void date_sites(Subject& subject, const Record& record, Id site, Millis now) {
  std::set<Id> touched{site};
  if (record.operation == Operation::change) {
    for (const auto& one : record.change().websites) touched.insert(one.publication.id);
  }
  for (auto& one : subject.filing.websites) {
    if (touched.count(one.publication.id) > 0) one.publication.last_changed = china_date(now);
  }
}

std::set<Id> concerned(const Subject& subject, const Record& record, const Target& target,
                       Id isp_id) {
  if (record.operation == Operation::new_website) return {isp_id};
  if (record.operation == Operation::change) return providers_of(subject.filing);
  const auto* site = subject.site(target.site);
  return site == nullptr ? std::set<Id>{} : providers_of(*site);
}

}  // namespace

std::string new_filing_password() {
  std::string password;
  while (password.size() < 8) {
    for (const char c : bureau::random_value()) {
      const bool clear = std::string_view("0Oo1lI5S2Z").find(c) == std::string_view::npos;
      if (clear && password.size() < 8) password += c;
    }
  }
  return password;
}

std::vector<News> publications(Reader& reader, const Subject& subject,
                               const std::set<Id>& providers) {
  std::vector<News> news;
  for (const auto provider : providers) {
    auto told = as_told_to(reader, subject, provider);
    if (told.websites.empty()) continue;
    News one{provider, {}};
    one.download.published = {std::move(told)};
    news.push_back(std::move(one));
  }
  return news;
}

std::vector<News> cancellations(RecordKind scope, Id record, const std::string& remark,
                                const std::set<Id>& providers) {
  std::vector<News> news;
  for (const auto provider : providers) {
    News one{provider, {}};
    one.download.cancelled = {{static_cast<std::int64_t>(scope), record, remark}};
    news.push_back(std::move(one));
  }
  return news;
}

Published carry_out(Tx& tx, const Province& province, const Record& record, Id isp_id,
                    const std::string& password, const std::string& reviewer, Millis now) {
  if (record.operation == Operation::new_filing) {
    return new_filing(tx, province, record, isp_id, password, reviewer, now);
  }
  auto target = find_target(tx, record);
  Subject subject = living(target);
  Published done{subject.id, subject.number, {}};
  if (record.operation == Operation::cancel_organiser) {
    const auto others = without(providers_of(subject.filing), isp_id);
    cancel_subject(tx, subject.id, now);
    done.news = cancellations(RecordKind::organiser, subject.id, "主办者申请注销", others);
    return done;
  }
  if (record.operation == Operation::cancel_website) {
    const auto* site = subject.site(target.site);
    const auto others = site == nullptr ? std::set<Id>{} : without(providers_of(*site), isp_id);
    apply(subject.filing, record, target, isp_id);
    save_subject(tx, province, subject, isp_id, now);
    done.news = cancellations(RecordKind::website, target.site, "主办者申请注销", others);
    return done;
  }
  apply(subject.filing, record, target, isp_id);
  date_sites(subject, record, target.site, now);
  save_subject(tx, province, subject, isp_id, now);
  done.news = publications(tx, subject, concerned(subject, record, target, isp_id));
  return done;
}

}  // namespace beian::sandbox
