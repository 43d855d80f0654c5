// Webhooks leave from here, one leased job each, on a loop of their own: a customer's slow program
// holds up nothing else.
#pragma once

#include "notify/webhook.h"
#include "worker/loop.h"

namespace beian::worker {

// The work of a "send_webhook" job; its payload is the delivery's id.
Done send_webhook(service::Service& s, const notify::WebhookSender& sender, const store::Job& job);

}  // namespace beian::worker
