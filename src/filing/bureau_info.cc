#include "filing/bureau_info.h"

#include "filing/data.h"

namespace beian {

Bureaus Bureaus::from_json(const json::value& value) {
  Bureaus bureaus;
  const json::object& object = data::object(value, "bureaus");
  for (const json::value& one :
       data::array(data::member(object, "bureaus", "bureaus"), "bureaus")) {
    const json::object& members = data::object(one, "bureaus");
    BureauInfo bureau;
    bureau.province = data::text_of(members, "province", "bureaus");
    const std::string where = "bureau " + bureau.province;
    bureau.name = labels_from_json(data::member(members, "name", where));
    bureau.prefix = data::text_of(members, "prefix", where);
    bureau.old_prefixes = data::texts_or_none(members, "old_prefixes", where);
    const json::object& policy = data::object(data::member(members, "policy", where), where);
    bureau.policy.verification = data::flag_or(policy, "verification", true, where);
    bureau.policy.sms = data::flag_or(policy, "sms", false, where);
    bureau.policy.filing_password = data::flag_or(policy, "filing_password", false, where);
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
