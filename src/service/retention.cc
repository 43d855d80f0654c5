#include "service/retention.h"

#include <stdexcept>

#include "service/account.h"
#include "service/audit.h"
#include "store/claims.h"
#include "store/privacy.h"

namespace beian::service {
namespace {

constexpr int k_most_a_round = 200;
constexpr std::string_view k_rules[] = {"unsubmitted_filings", "ended_filings",        "messages",
                                        "enquiries",           "unactivated_accounts", "claims"};

bool erase_filings(Service& s, std::string_view rule, bool unsubmitted) {
  const Millis before = s.now() - retention_of(s).keep(rule);
  const auto ids = s.db.read([&](Reader& reader) {
    return store::filings_to_erase(reader, before, unsubmitted, k_most_a_round);
  });
  for (const Id id : ids)
    s.db.write([&](Tx& tx) {
      store::erase_filing(tx, s.keys, id, s.now());
      record(s, tx, {"clock", std::nullopt}, "privacy.filing_erased", subject_filing(id),
             {{"rule", rule}});
    });
  return static_cast<int>(ids.size()) == k_most_a_round;
}

template <typename Remove>
bool remove_rows(Service& s, std::string_view rule, Remove remove) {
  const Millis before = s.now() - retention_of(s).keep(rule);
  const std::int64_t count = s.db.write([&](Tx& tx) {
    const std::int64_t removed = remove(tx, before, k_most_a_round);
    if (removed > 0)
      record(s, tx, {"clock", std::nullopt}, "privacy.retention", "",
             {{"rule", rule}, {"count", removed}, {"before", before}});
    return removed;
  });
  return count == k_most_a_round;
}

}  // namespace

Retention Retention::from_json(const json::value& document) {
  Retention out;
  out.document_ = as_object(document);
  for (const json::value& item : out.document_.at("rules").as_array()) {
    const json::object& rule = as_object(item);
    const std::string name = get_string(rule, "name");
    const std::int64_t days = get_int(rule, "days");
    if (days < get_int(rule, "floor"))
      throw std::runtime_error("retention.json: " + name + " is below what the law asks for");
    out.days_[name] = days;
  }
  for (const std::string_view name : k_rules)
    if (!out.days_.contains(name))
      throw std::runtime_error("retention.json: no rule " + std::string(name));
  if (out.days_.size() != std::size(k_rules))
    throw std::runtime_error("retention.json: a rule that nothing applies");
  return out;
}

Millis Retention::keep(std::string_view rule) const { return days_.find(rule)->second * k_day; }

const Retention& retention_of(const Service& s) {
  static const Retention rules =
      Retention::from_json(read_json_file(s.config.data_dir + "/retention.json"));
  return rules;
}

bool apply_retention(Service& s) {
  bool more = erase_filings(s, "unsubmitted_filings", true);
  more |= erase_filings(s, "ended_filings", false);
  more |= remove_rows(s, "messages", store::remove_messages);
  more |= remove_rows(s, "enquiries", store::remove_enquiries);
  more |= remove_rows(s, "unactivated_accounts", store::remove_unactivated);
  more |= remove_rows(s, "claims", store::forget_claims);
  return more;
}

}  // namespace beian::service
