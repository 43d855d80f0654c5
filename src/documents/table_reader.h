// Tables that people prepare in a spreadsheet: CSV (UTF-8 with or without a byte-order mark,
// GB18030; comma, semicolon or tab) and XLSX (the first sheet). What is read is text as the sheet
// shows it, with the places a spreadsheet would name. Nothing here trusts the file: size, entries,
// rows, columns and cells are bounded, there is no DTD, nothing outside the file is looked at.
//
// XLSX is read by our own small reader over libzip and pugixml: Debian 12 packages no reader for C
// or C++ (libfreexl 1.0 reads the old .xls only). Writing is table_writer.h's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace beian::documents {

struct TableLimits {
  std::size_t bytes = 12u << 20;       // of the file
  std::size_t part_bytes = 48u << 20;  // of one part of an XLSX, unpacked
  std::size_t marks = 4'000'000;       // tags in one part
  std::size_t rows = 20'000;           // that hold something
  std::size_t columns = 120;
  std::size_t cell_bytes = 4'000;
};

struct TableRow {
  std::size_t number = 0;          // as the spreadsheet counts, from 1; blank rows count
  std::vector<std::string> cells;  // trailing empty ones left off
};

struct Table {
  std::vector<TableRow> rows;  // blank ones left out
  // Cells that the spreadsheet had kept as a number of more than 15 digits (the rest is lost) or
  // that hold one of its errors: "C7". Their text is not to be trusted.
  std::vector<std::string> damaged;
};

// What is wrong with a file names the cell or row in `field` where there is one ("C7", "7"); codes
// are in data/texts/*/problems/tables.json.
struct TableOutcome {
  std::optional<Table> table;
  std::vector<Problem> problems;
};
// By content, never by name: XLSX where it is a zip, else CSV.
TableOutcome read_table(std::string_view file, const TableLimits& limits = {});
TableOutcome read_csv(std::string_view file, const TableLimits& limits = {});
TableOutcome read_xlsx(std::string_view file, const TableLimits& limits = {});

// "C7" for column 2 (from 0) and row 7 (from 1).
std::string cell_name(std::size_t column, std::size_t row);

}  // namespace beian::documents
