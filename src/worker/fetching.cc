#include "worker/fetching.h"

#include "base/log.h"
#include "bureau/codec.h"
#include "service/inbound.h"
#include "service/line_notes.h"
#include "store/exchange.h"

namespace beian::worker {
namespace {

using service::Service;

// In the caller's transaction.
void apply(Line& line, Tx& tx, store::DownloadFile& file,
           const bureau::Decoded<bureau::Download>& decoded) {
  if (decoded.fault) {
    file.note = service::pack_notes(
        {{"not_understood",
          {{"fault", std::to_string(decoded.fault->code)}, {"where", decoded.fault->where}}}});
    file.attention = true;
  } else {
    const service::Applied applied = service::apply_inbound(
        line.s, tx, {line.province, line.config.isp_id, file.file_name}, decoded.value);
    file.note = service::pack_notes(applied.notes);
    file.attention = applied.attention;
    file.contents = applied.contents;
  }
  store::note_download(tx, file);
}

// An error of ours in one file must not hold up those behind it: the file is kept for the operator.
// Only the database's own trouble ends the round.
template <typename Work>
void guarded(Line& line, store::DownloadFile file, bool stored, Work&& work) {
  std::string why;
  try {
    line.s.db.write(work);
    return;
  } catch (const DbError& e) {
    if (e.kind() != DbError::Kind::unique && e.kind() != DbError::Kind::foreign_key &&
        e.kind() != DbError::Kind::other)
      throw;
    why = e.what();
  } catch (const std::exception& e) {
    why = e.what();
  }
  log_error("bureau_file_not_applied",
            {{"province", line.province}, {"file", file.file_name}, {"why", why}});
  file.note = service::pack_notes({{"not_applied", {{"why", why}}}});
  file.attention = true;
  line.s.db.write([&](Tx& tx) {
    if (!stored && !store::store_download(tx, line.s.keys, file)) return;
    store::note_download(tx, file);
  });
}

void keep(Line& line, const bureau::ReceivedFile& received) {
  Service& s = line.s;
  const auto decoded = line.client.codec().decode_download(received.xml);
  store::DownloadFile file;
  file.province = line.province;
  file.file_name = received.name;
  file.hash = received.hash;
  file.xml = received.xml;
  file.received_at = s.now();
  guarded(line, file, false, [&](Tx& tx) {
    store::DownloadFile fresh = file;
    if (!store::store_download(tx, s.keys, fresh)) return;
    apply(line, tx, fresh, decoded);
    store::note_reached(tx, line.province, s.now());
  });
}

}  // namespace

Round fetch_files(Line& line, int most) {
  for (int i = 0; i < most; ++i) {
    const bureau::DownloadAnswer answer = line.client.download();
    if (answer.answered(2)) return {};
    if (answer.reach != bureau::Reach::answered || answer.msg_code > 3)
      return {trouble_of("download", answer), false};
    if (!answer.file)
      return {service::pack_notes({{"trouble.download.unusable",
                                    {{"fault", std::to_string(static_cast<int>(answer.fault))}}}}),
              false};
    keep(line, *answer.file);
    const bureau::Answer ack = line.client.acknowledge(answer.file->name);
    if (!ack.answered(0)) return {trouble_of("acknowledge", ack), false};
    if (!answer.more()) return {};
  }
  return {"", true};
}

void replay_files(Line& line) {
  Service& s = line.s;
  while (auto file = s.db.read([&](Reader& reader) {
    return store::download_to_replay(reader, s.keys, line.province);
  })) {
    const auto decoded = line.client.codec().decode_download(file->xml);
    guarded(line, *file, true, [&](Tx& tx) {
      store::DownloadFile again = *file;
      apply(line, tx, again, decoded);
    });
  }
}

}  // namespace beian::worker
