#include "bureau/gbk.h"

#include <gtest/gtest.h>

namespace beian::bureau {
namespace {

TEST(Gbk, ChineseGoesThereAndBack) {
  const std::string text = "浙江示例有限公司（杭州）·〇—～￥";
  const auto gbk = to_gbk(text);
  ASSERT_TRUE(gbk.has_value());
  EXPECT_EQ(to_gbk("浙").value(), "\xd5\xe3");
  EXPECT_EQ(from_gbk(*gbk).utf8, text);
  EXPECT_EQ(from_gbk(*gbk).broken, 0u);
}

// Every character that can be sent arrives as itself when the other side reads GB18030.
TEST(Gbk, EverySendableCharacterOfThePlaneComesBack) {
  int sendable = 0;
  for (char32_t point = 1; point < 0xfffe; ++point) {
    if (point >= 0xd800 && point < 0xe000) continue;
    std::string utf8;
    if (point < 0x80) {
      utf8 = {static_cast<char>(point)};
    } else if (point < 0x800) {
      utf8 = {static_cast<char>(0xc0 | (point >> 6)), static_cast<char>(0x80 | (point & 63))};
    } else {
      utf8 = {static_cast<char>(0xe0 | (point >> 12)), static_cast<char>(0x80 | (point >> 6 & 63)),
              static_cast<char>(0x80 | (point & 63))};
    }
    const auto gbk = to_gbk(utf8);
    if (!gbk) continue;
    ++sendable;
    ASSERT_EQ(from_gbk(*gbk).utf8, utf8) << static_cast<unsigned>(point);
  }
  EXPECT_GT(sendable, 21000);
}

TEST(Gbk, SaysWhichCharactersCannotBeSent) {
  EXPECT_FALSE(to_gbk("王䶮").has_value());
  EXPECT_EQ(unencodable("王䶮和𠮷野😀䶮"), (std::vector<std::string>{"䶮", "𠮷", "😀"}));
  EXPECT_EQ(unencodable("100€和200€"), (std::vector<std::string>{"€"}));
  EXPECT_FALSE(to_gbk("€").has_value());
  EXPECT_TRUE(unencodable("李四·阿").empty());
}

TEST(Gbk, ReadsTheWiderSetThatBureausMaySend) {
  EXPECT_EQ(from_gbk("\x81\x39\xef\x31").utf8, "㐂");
  EXPECT_EQ(from_gbk("\x95\x34\xb2\x35").utf8, "𠮷");
}

TEST(Gbk, BrokenBytesBecomeReplacementsAndAreCounted) {
  const auto decoded = from_gbk("ab\xff\xd5\xe3");
  EXPECT_EQ(decoded.utf8, "ab\xef\xbf\xbd浙");
  EXPECT_EQ(decoded.broken, 1u);
  EXPECT_EQ(unencodable("a\xff"), (std::vector<std::string>{"\xef\xbf\xbd"}));
}

}  // namespace
}  // namespace beian::bureau
