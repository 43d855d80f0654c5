// The line to each bureau: its sequence, the files we sent (kept to be sent again: at least three
// months, interface specification 3-3-1), the files we fetched, and what waits to be sent.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

struct BureauLine {
  std::string province;
  std::int64_t last_sequence = 0;
  std::optional<Millis> last_contact_at;
  std::optional<std::string> last_error;
  Millis upload_after = 0;    // nothing is sent before
  std::string upload_hold;    // why: "20 09:00-17:30", "901"; empty for no reason
  std::int64_t failures = 0;  // in a row
  std::int64_t troubles = 0;  // ever
  Millis pruned_at = 0;
};
BureauLine find_line(Reader& reader, const std::string& province);
// `error` empty: the contact was good. A good contact sets the time.
void note_contact(Tx& tx, const std::string& province, const std::string& error, Millis now);
// It answered, though not all is well: only the time is set.
void note_reached(Tx& tx, const std::string& province, Millis now);
// Nothing is sent before `until`. An empty `why` lifts the hold.
void hold_uploads(Tx& tx, const std::string& province, Millis until, const std::string& why);
void note_pruned(Tx& tx, const std::string& province, Millis now);

// One record of a file: a filing's round, or a task or IP range and how often it was sent.
struct UploadRecord {
  Id id = 0;
  std::int64_t round = 0;
  bool operator==(const UploadRecord&) const = default;
};

struct Upload {
  Id id = 0;
  std::string province;
  std::int64_t sequence = 0;
  std::string subject;  // a kind of filing, unfiled_site, verification, ip
  std::int64_t records = 0;
  Id filing_id = 0;          // where it carries one filing alone; 0 otherwise
  std::string package_hash;  // base64 MD5, beianInfoHash
  std::string xml;           // the data file in GBK, opened; empty when its time is over
  std::string state;         // prepared, accepted, again, split
  std::int64_t tries = 0;
  std::string note;
  std::int64_t bytes = 0;
  Millis created_at = 0;
  std::optional<Millis> accepted_at;
};
struct NewUpload {
  std::string province;
  std::int64_t sequence = 0;
  std::string subject;
  std::vector<UploadRecord> records;
  std::string xml, hash;
};
// Takes `sequence`, which must be the next of the line (nullopt when it is not any more: the file's
// name contains it, so it is packed before). Throws DbError{unique} when one of the records was
// uploaded before in this round.
std::optional<Id> prepare_upload(Tx& tx, const Keyring& keys, const NewUpload& upload, Millis now);
// The oldest file not yet accepted; at most one a line is under way.
std::optional<Upload> prepared_upload(Reader& reader, const Keyring& keys,
                                      const std::string& province);
// The oldest file that an operator wants sent once more.
std::optional<Upload> upload_to_repeat(Reader& reader, const Keyring& keys,
                                       const std::string& province);
std::optional<Upload> find_upload(Reader& reader, const Keyring& keys, const std::string& province,
                                  std::int64_t sequence);
// Newest first, without their XML; `before` is a sequence, 0 for the newest.
std::vector<Upload> list_uploads(Reader& reader, const std::string& province, std::int64_t before,
                                 int limit);
std::vector<UploadRecord> records_of(Reader& reader, Id upload);
// The files that carried a record, newest first, without their XML.
std::vector<Upload> uploads_of_record(Reader& reader, Id record);
void count_try(Tx& tx, Id upload);
void accept_upload(Tx& tx, Id upload, Millis now);
void note_upload(Tx& tx, Id upload, const std::string& note);
// False when there is no such file, or nothing of it is kept any more.
bool repeat_upload(Tx& tx, const std::string& province, std::int64_t sequence);
void settle_repeat(Tx& tx, Id upload, const std::string& note);
// The bureau's count is ahead of or behind ours: the waiting file takes another number.
void renumber_upload(Tx& tx, Id upload, const std::string& province, std::int64_t sequence,
                     const std::string& hash);
// The file was refused as a whole: its records wait to be packed again, `at_most` in one file. A
// number the bureau has not taken is free again.
void split_upload(Tx& tx, const Upload& upload, std::int64_t at_most, bool number_is_free,
                  Millis now);
// Drops the content of files accepted, and of downloads received, before `before`; returns how
// many.
std::int64_t prune_files(Tx& tx, const std::string& province, Millis before);

struct Waiting {
  Id filing = 0;
  Kind kind = Kind::first_filing;
  std::optional<std::int64_t> at_most;  // it was in a file that was refused as a whole
};
// What is to be sent next, oldest first, all of one kind: first what waits to be packed again.
std::vector<Waiting> filings_to_send(Reader& reader, const std::string& province, int limit);
void take_from_requeue(Tx& tx, Id filing);
// To be sent once more by itself (an operator says so); false when it is not with the bureau.
bool requeue_filing(Tx& tx, Id filing, Millis now);
std::int64_t count_waiting(Reader& reader, const std::string& province);
std::int64_t count_to_send(Reader& reader, const std::string& province);

struct DownloadFile {
  std::string province, file_name, hash;
  std::string contents;  // the groups it holds: "BAJG BASJ"
  std::string note;      // what was done with it, or why not
  bool attention = false;
  bool replay = false;
  Millis received_at = 0;
  std::int64_t bytes = 0;
  std::string xml;  // opened; empty in lists and when its time is over
};
// False when this very file was stored before. Another content under a known name is kept beside
// it, under "<name>~<hash>".
bool store_download(Tx& tx, const Keyring& keys, DownloadFile& file);
void note_download(Tx& tx, const DownloadFile& file);
std::optional<DownloadFile> find_download(Reader& reader, const Keyring& keys,
                                          const std::string& province,
                                          const std::string& file_name);
std::optional<DownloadFile> download_to_replay(Reader& reader, const Keyring& keys,
                                               const std::string& province);
std::vector<DownloadFile> list_downloads(Reader& reader, const std::string& province, Millis before,
                                         bool only_attention, int limit);
bool replay_download(Tx& tx, const std::string& province, const std::string& file_name);

// For /metrics and the operator's status.
struct ExchangeNumbers {
  std::string province;
  std::int64_t waiting = 0, to_send = 0;  // filings with the bureau or on their way; not sent yet
  std::int64_t last_sequence = 0;
  std::int64_t uploads = 0, upload_records = 0, upload_bytes = 0;  // accepted, ever
  std::int64_t downloads = 0, download_bytes = 0, attention = 0;   // fetched, ever; to be looked at
  std::int64_t failures = 0, troubles = 0;                         // in a row; ever
  std::int64_t open_tasks = 0, overdue_tasks = 0;
  std::optional<Millis> last_contact_at;
};
std::vector<ExchangeNumbers> exchange_numbers(Reader& reader, Millis now);

}  // namespace beian::store
