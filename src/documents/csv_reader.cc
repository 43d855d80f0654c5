#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "base/text.h"
#include "documents/table_reader.h"
#include "documents/table_writer.h"

namespace beian::documents {
namespace {

TableOutcome refused(std::string field, std::string code,
                     std::map<std::string, std::string> params = {}) {
  return {std::nullopt, {{std::move(field), std::move(code), std::move(params), "", "", true}}};
}

// The whole text, or how many bytes of it were GB18030.
struct Converted {
  std::string text;
  bool whole = false;
};

Converted from_gb18030(std::string_view bytes) {
  const iconv_t handle = iconv_open("UTF-8", "GB18030");
  if (handle == reinterpret_cast<iconv_t>(-1))
    throw std::runtime_error("iconv knows no GB18030: the C library's gconv modules are missing");
  Converted out;
  out.text.resize(bytes.size() * 2 + 16);  // two bytes become three at most, four become four
  char* from = const_cast<char*>(bytes.data());
  std::size_t from_left = bytes.size();
  char* to = out.text.data();
  std::size_t to_left = out.text.size();
  const std::size_t result = iconv(handle, &from, &from_left, &to, &to_left);
  out.whole = result != static_cast<std::size_t>(-1) && from_left == 0;
  iconv_close(handle);
  out.text.resize(out.text.size() - to_left);
  return out;
}

// The separator that the first line uses most, outside of quotes.
char separator_of(std::string_view text) {
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    commas += c == ',';
    semicolons += c == ';';
    tabs += c == '\t';
  }
  if (tabs > commas && tabs > semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}

// The apostrophe that keeps a text from being run as a formula is not part of it.
bool is_kept_formula(std::string_view cell) {
  return cell.starts_with('\'') && neutral_cell(cell.substr(1)) == cell;
}

// RFC 4180, read as spreadsheets do: a quote counts only at the start of a cell.
class Parser {
 public:
  Parser(std::string_view text, const TableLimits& limits)
      : rest_(text), limits_(limits), separator_(separator_of(text)) {}

  TableOutcome run() {
    while (!rest_.empty()) {
      TableRow row{++number_, {}};
      if (!read_row(row)) return std::move(failure_);
      while (!row.cells.empty() && row.cells.back().empty()) row.cells.pop_back();
      if (row.cells.empty()) continue;
      if (table_.rows.size() == limits_.rows)
        return refused(std::to_string(number_), "table_too_many_rows",
                       {{"max", std::to_string(limits_.rows)}});
      table_.rows.push_back(std::move(row));
    }
    if (table_.rows.empty()) return refused("", "table_empty");
    return {std::move(table_), {}};
  }

 private:
  bool fail(std::size_t column, std::string code, std::size_t max) {
    failure_ = refused(cell_name(column, number_), std::move(code), {{"max", std::to_string(max)}});
    return false;
  }

  bool read_row(TableRow& row) {
    while (true) {
      std::string cell;
      const std::size_t column = row.cells.size();
      if (column == limits_.columns) return fail(column, "table_too_many_columns", limits_.columns);
      const bool quoted = !rest_.empty() && rest_[0] == '"';
      if (quoted && !read_quoted(cell)) return fail(column, "table_quote_open", 0);
      const std::size_t end =
          std::min(rest_.find_first_of(std::string{separator_, '\r', '\n'}), rest_.size());
      cell += rest_.substr(0, end);
      rest_.remove_prefix(end);
      if (cell.size() > limits_.cell_bytes)
        return fail(column, "table_cell_too_long", limits_.cell_bytes);
      if (is_kept_formula(cell)) cell.erase(0, 1);
      row.cells.push_back(std::move(cell));
      if (rest_.empty()) return true;
      const char stop = rest_[0];
      rest_.remove_prefix(1);
      if (stop == separator_) continue;
      if (stop == '\r' && !rest_.empty() && rest_[0] == '\n') rest_.remove_prefix(1);
      return true;
    }
  }

  bool read_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) return false;
      cell += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (rest_.empty() || rest_[0] != '"') return true;
      cell += '"';
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  const TableLimits& limits_;
  const char separator_;
  std::size_t number_ = 0;
  Table table_;
  TableOutcome failure_;
};

// Where a byte stands that is no text, for whoever looks for it: its line.
std::size_t line_of(std::string_view bytes, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + at, '\n'));
}

}  // namespace

TableOutcome read_csv(std::string_view file, const TableLimits& limits) {
  if (file.size() > limits.bytes)
    return refused("", "table_too_large", {{"max_mib", std::to_string(limits.bytes >> 20)}});
  if (file.starts_with("\xff\xfe") || file.starts_with("\xfe\xff"))
    return refused("", "table_encoding");
  if (const std::size_t nul = file.find('\0'); nul != std::string_view::npos)
    return refused(std::to_string(line_of(file, nul)), "table_encoding");
  if (file.starts_with("\xef\xbb\xbf")) file.remove_prefix(3);
  if (is_utf8(file)) return Parser(file, limits).run();
  const Converted converted = from_gb18030(file);
  if (!converted.whole)
    return refused(std::to_string(line_of(converted.text, converted.text.size())),
                   "table_encoding");
  return Parser(converted.text, limits).run();
}

TableOutcome read_table(std::string_view file, const TableLimits& limits) {
  if (file.starts_with("PK\x03\x04") || file.starts_with("PK\x05\x06"))
    return read_xlsx(file, limits);
  if (file.starts_with("\xd0\xcf\x11\xe0")) return refused("", "table_old_format");
  return read_csv(file, limits);
}

std::string cell_name(std::size_t column, std::size_t row) {
  std::string letters;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return letters + std::to_string(row);
}

}  // namespace beian::documents
