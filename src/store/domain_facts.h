// What the outside world said of a domain, each time it was asked: the latest counts, the earlier
// ones are evidence. And keyed marks of responsible persons, to find one who serves two organisers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "base/json.h"
#include "db/db.h"

namespace beian::store {

enum class DomainQuestion { registration, website };
std::string_view to_string(DomainQuestion what);

struct DomainCheck {
  Id id = 0;
  std::string domain;  // registrable, ASCII
  DomainQuestion what = DomainQuestion::registration;
  std::string state;   // waiting, done, failed
  std::string result;  // JSON of service/domain_facts.h
  Millis asked_at = 0;
  std::optional<Millis> done_at;
};

// Writes down the question, unless one is waiting or was asked at or after `fresh_since`. Returns
// the new row's id, 0 where there is none.
Id ask_domain(Tx& tx, const std::string& domain, DomainQuestion what, Millis now,
              Millis fresh_since);
// False when it was answered before. Of this question about the domain only the latest `keep` stay.
bool answer_domain(Tx& tx, const Keyring& keys, Id id, const std::string& state,
                   const std::string& result, Millis now, int keep);
std::optional<DomainCheck> find_domain_check(Reader& reader, const Keyring& keys, Id id);
// Latest first.
std::vector<DomainCheck> domain_checks(Reader& reader, const Keyring& keys,
                                       const std::string& domain, DomainQuestion what, int limit);
// Unfinished filings with this domain, drafts too.
std::vector<Id> open_filings_of(Reader& reader, const std::string& domain);
// Served domains after `after` whose website was not asked about since `before`, by name.
std::vector<std::string> domains_to_look_at(Reader& reader, Millis before, int limit);

// The mobiles and certificates of a registered record ({"principal": …}) or website ({"manager":
// …}); `place` is "principal" or the website's id. What was marked there before goes.
void mark_persons(Tx& tx, const Keyring& keys, Id organiser, const std::string& place,
                  const json::object& record);
// Does this mobile, or this certificate of a principal, stand in the record of another organiser
// that is filed? `certificate_lookup` is one's own.
bool serves_another(Reader& reader, const Keyring& keys, std::string_view value,
                    const std::string& certificate_lookup);

}  // namespace beian::store
