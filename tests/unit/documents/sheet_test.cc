// Printed papers and marked copies.
#include "documents/sheet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "documents/image.h"
#include "documents/samples.h"
#include "support/temp_dir.h"

namespace beian::documents {
namespace {

std::string output_of(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe.get()))
    out.append(buffer, got);
  return out;
}

Sheet some_sheet(int sites) {
  Sheet sheet;
  sheet.title = "网站备案信息真实性核验单";
  sheet.number = "备案单 1";
  sheet.code = "beian-sheet/verification_form/1/0011223344556677";
  sheet.opening = {"以下信息属实。"};
  for (int i = 1; i <= sites; ++i)
    sheet.tables.push_back(
        {"网站 " + std::to_string(i),
         {{"网站名称", "示例"},
          {"备注", std::string("很长的说明，一行写不下。很长的说明，一行写不下。") +
                       "很长的说明，一行写不下。很长的说明，一行写不下。"},
          {"域名", "beian-sample.example"}}});
  sheet.signatures = {"签字", "日期"};
  sheet.seal = "盖章";
  sheet.watermark = "仅限备案使用";
  sheet.footer = "样张";
  return sheet;
}

TEST(Sheet, IsAPdfWhoseWordsCanBeReadAndThatGrowsByPages) {
  const beian::testing::TempDir folder;
  const std::string path = folder.path() + "/sheet.pdf";
  std::ofstream(path, std::ios::binary) << draw_sheet(some_sheet(9));
  std::string text = output_of("pdftotext " + path + " -");
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_NE(text.find("网站备案信息真实性核验单"), std::string::npos);
  EXPECT_NE(text.find("网站9"), std::string::npos);
  EXPECT_NE(text.find("第2页"), std::string::npos);
  EXPECT_NE(text.find("仅"), std::string::npos) << "the watermark, whose slanted words come apart";
  EXPECT_NE(output_of("pdffonts " + path).find("yes"), std::string::npos) << "embedded fonts";
}

// Ink of the last words, as a printer sees them.
int ink_of(const std::string& words) {
  const beian::testing::TempDir folder;
  const std::string path = folder.path() + "/sheet.pdf";
  Sheet sheet;
  sheet.code = "beian-sheet/commitment/1/0011223344556677";
  sheet.closing = {words};
  std::ofstream(path, std::ios::binary) << draw_sheet(sheet);
  const std::string picture = output_of("pdftoppm -gray -r 100 -singlefile " + path);
  return static_cast<int>(
      std::ranges::count_if(picture, [](char c) { return static_cast<unsigned char>(c) < 128; }));
}

// Cairo leaves 如 out of its part of Noto Sans CJK (pdf_text.h).
TEST(Sheet, LosesNoLetter) {
  const std::string before = "信息变化时及时办理变更备案。", after = "有不实，愿承担相应责任。";
  EXPECT_GT(ink_of(before + "如" + after), ink_of(before + "　" + after) + 20);
}

TEST(Watermark, IsOnTheCopyAndLeavesTheRestReadable) {
  const std::string plain = draw_samples().front().jpeg;
  const std::string marked = watermark_jpeg(plain, "仅限备案使用");
  ASSERT_EQ(sniff(marked), FileKind::jpeg);
  const Image before = std::get<Decoded>(decode(plain, {}, 4000)).image;
  const Image after = std::get<Decoded>(decode(marked, {}, 4000)).image;
  ASSERT_EQ(before.rgb.size(), after.rgb.size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < before.rgb.size(); ++i)
    changed += std::abs(before.rgb[i] - after.rgb[i]) > 25;
  EXPECT_GT(changed, before.rgb.size() / 50);
  EXPECT_LT(changed, before.rgb.size() / 4);
  EXPECT_EQ(watermark_jpeg("no picture", "x"), "");
}

}  // namespace
}  // namespace beian::documents
