// Papers that are read and photographs that are judged, on drawn ones (beian papers score has the
// large numbers), and the child in which it happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <string>

#include "documents/canvas.h"
#include "documents/inspection_wire.h"
#include "documents/inspector.h"
#include "documents/picture_print.h"
#include "documents/sample_drawing.h"
#include "documents/sample_sets.h"
#include "documents/samples.h"
#include "documents/text_reader.h"
#include "documents/vision.h"

namespace beian::documents {
namespace {

Thresholds thresholds() { return Thresholds::load(BEIAN_ROOT "/data/documents/checks.json"); }

bool found(const Inspection& seen, std::string_view code) {
  return std::any_of(seen.findings.begin(), seen.findings.end(),
                     [&](const Problem& finding) { return finding.code == code; });
}

// The language data is loaded once for all tests of this file, as the child does.
class Sights : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    reader_ = load_reader();
    faces_ = load_face_finder();
    ASSERT_TRUE(reader_) << "tesseract-ocr-chi-sim and -eng";
    ASSERT_TRUE(faces_) << "opencv-data";
  }
  static void TearDownTestSuite() {
    reader_.reset();
    faces_.reset();
  }
  static Inspection look(const SampleCase& sample, bool use_code = false) {
    return inspect({sample.jpeg, sample.paper, use_code}, thresholds(),
                   {reader_.get(), faces_.get()});
  }
  static inline std::unique_ptr<TextReader, ReaderDeleter> reader_;
  static inline std::unique_ptr<FaceFinder, FinderDeleter> faces_;
};

TEST_F(Sights, ReadNumbersOfWornPapersWithoutTheirCode) {
  for (const char* set : {"id_cards", "licences"}) {
    for (int i = 0; i < 3; ++i) {
      const SampleCase sample = draw_case(set, i);
      EXPECT_EQ(look(sample).fields["number"], sample.truth.at("number")) << set << " " << i;
    }
  }
}

TEST_F(Sights, ReadTheNamesToo) {
  for (int i : {1, 3}) {
    const SampleCase card = draw_case("id_cards", i);
    EXPECT_EQ(look(card).fields["name"], card.truth.at("name"));
    const SampleCase licence = draw_case("licences", i);
    EXPECT_EQ(look(licence).fields["name"], licence.truth.at("name"));
  }
}

TEST_F(Sights, SayHowSureTheyAreOfEachField) {
  const Thresholds limits = thresholds();
  const Inspection clear = look(draw_case("id_cards", 0));
  EXPECT_EQ(clear.confidence.size(), clear.fields.size());
  EXPECT_GE(clear.confidence.at("number"), 95);  // the check digit agrees
  // A name that the readings do not agree on is read wrong, and doubtful (drawn with 磊).
  const SampleCase hard = draw_case("id_cards", 68);
  const Inspection doubtful = look(hard);
  ASSERT_NE(doubtful.fields.at("name"), hard.truth.at("name"));
  EXPECT_LT(doubtful.confidence.at("name"), limits.at("reading_doubtful_below"));
}

TEST_F(Sights, TakeALicencesNumberFromItsCode) {
  const SampleCase sample = draw_case("licences", 0);
  const Inspection seen = look(sample, true);
  EXPECT_EQ(seen.confidence.at("number"), 100);
  ASSERT_EQ(seen.codes.size(), 1u);
  EXPECT_NE(seen.codes[0].find(sample.truth.at("number")), std::string::npos);
}

TEST_F(Sights, HaveNothingToSayOfGoodPictures) {
  for (const char* set : {"photos", "papers"}) {
    for (int i = 0; i < 2; ++i) {
      const Inspection seen = look(draw_case(set, i));
      EXPECT_TRUE(seen.findings.empty()) << set << " " << i << " " << seen.findings.front().code;
    }
  }
}

TEST_F(Sights, FindEachDefect) {
  for (const std::string& set : sample_set_names()) {
    if (!set.starts_with("photo_")) continue;
    EXPECT_TRUE(found(look(draw_case(set, 0)), set)) << set;
  }
}

TEST_F(Sights, FindASmallPaperWhereTheTableHoldsTheMiddle) {
  for (int i : {50010, 50020, 50044})
    EXPECT_TRUE(found(look(draw_case("photo_paper_small", i)), "photo_paper_small")) << i;
}

TEST_F(Sights, ReadPapersHowTheyLie) {
  for (const char* set : {"id_cards", "licences"}) {
    const SampleCase sample = draw_case(set, 2);
    const Image image = std::get<Decoded>(decode(sample.jpeg, {}, 2560)).image;
    for (const cv::RotateFlags turn : {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180}) {
      cv::Mat turned;
      cv::rotate(view_of(image), turned, turn);
      const Inspection seen = look({encode_jpeg(to_image(turned), {}), sample.paper, {}});
      EXPECT_EQ(seen.fields.count("number"), 1u) << set << " " << turn;
    }
  }
}

TEST_F(Sights, ReadALicenceThatStands) {
  Dice dice(7);
  const Identity who = invent(dice);
  const Inspection seen =
      look({encode_jpeg(draw_standing_licence(who, false), {.quality = 85}), Paper::licence, {}});
  ASSERT_EQ(seen.fields.count("number"), 1u);
  EXPECT_EQ(seen.fields.at("number"), who.credit_code);
  EXPECT_EQ(seen.fields.at("name"), who.company);
}

TEST_F(Sights, ReadBothEndsOfAValidity) {
  int of_long = 0;
  for (int i = 0; i < 5; ++i) {
    const SampleCase sample = draw_case("id_backs", i);
    of_long += sample.truth.at("valid_until") == "long";
    EXPECT_EQ(look(sample).fields["valid_until"], sample.truth.at("valid_until")) << i;
  }
  EXPECT_GT(of_long, 0);
}

// A person's number, with one character changed, is a credit code two times in five.
TEST_F(Sights, OfferNobodysNumberAsACreditCode) {
  for (int i = 0; i < 4; ++i) {
    SampleCase card = draw_case("id_cards", i);
    card.paper = Paper::licence;
    const Inspection seen = look(card);
    EXPECT_FALSE(seen.fields.contains("number")) << i << " " << card.truth.at("number");
    EXPECT_TRUE(found(seen, "photo_other_paper")) << i;
  }
}

TEST_F(Sights, GiveUpAPageOfNothingButPrintAndReadTheNextOne) {
  Canvas page(1600, 1130, {0.98, 0.97, 0.93});
  for (int line = 0; line < 24; ++line)
    page.text(60, 20 + 45 * line,
              "软件开发；信息技术咨询服务；网页设计与制作；办公用品零售；货物进出口；会议及展览服务"
              "；企业管理咨询；广告设计与代理",
              {.size = 26});
  const std::string jpeg = encode_jpeg(page.image(), {.quality = 85});
  const Inspection seen = look({jpeg, Paper::licence, {}});
  EXPECT_EQ(reader_->left(), 0);  // read to its end it takes five times as long as a licence may
  EXPECT_TRUE(found(seen, "photo_other_paper"));
  EXPECT_TRUE(look(draw_case("photos", 0)).findings.empty());  // its lettering was read
}

TEST_F(Sights, AreNotUpsetByStrips) {
  for (const auto& [width, height] :
       {std::pair{1, 2500}, {2500, 1}, {2500, 3}, {40, 2500}, {1, 1}}) {
    const std::string jpeg =
        encode_jpeg({width, height,
                     std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3, 200)},
                    {});
    for (const Paper paper : {Paper::other, Paper::photo, Paper::licence, Paper::id_front,
                              Paper::id_back, Paper::certificate, Paper::sheet})
      EXPECT_NO_THROW(look({jpeg, paper, {}}, true))
          << width << "x" << height << " " << to_string(paper);
  }
}

TEST_F(Sights, AreNotUpsetByWhatIsNoPicture) {
  const Inspection seen = inspect({"no picture at all", Paper::licence, true}, thresholds(),
                                  {reader_.get(), faces_.get()});
  EXPECT_TRUE(seen.fields.empty());
  EXPECT_TRUE(found(seen, "file_kind_unknown"));
}

TEST(SampleSets, AreTheSameEachTimeAndKnowTheirNames) {
  EXPECT_EQ(draw_case("id_cards", 4).jpeg, draw_case("id_cards", 4).jpeg);
  EXPECT_NE(draw_case("id_cards", 4).truth, draw_case("id_cards", 5).truth);
  EXPECT_THROW(draw_case("unicorns", 0), std::runtime_error);
}

TEST(Inspector, ReadsInAChild) {
  Inspector inspector(thresholds());
  const SampleCase sample = draw_case("id_cards", 1);
  const auto seen = inspector.inspect({sample.jpeg, sample.paper});
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->could_read);
  EXPECT_EQ(seen->fields.at("number"), sample.truth.at("number"));
  EXPECT_EQ(inspector.children().size(), 1u);
}

TEST(Inspector, WithoutLanguageDataStillLooksAtThePicture) {
  setenv("TESSDATA_PREFIX", "/nonexistent", 1);
  Inspector inspector(thresholds());
  const SampleCase sample = draw_case("photo_dark", 1);
  const auto seen = inspector.inspect({sample.jpeg, sample.paper});
  unsetenv("TESSDATA_PREFIX");
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->could_read);
  EXPECT_TRUE(found(*seen, "photo_dark"));
}

TEST(Inspector, ADyingChildCostsOneReading) {
  ChildPoolOptions options = inspector_options();
  options.command = {"/bin/sh", "-c", "read line; exit 1"};
  Inspector inspector(thresholds(), options);
  EXPECT_FALSE(inspector.inspect({"\n\n\n", Paper::photo}));
  EXPECT_TRUE(inspector.children().empty());
}

TEST(InspectionWire, KeepsWhatWasSeen) {
  Inspection seen;
  seen.findings.push_back({"", "photo_many_faces", {{"count", "2"}}, "", "", false});
  seen.fields = {{"name", "张示例"}, {"number", "990101199001010019"}};
  seen.codes = {"beian-sheet/x"};
  seen.confidence = {{"name", 62}};
  seen.print = std::string(k_print_bytes, '\x80');
  const std::string packed = pack_inspection(seen);
  const auto back = unpack_inspection(std::string_view(packed).substr(8));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->findings, seen.findings);
  EXPECT_EQ(back->fields, seen.fields);
  EXPECT_EQ(back->codes, seen.codes);
  EXPECT_EQ(back->confidence, seen.confidence);
  EXPECT_EQ(back->print, seen.print);
}

TEST(InspectionWire, TrustsNothing) {
  const auto message = [](const char* findings, const std::string& fields) {
    return R"({"could_read":true,"findings":[)" + std::string(findings) + R"(],"fields":{)" +
           fields + R"(},"confidence":{"name":300,"password":1},"print":"cm9vdA==","codes":[]})";
  };
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), std::string("\xff"),
        message(R"({"code":"owned","params":{}})", ""), message("", R"("password":"x")"),
        message("", R"("name":7)")})
    EXPECT_FALSE(unpack_inspection(text)) << text;
  const auto too_long = unpack_inspection(message("", "\"name\":\"" + std::string(500, 'x') + '"'));
  ASSERT_TRUE(too_long);
  EXPECT_TRUE(too_long->fields.empty());
  EXPECT_TRUE(too_long->print.empty());
  const auto seen = unpack_inspection(message("", R"("name":"x")"));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->confidence, (std::map<std::string, int>{{"name", 100}}));
}

TEST(Thresholds, NameWhatIsMissing) {
  json::object values = thresholds().to_json();
  values.erase("top_share");
  try {
    Thresholds::from_json(values);
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("top_share"), std::string::npos);
  }
}

}  // namespace
}  // namespace beian::documents
