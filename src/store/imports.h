// Imports: an agency's table on its way to become drafts.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Import {
  Id id = 0;
  Id agency_id = 0;
  std::string name;    // of the file
  std::string report;  // JSON, see service/imports.cc
  std::string state;   // checked, running, done, dropped
  std::int64_t rows_total = 0, rows_good = 0, rows_done = 0, drafts = 0, skipped = 0;
  Id made_by = 0;
  Millis created_at = 0;
  std::optional<Millis> confirmed_at, finished_at;
};
// False when the agency has an import of this very file: its id is then in `import`. One that is
// not confirmed gets the new report: what stands in the way may be gone by now.
bool insert_import(Tx& tx, const Keyring& keys, Import& import, const std::string& file);
std::optional<Import> find_import(Reader& reader, const Keyring& keys, Id agency, Id import);
// For the job, whoever asked.
std::optional<Import> find_any_import(Reader& reader, const Keyring& keys, Id import);
std::vector<Import> list_imports(Reader& reader, const Keyring& keys, Id agency, int limit);
// Empty once it is done or dropped.
std::string find_import_file(Reader& reader, const Keyring& keys, Id import);

// False when it is no longer "checked".
bool confirm_import(Tx& tx, Id import, Millis now);
// A checked one goes, so that the same file may come again.
bool drop_import(Tx& tx, Id agency, Id import);

struct ImportRow {
  std::int64_t row = 0;
  std::optional<Id> filing;
  std::string code;  // why it was left out; empty for a draft
  // Of one that was left out and may be begun by hand: its domain, its client's folder.
  std::string domain = {};
  std::optional<Id> client = {};
};
// First rows of organisers whose question waits for the bureau are among them.
std::set<std::int64_t> done_rows(Reader& reader, Id import);
// False when this row was done before.
bool insert_import_row(Tx& tx, Id import, const ImportRow& row);
std::vector<ImportRow> left_out_rows(Reader& reader, Id import, int limit);
void advance_import(Tx& tx, Id import, std::int64_t rows, std::int64_t drafts,
                    std::int64_t skipped);
// The whole table has been looked at: the file goes, what came of it is in drafts and questions.
void drop_import_file(Tx& tx, Id import);
// Done, once the file is gone and no question waits.
void finish_import(Tx& tx, Id import, Millis now);

// An organiser of an import that the bureau is asked about; `text` is kept sealed.
struct ImportQuestion {
  std::int64_t row = 0;  // the first one of the organiser
  std::string text;
  Millis created_at = 0;
};
void insert_import_question(Tx& tx, const Keyring& keys, Id import, const ImportQuestion& question);
std::optional<ImportQuestion> find_import_question(Reader& reader, const Keyring& keys, Id import,
                                                   std::int64_t row);
// False when it was answered before.
bool remove_import_question(Tx& tx, Id import, std::int64_t row);
std::int64_t count_import_questions(Reader& reader, Id import);
// Imports that were made before this time, with their rows: how many went, at most `limit`.
std::int64_t remove_imports(Tx& tx, Millis before, int limit);

}  // namespace beian::store
