#include "documents/certificate_sheet.h"

#include <gtest/gtest.h>

#include "base/refusal.h"

namespace beian::documents {
namespace {

CertificateSheet sheet() {
  return {"备案信息单", "浙ICP备2026000001号-1",
          "网站备案号", {{"域名", "示例.中国"}, {"主办者", std::string(400, 'x')}},
          "说明",       "https://beian.miit.gov.cn/",
          "查询",       "示例云"};
}

TEST(CertificateSheet, IsOnePageOfPdfWithItsFonts) {
  const std::string pdf = certificate_sheet(sheet());
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_NE(pdf.find("%%EOF"), std::string::npos);
  EXPECT_NE(pdf.find("/Count 1"), std::string::npos);
  EXPECT_NE(pdf.find("/FontFile"), std::string::npos) << "a printer may not have the fonts";
}

TEST(CertificateSheet, ALinkThatNoCodeHoldsIsRefused) {
  CertificateSheet one = sheet();
  one.link = std::string(1200, 'a');
  EXPECT_THROW(certificate_sheet(one), Refusal);
}

}  // namespace
}  // namespace beian::documents
