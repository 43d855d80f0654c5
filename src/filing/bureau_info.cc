#include "filing/bureau_info.h"

#include <algorithm>

#include "filing/data.h"

namespace beian {
namespace {

using Dated = std::pair<Day, Policy>;

Dated policy_from_json(const json::value& value, const std::string& where) {
  const json::object& members = data::object(value, where);
  Policy policy;
  policy.verification = data::flag_or(members, "verification", true, where);
  policy.sms = data::flag_or(members, "sms", false, where);
  policy.filing_password = data::flag_or(members, "filing_password", false, where);
  const std::string since = data::text_or(members, "since", "", where);
  const auto day = parse_day(since);
  if (!since.empty() && !day) data::fault(where, "since is no date: " + since);
  return {day.value_or(Day{}), policy};
}

std::vector<Dated> policies_or_none(const json::object& object, std::string_view key,
                                    const std::string& where) {
  std::vector<Dated> policies;
  if (const json::value* found = object.if_contains(key)) {
    for (const json::value& one : data::array(*found, where)) {
      policies.push_back(policy_from_json(one, where));
    }
  }
  return policies;
}

}  // namespace

const Policy& BureauInfo::policy_on(Day day) const {
  const Policy* in_force = &policy;
  for (const auto& [since, dated] : policies) {
    if (since <= day) in_force = &dated;
  }
  return *in_force;
}

Bureaus Bureaus::from_json(const json::value& value) {
  Bureaus bureaus;
  const json::object& object = data::object(value, "bureaus");
  const std::vector<Dated> earlier = policies_or_none(object, "earlier_policies", "bureaus");
  for (const json::value& one :
       data::array(data::member(object, "bureaus", "bureaus"), "bureaus")) {
    const json::object& members = data::object(one, "bureaus");
    BureauInfo bureau;
    bureau.province = data::text_of(members, "province", "bureaus");
    const std::string where = "bureau " + bureau.province;
    bureau.name = labels_from_json(data::member(members, "name", where));
    bureau.prefix = data::text_of(members, "prefix", where);
    bureau.old_prefixes = data::texts_or_none(members, "old_prefixes", where);
    const Dated own = policy_from_json(data::member(members, "policy", where), where);
    bureau.policy = own.second;
    bureau.policies = earlier;
    bureau.policies.push_back(own);
    for (const Dated& next : policies_or_none(members, "policies", where)) {
      bureau.policies.push_back(next);
    }
    std::ranges::stable_sort(bureau.policies, {}, &Dated::first);
    bureaus.bureaus_.push_back(std::move(bureau));
  }
  return bureaus;
}

const BureauInfo* Bureaus::find(std::string_view province) const {
  for (const BureauInfo& bureau : bureaus_) {
    if (bureau.province == province) return &bureau;
  }
  return nullptr;
}

std::vector<std::string> Bureaus::prefixes() const {
  std::vector<std::string> prefixes;
  for (const BureauInfo& bureau : bureaus_) {
    prefixes.push_back(bureau.prefix);
    prefixes.insert(prefixes.end(), bureau.old_prefixes.begin(), bureau.old_prefixes.end());
  }
  return prefixes;
}

}  // namespace beian
