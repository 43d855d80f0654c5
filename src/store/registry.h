// What has been approved through this platform: organisers and websites with their numbers.
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

struct Organiser {
  Id id = 0;
  std::string certificate_lookup;
  std::string number;
  Id bureau_id = 0;  // Ztid
  std::string province;
  Id account_id = 0;
  std::string name;
  Millis approved_at = 0;
};

struct RegisteredSite {
  Id id = 0;
  Id organiser_id = 0;
  std::string domain;
  std::string number;
  Id bureau_id = 0, bureau_domain_id = 0, bureau_access_id = 0;
  Id filing_id = 0;
  std::string site_key;
  Millis approved_at = 0;
};

// Writes or, for one known by certificate, overwrites; returns its id.
Id put_organiser(Tx& tx, const Keyring& keys, const Organiser& organiser);
void put_registered_site(Tx& tx, const RegisteredSite& site);
std::optional<Organiser> find_organiser(Reader& reader, const Keyring& keys,
                                        const std::string& certificate_lookup);
std::optional<Organiser> find_organiser_by_id(Reader& reader, const Keyring& keys, Id id);
std::optional<RegisteredSite> find_registered_site(Reader& reader, const std::string& domain);
std::vector<std::string> all_registered_domains(Reader& reader);

}  // namespace beian::store
