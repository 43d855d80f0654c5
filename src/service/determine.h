// Which kind of filing a domain and an organiser's certificate call for: our registry and the
// bureau are asked, the filings under way are looked at (design §1).
#pragma once

#include <string>

#include "filing/kind.h"
#include "service/service.h"

namespace beian::service {

struct DeterminationInput {
  std::string domain;
  std::int64_t nature = 0, certificate_type = 0;
  std::string certificate_number;
  std::string province;
};

// Reads {domain, nature, certificate_type, certificate_number, province}.
DeterminationInput read_determination(const json::object& body);

struct Determined {
  KindDecision decision;
  std::string domain;          // registrable, ASCII
  std::string unicode_domain;  // as it is shown
  std::string organiser_lookup;
  std::string domain_number;         // the website's filing number, where the domain is filed
  std::string site_name;             // as the bureau tells it
  std::optional<Id> organiser_here;  // in our registry, of the account that asks
  std::optional<Id> site_here;       // the domain's website, where the organiser is
  bool asks_password = false;        // the bureau's policy of today wants the filing password
  std::int64_t tries_left = 0;       // of the password, for this organiser's number
};

// Throws Refusal{invalid} with everything that is wrong with domain, certificate and province.
Determined determine(Service& s, Id account, const DeterminationInput& input);

json::object show_determination(const Service& s, const Determined& determined,
                                std::string_view locale);

struct DomainAnswer {
  std::string domain, registrable;
  std::optional<bool> filed;
  bool here = false, bureau_asked = false;
  std::optional<std::string> number;
};
// For everybody: only what the public query of the ministry shows too.
DomainAnswer check_domain_filed(Service& s, const std::string& typed);

}  // namespace beian::service
