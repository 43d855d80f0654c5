// Mail and short messages leave from here, one leased job each.
#pragma once

#include "notify/mail.h"
#include "notify/sms.h"
#include "worker/loop.h"

namespace beian::worker {

// Null: there is no such channel (demo mode): the message stays in the inbox page and counts as
// sent.
struct Channels {
  notify::Mailer* mailer = nullptr;
  notify::SmsGateway* sms = nullptr;
};

// The work of a "send_message" job; its payload is the message's id.
Done send_message(service::Service& s, const Channels& channels, const store::Job& job);

}  // namespace beian::worker
