// Inside the sandbox: what its parts share.
#pragma once

#include <string>

#include "base/message.h"
#include "bureau/methods.h"
#include "sandbox/registry.h"
#include "sandbox/sandbox.h"
#include "sandbox/settings.h"

namespace beian::sandbox {

struct Sandbox::Inside {
  Db& db;
  const Clock& clock;
  const Setup setup;

  const Province* province(const std::string& path) const;

  // calls.cc: one of the three services of a province.
  Response service(const Province& of, bureau::ServicePath which, const Request& request);

  // intake.cc: the oldest unprocessed file; false when there is none.
  bool process_one(Millis now);

  // decisions.cc and sms.cc; each returns how many orders it decided.
  int decide_due(Millis now);
  int return_unverified(Millis now);

  // console.cc and public_pages.cc
  Response console(const Request& request);
  Response public_page(const Request& request);
};

const Province& province_at(const Setup& setup, const std::string& path);

// An officer's decision about a pending order.
struct Verdict {
  bool pass = false;
  std::string reviewer, phone, opinion;
  std::vector<std::int64_t> codes;  // with a return, besides 1002
  // With the pass of a first filing or of new websites: those that go back all the same, by the
  // provider's id, each with its reason. At least one website must pass.
  struct SiteReturn {
    Id isp_site = 0;
    std::string opinion;
  };
  std::vector<SiteReturn> returned_sites;
  bool by_machine = false;  // the order ends "returned", not "refused"
};

// Throws Refusal: not_found, conflict when it is decided already or waits for its SMS check,
// invalid for words that are too long or not GBK, or for websites that are not in the order.
void decide(Tx& tx, const Setup& setup, Id order, const Verdict& verdict, Millis now);
// The same for an order in whatever state of flight: what the machine decides.
void settle(Tx& tx, const Setup& setup, Id order, const Verdict& verdict, Millis now);

}  // namespace beian::sandbox
