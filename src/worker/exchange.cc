#include "worker/exchange.h"

#include <algorithm>

#include "filing/date.h"
#include "service/connections.h"
#include "store/exchange.h"
#include "worker/fetching.h"
#include "worker/line.h"
#include "worker/sending.h"

namespace beian::worker {
namespace {

using service::Service;

constexpr Millis k_paused_look = 60'000;  // a change of the setting wakes the line at once
constexpr Millis k_idle_poll = 60'000;    // or ten times the configured pause, if that is shorter
constexpr Millis k_day = 24 * 3600 * 1000LL;
constexpr int k_most_a_round = 20;  // files sent, files fetched; then others get their turn

// Once a day: the content of files whose time of keeping is over (data/deadlines.json) goes.
void prune(Service& s, const std::string& province) {
  const Millis now = s.now();
  const auto line = s.db.read([&](Reader& reader) { return store::find_line(reader, province); });
  if (now - line.pruned_at < k_day) return;
  const Limit kept = s.settings.now()->deadlines.at("bureau_files_kept");
  s.db.write([&](Tx& tx) {
    store::prune_files(tx, province, now - kept.limit * k_day);
    store::note_pruned(tx, province, now);
  });
}

bool is_held_back(const Service& s, Reader& reader, const std::string& province) {
  const auto line = store::find_line(reader, province);
  return line.upload_after > s.now() && !line.upload_hold.starts_with("20");
}

}  // namespace

Done exchange(Service& s, const store::Job& job) {
  const std::string& province = job.payload;
  const auto client = s.bureaus.find(province);
  const BureauConfig* configured = service::configured_line(s, province);
  if (client == s.bureaus.end() || !configured) return {};
  const service::LineNow now = service::line_now(s, *configured);
  if (now.paused) return {s.now() + k_paused_look, ""};
  Line line{s, province, client->second, now.config};
  // What can be fetched is fetched even when sending is refused (901 concerns uploads alone).
  const Round sending = send_files(line, k_most_a_round);
  const Round fetching = fetch_files(line, k_most_a_round);
  replay_files(line);
  prune(s, province);
  const Trouble trouble = sending.trouble.empty() ? fetching.trouble : sending.trouble;
  s.db.write([&](Tx& tx) {
    // While uploads rest after a refusal, its reason stays on the desk and the pauses go on
    // growing.
    if (trouble.empty() && is_held_back(s, tx, province))
      store::note_reached(tx, province, s.now());
    else
      store::note_contact(tx, province, trouble, s.now());
  });
  s.wake_workers();
  if (!trouble.empty()) return {std::nullopt, trouble};
  struct State {
    std::int64_t waiting, to_send;
    store::BureauLine line;
  };
  const State state = s.db.read([&](Reader& reader) {
    return State{store::count_waiting(reader, province), store::count_to_send(reader, province),
                 store::find_line(reader, province)};
  });
  const Millis pause = now.config.poll_seconds * 1000LL;
  const bool held = state.line.upload_after > s.now();
  // More than one round holds: the others had their turn, go on.
  if (fetching.more || sending.more) return {s.now(), ""};
  // Closed until an hour that comes before the next look: be there when it opens.
  if (state.to_send > 0 && held) return {std::min(s.now() + pause, state.line.upload_after), ""};
  // A line on which nothing waits is looked at now and then; a hand-over wakes it at once.
  if (state.waiting == 0) return {s.now() + std::min(10 * pause, std::max(pause, k_idle_poll)), ""};
  return {s.now() + pause, ""};
}

}  // namespace beian::worker
