#include "worker/exchange.h"

#include <algorithm>

#include "base/log.h"
#include "bureau/codec_v30.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/answer.h"
#include "service/hand_over.h"
#include "store/cases.h"
#include "store/exchange.h"
#include "store/filings.h"

namespace beian::worker {
namespace {

using service::Service;

constexpr Millis k_idle_poll = 60'000;
constexpr int k_most_a_round = 20;  // packages sent, files fetched; then others get their turn

struct Line {
  Service& s;
  const std::string province;
  const bureau::BureauClient& client;
  Id isp_id;
  int poll_seconds;
};

// Empty: go on. Otherwise why the line rests for now.
using Trouble = std::string;

Trouble trouble_of(const std::string& call, const bureau::Answer& answer) {
  if (answer.reach == bureau::Reach::answered)
    return call + ": code " + std::to_string(answer.msg_code);
  return call + ": " + (answer.error.empty() ? "no answer" : answer.error);
}

// Packs the oldest filing that is ready. The step to `sending` and the package are one transaction,
// so from here on the filing is never without its package.
bool prepare_next(Line& line) {
  Service& s = line.s;
  std::optional<Id> id;
  std::int64_t next = 0;
  s.db.read([&](Reader& reader) {
    id = store::oldest_ready_filing(reader, line.province);
    next = store::find_line(reader, line.province).last_sequence + 1;
  });
  if (!id) return false;
  const auto filing =
      s.db.read([&](Reader& reader) { return store::find_filing(reader, s.keys, *id); });
  const bureau::v30::Encoded encoded =
      bureau::v30::encode(service::compose_upload(s, *filing, line.isp_id));
  return s.db.write([&](Tx& tx) {
    store::Filing now = store::find_filing(tx, s.keys, *id).value();
    if (now.version != filing->version || now.state != State::ready) return true;
    now = service::act(s, tx, now, {Action::start_sending, Actor::worker, std::nullopt, ""});
    if (!encoded.problems.empty()) {
      // The interface cannot carry a character: the bureau would say 5008, so say it first.
      for (const Problem& p : encoded.problems) {
        const auto characters = p.params.find("characters");
        store::insert_correction(tx, s.keys,
                                 {0, now.id, p.field, "bureau_5008",
                                  characters == p.params.end() ? "" : characters->second, "bureau",
                                  std::nullopt, "open", s.now()});
      }
      service::act(s, tx, now, {Action::bureau_rejected, Actor::bureau, std::nullopt, ""});
      return true;
    }
    const bureau::Package package =
        line.client.pack(encoded.xml, bureau::upload_file_name(line.isp_id, next));
    return store::prepare_upload(tx, s.keys, line.province, next, now.id, now.round, encoded.xml,
                                 package.hash, s.now())
        .has_value();
  });
}

void accept(Line& line, const store::Upload& upload) {
  Service& s = line.s;
  s.db.write([&](Tx& tx) {
    store::accept_upload(tx, upload.id, s.now());
    store::note_contact(tx, line.province, "", s.now());
    const auto filing = store::find_filing(tx, s.keys, upload.filing_id);
    // The answer may have come before the acknowledgement; then this step has been taken.
    if (filing && filing->state == State::sending && filing->round == upload.round)
      service::act(s, tx, *filing, {Action::bureau_received, Actor::bureau, std::nullopt, ""});
  });
}

bureau::Package packed(const Line& line, const store::Upload& upload) {
  return line.client.pack(upload.xml, bureau::upload_file_name(line.isp_id, upload.sequence));
}

// The bureau says that earlier numbers are missing: those packages are sent again as they were.
Trouble send_missing(Line& line, const std::vector<std::int64_t>& missing) {
  Service& s = line.s;
  for (std::int64_t sequence : missing) {
    const auto upload = s.db.read([&](Reader& reader) {
      return store::find_upload(reader, s.keys, line.province, sequence);
    });
    if (!upload)
      return "upload: the bureau misses number " + std::to_string(sequence) + ", which is not ours";
    const auto answer = line.client.upload(sequence, packed(line, *upload));
    if (!answer.answered(0)) return trouble_of("upload again", answer);
  }
  return {};
}

// One prepared package on its way. Before a second try the bureau is asked what it has.
Trouble send_prepared(Line& line, store::Upload upload) {
  Service& s = line.s;
  if (upload.tries > 0) {
    const auto previous = line.client.previous_upload();
    if (previous.reach != bureau::Reach::answered ||
        (previous.msg_code != 0 && previous.msg_code != 1))
      return trouble_of("previous upload", previous);
    // The file's name carries the number, and so does its hash: what we would send now is compared.
    const bool ours =
        previous.sequence == upload.sequence && previous.hash == packed(line, upload).hash;
    if (ours) {
      accept(line, upload);
      return {};
    }
    if (previous.sequence >= upload.sequence) {
      // The number was used for something else (a restored database): take the next free one.
      s.db.write([&](Tx& tx) {
        store::renumber_upload(tx, upload.id, line.province, previous.sequence + 1);
      });
      log_warn("bureau_sequence_moved", {{"province", line.province},
                                         {"from", std::to_string(upload.sequence)},
                                         {"to", std::to_string(previous.sequence + 1)}});
      upload.sequence = previous.sequence + 1;
    }
  }
  s.db.write([&](Tx& tx) { store::count_try(tx, upload.id); });
  const auto answer = line.client.upload(upload.sequence, packed(line, upload));
  if (answer.answered(0)) {
    accept(line, upload);
    return {};
  }
  if (answer.answered(14) && !answer.missing.empty()) {
    if (Trouble trouble = send_missing(line, answer.missing); !trouble.empty()) return trouble;
    return send_prepared(line, upload);
  }
  return trouble_of("upload", answer);
}

Trouble send_all(Line& line) {
  for (int i = 0; i < k_most_a_round; ++i) {
    const auto prepared = line.s.db.read(
        [&](Reader& reader) { return store::prepared_upload(reader, line.s.keys, line.province); });
    if (prepared) {
      if (Trouble trouble = send_prepared(line, *prepared); !trouble.empty()) return trouble;
      continue;
    }
    if (!prepare_next(line)) return {};
  }
  return {};
}

// Keeps the file and applies it in one transaction; a file known by name was applied before.
void apply_file(Line& line, const bureau::ReceivedFile& file) {
  Service& s = line.s;
  const auto decoded = bureau::v30::decode_download(file.xml);
  s.db.write([&](Tx& tx) {
    if (!store::store_download(tx, s.keys, line.province, file.name, file.xml, s.now())) return;
    const std::string note =
        decoded.fault
            ? "not understood: " + std::to_string(decoded.fault->code) + " " + decoded.fault->where
            : service::apply_download(s, tx, line.province, line.isp_id, decoded.value);
    store::note_download(tx, line.province, file.name, note);
    store::note_contact(tx, line.province, "", s.now());
  });
}

Trouble fetch_all(Line& line) {
  for (int i = 0; i < k_most_a_round; ++i) {
    const bureau::DownloadAnswer answer = line.client.download();
    if (answer.answered(2)) return {};
    if (answer.reach != bureau::Reach::answered || answer.msg_code > 3)
      return trouble_of("download", answer);
    if (!answer.file)
      return "download: a file that cannot be used, fault " +
             std::to_string(static_cast<int>(answer.fault));
    apply_file(line, *answer.file);
    const bureau::Answer ack = line.client.acknowledge(answer.file->name);
    if (!ack.answered(0)) return trouble_of("acknowledge", ack);
    if (!answer.more()) return {};
  }
  return {};
}

const BureauConfig* config_of(const Service& s, const std::string& province) {
  for (const BureauConfig& bureau : s.config.bureaus)
    if (bureau.province == province) return &bureau;
  return nullptr;
}

}  // namespace

Done exchange(Service& s, const store::Job& job) {
  const std::string& province = job.payload;
  const auto client = s.bureaus.find(province);
  const BureauConfig* config = config_of(s, province);
  if (client == s.bureaus.end() || !config) return {};
  Line line{s, province, client->second, config->isp_id, config->poll_seconds};
  // What can be fetched is fetched even when sending is refused (901 concerns uploads alone).
  const Trouble sending = send_all(line);
  const Trouble fetching = fetch_all(line);
  const Trouble trouble = sending.empty() ? fetching : sending;
  s.db.write([&](Tx& tx) { store::note_contact(tx, province, trouble, s.now()); });
  s.wake_workers();
  if (!trouble.empty()) return {std::nullopt, trouble};
  const auto waiting =
      s.db.read([&](Reader& reader) { return store::count_waiting(reader, province); });
  // A line on which nothing waits is looked at now and then; a hand-over wakes it at once.
  if (waiting == 0)
    return {s.now() + std::max<Millis>(config->poll_seconds * 1000LL, k_idle_poll), ""};
  return {s.now() + config->poll_seconds * 1000LL, ""};
}

}  // namespace beian::worker
