// The ministry's SMS check (短信核验, nationwide since 2020-08-17): after the machine's checks an
// order waits until everybody it concerns has entered a six-digit code on the public page, with the
// mobile number and the last six characters of the certificate. V3.0 carries nothing of it: the
// provider sees the later decision, or a return that says so in words.
#pragma once

#include <string>
#include <vector>

#include "sandbox/records.h"
#include "sandbox/settings.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

struct Verifier {
  std::string role;  // principal, manager
  std::string name, mobile, last_six;
  bool operator==(const Verifier&) const = default;
};

// Who must verify, one for each mobile number: both responsible persons for a first filing, those
// of the website for a new website or access and for cancelling it, the principal for cancelling
// the organiser, for a change those of the parts that change. Nobody for leaving an access.
std::vector<Verifier> verifiers(const Record& record, const Target& target);

// Sends the codes.
void start_sms(Tx& tx, const Settings& settings, Id order, const std::vector<Verifier>& people,
               Millis now);

enum class SmsOutcome {
  accepted,  // this person is done; the order goes on when all are
  wrong,     // one try less
  returned,  // one try too many: the order has gone back
  unknown,   // nothing waits for this mobile number and certificate
};
SmsOutcome enter_code(Tx& tx, const Setup& setup, const std::string& mobile,
                      const std::string& last_six, const std::string& code, Millis now);

}  // namespace beian::sandbox
