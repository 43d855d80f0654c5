#include <zip.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "documents/table_reader.h"

namespace beian::documents {
namespace {

constexpr std::string_view k_head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view k_main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view k_relations =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view k_package =
    "http://schemas.openxmlformats.org/package/2006/relationships";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

// Number format 49 is text; style 1 is a cell, style 2 the bold head.
std::string styles() {
  return std::string(k_head) + "<styleSheet" + attribute("xmlns", k_main) +
         "><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz val=\"11\"/></font>"
         "</fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill>"
         "<patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/>"
         "</borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf/>"
         "<xf numFmtId=\"49\" applyNumberFormat=\"1\"/>"
         "<xf numFmtId=\"49\" fontId=\"1\" applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs>"
         "</styleSheet>";
}

std::string sheet_xml(const TableSheet& sheet) {
  std::string out = std::string(k_head) + "<worksheet" + attribute("xmlns", k_main) +
                    "><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" "
                    "topLeftCell=\"A2\" state=\"frozen\"/></sheetView></sheetViews><cols>";
  const std::size_t columns =
      sheet.rows.empty() ? 1 : std::max<std::size_t>(1, sheet.rows[0].size());
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string at = std::to_string(i + 1);
    const int width = i < sheet.widths.size() ? sheet.widths[i] : 16;
    // The column's style holds for the cells that somebody fills in later.
    out += "<col" + attribute("min", at) + attribute("max", at) +
           attribute("width", std::to_string(width)) + " style=\"1\" customWidth=\"1\"/>";
  }
  out += "</cols><sheetData>";
  for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
    out += "<row" + attribute("r", std::to_string(row + 1)) + ">";
    for (std::size_t column = 0; column < sheet.rows[row].size(); ++column)
      out += "<c" + attribute("r", cell_name(column, row + 1)) +
             attribute("s", row == 0 ? "2" : "1") +
             " t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escaped(sheet.rows[row][column]) +
             "</t></is></c>";
    out += "</row>";
  }
  return out + "</sheetData></worksheet>";
}

struct Part {
  std::string name, xml;
};

std::vector<Part> parts_of(const std::vector<TableSheet>& sheets) {
  std::string types = std::string(k_head) +
                      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                      "content-types\"><Default Extension=\"rels\" "
                      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
  const std::string type = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  const auto override_of = [&](const std::string& name, const std::string& kind) {
    return "<Override" + attribute("PartName", name) +
           attribute("ContentType", type + kind + "+xml") + "/>";
  };
  types += override_of("/xl/workbook.xml", "sheet.main") + override_of("/xl/styles.xml", "styles");
  std::string book = std::string(k_head) + "<workbook" + attribute("xmlns", k_main) +
                     attribute("xmlns:r", k_relations) + "><sheets>";
  std::string links = std::string(k_head) + "<Relationships" + attribute("xmlns", k_package) + ">";
  const auto link = [](std::string_view id, const std::string& kind, const std::string& target) {
    return "<Relationship" + attribute("Id", id) +
           attribute("Type", std::string(k_relations) + "/" + kind) + attribute("Target", target) +
           "/>";
  };
  std::vector<Part> out;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const std::string n = std::to_string(i + 1), name = "worksheets/sheet" + n + ".xml";
    types += override_of("/xl/" + name, "worksheet");
    book += "<sheet" + attribute("name", escaped(sheets[i].name)) + attribute("sheetId", n) +
            attribute("r:id", "rId" + n) + "/>";
    links += link("rId" + n, "worksheet", name);
    out.push_back({"xl/" + name, sheet_xml(sheets[i])});
  }
  links += link("rIdStyles", "styles", "styles.xml");
  out.push_back({"[Content_Types].xml", types + "</Types>"});
  out.push_back({"xl/workbook.xml", book + "</sheets></workbook>"});
  out.push_back({"xl/_rels/workbook.xml.rels", links + "</Relationships>"});
  out.push_back({"xl/styles.xml", styles()});
  out.push_back(
      {"_rels/.rels", std::string(k_head) + "<Relationships" + attribute("xmlns", k_package) + ">" +
                          link("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>"});
  return out;
}

}  // namespace

std::string write_xlsx(const std::vector<TableSheet>& sheets) {
  const std::vector<Part> parts = parts_of(sheets);  // outlives the archive, which refers to it
  zip_source_t* whole = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  if (whole == nullptr) throw std::bad_alloc();
  zip_source_keep(whole);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> kept(whole, &zip_source_free);
  zip_t* archive = zip_open_from_source(whole, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (archive == nullptr) throw std::runtime_error("cannot begin a zip in memory");
  for (const Part& part : parts) {
    zip_source_t* source = zip_source_buffer(archive, part.xml.data(), part.xml.size(), 0);
    if (source == nullptr ||
        zip_file_add(archive, part.name.c_str(), source, ZIP_FL_ENC_UTF_8) < 0) {
      if (source != nullptr) zip_source_free(source);
      zip_discard(archive);
      throw std::runtime_error("cannot write a part of a sheet");
    }
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    throw std::runtime_error("cannot finish a zip in memory");
  }
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_open(whole) != 0) throw std::runtime_error("cannot read a zip in memory");
  std::string out;
  if (zip_source_stat(whole, &stat) == 0) {
    out.resize(stat.size);
    const zip_int64_t n = zip_source_read(whole, out.data(), out.size());
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  zip_source_close(whole);
  return out;
}

}  // namespace beian::documents
