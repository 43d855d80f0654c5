#include "notify/templates.h"

namespace beian::notify {

const std::vector<NoticeSpec>& notice_specs() {
  static const std::vector<NoticeSpec> specs = {
      // To the address of an account. Nothing that its owner typed stands in the first two: they go
      // to addresses nobody has confirmed yet, and must not carry a stranger's words to a third.
      {"account_activate", {"token", "hours"}, {}},
      {"account_exists", {}, {}},
      {"password_reset", {"token", "minutes"}, {}},
      {"password_changed", {}, {}},
      {"staff_invited", {"token", "hours"}, {}},
      {"webhook_paused", {"url"}, {}},
      // About an agency. Its name, which goes to addresses of others, was accepted by an
      // administrator.
      {"agency_accepted", {}, {}},
      {"agency_refused", {"reason"}, {}},
      {"agency_ended", {"reason"}, {}},
      {"agency_invited", {"agency", "token", "hours"}, {}},
      {"client_link", {"agency", "token", "hours"}, {}},
      {"client_completed", {"filing", "domains"}, {}},
      // To the applicant, about a filing.
      {"filing_submitted", {"filing", "domains"}, {}},
      {"filing_initial_returned", {"filing", "domains"}, {{"reasons", {"field", "reason"}}}},
      {"filing_initial_passed", {"filing", "domains"}, {}},
      {"backdrop_posted", {"filing", "domains", "carrier", "tracking_number"}, {}},
      {"backdrop_corrected", {"filing", "domains", "carrier", "tracking_number"}, {}},
      {"backdrop_unposted", {"filing", "domains", "carrier", "tracking_number"}, {}},
      {"backdrop_returned", {"filing", "domains", "carrier", "tracking_number", "reason"}, {}},
      {"photo_returned", {"filing", "domains"}, {{"reasons", {"field", "reason"}}}},
      {"filing_sent_to_bureau", {"filing", "domains"}, {}},
      {"filing_bureau_returned", {"filing", "domains"}, {{"reasons", {"field", "reason"}}}},
      {"filing_approved",
       {"filing", "domains", "organiser_number", "password"},
       {{"sites", {"domain", "number"}}}},
      {"sms_check", {"filing", "domains"}, {}},
      {"sms_check_ends", {"filing", "domains", "hours"}, {}},
      {"sms_expired", {"filing", "domains"}, {}},
      {"filing_cancelled", {"filing", "domains"}, {}},
      {"change_approved", {"filing", "domains", "organiser_number"}, {}},
      {"draft_expiring", {"filing", "days"}, {}},
      {"filing_ends_soon", {"filing", "domains", "days"}, {}},
      {"filing_expired", {"filing", "domains"}, {}},
      {"filing_reminder", {"filing", "domains", "state", "until"}, {}},
      // To whom a record of the bureau's belongs.
      {"bureau_notice", {"subject", "number", "text"}, {}},
      {"bureau_finding", {"subject", "number", "text"}, {}},
      {"record_cancelled", {"subject", "number", "text"}, {}},
      // About what is registered: no filing is under way.
      {"expires_soon", {"number", "what", "until", "days"}, {}},
      {"letter_to_applicant", {"filing", "domains"}, {}},
      // What is registered passes from account to account. The offer goes to an address that nobody
      // has confirmed, so it carries nobody's words.
      {"transfer_offered", {"token", "days"}, {}},
      {"transfer_accepted", {"subject"}, {}},
      {"transfer_received", {"subject"}, {}},
      {"transfer_declined", {"subject"}, {}},
      {"transfer_expired", {"subject"}, {}},
      {"claim_received", {"number"}, {}},
      {"claim_against", {"number"}, {}},
      {"claim_over", {"number"}, {}},
      {"claim_granted", {"number"}, {}},
      {"claim_refused", {"number", "reason"}, {}},
      {"claim_lost", {"number"}, {}},
      {"holder_message", {"subject", "message", "contact"}, {}},
      // To the staff: what waits, and nothing about whose it is.
      {"staff_new_filing", {"filing", "domains"}, {}},
      {"case_taken_over", {"filing", "domains", "name", "reason"}, {}},
      {"cases_overdue", {"count"}, {{"cases", {"filing", "domains", "state", "name"}}}},
      {"enquiry_received", {}, {}},
      {"agency_asked", {}, {}},
      {"staff_claim", {"number"}, {}},
      {"letter_to_staff", {"filing", "domains"}, {}},
  };
  return specs;
}

}  // namespace beian::notify
