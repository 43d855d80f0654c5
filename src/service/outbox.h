// Notices on their way out: rendered and written in the same transaction as their cause, sent by a
// leased job. A notice's key makes sure that it is written once; where its receiver wants no mails
// or short messages of its group, it is not written there (service/notices.h).
#pragma once

#include <optional>
#include <string>

#include "notify/templates.h"
#include "service/service.h"
#include "store/accounts.h"

namespace beian::service {

// A mail to an account's address.
void queue_mail(Service& s, Tx& tx, const store::Account& to, std::optional<Id> filing,
                std::string_view notice, const std::string& key, const notify::Values& values);

// A mail to an address that may have no account, with nothing but what the platform itself says.
void queue_mail_to(Service& s, Tx& tx, const std::string& address, const std::string& locale,
                   std::string_view notice, const std::string& key, const notify::Values& values);

// The same words by mail (where there is an address), in the list of notices, and when `mobile` is
// not empty and the notice has a short form, by SMS.
void queue_notice(Service& s, Tx& tx, const store::Account& to, const std::string& mobile,
                  std::optional<Id> filing, std::string_view notice, const std::string& key,
                  const notify::NoticeData& data);

// Mails a notice to every member of staff who can act on it.
void queue_staff_notice(Service& s, Tx& tx, std::optional<Id> filing, std::string_view notice,
                        const std::string& key, const notify::NoticeData& data);

}  // namespace beian::service
