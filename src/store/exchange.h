// The line to each bureau: its sequence, the packages we sent (kept to be sent again: at least
// three months, interface specification 3-3-1) and the files we fetched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct BureauLine {
  std::string province;
  std::int64_t last_sequence = 0;
  std::optional<Millis> last_contact_at;
  std::optional<std::string> last_error;
};
BureauLine find_line(Reader& reader, const std::string& province);
// `error` empty: the contact was good. A good contact sets the time.
void note_contact(Tx& tx, const std::string& province, const std::string& error, Millis now);

struct Upload {
  Id id = 0;
  std::string province;
  std::int64_t sequence = 0;
  Id filing_id = 0;
  std::int64_t round = 0;
  std::string package_hash;  // base64 MD5, beianInfoHash
  std::string xml;           // the data file in GBK, opened
  std::string state;         // prepared, accepted
  std::int64_t tries = 0;
};
// Takes `sequence`, which must be the next of the line (nullopt when it is not any more: the file's
// name contains it, so it is packed before). Throws DbError{unique} when this round of the filing
// has a package already: one round is uploaded once.
std::optional<Upload> prepare_upload(Tx& tx, const Keyring& keys, const std::string& province,
                                     std::int64_t sequence, Id filing, std::int64_t round,
                                     const std::string& xml, const std::string& hash, Millis now);
// The oldest package not yet accepted; at most one a line is under way.
std::optional<Upload> prepared_upload(Reader& reader, const Keyring& keys,
                                      const std::string& province);
std::optional<Upload> find_upload(Reader& reader, const Keyring& keys, const std::string& province,
                                  std::int64_t sequence);
void count_try(Tx& tx, Id upload);
void accept_upload(Tx& tx, Id upload, Millis now);
// The bureau's count is ahead of or behind ours: the waiting package takes another number.
void renumber_upload(Tx& tx, Id upload, const std::string& province, std::int64_t sequence);
std::optional<Id> oldest_ready_filing(Reader& reader, const std::string& province);
std::int64_t count_waiting(Reader& reader, const std::string& province);

// False when this file was stored before.
bool store_download(Tx& tx, const Keyring& keys, const std::string& province,
                    const std::string& file_name, const std::string& xml, Millis now);
bool has_download(Reader& reader, const std::string& province, const std::string& file_name);
void note_download(Tx& tx, const std::string& province, const std::string& file_name,
                   const std::string& note);

}  // namespace beian::store
