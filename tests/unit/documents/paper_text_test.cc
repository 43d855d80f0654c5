// What stands in a line of print, as the engine spells it.
#include "documents/paper_text.h"

#include <gtest/gtest.h>

namespace beian::documents {
namespace {

using Dates = std::vector<std::string>;

TEST(OnlyName, KeepsTheDotOfLongNamesHoweverItWasRead) {
  for (const char* read :
       {"阿卜杜热合曼·买买提", "阿卜杜热合曼.买买提", "阿卜杜热合曼•买买提", "阿卜杜热合曼・买买提",
        "：阿卜杜热合曼 · 买买提。", "·阿卜杜热合曼-买买提."})
    EXPECT_EQ(only_name(read), "阿卜杜热合曼·买买提") << read;
  EXPECT_EQ(only_name("王.伟"), "王伟");  // a speck
  EXPECT_EQ(only_name("王伟1。"), "王伟");
  EXPECT_EQ(only_name(".-·"), "");
}

TEST(Tidy, MakesBracketsThoseOfCertificates) {
  EXPECT_EQ(tidy("示例〈样张)有限公司。"), "示例（样张）有限公司");
  EXPECT_EQ(tidy("示例《样张〕有限公司"), "示例（样张）有限公司");
}

TEST(FindValidity, HasTwoEndsOrIsNone) {
  EXPECT_EQ(find_validity("2020.01.01-2040.01.01"), (Dates{"2020-01-01", "2040-01-01"}));
  EXPECT_EQ(find_validity("2020.01.01-长期"), (Dates{"2020-01-01", "long"}));
  EXPECT_EQ(find_validity("2020.01.01-长朋"), (Dates{"2020-01-01", "long"}));
  EXPECT_EQ(find_validity("2020.01.01—K期"), (Dates{"2020-01-01", "long"}));
  EXPECT_LT(find_validity("期2020.01.01").size(), 2u);  // the end of its own label
  EXPECT_LT(find_validity("长期").size(), 2u);
}

}  // namespace
}  // namespace beian::documents
