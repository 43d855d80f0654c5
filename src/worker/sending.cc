#include "worker/sending.h"

#include <algorithm>

#include "base/log.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/line_notes.h"
#include "store/bureau_tasks.h"
#include "store/exchange.h"
#include "store/filings.h"
#include "worker/loop.h"
#include "worker/packing.h"
#include "worker/upload_hours.h"

namespace beian::worker {
namespace {

using service::Service;

constexpr Millis k_closed_pause = 15 * 60'000;  // closed, and nobody says until when

// What became of one file.
struct Sent {
  Trouble trouble;
  bool stop = false;  // nothing more goes for now, and that is no trouble
};

bureau::Package packed(const Line& line, const store::Upload& upload) {
  return line.client.pack(upload.xml,
                          bureau::upload_file_name(line.config.isp_id, upload.sequence));
}

void accept(Line& line, const store::Upload& upload) {
  Service& s = line.s;
  s.db.write([&](Tx& tx) {
    store::accept_upload(tx, upload.id, s.now());
    store::note_contact(tx, line.province, "", s.now());
    store::hold_uploads(tx, line.province, 0, "");
    if (!kind_from_string(upload.subject)) return;
    for (const store::UploadRecord& record : store::records_of(tx, upload.id)) {
      const auto filing = store::find_filing(tx, s.keys, record.id);
      // The answer may have come before the acknowledgement; then this step has been taken.
      if (filing && filing->state == State::sending && filing->round == record.round)
        service::act(s, tx, *filing, {Action::bureau_received, Actor::bureau, std::nullopt, ""});
    }
  });
}

void hold(Line& line, Millis until, const std::string& why) {
  line.s.db.write([&](Tx& tx) { store::hold_uploads(tx, line.province, until, why); });
}

// Growing pauses while the bureau is busy or will not have us, however often the line is woken.
Trouble held_back(Line& line, const bureau::Answer& answer) {
  const auto failures =
      line.s.db.read([&](Reader& reader) { return store::find_line(reader, line.province); })
          .failures;
  hold(line, line.s.now() + pause_after(failures + 1), std::to_string(answer.msg_code));
  return trouble_of("upload", answer);
}

// 20: closed at this hour. The bureau's words name the hours, else the configuration may.
Sent closed(Line& line, const bureau::Answer& answer) {
  const Millis now = line.s.now();
  Millis until = now + k_closed_pause;
  std::string hours = answer.msg;
  auto opens = opens_at(hours, now);
  if (!opens) opens = opens_at(hours = line.config.upload_hours, now);
  // Open by those words, and closed all the same: ask again before long.
  if (opens && *opens > now) until = *opens;
  hold(line, until, opens ? "20 " + hours : "20");
  return {"", true};
}

// 17 or 18: too much in one file, or not what the bureau takes for one file.
Sent too_much(Line& line, const store::Upload& upload, const bureau::Answer& answer) {
  if (upload.records < 2 || !kind_from_string(upload.subject))
    return {held_back(line, answer), true};
  line.s.db.write([&](Tx& tx) {
    store::split_upload(tx, upload, std::max<std::int64_t>(1, upload.records / 2), true,
                        line.s.now());
  });
  return {};
}

// The bureau says that earlier numbers are missing: those files are sent again as they were.
Trouble send_missing(Line& line, const std::vector<std::int64_t>& missing) {
  Service& s = line.s;
  for (std::int64_t sequence : missing) {
    const auto upload = s.db.read([&](Reader& reader) {
      return store::find_upload(reader, s.keys, line.province, sequence);
    });
    if (!upload || upload->xml.empty())
      return "upload: the bureau misses number " + std::to_string(sequence) +
             ", of which nothing is kept";
    const auto answer = line.client.upload(sequence, packed(line, *upload));
    if (!answer.answered(0)) return trouble_of("upload", answer);
    s.db.write([&](Tx& tx) {
      store::note_upload(tx, upload->id, service::pack_notes({{"was_missing"}}));
    });
  }
  return {};
}

void renumber(Line& line, store::Upload& upload, std::int64_t sequence) {
  log_warn("bureau_sequence_moved", {{"province", line.province},
                                     {"from", std::to_string(upload.sequence)},
                                     {"to", std::to_string(sequence)}});
  upload.sequence = sequence;
  upload.package_hash = packed(line, upload).hash;
  line.s.db.write([&](Tx& tx) {
    store::renumber_upload(tx, upload.id, line.province, sequence, upload.package_hash);
  });
}

// Which domain of this filing the bureau has on record already; empty for none.
std::string filed_domain(Line& line, Id filing) {
  const auto sites =
      line.s.db.read([&](Reader& reader) { return store::list_sites(reader, filing); });
  for (const store::FilingSite& site : sites) {
    const auto answer =
        line.client.query_status(bureau::k_by_domain, service::unicode_domain(site.domain));
    if (answer.answered(0) && answer.filed) return site.domain;
  }
  return {};
}

// Our count was behind the bureau's: this database is older than the line (restored from a backup),
// so what is new to us may have been filed. True when the file was taken apart: filings whose
// domain is on record wait for the staff, the others are packed again.
bool take_out_filed(Line& line, const store::Upload& upload) {
  Service& s = line.s;
  if (upload.subject != to_string(Kind::first_filing)) return false;
  const auto records =
      s.db.read([&](Reader& reader) { return store::records_of(reader, upload.id); });
  std::vector<std::pair<Id, std::string>> filed;
  for (const store::UploadRecord& record : records)
    if (std::string domain = filed_domain(line, record.id); !domain.empty())
      filed.emplace_back(record.id, std::move(domain));
  if (filed.empty()) return false;
  s.db.write([&](Tx& tx) {
    store::split_upload(tx, upload, upload.records, true, s.now());
    for (const auto& [id, domain] : filed) {
      store::take_from_requeue(tx, id);
      store::BureauTask task;
      task.key = "unsendable/" + id_to_string(id) + "/filed";
      task.province = line.province;
      task.kind = "unsendable";
      task.subject = domain;
      task.content = json::serialize(json::object{{"why", "already_filed"}, {"detail", domain}});
      task.filing_id = id;
      task.received_at = s.now();
      store::put_task(tx, s.keys, task);
    }
  });
  return true;
}

// After any doubt: what has the bureau? Empty `go_on`: this file need not be sent.
struct Asked {
  Trouble trouble;
  bool send = true;
};
Asked ask_first(Line& line, store::Upload& upload) {
  const auto previous = line.client.previous_upload();
  if (previous.reach != bureau::Reach::answered ||
      (previous.msg_code != 0 && previous.msg_code != 1))
    return {trouble_of("previous", previous), false};
  // The file's name carries the number, and so does its hash: what we would send is compared.
  if (previous.sequence == upload.sequence && previous.hash == packed(line, upload).hash) {
    accept(line, upload);
    return {"", false};
  }
  if (previous.sequence < upload.sequence) return {};
  renumber(line, upload, previous.sequence + 1);
  return {"", !take_out_filed(line, upload)};
}

// 14, and the missing number is none of ours: our count is ahead of the bureau's (it lost files, or
// this line was counted from another bureau). Its next number is asked for and taken.
Trouble fall_back(Line& line, store::Upload& upload, std::int64_t missing) {
  const auto previous = line.client.previous_upload();
  if (!previous.answered(0) && !previous.answered(1)) return trouble_of("previous", previous);
  if (previous.sequence + 1 != missing)
    return "upload: the bureau misses number " + std::to_string(missing) + ", which is not ours";
  renumber(line, upload, missing);
  return {};
}

bool is_kept(Line& line, std::int64_t sequence) {
  return line.s.db
      .read([&](Reader& reader) {
        return store::find_upload(reader, line.s.keys, line.province, sequence);
      })
      .has_value();
}

Sent send_prepared(Line& line, store::Upload upload, bool again = false) {
  if (upload.tries > 0 && !again) {
    const Asked asked = ask_first(line, upload);
    if (!asked.send) return {asked.trouble, false};
  }
  line.s.db.write([&](Tx& tx) { store::count_try(tx, upload.id); });
  const auto answer = line.client.upload(upload.sequence, packed(line, upload));
  if (answer.reach != bureau::Reach::answered) return {trouble_of("upload", answer), true};
  switch (answer.msg_code) {
    case 0:
      accept(line, upload);
      return {};
    case 14: {
      if (answer.missing.empty() || again) return {trouble_of("upload", answer), true};
      const std::int64_t first = answer.missing.front();
      const Trouble trouble = is_kept(line, first) ? send_missing(line, answer.missing)
                                                   : fall_back(line, upload, first);
      if (!trouble.empty()) return {trouble, true};
      return send_prepared(line, std::move(upload), true);
    }
    case 17:
    case 18:
      return too_much(line, upload, answer);
    case 20:
      return closed(line, answer);
    case 4:
    case 5:
    case 12:
    case 13:
    case 15:
    case 19:
    case 901:
      return {held_back(line, answer), true};
    default:
      return {trouble_of("upload", answer), true};
  }
}

// An operator wants this file sent once more, as it was. What the bureau says is noted with it.
Trouble repeat(Line& line, const store::Upload& upload) {
  const auto answer = line.client.upload(upload.sequence, packed(line, upload));
  if (answer.reach != bureau::Reach::answered) return trouble_of("upload", answer);
  line.s.db.write([&](Tx& tx) {
    store::settle_repeat(
        tx, upload.id,
        service::pack_notes({{"sent_again", {{"answer", std::to_string(answer.msg_code)}}}}));
  });
  return {};
}

// True when uploads rest: until the hour of the last answer, or by the configured hours.
bool rests(Line& line) {
  const Millis now = line.s.now();
  const auto state =
      line.s.db.read([&](Reader& reader) { return store::find_line(reader, line.province); });
  if (state.upload_after > now) return true;
  const auto opens = opens_at(line.config.upload_hours, now);
  if (!opens || *opens <= now) return false;
  hold(line, *opens, "20 " + line.config.upload_hours);
  return true;
}

}  // namespace

Round send_files(Line& line, int most) {
  Service& s = line.s;
  if (rests(line)) return {};
  while (const auto wanted = s.db.read([&](Reader& reader) {
    return store::upload_to_repeat(reader, s.keys, line.province);
  }))
    if (Trouble trouble = repeat(line, *wanted); !trouble.empty()) return {trouble, false};
  for (int i = 0; i < most; ++i) {
    const auto prepared = s.db.read(
        [&](Reader& reader) { return store::prepared_upload(reader, s.keys, line.province); });
    if (!prepared) {
      if (!prepare_next(line)) return {};
      continue;
    }
    const Sent sent = send_prepared(line, *prepared);
    if (!sent.trouble.empty()) return {sent.trouble, false};
    if (sent.stop) return {};
  }
  return {"", true};
}

}  // namespace beian::worker
