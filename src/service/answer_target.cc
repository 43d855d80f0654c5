#include "service/answer_target.h"

#include <functional>
#include <utility>

#include "bureau/package.h"
#include "filing/kind.h"
#include "store/exchange.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_bad_file = 5001;

// The whole file was refused: only its name tells which filing it carried.
std::optional<Id> filing_of_file(Answering& a, const bureau::Result& result) {
  for (const bureau::ResultCode& code : result.codes) {
    const auto sequence = bureau::sequence_of_file_name(a.isp_id, code.text);
    if (code.code != k_bad_file || !sequence) continue;
    if (const auto upload = store::find_upload(a.tx, a.s.keys, a.province, *sequence))
      return upload->filing_id;
  }
  return std::nullopt;
}

std::optional<Kind> kind_of(std::int64_t operation) {
  switch (static_cast<bureau::Operation>(operation)) {
    case bureau::Operation::new_filing:
      return Kind::first_filing;
    case bureau::Operation::new_website:
      return Kind::new_website;
    case bureau::Operation::new_access:
      return Kind::new_access;
    case bureau::Operation::change:
      return Kind::change;
    case bureau::Operation::cancel_access:
      return Kind::cancel_access;
    case bureau::Operation::cancel_organiser:
      return Kind::cancel_organiser;
    case bureau::Operation::cancel_website:
      return Kind::cancel_website;
    case bureau::Operation::material:
      break;
  }
  return std::nullopt;
}

std::string key_of_site(Answering& a, Id filing,
                        const std::function<bool(const store::FilingSite&)>& fits) {
  for (const store::FilingSite& site : store::list_sites(a.tx, filing))
    if (fits(site)) return site.key;
  return {};
}

using Found = std::optional<std::pair<Id, std::string>>;  // filing and website

Found by_organiser(Answering& a, Kind kind, Id ztid) {
  const auto organiser = store::find_organiser_by_bureau_id(a.tx, a.s.keys, ztid);
  auto filing = organiser ? store::at_bureau_by_organiser(a.tx, kind, organiser->id) : std::nullopt;
  // What was returned of a first filing is sent again as new websites.
  if (organiser && !filing && kind == Kind::new_website)
    filing = store::at_bureau_by_organiser(a.tx, Kind::first_filing, organiser->id);
  if (!filing) return std::nullopt;
  return std::pair(*filing, std::string());
}

Found by_registered_site(Answering& a, Kind kind, Id id) {
  std::optional<store::RegisteredSite> site;
  if (const auto access =
          kind == Kind::cancel_access ? store::find_access_by_bureau_id(a.tx, id) : std::nullopt)
    site = store::find_site(a.tx, a.s.keys, access->site_id);
  else
    site = store::find_site_by_bureau_id(a.tx, a.s.keys, id);
  const auto filing = site ? store::at_bureau_by_site(a.tx, kind, site->id) : std::nullopt;
  if (!filing) return std::nullopt;
  return std::pair(*filing, key_of_site(a, *filing, [&](const auto& one) {
    return one.registered_id == site->id;
  }));
}

Found by_own_site(Answering& a, Kind kind, Id id) {
  const auto filing = kind == Kind::new_website ? store::filing_of_site(a.tx, id)
                                                : store::at_bureau_by_access(a.tx, kind, id);
  if (!filing) return std::nullopt;
  return std::pair(*filing, key_of_site(a, *filing, [&](const auto& site) {
    return site.isp_site_id == id || site.isp_access_id == id;
  }));
}

// The filing of this kind that an id means: one that we gave (our record, website, access) or one
// of the bureau's (Ztid, Wzid, Jrid). Each kind looks first where its id usually comes from.
Found by_id(Answering& a, Kind kind, Id id) {
  Found found;
  switch (kind) {
    case Kind::first_filing:
      return std::pair(id, std::string());
    case Kind::new_website:
    case Kind::new_access:
      found = by_own_site(a, kind, id);
      if (!found) found = by_registered_site(a, kind, id);
      return found ? found : by_organiser(a, kind, id);
    case Kind::change:
    case Kind::cancel_organiser:
      return by_organiser(a, kind, id);
    case Kind::cancel_website:
    case Kind::cancel_access:
      found = by_registered_site(a, kind, id);
      return found ? found : by_organiser(a, kind, id);
  }
  return std::nullopt;
}

// The same by a filing number: the organiser's, or a website's.
Found by_number(Answering& a, Kind kind, const std::string& number) {
  if (const auto filing = store::at_bureau_by_number(a.tx, kind, number))
    return std::pair(*filing, std::string());
  if (kind == Kind::new_website)
    if (const auto filing = store::at_bureau_by_number(a.tx, Kind::first_filing, number))
      return std::pair(*filing, std::string());
  if (const auto filing = store::at_bureau_by_site_number(a.tx, kind, number))
    return std::pair(
        *filing, key_of_site(a, *filing, [&](const auto& site) { return site.number == number; }));
  return std::nullopt;
}

std::optional<Target> target(Answering& a, std::optional<Kind> kind, Id id,
                             const std::string& number) {
  Found found;
  std::vector<Kind> kinds{Kind::first_filing,    Kind::new_website,   Kind::new_access,
                          Kind::change,          Kind::cancel_access, Kind::cancel_website,
                          Kind::cancel_organiser};
  if (kind) kinds = {*kind};
  // Without an operation the id alone has to tell: a record of ours first.
  for (Kind one : kinds) {
    if (!found) found = id != 0 ? by_id(a, one, id) : by_number(a, one, number);
    if (found && one == Kind::first_filing && !kind && !store::freshness(a.tx, found->first))
      found.reset();
  }
  auto filing = found ? filing_at(a, found->first) : std::nullopt;
  if (!filing) return std::nullopt;
  return Target{std::move(*filing), found->second};
}

}  // namespace

std::optional<store::Filing> filing_at(Answering& a, Id id) {
  auto filing = store::find_filing(a.tx, a.s.keys, id);
  if (!filing || filing->province != a.province) {
    a.notes.push_back({"unknown_record", {{"id", id_to_string(id)}}});
    return std::nullopt;
  }
  return filing;
}

std::optional<Target> target_of(Answering& a, const bureau::Result& result) {
  if (const auto id = filing_of_file(a, result)) {
    if (auto filing = filing_at(a, *id)) return Target{std::move(*filing), ""};
    return std::nullopt;
  }
  const auto id = id_from_string(result.mark);
  if (!id && result.mark.empty()) return std::nullopt;
  return target(a, kind_of(result.operation), id.value_or(0), result.mark);
}

std::optional<Target> target_of(Answering& a, const bureau::Decision& decision) {
  const auto kind = decision.operation ? kind_of(*decision.operation) : std::nullopt;
  return target(a, kind, decision.record, "");
}

}  // namespace beian::service
