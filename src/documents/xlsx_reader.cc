#include <zip.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <set>

#include "base/text.h"
#include "documents/table_reader.h"

namespace beian::documents {
namespace {

constexpr zip_int64_t k_most_entries = 2'000;
constexpr std::size_t k_most_digits = 15;  // that a spreadsheet's number keeps

// Ends the reading; caught in read_xlsx.
struct Fault {
  Problem problem;
};
[[noreturn]] void fail(std::string field, std::string code,
                       std::map<std::string, std::string> params = {}) {
  throw Fault{{std::move(field), std::move(code), std::move(params), "", "", true}};
}

class Archive {
 public:
  explicit Archive(std::string_view file) {
    zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, nullptr);
    if (source == nullptr) fail("", "table_damaged");
    archive_ = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    if (archive_ == nullptr) {
      zip_source_free(source);
      fail("", "table_damaged");
    }
  }
  ~Archive() {
    if (archive_ != nullptr) zip_discard(archive_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  zip_int64_t entries() const { return zip_get_num_entries(archive_, 0); }

  // Empty where there is no such part.
  std::string part(const std::string& name, const TableLimits& limits) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat(archive_, name.c_str(), 0, &stat) != 0) return {};
    constexpr auto k_needed = ZIP_STAT_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
    if ((stat.valid & k_needed) != k_needed) fail("", "table_damaged");
    if (stat.encryption_method != ZIP_EM_NONE) fail("", "table_encrypted");
    if (stat.size > limits.part_bytes)
      fail("", "table_too_large", {{"max_mib", std::to_string(limits.part_bytes >> 20)}});
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen(archive_, name.c_str(), 0), &zip_fclose);
    if (!file) fail("", "table_damaged");
    // The announced size is all the room there is.
    std::string out(stat.size, '\0');
    std::size_t done = 0;
    while (done < out.size()) {
      const zip_int64_t n = zip_fread(file.get(), out.data() + done, out.size() - done);
      if (n <= 0) fail("", "table_damaged");
      done += static_cast<std::size_t>(n);
    }
    char more = 0;
    if (zip_fread(file.get(), &more, 1) != 0) fail("", "table_damaged");
    return out;
  }

 private:
  zip_t* archive_ = nullptr;
};

// Elements by their local name: some programs write <x:row> for <row>.
std::string_view local(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon == nullptr ? name : colon + 1;
}
bool is(const pugi::xml_node& node, std::string_view name) { return local(node.name()) == name; }
pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& one : node.children())
    if (is(one, name)) return one;
  return {};
}

void parse(pugi::xml_document& document, std::string& xml, const TableLimits& limits) {
  // A document's tree takes many times its bytes: what is bounded is how many nodes it can have.
  if (static_cast<std::size_t>(std::count(xml.begin(), xml.end(), '<')) > limits.marks)
    fail("", "table_too_many_rows", {{"max", std::to_string(limits.rows)}});
  if (xml.find("<!DOCTYPE") != std::string::npos) fail("", "table_damaged");
  const auto options = pugi::parse_default | pugi::parse_ws_pcdata_single;
  if (!document.load_buffer_inplace(xml.data(), xml.size(), options, pugi::encoding_auto))
    fail("", "table_damaged");
}

// The text of a string item: <t>, or the <t> of its runs; phonetic hints (<rPh>) are not part of
// it.
std::string text_of(const pugi::xml_node& item) {
  std::string out;
  for (const pugi::xml_node& node : item.children()) {
    if (is(node, "t")) out += node.text().get();
    if (is(node, "r"))
      for (const pugi::xml_node& run : node.children())
        if (is(run, "t")) out += run.text().get();
  }
  return out;
}

bool shows_date(std::string_view code) {
  bool quoted = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '"') quoted = !quoted;
    if (code[i] == '\\') ++i;
    if (!quoted && i < code.size() && (code[i] == 'y' || code[i] == 'd')) return true;
  }
  return false;
}

// ECMA-376 18.8.30: the built-in formats that show a date, those of Chinese among them.
bool is_date_format(int id, const std::map<int, std::string>& own) {
  if (const auto found = own.find(id); found != own.end()) return shows_date(found->second);
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
         (id >= 50 && id <= 54) || id == 57 || id == 58;
}

// Which cell styles show a date.
std::vector<bool> date_styles(Archive& archive, const TableLimits& limits) {
  std::vector<bool> out;
  std::string xml = archive.part("xl/styles.xml", limits);
  if (xml.empty()) return out;
  pugi::xml_document document;
  parse(document, xml, limits);
  std::map<int, std::string> own;
  const pugi::xml_node root = document.document_element();
  for (const pugi::xml_node& format : child(root, "numFmts").children())
    own[format.attribute("numFmtId").as_int()] = format.attribute("formatCode").as_string();
  for (const pugi::xml_node& style : child(root, "cellXfs").children())
    out.push_back(is_date_format(style.attribute("numFmtId").as_int(), own));
  return out;
}

std::vector<std::string> shared_strings(Archive& archive, const TableLimits& limits) {
  std::vector<std::string> out;
  std::string xml = archive.part("xl/sharedStrings.xml", limits);
  if (xml.empty()) return out;
  pugi::xml_document document;
  parse(document, xml, limits);
  for (const pugi::xml_node& item : document.document_element().children())
    if (is(item, "si")) out.push_back(text_of(item));
  return out;
}

struct Book {
  std::string sheet;  // the part that holds the first sheet
  bool from_1904 = false;
};

Book read_book(Archive& archive, const TableLimits& limits) {
  std::string xml = archive.part("xl/workbook.xml", limits);
  if (xml.empty()) fail("", "table_not_xlsx");
  pugi::xml_document document;
  parse(document, xml, limits);
  Book book;
  const pugi::xml_node root = document.document_element();
  book.from_1904 = child(root, "workbookPr").attribute("date1904").as_bool();
  std::string relation;
  const pugi::xml_node first = child(child(root, "sheets"), "sheet");
  for (const pugi::xml_attribute& a : first.attributes())
    if (local(a.name()) == "id" && std::strchr(a.name(), ':') != nullptr) relation = a.value();
  std::string relations_xml = archive.part("xl/_rels/workbook.xml.rels", limits);
  pugi::xml_document relations;
  parse(relations, relations_xml, limits);
  for (const pugi::xml_node& one : relations.document_element().children()) {
    if (relation != one.attribute("Id").value()) continue;
    const std::string target = one.attribute("Target").value();
    book.sheet = target.starts_with("/") ? target.substr(1) : "xl/" + target;
  }
  if (book.sheet.empty()) fail("", "table_not_xlsx");
  return book;
}

// Days since 30 December 1899 (or 1 January 1904) as a date; empty when it is none.
std::string date_of(double serial, bool from_1904) {
  if (!(serial >= 1) || serial > 2'958'465) return {};
  std::int64_t days = static_cast<std::int64_t>(std::floor(serial));
  // From 1900-01-01: 25569 is 1970-01-01. The 1904 system begins 1462 days later.
  days += from_1904 ? 1462 : 0;
  days -= 25'569;
  // Civil from days (Hinnant, chrono-compatible low-level date algorithms).
  const std::int64_t z = days + 719'468, era = z / 146'097, doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const std::int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t year = yoe + era * 400 + (month <= 2);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(year) + "-" + two(month) + "-" + two(day);
}

// A reference's column from 0 ("C7": 2); `row` gets its row where it names one.
std::optional<std::size_t> column_of(std::string_view reference, std::size_t& row) {
  std::size_t column = 0, i = 0;
  while (i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && i < 4)
    column = column * 26 + static_cast<std::size_t>(reference[i++] - 'A' + 1);
  if (i == 0 || i == reference.size()) return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] =
      std::from_chars(reference.data() + i, reference.data() + reference.size(), number);
  if (error != std::errc() || end != reference.data() + reference.size() || number == 0)
    return std::nullopt;
  row = number;
  return column - 1;
}

class SheetReader {
 public:
  SheetReader(Archive& archive, const Book& book, const TableLimits& limits)
      : limits_(limits),
        from_1904_(book.from_1904),
        strings_(shared_strings(archive, limits)),
        dates_(date_styles(archive, limits)) {}

  Table read(const pugi::xml_node& root) {
    std::size_t number = 0;
    for (const pugi::xml_node& node : child(root, "sheetData").children()) {
      if (!is(node, "row")) continue;
      const std::size_t announced = node.attribute("r").as_ullong(number + 1);
      if (announced <= number || announced > 1'048'576) fail("", "table_damaged");
      number = announced;
      read_row(node, number);
    }
    if (table_.rows.empty()) fail("", "table_empty");
    return std::move(table_);
  }

 private:
  void read_row(const pugi::xml_node& node, std::size_t number) {
    TableRow row{number, {}};
    std::size_t next = 0;
    for (const pugi::xml_node& cell : node.children()) {
      if (!is(cell, "c")) continue;
      std::size_t column = next, in_row = number;
      if (const auto reference = cell.attribute("r")) {
        const auto named = column_of(reference.value(), in_row);
        if (!named || in_row != number || *named < next) fail("", "table_damaged");
        column = *named;
      }
      next = column + 1;
      std::string text = value_of(cell, column, number);
      if (text.empty()) continue;
      if (column >= limits_.columns)
        fail(cell_name(column, number), "table_too_many_columns",
             {{"max", std::to_string(limits_.columns)}});
      if (text.size() > limits_.cell_bytes)
        fail(cell_name(column, number), "table_cell_too_long",
             {{"max", std::to_string(limits_.cell_bytes)}});
      row.cells.resize(column + 1);
      row.cells[column] = std::move(text);
    }
    if (row.cells.empty()) return;
    if (table_.rows.size() == limits_.rows)
      fail(std::to_string(number), "table_too_many_rows", {{"max", std::to_string(limits_.rows)}});
    table_.rows.push_back(std::move(row));
  }

  std::string value_of(const pugi::xml_node& cell, std::size_t column, std::size_t row) {
    const std::string_view type = cell.attribute("t").as_string("n");
    std::string out;
    if (type == "inlineStr") {
      out = text_of(child(cell, "is"));
    } else {
      const std::string value = child(cell, "v").text().get();
      if (value.empty()) return {};
      if (type == "s") {
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), index);
        if (error != std::errc() || end != value.data() + value.size() || index >= strings_.size())
          fail(cell_name(column, row), "table_damaged");
        out = strings_[index];
      } else if (type == "n") {
        out = number_of(value, cell.attribute("s").as_uint(), column, row);
      } else if (type == "b") {
        out = value == "0" ? "0" : "1";
      } else {
        if (type == "e") damage(column, row);
        out = value;  // str: a formula's text; d: a date as ISO 8601 has it; e: "#REF!"
      }
    }
    if (!is_utf8(out)) fail(cell_name(column, row), "table_damaged");
    return out;
  }

  std::string number_of(const std::string& text, std::size_t style, std::size_t column,
                        std::size_t row) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
      fail(cell_name(column, row), "table_damaged");
    if (style < dates_.size() && dates_[style]) {
      const std::string date = date_of(number, from_1904_);
      if (!date.empty()) return date;
    }
    std::array<char, 64> buffer;
    const bool whole = std::floor(number) == number && std::abs(number) < 1e18;
    const auto written = whole
                             ? std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                             static_cast<std::int64_t>(number))
                             : std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    std::string out(buffer.data(), written.ptr);
    if (std::abs(number) >= 1e15) damage(column, row);
    static_assert(k_most_digits == 15);
    return out;
  }

  void damage(std::size_t column, std::size_t row) {
    table_.damaged.push_back(cell_name(column, row));
  }

  const TableLimits& limits_;
  const bool from_1904_;
  const std::vector<std::string> strings_;
  const std::vector<bool> dates_;
  Table table_;
};

}  // namespace

TableOutcome read_xlsx(std::string_view file, const TableLimits& limits) {
  try {
    if (file.size() > limits.bytes)
      fail("", "table_too_large", {{"max_mib", std::to_string(limits.bytes >> 20)}});
    Archive archive(file);
    if (archive.entries() <= 0 || archive.entries() > k_most_entries) fail("", "table_damaged");
    const Book book = read_book(archive, limits);
    SheetReader reader(archive, book, limits);
    std::string xml = archive.part(book.sheet, limits);
    if (xml.empty()) fail("", "table_not_xlsx");
    pugi::xml_document document;
    parse(document, xml, limits);
    return {reader.read(document.document_element()), {}};
  } catch (const Fault& fault) {
    return {std::nullopt, {fault.problem}};
  }
}

}  // namespace beian::documents
