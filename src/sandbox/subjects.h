// Published filings (主体 with websites, domains, accesses): what the bureau knows of each, how
// each provider calls it, and what becomes of it. A filing is read whole, changed as a value, and
// saved whole; the tables beside it serve look-ups.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "bureau/messages.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct Subject {
  Id id = 0;
  std::string province;  // path
  Id home = 0;           // the provider that filed it
  std::string number, password;
  bool cancelled = false;
  std::int64_t last_site = 0;  // running number of its websites
  // With the bureau's ids and numbers; providers' own ids only in records not yet saved.
  bureau::PublishedFiling filing;

  const bureau::Website* site(Id id) const;
  bureau::Website* site(Id id);
};

struct SitePlace {
  Id id = 0, subject = 0;
  std::string number;
  bool cancelled = false;
};
struct AccessPlace {
  Id id = 0, site = 0, subject = 0, isp_id = 0;
};

std::optional<Subject> find_subject(Reader& reader, Id id);
std::optional<Id> subject_of_number(Reader& reader, const std::string& number);
std::optional<SitePlace> find_site(Reader& reader, Id id);
std::optional<SitePlace> find_site(Reader& reader, const std::string& number);
std::optional<AccessPlace> find_access(Reader& reader, Id id);

// Those that give access to any of its websites.
std::set<Id> providers_of(const bureau::PublishedFiling& filing);
std::set<Id> providers_of(const bureau::Website& site);

// A new filing gets its number, a new website the next one after it, a new record its id. Where a
// record carries a provider's id, `isp_id` is who calls it so. Websites that are no longer there
// are cancelled. Dates its last change.
void save_subject(Tx& tx, const Province& province, Subject& subject, Id isp_id, Millis now);
// The whole filing is cancelled; its row stays.
void cancel_subject(Tx& tx, Id id, Millis now);

// As this provider is told: with its own ids, and only the websites it gives access to.
bureau::PublishedFiling as_told_to(Reader& reader, const Subject& subject, Id isp_id);

// The stored form, for what keeps a copy: a publication of this filing alone. Throws
// Refusal{invalid} for characters that the interface cannot carry.
std::string to_document(const bureau::PublishedFiling& filing);
bureau::PublishedFiling from_document(const std::string& document);

// Filings written before the tables of providers' ids existed get their rows there.
void complete_old_records(Db& db, const std::vector<Province>& provinces);

}  // namespace beian::sandbox
