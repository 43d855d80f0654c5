// Whose filing it is, what else is being done to it, and the filing password.
#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"
#include "bureau/auth.h"
#include "sandbox/checks.h"

namespace beian::sandbox {
namespace {

constexpr Millis k_day = 24 * 60 * 60 * 1000;

// The code with which this order waits for, or fails on, another one of the same filing; 0 when
// both may go their way.
std::int64_t lock_code(const Order& other, const Record& record, const Target& target, Id isp_id) {
  const auto asked = record.operation;
  const auto flying = other.operation;
  const bool same_site = other.site == target.site;
  if (asked == Operation::cancel_organiser && flying == asked) return 1027;
  if (asked == Operation::cancel_website && flying == asked) return same_site ? 1030 : 0;
  if (asked == Operation::cancel_access && flying == asked) {
    return other.access == target.access ? 1032 : 0;
  }
  if (asked == Operation::cancel_website && flying == Operation::cancel_organiser) return 1042;
  if (asked == Operation::cancel_organiser && flying == Operation::cancel_website) return 1043;
  // Leaving a website concerns nobody else.
  if (flying == Operation::cancel_access || asked == Operation::material) return 0;
  if (other.isp_id != isp_id) return asked == Operation::cancel_access ? 0 : 1003;
  if (asked == Operation::change && flying == asked) return 1017;
  if (asked == Operation::new_access && flying == asked && same_site) return 1029;
  if (asked == Operation::cancel_organiser || flying == Operation::cancel_organiser) return 1052;
  if (flying == Operation::cancel_website && same_site) return 1052;
  return 0;
}

std::int64_t changes_today(Reader& reader, const Situation& s, Id subject) {
  return reader
      .query_one(
          "SELECT COUNT(*) FROM orders WHERE subject_id = $1 AND isp_id = $2 AND operation = $3 "
          "AND received_at > $4",
          {subject, s.isp_id, static_cast<std::int64_t>(Operation::change), s.now - k_day})
      ->integer(0);
}

// Accesses of the website that nobody is leaving.
std::size_t staying(Reader& reader, const Subject& subject, Id site, Id but) {
  std::set<Id> leaving{but};
  for (const auto& order : orders_in_flight(reader, subject.id)) {
    if (order.operation == Operation::cancel_access) leaving.insert(order.access);
  }
  const auto* of = subject.site(site);
  if (of == nullptr) return 0;
  return static_cast<std::size_t>(
      std::count_if(of->accesses.begin(), of->accesses.end(),
                    [&](const auto& one) { return leaving.count(one.bureau_id) == 0; }));
}

bool same_content(const bureau::Access& a, const bureau::Access& b) {
  return a.locations == b.locations && a.methods == b.methods &&
         std::equal(
             a.ips.begin(), a.ips.end(), b.ips.begin(), b.ips.end(),
             [](const auto& x, const auto& y) { return x.first == y.first && x.last == y.last; });
}

class TargetCheck {
 public:
  TargetCheck(Reader& reader, const Situation& s, const Record& record, const Target& target)
      : reader_(reader), s_(s), record_(record), target_(target), subject_(*target.subject) {}

  std::vector<bureau::ResultCode> run() {
    if (subject_.province != s_.province.path) fail(1045);
    owner();
    if (is_password_wrong(s_.settings, record_, target_)) fail(1018);
    for (const auto& other : orders_in_flight(reader_, subject_.id)) {
      if (const auto code = lock_code(other, record_, target_, s_.isp_id); code != 0) fail(code);
    }
    if (record_.operation == Operation::new_access) new_access();
    if (record_.operation == Operation::change) change(record_.change());
    if (record_.operation == Operation::cancel_access &&
        staying(reader_, subject_, target_.site, target_.access) == 0) {
      fail(1025);
    }
    return std::move(found_);
  }

 private:
  void fail(std::int64_t code, const std::string& about = "") {
    add(found_, result_code(s_.dictionaries, code, about));
  }

  bool gives_access(const std::set<Id>& providers) const { return providers.count(s_.isp_id) > 0; }

  void owner() {
    const auto* site = subject_.site(target_.site);
    switch (record_.operation) {
      case Operation::cancel_access:
        if (target_.access_provider != s_.isp_id) fail(1047);
        return;
      case Operation::cancel_website:
        if (site == nullptr || !gives_access(providers_of(*site))) fail(1048);
        return;
      case Operation::change:
      case Operation::cancel_organiser:
      case Operation::material:
        // A filing without websites belongs to whoever filed it.
        if (!gives_access(providers_of(subject_.filing)) &&
            !(subject_.filing.websites.empty() && subject_.home == s_.isp_id)) {
          fail(1048);
        }
        return;
      default:
        return;
    }
  }

  void new_access() {
    const auto* site = subject_.site(target_.site);
    if (site != nullptr && gives_access(providers_of(*site))) fail(1029);
  }

  void change(const bureau::Change& change) {
    const auto& organiser = change.organiser;
    if (organiser.publication.number != subject_.number) fail(1016, organiser.publication.number);
    if (organiser.address.province != subject_.filing.organiser.address.province) fail(1046);
    if (s_.settings.change_limit > 0 &&
        changes_today(reader_, s_, subject_.id) >= s_.settings.change_limit) {
      fail(1051);
    }
    for (const auto& site : change.websites) changed_site(site);
  }

  void changed_site(const bureau::Website& site) {
    const auto place = find_site(reader_, site.publication.id);
    if (!place) return fail(1059);
    if (place->cancelled) return fail(1050);
    const auto* before = subject_.site(place->id);
    if (before == nullptr || site.publication.number != place->number) {
      return fail(1016, site.publication.number);
    }
    if (!gives_access(providers_of(*before))) fail(1048);
    for (const auto& domain : site.domains) {
      const bool known =
          domain.bureau_id == 0 ||
          std::any_of(before->domains.begin(), before->domains.end(),
                      [&](const auto& one) { return one.bureau_id == domain.bureau_id; });
      if (!known) fail(1016, domain.name);
    }
    for (const auto& access : site.accesses) changed_access(*before, access);
  }

  void changed_access(const bureau::Website& site, const bureau::Access& access) {
    const auto before =
        std::find_if(site.accesses.begin(), site.accesses.end(),
                     [&](const auto& one) { return one.bureau_id == access.bureau_id; });
    if (before == site.accesses.end()) return fail(1016);
    if (before->provider != s_.isp_id && !same_content(access, *before)) fail(1048);
    for (const auto& ip : access.ips) {
      const bool known = ip.bureau_id == 0 ||
                         std::any_of(before->ips.begin(), before->ips.end(), [&](const auto& one) {
                           return one.bureau_id == ip.bureau_id;
                         });
      if (!known) fail(1023);
    }
  }

  Reader& reader_;
  const Situation& s_;
  const Record& record_;
  const Target& target_;
  const Subject& subject_;
  std::vector<bureau::ResultCode> found_;
};

}  // namespace

bool is_password_wrong(const Settings& settings, const Record& record, const Target& target) {
  if (!settings.filing_passwords || !target.subject || target.subject->password.empty()) {
    return false;
  }
  const auto& given = record.password_hash;
  switch (record.operation) {
    case Operation::new_filing:
    case Operation::material:
      return false;
    case Operation::cancel_website:
    case Operation::cancel_access:
      if (given.empty()) return false;
      break;
    default:
      break;
  }
  return !equal_in_constant_time(to_lower_ascii(given),
                                 bureau::filing_password_hash(target.subject->password));
}

std::vector<bureau::ResultCode> check_target(Reader& reader, const Situation& situation,
                                             const Record& record, const Target& target) {
  if (record.operation == Operation::new_filing) return {};
  if (target.fault != 0) return {result_code(situation.dictionaries, target.fault)};
  return TargetCheck(reader, situation, record, target).run();
}

}  // namespace beian::sandbox
