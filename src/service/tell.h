// Which notice follows a step, and what it says.
#pragma once

#include "service/service.h"
#include "store/cases.h"
#include "store/filings.h"

namespace beian::service {

// The notice of this step to the applicant: mail to the account, SMS to the principal.
void tell_applicant(Service& s, Tx& tx, const store::Filing& filing, Action action);
// There is something new in the queue.
void tell_staff(Service& s, Tx& tx, const store::Filing& filing);
// Half of the ministry's 24 hours are over, and nobody has said that the check is done.
void tell_sms_check_ends(Service& s, Tx& tx, const store::Filing& filing, std::int64_t hours);
// It waits for its applicant and ends in `days` days; once for each state and number of days.
void tell_filing_ends(Service& s, Tx& tx, const store::Filing& filing, std::int64_t days);
void tell_backdrop_posted(Service& s, Tx& tx, const store::Filing& filing, Id backdrop,
                          const std::string& carrier, const std::string& tracking_number);
// The number that was told is wrong, this is the right one; or it was not posted at all.
void tell_backdrop_corrected(Service& s, Tx& tx, const store::Filing& filing,
                             const store::Backdrop& backdrop);
void tell_backdrop_unposted(Service& s, Tx& tx, const store::Filing& filing,
                            const store::Backdrop& before);
// It came back, for one of the reasons of service/dispatch.h.
void tell_backdrop_returned(Service& s, Tx& tx, const store::Filing& filing,
                            const store::Backdrop& backdrop, const std::string& reason);

// To whoever had the case until now.
void tell_taken_over(Service& s, Tx& tx, const store::Filing& filing, Id by,
                     const std::string& reason);
// The applicant is asked once more for what is his turn. False when he was today already.
bool tell_reminder(Service& s, Tx& tx, const store::Filing& filing);

// The words of a correction: the ready-made reason and the free text, in one language.
std::string correction_words(const Service& s, const std::optional<std::string>& reason_code,
                             const std::string& text, std::string_view locale);

}  // namespace beian::service
