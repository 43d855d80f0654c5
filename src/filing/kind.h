// Which kind of filing this is: from what our registry knows, what the bureau answered and what is
// under way. Pure; the service gathers the facts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "filing/vocabulary.h"

namespace beian {

enum class Outcome {
  first_filing,
  new_website_here,       // the organiser is filed, with us
  new_website_elsewhere,  // filed through another provider: its number is needed
  new_access,             // the domain is the organiser's own, filed through another provider
  already_filed_here,     // change or cancel
  other_account,          // organiser or domain is filed here, by another account
  conflict,               // the domain is filed for somebody else
  in_flight,              // a filing is under way
  bureau_unreachable,     // cannot be told now
};
std::string_view to_string(Outcome outcome);

// A bureau's answer to isp_querybeianstatus about one domain or one certificate.
struct BureauAnswer {
  enum class Status {
    not_connected,  // no bureau is configured: our registry is all there is
    cannot_ask,     // the interface has no query for this certificate type
    unreachable,
    answered,
  };
  Status status = Status::not_connected;
  bool filed = false;
  std::string organiser_number;  // Ztbah
  std::string site_number;       // Wzbah, only for domains
  std::string site_name;         // Wzmc, the same
};

enum class DomainHolder { nobody, same_organiser, other_organiser };

struct KindFacts {
  // Under way on this platform, for the same domain or the same certificate.
  std::optional<Id> own_filing;  // of the account that asks
  bool other_accounts_filing = false;
  // Our registry: filings that this platform brought to a number.
  std::string organiser_number_here;  // empty: not ours
  bool organiser_of_account = false;  // it belongs to the account that asks
  DomainHolder domain_here = DomainHolder::nobody;
  bool served_here = false;  // the domain's access through us has not been given up
  BureauAnswer organiser;
  BureauAnswer domain;
};

struct KindDecision {
  Outcome outcome = Outcome::first_filing;
  std::string
      text;  // entry of data/texts/*/outcomes.json: what it means, who resolves it, what next
  std::optional<Kind> kind;
  std::optional<Id> filing;  // the one to open
  // For the holes of the text.
  std::string organiser_number;
  std::string domain_number;  // under which the domain is filed
  bool bureau_asked = false;
};

KindDecision determine_kind(const KindFacts& facts);

// The kinds that a domain and a certificate lead to. The others begin from what is registered.
bool begins_with_domain(Kind kind);
bool is_cancel(Kind kind);

}  // namespace beian
