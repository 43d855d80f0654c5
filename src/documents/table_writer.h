// A table that people open in a spreadsheet: CSV (UTF-8 with its mark, CRLF, RFC 4180) or XLSX.
// What came from outside never becomes a formula: a spreadsheet that opens a CSV would take a text
// beginning with = + - @ (or their full-width forms), a tab or a line break for one, so such a text
// gets an apostrophe before it; in XLSX every text is written as a text.
//
//   TableWriter table(TableFormat::csv, "queue", {"备案编号", "域名"});
//   table.add({id, domain});
//   return table.finish();
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace beian::documents {

enum class TableFormat { csv, xlsx };
std::optional<TableFormat> table_format_from_string(std::string_view name);  // "csv", "xlsx"
std::string_view media_type(TableFormat format);

// Nothing, a whole number, a number, a text (UTF-8; cut at 32,767 characters, what a cell holds).
using TableCell = std::variant<std::monostate, std::int64_t, double, std::string>;

// Holds the whole table in memory (a row of ten short cells: about 200 bytes as CSV); the caller
// bounds the rows. An XLSX sheet holds 1,048,576 rows: std::length_error beyond.
class TableWriter {
 public:
  // `sheet`: the name of the sheet, at most 31 characters, without []:*?/\.
  TableWriter(TableFormat format, std::string_view sheet, const std::vector<std::string>& header);
  ~TableWriter();
  TableWriter(TableWriter&&) noexcept;
  TableWriter& operator=(TableWriter&&) noexcept;

  void add(const std::vector<TableCell>& row);
  // The file's bytes; the writer can do no more. Throws std::runtime_error when it cannot be made.
  std::string finish();

 private:
  struct Output;
  std::unique_ptr<Output> output_;
};

// The text as a spreadsheet may have it in a CSV cell; read_csv takes the apostrophe off again.
std::string neutral_cell(std::string_view text);

// Whole tables of texts, the first row a heading: templates that people fill in, reports. In XLSX
// every cell, also one that is filled in later, is formatted as text, so that long numbers keep
// their digits.
using TableText = std::vector<std::vector<std::string>>;
std::string write_csv(const TableText& rows);
struct TableSheet {
  std::string name;         // at most 31 characters, without []:*?/\.
  TableText rows;           // the first is set in bold and stays in view
  std::vector<int> widths;  // of columns, in characters; 16 where none is given
};
// Throws std::runtime_error when it cannot be made.
std::string write_xlsx(const std::vector<TableSheet>& sheets);

}  // namespace beian::documents
