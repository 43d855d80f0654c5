// Every problem of this room has its words, in both languages, with the holes its parameters fill.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "base/json.h"
#include "documents/image.h"
#include "documents/inspection.h"

namespace beian::documents {
namespace {

const std::map<std::string, std::set<std::string>> k_codes = {
    {"file_empty", {}},
    {"file_too_large", {"max_mib"}},
    {"file_is_heic", {}},
    {"file_is_gif", {}},
    {"file_is_bitmap", {}},
    {"file_is_svg", {}},
    {"file_is_html", {}},
    {"file_is_pdf", {}},
    {"file_is_office", {}},
    {"file_is_archive", {}},
    {"file_is_video", {}},
    {"file_kind_unknown", {}},
    {"image_too_many_pixels", {"width", "height", "max_megapixels"}},
    {"image_side_too_long", {"width", "height", "max_side"}},
    {"image_is_strip", {"width", "height"}},
    {"image_animated", {}},
    {"image_truncated", {}},
    {"image_damaged", {}},
    {"image_too_slow", {}},
    {"image_too_heavy", {}},
    {"image_cannot_fit", {}},
    {"image_small", {"width", "height", "advised_side"}},
    {"image_workers_busy", {}},
    {"qr_too_long", {}},
};

std::set<std::string> holes_in(const std::string& text) {
  static const std::regex hole("\\{\\{([a-z_]+)\\}\\}");
  std::set<std::string> holes;
  for (std::sregex_iterator at(text.begin(), text.end(), hole), end; at != end; ++at) {
    holes.insert((*at)[1]);
  }
  return holes;
}

TEST(DocumentProblems, HaveWordsInBothLanguages) {
  for (const char* locale : {"zh-CN", "en"}) {
    const std::string path =
        std::string(BEIAN_ROOT "/data/texts/") + locale + "/problems/documents.json";
    const json::object texts = read_json_file(path).as_object();
    EXPECT_EQ(texts.size(), k_codes.size());
    for (const auto& [code, params] : k_codes) {
      SCOPED_TRACE(std::string(locale) + " " + code);
      ASSERT_TRUE(texts.contains(code));
      const json::object& words = texts.at(code).as_object();
      const std::string message = words.at("message").as_string().c_str();
      const std::string fix = words.at("fix").as_string().c_str();
      EXPECT_FALSE(message.empty() || fix.empty());
      EXPECT_EQ(holes_in(message + fix), params);
    }
  }
}

TEST(DocumentProblems, EveryFindingSaysWhatAndHowToTakeItAgain) {
  for (const char* locale : {"zh-CN", "en"}) {
    const std::string path =
        std::string(BEIAN_ROOT "/data/texts/") + locale + "/problems/inspection.json";
    const json::object texts = read_json_file(path).as_object();
    for (std::string_view code : k_finding_codes) {
      SCOPED_TRACE(std::string(locale) + " " + std::string(code));
      ASSERT_TRUE(texts.contains(code));
      const json::object& words = texts.at(code).as_object();
      EXPECT_FALSE(words.at("message").as_string().empty());
      EXPECT_FALSE(words.at("fix").as_string().empty());
    }
  }
}

TEST(DocumentProblems, EveryRefusedKindIsAmongThem) {
  for (int i = 0; i <= static_cast<int>(FileKind::unknown); ++i) {
    const auto kind = static_cast<FileKind>(i);
    if (kind == FileKind::jpeg || kind == FileKind::png || kind == FileKind::webp) continue;
    if (kind == FileKind::empty || kind == FileKind::unknown) continue;
    EXPECT_TRUE(k_codes.contains("file_is_" + std::string(to_string(kind)))) << to_string(kind);
  }
}

}  // namespace
}  // namespace beian::documents
