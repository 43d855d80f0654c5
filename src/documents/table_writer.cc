#include "documents/table_writer.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace beian::documents {
namespace {

constexpr std::size_t k_cell_characters = 32'767;
constexpr std::uint32_t k_sheet_rows = 1'048'576;

// At most `most` characters of a UTF-8 text.
std::string_view cut(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && ++characters > most)
      return text.substr(0, i);
  return text;
}

std::string csv_cell(const TableCell& cell) {
  if (const auto* n = std::get_if<std::int64_t>(&cell)) return std::to_string(*n);
  if (const auto* x = std::get_if<double>(&cell)) return fmt::format("{}", *x);
  const auto* text = std::get_if<std::string>(&cell);
  if (!text) return "";
  const std::string safe = neutral_cell(cut(*text, k_cell_characters));
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (char c : safe) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

// A workbook in memory: the library writes to a path.
class Book {
 public:
  explicit Book(bool row_by_row) : file_(memfd_create("table", MFD_CLOEXEC)) {
    lxw_workbook_options options{};
    options.constant_memory = row_by_row ? LXW_TRUE : LXW_FALSE;
    const std::string path = fmt::format("/proc/self/fd/{}", file_);
    book_ = file_ < 0 ? nullptr : workbook_new_opt(path.c_str(), &options);
    if (!book_) throw std::runtime_error("the table could not be begun");
  }
  ~Book() {
    if (book_) workbook_close(book_);
    if (file_ >= 0) close(file_);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  lxw_worksheet* add_sheet(const std::string& name) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
    if (!sheet) throw std::runtime_error("a sheet cannot have this name");
    worksheet_freeze_panes(sheet, 1, 0);
    return sheet;
  }
  lxw_format* add_format(bool bold, bool text) {
    lxw_format* format = workbook_add_format(book_);
    if (bold) format_set_bold(format);
    if (text) format_set_num_format(format, "@");
    return format;
  }
  std::string finish() {
    const lxw_error error = workbook_close(std::exchange(book_, nullptr));
    if (error != LXW_NO_ERROR)
      throw std::runtime_error(std::string("the table could not be made: ") + lxw_strerror(error));
    std::string bytes;
    char buffer[1 << 16];
    for (off_t at = 0;;) {
      const ssize_t n = pread(file_, buffer, sizeof buffer, at);
      if (n < 0) throw std::runtime_error("the table could not be read back");
      if (n == 0) return bytes;
      bytes.append(buffer, static_cast<std::size_t>(n));
      at += n;
    }
  }

 private:
  int file_ = -1;
  lxw_workbook* book_ = nullptr;
};

std::string joined(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + cells[i];
  return out + "\r\n";
}

constexpr std::string_view k_mark = "\xEF\xBB\xBF";

}  // namespace

std::optional<TableFormat> table_format_from_string(std::string_view name) {
  if (name == "csv") return TableFormat::csv;
  if (name == "xlsx") return TableFormat::xlsx;
  return std::nullopt;
}

std::string_view media_type(TableFormat format) {
  return format == TableFormat::csv
             ? "text/csv; charset=utf-8"
             : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

std::string neutral_cell(std::string_view text) {
  static constexpr std::array<std::string_view, 11> k_leading = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                                 "\n", "＝", "＋", "－", "＠"};
  const bool formula = std::ranges::any_of(
      k_leading, [&](std::string_view start) { return text.starts_with(start); });
  return formula ? "'" + std::string(text) : std::string(text);
}

struct TableWriter::Output {
  TableFormat format;
  std::string csv;
  std::optional<Book> book;
  lxw_worksheet* sheet = nullptr;
  std::uint32_t rows = 0;

  void add(const std::vector<TableCell>& row, lxw_format* style) {
    if (rows == k_sheet_rows) throw std::length_error("a sheet holds no more rows");
    std::uint16_t column = 0;
    for (const TableCell& cell : row) {
      if (const auto* n = std::get_if<std::int64_t>(&cell))
        worksheet_write_number(sheet, rows, column, static_cast<double>(*n), style);
      else if (const auto* x = std::get_if<double>(&cell))
        worksheet_write_number(sheet, rows, column, *x, style);
      else if (const auto* text = std::get_if<std::string>(&cell))
        worksheet_write_string(sheet, rows, column,
                               std::string(cut(*text, k_cell_characters)).c_str(), style);
      ++column;
    }
    ++rows;
  }
};

TableWriter::TableWriter(TableFormat format, std::string_view sheet,
                         const std::vector<std::string>& header)
    : output_(std::make_unique<Output>()) {
  output_->format = format;
  const std::vector<TableCell> names(header.begin(), header.end());
  if (format == TableFormat::csv) {
    output_->csv = k_mark;
    add(names);
    return;
  }
  output_->book.emplace(true);  // rows go to a file of their own as they come
  output_->sheet = output_->book->add_sheet(std::string(sheet));
  worksheet_set_column(output_->sheet, 0, static_cast<lxw_col_t>(header.size() - 1), 18, nullptr);
  output_->add(names, output_->book->add_format(true, false));
}

TableWriter::~TableWriter() = default;
TableWriter::TableWriter(TableWriter&&) noexcept = default;
TableWriter& TableWriter::operator=(TableWriter&&) noexcept = default;

void TableWriter::add(const std::vector<TableCell>& row) {
  if (output_->format == TableFormat::xlsx) {
    output_->add(row, nullptr);
    return;
  }
  std::vector<std::string> cells;
  for (const TableCell& cell : row) cells.push_back(csv_cell(cell));
  output_->csv += joined(cells);
}

std::string TableWriter::finish() {
  if (output_->format == TableFormat::csv) return std::move(output_->csv);
  return output_->book->finish();
}

std::string write_csv(const TableText& rows) {
  std::string out(k_mark);
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& text : row) cells.push_back(csv_cell(text));
    out += joined(cells);
  }
  return out;
}

std::string write_xlsx(const std::vector<TableSheet>& sheets) {
  Book book(false);
  lxw_format *text = book.add_format(false, true), *bold = book.add_format(true, true);
  for (const TableSheet& one : sheets) {
    lxw_worksheet* sheet = book.add_sheet(one.name);
    const std::size_t columns = one.rows.empty() ? 0 : one.rows.front().size();
    for (std::size_t i = 0; i < columns; ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      const int width = i < one.widths.size() ? one.widths[i] : 16;
      worksheet_set_column(sheet, column, column, width, text);
    }
    for (std::size_t row = 0; row < one.rows.size(); ++row)
      for (std::size_t column = 0; column < one.rows[row].size(); ++column)
        worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                               std::string(cut(one.rows[row][column], k_cell_characters)).c_str(),
                               row == 0 ? bold : text);
  }
  return book.finish();
}

}  // namespace beian::documents
