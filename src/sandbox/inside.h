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

  // decisions.cc
  int decide_due(Millis now);

  // console.cc and public_query.cc
  Response console(const Request& request);
  Response public_query(const Request& request);
};

// An officer's decision about a pending order.
struct Verdict {
  bool pass = false;
  std::string reviewer, phone, opinion;
  std::vector<std::int64_t> codes;  // with a return, besides 1002
};

// Throws Refusal: not_found, conflict when it is decided already, invalid for words that are too
// long or not GBK.
void decide(Tx& tx, const Setup& setup, Id order, const Verdict& verdict, Millis now);

}  // namespace beian::sandbox
