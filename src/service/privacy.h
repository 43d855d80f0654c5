// The rights of whoever has an account: to have all of it in one file, and to have it erased.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"
#include "store/accounts.h"
#include "store/privacy.h"

namespace beian::service {

struct PrivacyStanding {
  std::string agreed_version;  // of the privacy notice
  std::vector<store::Consent> consents;
  std::vector<Id> under_way;  // filings that stand in the way of an erasure
  std::int64_t approved = 0;  // filings that the law makes us keep
};
PrivacyStanding privacy_standing(Service& s, const store::Account& account);
// The notice has a new version and its reader agrees.
void agree(Service& s, Id account, const std::string& version);

// One zip: account, filings with their history as JSON, pictures. Throws Refusal{invalid,
// "password_wrong"}, Refusal{too_large, "export_too_large"} beyond 200 MiB.
std::string export_account(Service& s, const store::Account& account, const std::string& password);

// Ends drafts, erases what ended, closes the account. Refusal{conflict, "erasure_blocked"} while a
// filing is with the staff or the bureau: it is withdrawn or waited for first. Not for staff.
void erase_account(Service& s, const store::Account& account, const std::string& password);

}  // namespace beian::service
