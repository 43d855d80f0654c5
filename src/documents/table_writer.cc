#include "documents/table_writer.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <stdexcept>

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
  lxw_workbook* book = nullptr;
  lxw_worksheet* sheet = nullptr;
  int file = -1;  // in memory: the library writes to a path
  std::uint32_t rows = 0;

  ~Output() {
    if (book) workbook_close(book);
    if (file >= 0) close(file);
  }

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
    output_->csv = "\xEF\xBB\xBF";
    add(names);
    return;
  }
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;  // rows go to a file of their own as they come
  output_->file = memfd_create("table", MFD_CLOEXEC);
  const std::string path = fmt::format("/proc/self/fd/{}", output_->file);
  output_->book = output_->file < 0 ? nullptr : workbook_new_opt(path.c_str(), &options);
  if (!output_->book) throw std::runtime_error("the table could not be begun");
  output_->sheet = workbook_add_worksheet(output_->book, std::string(sheet).c_str());
  if (!output_->sheet) throw std::runtime_error("a sheet cannot have this name");
  lxw_format* bold = workbook_add_format(output_->book);
  format_set_bold(bold);
  worksheet_freeze_panes(output_->sheet, 1, 0);
  worksheet_set_column(output_->sheet, 0, static_cast<lxw_col_t>(header.size() - 1), 18, nullptr);
  output_->add(names, bold);
}

TableWriter::~TableWriter() = default;
TableWriter::TableWriter(TableWriter&&) noexcept = default;
TableWriter& TableWriter::operator=(TableWriter&&) noexcept = default;

void TableWriter::add(const std::vector<TableCell>& row) {
  if (output_->format == TableFormat::xlsx) {
    output_->add(row, nullptr);
    return;
  }
  bool first = true;
  for (const TableCell& cell : row) {
    if (!first) output_->csv += ',';
    first = false;
    output_->csv += csv_cell(cell);
  }
  output_->csv += "\r\n";
}

std::string TableWriter::finish() {
  if (output_->format == TableFormat::csv) return std::move(output_->csv);
  const lxw_error error = workbook_close(output_->book);
  output_->book = nullptr;
  if (error != LXW_NO_ERROR)
    throw std::runtime_error(std::string("the table could not be made: ") + lxw_strerror(error));
  std::string bytes;
  char buffer[1 << 16];
  for (off_t at = 0;;) {
    const ssize_t n = pread(output_->file, buffer, sizeof buffer, at);
    if (n < 0) throw std::runtime_error("the table could not be read back");
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    at += n;
  }
}

}  // namespace beian::documents
