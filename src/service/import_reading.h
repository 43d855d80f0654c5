// Reads an import's table: its columns found by their heads, its rows put together to drafts, and
// what is wrong told by cell.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"
#include "documents/table_reader.h"
#include "service/import_columns.h"

namespace beian::service {

// What becomes one filing: the rows with the same certificate.
struct ImportDraft {
  std::vector<std::size_t> rows;  // of the table
  std::string client;
  bool client_typed = false;  // else named after organiser or domain
  json::object content;
  bool faulty = false;
  // Of an organiser that is filed already; the password is never part of a problem or a report.
  std::string number, password;
};
struct ImportReading {
  std::vector<std::int64_t> numbers;  // of the table's rows, as the spreadsheet counts
  std::vector<ImportDraft> drafts;
  std::vector<Problem> problems;  // field: "C7"; params also "column" and "value"
  std::int64_t faulty_rows = 0;
  std::map<std::string, std::pair<std::size_t, std::string>> columns;  // by path: place and title
};

// Refusal{invalid, "import_unreadable"} where the file is no table or has no rows.
documents::Table read_import_table(const std::string& file);
// A draft's problem at the cell of this column in the draft's row `index`; at the certificate's
// number where the table has no such column.
Problem at_import_cell(const ImportReading& read, const ImportDraft& draft, std::size_t index,
                       std::string_view column, std::string code, bool hard);
// With `checks` also what the form finds wrong in filled cells. Refusal{invalid,
// "import_columns_missing"} where a column that every row needs is not there, or one is there
// twice.
ImportReading read_import(Service& s, const ImportColumns& columns, const documents::Table& table,
                          bool checks);

}  // namespace beian::service
