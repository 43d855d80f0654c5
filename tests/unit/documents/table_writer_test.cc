#include "documents/table_writer.h"

#include <gtest/gtest.h>
#include <zip.h>

namespace beian::documents {
namespace {

std::string part_of(const std::string& file, const char* name) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (!archive) return "no archive";
  std::string out;
  if (zip_file_t* part = zip_fopen(archive, name, 0)) {
    char buffer[4096];
    for (zip_int64_t n; (n = zip_fread(part, buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
    zip_fclose(part);
  }
  zip_discard(archive);
  return out;
}

TEST(TableWriter, WritesACsvThatASpreadsheetReadsAsUtf8) {
  TableWriter table(TableFormat::csv, "queue", {"编号", "名称"});
  table.add({std::int64_t{12}, std::string("示例, \"科技\"")});
  table.add({std::monostate{}, std::string("两\n行")});
  table.add({2.5, std::string()});
  EXPECT_EQ(table.finish(),
            "\xEF\xBB\xBF编号,名称\r\n12,\"示例, \"\"科技\"\"\"\r\n,\"两\n行\"\r\n2.5,\r\n");
}

TEST(TableWriter, NothingFromOutsideBecomesAFormula) {
  for (const char* bad :
       {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"}) {
    TableWriter table(TableFormat::csv, "t", {"a"});
    table.add({std::string(bad)});
    const std::string cell = table.finish().substr(6);
    EXPECT_TRUE(cell.starts_with("'") || cell.starts_with("\"'")) << bad;
    TableWriter sheet(TableFormat::xlsx, "t", {"a"});
    sheet.add({std::string(bad)});
    const std::string xml = part_of(sheet.finish(), "xl/worksheets/sheet1.xml");
    EXPECT_NE(xml.find("t=\"inlineStr\""), std::string::npos) << xml;
    EXPECT_EQ(xml.find("<f>"), std::string::npos) << xml;
  }
  EXPECT_EQ(neutral_cell("a=1"), "a=1");
  // A number is one, with its sign.
  TableWriter table(TableFormat::csv, "t", {"a"});
  table.add({std::int64_t{-5}});
  EXPECT_TRUE(table.finish().ends_with("-5\r\n"));
}

TEST(TableWriter, WritesARealWorkbook) {
  TableWriter table(TableFormat::xlsx, "队列", {"编号", "名称"});
  for (std::int64_t i = 0; i < 1000; ++i) table.add({i, std::string("<示例> & 科技")});
  const std::string file = table.finish();
  EXPECT_NE(part_of(file, "xl/workbook.xml").find("队列"), std::string::npos);
  const std::string sheet = part_of(file, "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("&lt;示例&gt; &amp; 科技"), std::string::npos);
  EXPECT_NE(sheet.find("r=\"A1001\""), std::string::npos);
}

}  // namespace
}  // namespace beian::documents
