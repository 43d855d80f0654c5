// What is filed: organisers, websites, domains and accesses as the bureau published them, with its
// ids and numbers. Personal data is sealed; `record` is JSON in the shape of a form's content.
//
// registered_domains is the one place that tells whether a domain is filed here: `filed_domains`
// lists what changed since a moment, for whoever keeps a copy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

// The form in which a certificate is looked up: type and number, blanks gone, capitals.
std::string certificate_lookup(const Keyring& keys, std::int64_t type, std::string_view number);

enum class Standing {
  served,     // filed, and served through us
  filed,      // filed, but not through us any more
  cancelled,  // not filed any more
};
std::string_view to_string(Standing standing);

struct Organiser {
  Id id = 0;
  std::string certificate_lookup;
  std::string number;
  Id bureau_id = 0;  // Ztid
  std::string province;
  Id account_id = 0;  // 0: of nobody here yet
  std::string name;
  Millis approved_at = 0;
  std::string record;  // {"organiser": …, "principal": …}; empty where it is not known
  bool cancelled = false;
  Millis changed_at = 0;
};

struct RegisteredSite {
  Id id = 0;
  Id organiser_id = 0;
  std::string domain;  // the first one
  std::string number;
  Id bureau_id = 0;  // Wzid
  Id filing_id = 0;  // with site_key: whose product slot carries it
  std::string site_key;
  std::string record;  // one website; empty where it is not known
  Standing state = Standing::served;
  Millis approved_at = 0, changed_at = 0;
};

struct RegisteredDomain {
  std::string domain;
  Id site_id = 0, organiser_id = 0;
  Id bureau_id = 0;  // Ymid
  Standing state = Standing::served;
  Millis changed_at = 0;
};

struct RegisteredIp {
  Id isp_id = 0, bureau_id = 0;
  std::uint32_t first = 0, last = 0;
};
struct RegisteredAccess {
  Id id = 0;
  Id site_id = 0;
  Id bureau_id = 0;  // Jrid
  Id isp_id = 0;     // IspJrid
  bool ours = true;
  std::vector<RegisteredIp> ips;
  bool cancelled = false;
  Millis changed_at = 0;
};

// Each writes the row of this bureau id (an organiser also of this certificate, a website of this
// number), or a new one, and returns its id. The account of an organiser, and the filing of a
// website, once known, stay when `account_id` (`filing_id`) is 0; so does a record when the new one
// is empty.
Id put_organiser(Tx& tx, const Keyring& keys, const Organiser& organiser);
Id put_registered_site(Tx& tx, const Keyring& keys, const RegisteredSite& site);
void put_registered_domain(Tx& tx, const RegisteredDomain& domain);
void put_registered_access(Tx& tx, const RegisteredAccess& access);
// Domains of the website that are not among `domains` (a change took them away) are cancelled.
void keep_registered_domains(Tx& tx, Id site, const std::vector<std::string>& domains, Millis now);
// The website, its domains and its accesses through us take this standing.
void set_site_standing(Tx& tx, Id site, Standing standing, Millis now);
void cancel_organiser(Tx& tx, Id organiser, Millis now);
void set_organiser_account(Tx& tx, Id organiser, Id account, Millis now);

// Of several rows (filed again after a cancellation) the filed one, else the latest.
std::optional<Organiser> find_organiser(Reader& reader, const Keyring& keys,
                                        const std::string& certificate_lookup);
std::optional<Organiser> find_organiser_by_id(Reader& reader, const Keyring& keys, Id id);
std::optional<Organiser> find_organiser_by_bureau_id(Reader& reader, const Keyring& keys, Id id);
std::optional<Organiser> find_organiser_by_number(Reader& reader, const Keyring& keys,
                                                  const std::string& number);
std::vector<Organiser> organisers_of(Reader& reader, const Keyring& keys, Id account);
// For a round through all: those after `after`, by id.
std::vector<Organiser> filed_organisers(Reader& reader, const Keyring& keys, Id after, int limit);

std::vector<RegisteredSite> sites_of(Reader& reader, const Keyring& keys, Id organiser);
std::optional<RegisteredSite> find_site(Reader& reader, const Keyring& keys, Id id);
std::optional<RegisteredSite> find_site_by_bureau_id(Reader& reader, const Keyring& keys, Id id);
std::optional<RegisteredSite> find_site_by_number(Reader& reader, const Keyring& keys,
                                                  const std::string& number);
// The filed website of this domain, served through us or not.
std::optional<RegisteredSite> find_registered_site(Reader& reader, const Keyring& keys,
                                                   const std::string& domain);
std::vector<RegisteredDomain> domains_of(Reader& reader, Id site);
std::vector<RegisteredAccess> accesses_of(Reader& reader, Id site);
std::optional<RegisteredAccess> find_access_by_bureau_id(Reader& reader, Id id);

// Domains whose row changed at or after `since`, oldest change first; `after` is the last one of
// the page before (with the same `since`), for those that changed in one moment.
std::vector<RegisteredDomain> filed_domains(Reader& reader, Millis since, const std::string& after,
                                            int limit);
std::vector<std::string> all_registered_domains(Reader& reader);

}  // namespace beian::store
