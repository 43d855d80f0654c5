#include "worker/hooks.h"

#include "service/webhooks.h"

namespace beian::worker {

Done send_webhook(service::Service& s, const notify::WebhookSender& sender, const store::Job& job) {
  const auto id = id_from_string(job.payload);
  std::optional<store::Delivery> delivery;
  std::optional<store::Webhook> webhook;
  s.db.read([&](Reader& reader) {
    if (id) delivery = store::find_delivery(reader, *id);
    if (delivery) webhook = store::find_any_webhook(reader, s.keys, delivery->webhook_id);
  });
  if (!delivery || delivery->state != "waiting") return {};
  if (!webhook || webhook->paused_at) {
    service::note_try(s, *delivery, false, std::nullopt, webhook ? "paused" : "removed");
    return {};
  }
  const notify::WebhookResult result = sender.send(
      {webhook->url, webhook->secret, delivery->body, delivery->event, id_to_string(*id), s.now()});
  return {service::note_try(s, *delivery, result.delivered, result.status, result.error), ""};
}

}  // namespace beian::worker
