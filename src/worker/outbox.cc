#include "worker/outbox.h"

namespace beian::worker {
namespace {

notify::DeliveryResult deliver(const Channels& channels, const store::Message& m) {
  const notify::DeliveryResult inbox{notify::Delivery::sent, ""};
  if (m.channel == "sms") return channels.sms ? channels.sms->send({m.to, m.text, m.key}) : inbox;
  return channels.mailer ? channels.mailer->send({m.to, m.subject, m.text, m.html, m.key}) : inbox;
}

}  // namespace

Done send_message(service::Service& s, const Channels& channels, const store::Job& job) {
  const auto id = id_from_string(job.payload);
  const auto message =
      id ? s.db.read([&](Reader& reader) { return store::find_message(reader, s.keys, *id); })
         : std::nullopt;
  if (!message || message->state != "queued") return {};
  const notify::DeliveryResult result = deliver(channels, *message);
  if (result.outcome == notify::Delivery::later)
    return {std::nullopt, message->channel + ": " + result.reason};
  const bool sent = result.outcome == notify::Delivery::sent;
  s.db.write([&](Tx& tx) {
    store::set_message_state(tx, message->id, sent ? "sent" : "refused", s.now(), result.reason);
  });
  return {};
}

}  // namespace beian::worker
