// Notices as their receiver has them: chosen by group and channel, listed with what became of each,
// sent once more when asked for.
#pragma once

#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/accounts.h"
#include "store/notices.h"

namespace beian::service {

// Whether this account wants this notice by this channel (mail, sms, app).
bool wants(Service& s, Reader& reader, Id account, std::string_view notice,
           std::string_view channel);

// {"groups": [{"id", "mail", "sms", "app", "fixed": ["mail"]}]}: those that this role gets.
json::object notice_settings_of(Service& s, Id account, Role role);
// Throws Refusal{invalid, …} for an unknown group, or for one of its fixed channels switched off.
void set_notice_setting(Service& s, Id account, Role role, const store::NoticeSetting& setting);

struct NoticePage {
  std::vector<store::SentMessage> messages;
  std::int64_t unseen = 0;
};
NoticePage notices_of(Service& s, Id account, Id filing, Id before, int limit);
void see_notices(Service& s, Id account);
// For staff: what was sent about a case, addresses masked by the caller.
std::vector<store::SentMessage> messages_at_desk(Service& s, const Staff& staff, Id filing);

// Sends a copy of a mail or short message that has left, was refused, or whose fate is unknown. At
// most three copies, a minute apart. Throws Refusal{conflict, "resend_…"}.
void resend(Service& s, Id account, Id message);
void resend_at_desk(Service& s, const Staff& staff, Id filing, Id message);

// "a***@example.com", "138****1234": where it went, for lists.
std::string masked_address(const store::Message& message);

}  // namespace beian::service
