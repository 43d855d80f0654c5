#include "base/texts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace beian {
namespace {

namespace fs = std::filesystem;

class TextsTest : public ::testing::Test {
 protected:
  TextsTest() : root_(fs::temp_directory_path() / ("texts_test." + std::to_string(getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "texts/zh-CN/problems");
    fs::create_directories(root_ / "texts/en/problems");
  }
  ~TextsTest() override { fs::remove_all(root_); }

  void write(const std::string& path, std::string_view content) {
    std::ofstream(root_ / "texts" / path) << content;
  }
  Texts load() { return Texts::load(root_.string()); }
  void expect_fault(std::string_view part) {
    try {
      load();
      FAIL() << "loaded";
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

 private:
  fs::path root_;
};

TEST_F(TextsTest, GathersAGroupFromItsFiles) {
  write("en/problems.json", R"({"a": {"message": "A"}})");
  write("en/problems/http.json", R"({"b": {"message": "B {{x}} and {{y}}{{x}}", "fix": "F"}})");
  write("en/mail.json", R"({"a.message": "other group"})");
  const Texts texts = load();
  EXPECT_EQ(texts.render("en", "problems", "a.message"), "A");
  EXPECT_EQ(texts.render("en", "problems", "b.message", {{"x", "1"}, {"y", "{{x}}"}}),
            "B 1 and {{x}}1");
  EXPECT_EQ(texts.render("en", "problems", "b.message", {{"y", "2"}}), "B  and 2");
  EXPECT_EQ(texts.render("en", "mail", "a.message"), "other group");
}

TEST_F(TextsTest, FallsBackToChineseThenToTheKey) {
  write("zh-CN/problems.json", R"({"a": {"message": "甲"}})");
  const Texts texts = load();
  EXPECT_FALSE(texts.has("en", "problems", "a.message"));
  EXPECT_EQ(texts.render("en", "problems", "a.message"), "甲");
  EXPECT_EQ(texts.render("fr", "problems", "a.message"), "甲");
  EXPECT_EQ(texts.render("en", "problems", "nobody.message"), "nobody.message");
}

TEST_F(TextsTest, SaysWhichFileAndKeyIsWrong) {
  write("en/problems/a.json", R"({"x": {"message": "1"}})");
  write("en/problems/b.json", R"({"x": {"message": "2"}})");
  expect_fault("x.message");
  write("en/problems/b.json", R"({"y": 7})");
  expect_fault("b.json: y");
  write("en/problems/b.json", R"({"y": "{{ blank }}"})");
  expect_fault("{{ blank }}");
  write("en/problems/b.json", R"(["y"])");
  expect_fault("b.json");
  write("en/problems/b.json", "{");
  expect_fault("b.json");
}

TEST_F(TextsTest, ListsWhatTheLocalesDoNotShare) {
  write("en/a.json", R"({"both": "{{n}}", "only_en": ""})");
  write("zh-CN/a.json", R"({"both": "{{m}}", "only_zh": ""})");
  const auto differences = load().differences();
  ASSERT_EQ(differences.size(), 4u);
  EXPECT_EQ(differences[0], "a/both: {{m}} in zh-CN, not in en");
  EXPECT_EQ(differences[1], "a/only_zh: in zh-CN, not in en");
  EXPECT_EQ(differences[2], "a/both: {{n}} in en, not in zh-CN");
  EXPECT_EQ(differences[3], "a/only_en: in en, not in zh-CN");
}

TEST(OurTexts, AreTheSameInBothLanguages) {
  for (const std::string& line : Texts::load(BEIAN_ROOT "/data").differences()) {
    ADD_FAILURE() << line;
  }
}

TEST(LocaleOf, TakesTheLanguageLikedBest) {
  EXPECT_EQ(locale_of("en-US,en;q=0.9"), "en");
  EXPECT_EQ(locale_of("EN"), "en");
  EXPECT_EQ(locale_of("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN");
  EXPECT_EQ(locale_of("zh;q=0.1, en;q=0.2"), "en");
  EXPECT_EQ(locale_of("en;q=0"), "zh-CN");
  EXPECT_EQ(locale_of("en;q=nonsense"), "zh-CN");
  EXPECT_EQ(locale_of("eng, fr"), "zh-CN");
  EXPECT_EQ(locale_of(std::string(16000, ',')), "zh-CN");
}

}  // namespace
}  // namespace beian
