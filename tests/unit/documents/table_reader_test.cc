#include "documents/table_reader.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "documents/table_writer.h"

namespace beian::documents {
namespace {

using namespace std::string_literals;

std::string flat(const TableOutcome& outcome) {
  if (!outcome.table) {
    const Problem& p = outcome.problems.at(0);
    return p.code + "@" + p.field;
  }
  std::string out;
  for (const TableRow& row : outcome.table->rows) {
    out += std::to_string(row.number) + ":";
    for (const std::string& cell : row.cells) out += "[" + cell + "]";
    out += " ";
  }
  for (const std::string& cell : outcome.table->damaged) out += "!" + cell;
  return out;
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  const std::map<std::string, std::string> files = {
      {"名称,号码\r\n甲,1\r\n", "1:[名称][号码] 2:[甲][1] "},
      {"\xef\xbb\xbf甲;乙\n\n丙;丁", "1:[甲][乙] 3:[丙][丁] "},
      {"a\tb,c\td\n", "1:[a][b,c][d] "},
      {"\"a,\"\"b\"\"\nc\",d\r\ne\r\n", "1:[a,\"b\"\nc][d] 2:[e] "},
      {"a,,\n,,\n,b\n", "1:[a] 3:[][b] "},
      // GB18030, with a character of four bytes in it (U+3401).
      {"\xb1\xb1\xbe\xa9,\x81\x39\xef\x30\n", "1:[北京][㐁] "},
  };
  for (const auto& [file, expected] : files) EXPECT_EQ(flat(read_table(file)), expected) << file;
}

TEST(Csv, NamesThePlaceOfWhatItRefuses) {
  EXPECT_EQ(flat(read_table("a,b\nc,\"d\n")), "table_quote_open@B2");
  EXPECT_EQ(flat(read_table("a\nb\xff\xff\n")), "table_encoding@2");
  EXPECT_EQ(flat(read_table("a\0b"s)), "table_encoding@1");
  EXPECT_EQ(flat(read_table("\xff\xfe"s + "a\0"s)), "table_encoding@");
  EXPECT_EQ(flat(read_table("")), "table_empty@");
  EXPECT_EQ(flat(read_table(",,\n\n")), "table_empty@");
  EXPECT_EQ(flat(read_table("\xd0\xcf\x11\xe0 old")), "table_old_format@");
  TableLimits small;
  small.rows = 2;
  small.columns = 2;
  small.cell_bytes = 3;
  small.bytes = 20;
  EXPECT_EQ(flat(read_csv("a\nb\nc\n", small)), "table_too_many_rows@3");
  EXPECT_EQ(flat(read_csv("a\na,b,c\n", small)), "table_too_many_columns@C2");
  EXPECT_EQ(flat(read_csv("a,bcde\n", small)), "table_cell_too_long@B1");
  EXPECT_EQ(flat(read_csv(std::string(21, 'a'), small)), "table_too_large@");
}

TEST(Csv, WritesWhatReadsBackTheSameAndRunsNoFormula) {
  const TableText rows{{"名称", "a,b", "\"c\"", "d\ne"}, {"=1+1", "+86", "-", "@x"}};
  const std::string file = write_csv(rows);
  EXPECT_NE(file.find("'=1+1"), std::string::npos);
  EXPECT_EQ(flat(read_table(file)), "1:[名称][a,b][\"c\"][d\ne] 2:[=1+1][+86][-][@x] ");
}

TEST(Xlsx, WritesWhatReadsBackTheSame) {
  const TableText rows{{"名称", "号码"}, {"<甲> & \"乙\"", "110101199003070000"}, {}, {"", " b "}};
  const std::string file = write_xlsx({{"资料", rows, {30}}, {"选项", {{"x"}}, {}}});
  EXPECT_EQ(flat(read_table(file)),
            "1:[名称][号码] 2:[<甲> & \"乙\"][110101199003070000] 4:[][ b ] ");
}

TEST(CellName, CountsAsSpreadsheetsDo) {
  EXPECT_EQ(cell_name(0, 1), "A1");
  EXPECT_EQ(cell_name(2, 7), "C7");
  EXPECT_EQ(cell_name(25, 2), "Z2");
  EXPECT_EQ(cell_name(26, 3), "AA3");
  EXPECT_EQ(cell_name(702, 4), "AAA4");
}

// A book as another program might write it.
std::string book(const std::string& sheet_data, std::map<std::string, std::string> parts = {}) {
  const std::string ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  parts.emplace(
      "xl/workbook.xml",
      "<workbook xmlns:r='x'><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>");
  parts.emplace(
      "xl/_rels/workbook.xml.rels",
      "<Relationships><Relationship Id='r1' Target='worksheets/one.xml'/></Relationships>");
  parts.emplace("xl/worksheets/one.xml", "<x:worksheet xmlns:x='" + ns + "'><x:sheetData>" +
                                             sheet_data + "</x:sheetData></x:worksheet>");
  zip_source_t* whole = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(whole);
  zip_t* zip = zip_open_from_source(whole, ZIP_CREATE, nullptr);
  for (const auto& [name, xml] : parts)
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, xml.data(), xml.size(), 0), 0);
  EXPECT_EQ(zip_close(zip), 0);
  zip_stat_t stat;
  EXPECT_EQ(zip_source_open(whole), 0);
  EXPECT_EQ(zip_source_stat(whole, &stat), 0);
  std::string out(stat.size, '\0');
  zip_source_read(whole, out.data(), out.size());
  zip_source_free(whole);
  return out;
}

TEST(Xlsx, ReadsNumbersDatesSharedAndRichText) {
  const std::string file = book(
      "<x:row r='2'><x:c r='B2' t='s'><x:v>1</x:v></x:c><x:c r='C2'><x:v>42.50</x:v></x:c>"
      "<x:c r='D2' s='1'><x:v>45992</x:v></x:c><x:c r='E2' "
      "t='str'><x:f>1</x:f><x:v>f</x:v></x:c></x:row>"
      "<x:row r='9'><x:c r='A9'><x:v>110101199003070000</x:v></x:c><x:c r='B9' "
      "t='e'><x:v>#REF!</x:v></x:c>"
      "<x:c r='C9' t='b'><x:v>1</x:v></x:c><x:c r='D9' s='2'><x:v>45992.5</x:v></x:c></x:row>",
      {{"xl/sharedStrings.xml",
        "<sst><si><t>no</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh><t>hint</t></rPh></si></"
        "sst>"},
       {"xl/styles.xml",
        "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='yyyy\"年\"m'/></numFmts><cellXfs>"
        "<xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/></cellXfs></styleSheet>"}});
  EXPECT_EQ(
      flat(read_table(file)),
      "2:[][富文本][42.5][2025-12-01][f] 9:[110101199003070000][#REF!][1][2025-12-01] !A9!B9");
}

TEST(Xlsx, RefusesWhatItCannotTrust) {
  const std::string good =
      book("<x:row><x:c t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c></x:row>");
  ASSERT_EQ(flat(read_table(good)), "1:[a] ");
  EXPECT_EQ(flat(read_table(good.substr(0, good.size() / 2))), "table_damaged@");
  EXPECT_EQ(flat(read_table(book("", {}))), "table_empty@");
  EXPECT_EQ(flat(read_table(book("<x:row r='1'><x:c t='s'><x:v>7</x:v></x:c></x:row>"))),
            "table_damaged@A1");
  EXPECT_EQ(flat(read_table(book("<x:row r='5'/><x:row r='3'/>"))), "table_damaged@");
  EXPECT_EQ(flat(read_table(book("<x:row><x:c r='ZZZZZ1'><x:v>1</x:v></x:c></x:row>"))),
            "table_damaged@");
  EXPECT_EQ(flat(read_table(
                book("", {{"xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}}))),
            "table_damaged@");
  EXPECT_EQ(flat(read_table(book("", {{"xl/workbook.xml", "<workbook/>"}}))), "table_not_xlsx@");
  TableLimits small;
  small.part_bytes = 2000;
  const std::string bomb = book("<x:row><x:c t='inlineStr'><x:is><x:t>" + std::string(5000, 'a') +
                                "</x:t></x:is></x:c></x:row>");
  EXPECT_EQ(flat(read_table(bomb, small)), "table_too_large@");
  small = {};
  small.marks = 50;
  std::string many;
  for (int i = 0; i < 60; ++i) many += "<x:row/>";
  EXPECT_EQ(flat(read_table(book(many), small)), "table_too_many_rows@");
  small = {};
  small.columns = 3;
  EXPECT_EQ(flat(read_table(book("<x:row><x:c r='D1'><x:v>1</x:v></x:c></x:row>"), small)),
            "table_too_many_columns@D1");
}

}  // namespace
}  // namespace beian::documents
