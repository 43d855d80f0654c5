// Address labels: on every sheet of data/backdrops.json, at the place asked for, never cut.
#include "documents/labels.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "base/json.h"
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

double number(const json::value& pair, std::size_t i) {
  return json::value_to<double>(pair.as_array().at(i));
}

std::vector<std::pair<std::string, LabelFormat>> formats() {
  const json::value document = read_json_file(std::string(BEIAN_ROOT) + "/data/backdrops.json");
  std::vector<std::pair<std::string, LabelFormat>> out;
  for (const json::value& one : document.at("labels").as_array()) {
    const json::object& f = one.as_object();
    out.emplace_back(
        get_string(f, "format"),
        LabelFormat{number(f.at("page"), 0), number(f.at("page"), 1),
                    static_cast<int>(get_int(f, "across")), static_cast<int>(get_int(f, "down")),
                    number(f.at("first"), 0), number(f.at("first"), 1), number(f.at("size"), 0),
                    number(f.at("size"), 1), number(f.at("next"), 0), number(f.at("next"), 1)});
  }
  return out;
}

const Label k_long{"内蒙古自治区呼伦贝尔市示例信息技术服务有限责任公司第三分公司", "13800001234",
                   "内蒙古自治区呼伦贝尔市鄂伦春自治旗某某镇某某路一千二百三十四号某某大厦主楼"
                   "东侧二十八层二八一零室转示例信息技术服务有限责任公司第三分公司行政部前台",
                   "示例云计算服务有限公司 备案幕布寄送组", "9223372036854775807"};

class Words {
 public:
  explicit Words(const std::string& pdf) {
    std::ofstream(folder_.path("labels.pdf"), std::ios::binary) << pdf;
  }
  std::string text() const {
    std::string out = output_of("pdftotext " + folder_.path("labels.pdf") + " -");
    std::erase_if(out, [](char c) { return c == ' ' || c == '\n' || c == '\f'; });
    return out;
  }
  int pages() const {
    const std::string info = output_of("pdfinfo " + folder_.path("labels.pdf"));
    const auto at = info.find("Pages:");
    return at == std::string::npos ? 0 : std::stoi(info.substr(at + 6));
  }
  // yMin of the first word that begins with this, in points.
  double top_of(const std::string& word) const {
    const std::string boxes = output_of("pdftotext -bbox " + folder_.path("labels.pdf") + " -");
    const auto at = boxes.find(">" + word);
    const auto y = boxes.rfind("yMin=\"", at);
    return at == std::string::npos ? -1 : std::stod(boxes.substr(y + 6));
  }

 private:
  beian::testing::TempDir folder_;
};

TEST(Labels, EveryFormatOfTheDataFitsItsPageAndHoldsTheLongestAddressWhole) {
  ASSERT_GE(formats().size(), 5u);
  for (const auto& [name, format] : formats()) {
    EXPECT_EQ(format.fault(), "") << name;
    const Words words(draw_labels(format, {k_long}, 0));
    for (const std::string& part : {k_long.recipient, k_long.phone, k_long.address, k_long.code})
      EXPECT_NE(words.text().find(part), std::string::npos) << name << " lacks " << part;
  }
}

TEST(Labels, BeginAtThePlaceAskedForAndGoOnToTheNextPage) {
  const LabelFormat sheet = formats().at(1).second;  // two across, seven down
  std::vector<Label> labels;
  for (int i = 0; i < 4; ++i)
    labels.push_back({"Recipient" + std::to_string(i), "1", "Road", "", std::to_string(1000 + i)});
  EXPECT_EQ(Words(draw_labels(sheet, labels, 0)).pages(), 1);
  const Words late(draw_labels(sheet, labels, 12));  // two places are left on the first page
  EXPECT_EQ(late.pages(), 2);
  const double row = 38.1 * 72 / 25.4;
  EXPECT_NEAR(late.top_of("Recipient0") - Words(draw_labels(sheet, labels, 0)).top_of("Recipient0"),
              6 * row, 1.0);
}

TEST(Labels, FaultyFormatsAndPlacesAreRefused) {
  LabelFormat good = formats().at(0).second;
  EXPECT_THROW(draw_labels(good, {k_long}, good.across * good.down), std::runtime_error);
  EXPECT_THROW(draw_labels(good, {k_long}, -1), std::runtime_error);
  for (const auto& spoil : std::vector<std::function<void(LabelFormat&)>>{
           [](LabelFormat& f) { f.next_x = 10; }, [](LabelFormat& f) { f.down = 9; },
           [](LabelFormat& f) { f.across = 0; }, [](LabelFormat& f) { f.width = 5; }}) {
    LabelFormat bad = good;
    spoil(bad);
    EXPECT_NE(bad.fault(), "");
  }
}

}  // namespace
}  // namespace beian::documents
