// What officers do with the registry of their own accord: filings and accesses of providers that
// nobody plays, so that everything from outside can be rehearsed, and cancelling by force. Each
// tells whom it concerns, as a passed order would. All throw Refusal naming what is wrong.
#pragma once

#include <string>
#include <vector>

#include "sandbox/publishing.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// The other providers of the country; the second one where the first gives access already.
inline constexpr Id k_absent_providers[] = {990000000001, 990000000002};

// A filing that another provider has made. What is left out is invented.
struct Seed {
  std::string province;  // path
  std::string name;
  std::optional<std::int64_t> nature, certificate_type;
  std::string certificate_number;
  std::string mobile;
  struct Website {
    std::string name, domain;
  };
  std::vector<Website> websites;  // one at least
};
Id plant(Tx& tx, const Setup& setup, const Seed& seed, Millis now);

// Another provider begins to give access to the website.
void add_foreign_access(Tx& tx, const Setup& setup, Id subject, Id site, Millis now);

// The organiser changes its filing through another provider; empty: as it is.
struct ForeignChange {
  std::string name, address, principal, mobile, email;
  Id site = 0;
  std::string site_name, home_url;
};
void change_from_outside(Tx& tx, const Setup& setup, Id subject, const ForeignChange& change,
                         Millis now);

// 强制注销 of a website, or of the whole filing when `site` is 0: every provider is told, and
// orders in flight about it go back.
void cancel_by_force(Tx& tx, const Setup& setup, Id subject, Id site, const std::string& reason,
                     Millis now);

}  // namespace beian::sandbox
