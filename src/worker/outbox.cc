#include "worker/outbox.h"

namespace beian::worker {
namespace {

notify::DeliveryResult deliver(service::Service& s, const Channels& channels,
                               const store::Message& m) {
  const notify::DeliveryResult inbox{notify::Delivery::sent, ""};
  if (m.channel == "sms")
    return channels.sms ? channels.sms->send({m.to, m.text, m.key, m.notice, m.values}) : inbox;
  return channels.mailer ? channels.mailer->send({m.to, m.subject, m.text, m.html, m.key,
                                                  s.settings.now()->text("mail.sender_name")})
                         : inbox;
}

}  // namespace

Done send_message(service::Service& s, const Channels& channels, const store::Job& job) {
  const auto id = id_from_string(job.payload);
  const auto message =
      id ? s.db.read([&](Reader& reader) { return store::find_message(reader, s.keys, *id); })
         : std::nullopt;
  if (!message || (message->state != "queued" && message->state != "sending")) return {};
  const auto set_state = [&](std::string_view state, const std::string& reason) {
    s.db.write([&](Tx& tx) { store::set_message_state(tx, message->id, state, s.now(), reason); });
  };
  if (message->channel == "sms" && channels.sms && !channels.sms->forgets_repeats()) {
    // Stopped while it was being sent: whether it arrived nobody can say, and sending it again
    // might make it two.
    if (message->state == "sending") {
      set_state("unknown", "interrupted");
      return {};
    }
    set_state("sending", "");
  }
  const notify::DeliveryResult result = deliver(s, channels, *message);
  if (result.outcome == notify::Delivery::later) {
    set_state("queued", result.reason);
    return {std::nullopt, message->channel + ": " + result.reason};
  }
  if (result.outcome == notify::Delivery::sent)
    set_state("sent", "");
  else
    set_state(result.reason == "unknown" ? "unknown" : "refused", result.reason);
  return {};
}

}  // namespace beian::worker
