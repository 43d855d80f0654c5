#include "service/retention.h"

#include <stdexcept>

#include "service/account.h"
#include "service/audit.h"
#include "store/claims.h"
#include "store/imports.h"
#include "store/job_desk.h"
#include "store/privacy.h"

namespace beian::service {
namespace {

constexpr int k_most_a_round = 200;
constexpr std::string_view k_rules[] = {"unsubmitted_filings",
                                        "ended_filings",
                                        "cancelled_filings",
                                        "messages",
                                        "enquiries",
                                        "unactivated_accounts",
                                        "claims",
                                        "looks",
                                        "consents",
                                        "imports",
                                        "given_up_jobs",
                                        "backups"};

Millis limit_of(const Service& s, std::string_view rule) {
  return s.now() - days_kept(s, rule) * k_day;
}

bool erase_filings(Service& s, const std::string& rule, const std::vector<Id>& ids) {
  for (const Id id : ids)
    s.db.write([&](Tx& tx) {
      store::erase_filing(tx, s.keys, id, s.now());
      store::count_erased(tx, rule, 1, s.now());
      record(s, tx, {"clock", std::nullopt}, "privacy.filing_erased", subject_filing(id),
             {{"rule", rule}});
    });
  return static_cast<int>(ids.size()) == k_most_a_round;
}

template <typename Remove>
bool remove_rows(Service& s, const std::string& rule, Remove remove) {
  const Millis before = limit_of(s, rule);
  const std::int64_t count = s.db.write([&](Tx& tx) {
    const std::int64_t removed = remove(tx, before, k_most_a_round);
    if (removed == 0) return removed;
    store::count_erased(tx, rule, removed, s.now());
    record(s, tx, {"clock", std::nullopt}, "privacy.retention", "",
           {{"rule", rule}, {"count", removed}, {"before", before}});
    return removed;
  });
  return count == k_most_a_round;
}

bool erase_cancelled(Service& s) {
  const std::string rule = "cancelled_filings";
  bool more = erase_filings(s, rule, s.db.read([&](Reader& reader) {
    return store::cancelled_to_erase(reader, limit_of(s, rule), k_most_a_round);
  }));
  more |= remove_rows(s, rule, [&](Tx& tx, Millis before, int limit) {
    return store::erase_cancelled_records(tx, s.keys, before, limit);
  });
  return more;
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
    if (days > get_int(rule, "ceiling"))
      throw std::runtime_error("retention.json: " + name + " is above its ceiling");
  }
  for (const std::string_view name : k_rules)
    if (out.rule(name) == nullptr)
      throw std::runtime_error("retention.json: no rule " + std::string(name));
  if (out.document_.at("rules").as_array().size() != std::size(k_rules))
    throw std::runtime_error("retention.json: a rule that nothing applies");
  return out;
}

const json::object* Retention::rule(std::string_view name) const {
  for (const json::value& item : document_.at("rules").as_array())
    if (item.at("name").as_string() == name) return &item.get_object();
  return nullptr;
}

const Retention& retention_of(const Service& s) {
  static const Retention rules =
      Retention::from_json(read_json_file(s.config.data_dir + "/retention.json"));
  return rules;
}

std::int64_t days_kept(const Service& s, std::string_view rule) {
  const LiveSettingsPtr live = s.settings.now();
  const auto changed = live->changed.find("retention." + std::string(rule));
  return changed != live->changed.end() ? changed->second.as_int64()
                                        : retention_of(s).rule(rule)->at("days").as_int64();
}

json::object show_retention(Service& s, std::string_view locale) {
  const json::object& document = retention_of(s).document();
  const auto totals = s.db.read([](Reader& reader) { return store::retention_totals(reader); });
  json::array rules;
  for (const json::value& item : document.at("rules").as_array()) {
    json::object rule = item.as_object();
    const std::string name = get_string(rule, "name");
    rule["days"] = days_kept(s, name);
    rule["source"] = json::string(as_object(item.at("source")).at(locale).as_string());
    rule["erased"] = 0;
    rule["last_at"] = nullptr;
    rule["last_count"] = 0;
    for (const store::RetentionTotal& total : totals)
      if (total.rule == name) {
        rule["erased"] = total.erased;
        rule["last_at"] = total.last_at;
        rule["last_count"] = total.last_count;
      }
    rules.push_back(std::move(rule));
  }
  return {{"rules", std::move(rules)}, {"kept", as_object(document.at("kept")).at(locale)}};
}

bool apply_retention(Service& s) {
  const auto ended = [&](const std::string& rule, bool unsubmitted) {
    return erase_filings(s, rule, s.db.read([&](Reader& reader) {
      return store::filings_to_erase(reader, limit_of(s, rule), unsubmitted, k_most_a_round);
    }));
  };
  bool more = ended("unsubmitted_filings", true);
  more |= ended("ended_filings", false);
  more |= erase_cancelled(s);
  more |= remove_rows(s, "messages", store::remove_messages);
  more |= remove_rows(s, "enquiries", store::remove_enquiries);
  more |= remove_rows(s, "unactivated_accounts", store::remove_unactivated);
  more |= remove_rows(s, "claims", store::forget_claims);
  more |= remove_rows(s, "looks", store::remove_looks);
  more |= remove_rows(s, "consents", store::remove_consents);
  more |= remove_rows(s, "imports", store::remove_imports);
  more |= remove_rows(s, "given_up_jobs", store::remove_given_up);
  return more;
}

}  // namespace beian::service
