#include "filing/home_page.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

// The bureaus' prefixes are data; any one character will do here.
const std::string k_number = "测ICP备12345678号";

TEST(HomePage, FindsTheNumberAndItsLink) {
  const HomePage page = read_home_page(
      "<html><head><title>\n 示例 网站 </title><style>a{}</style><script>var x='测ICP备99999999号'"
      "</script></head><body><!-- 测ICP备88888888号 --><h1>欢迎</h1><footer><a class=x "
      "href='https://beian.miit.gov.cn/' target=_blank>测 icp备 12345678 号-2</a></footer>");
  EXPECT_EQ(page.title, "示例 网站");
  EXPECT_EQ(page.excerpt, "示例 网站 欢迎 测 icp备 12345678 号-2");
  EXPECT_EQ(page.numbers, std::vector<std::string>{k_number + "-2"});
  EXPECT_TRUE(page.links_ministry);
  EXPECT_EQ(organiser_part(k_number + "-2"), k_number);
  EXPECT_EQ(organiser_part(k_number), k_number);
}

TEST(HomePage, OnlyALinkToTheMinistryCounts) {
  for (const char* link : {"<a href=https://beian.miit.gov.cn>",
                           "<A HREF = \"http://beian.miit.gov.cn/#/Integrated\">",
                           "<a href=\"//beian.miit.gov.cn\">", "<a\nhref='beian.miit.gov.cn'>"})
    EXPECT_TRUE(read_home_page(link).links_ministry) << link;
  for (const char* link :
       {"<a href=https://beian.miit.gov.cn.evil.example>", "<a href=/beian.miit.gov.cn>",
        "<a href=https://x.example/?beian.miit.gov.cn>", "<area href=https://beian.miit.gov.cn>",
        "beian.miit.gov.cn", "<script>'<a href=https://beian.miit.gov.cn>'</script>",
        "<a title='href=' x=https://beian.miit.gov.cn"})
    EXPECT_FALSE(read_home_page(link).links_ministry) << link;
}

TEST(HomePage, WhatIsNoNumberIsNone) {
  for (const char* text : {"ICP备12345678号", "测ICP备12号", "测ICP备12345678", "测ICP证12345678号",
                           "测公网安备12345678901234号", ""})
    EXPECT_TRUE(read_home_page(text).numbers.empty()) << text;
}

TEST(HomePage, TakesAnyText) {
  for (const std::string& html :
       {std::string(200'000, '<'), std::string("\xff\xff"), std::string("<title>"),
        std::string("<a href"), std::string("<a href=\""), std::string("<!--"),
        std::string("<script>"), std::string("<style></style"), std::string("ICP备")})
    EXPECT_NO_THROW(read_home_page(html));
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += "<script></script>icp备";
  EXPECT_NO_THROW(read_home_page(many));
}

}  // namespace
}  // namespace beian
