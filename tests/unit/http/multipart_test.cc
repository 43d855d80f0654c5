#include "http/multipart.h"

#include <gtest/gtest.h>

#include <string>

#include "base/refusal.h"

namespace beian {
namespace {

constexpr std::string_view k_type = "multipart/form-data; boundary=XX";

std::string part(const std::string& fields, const std::string& bytes) {
  return "--XX\r\n" + fields + "\r\n\r\n" + bytes + "\r\n";
}

std::string named(const std::string& name, const std::string& bytes = "v") {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", bytes);
}

std::string file(const std::string& filename) {
  return part("Content-Disposition: form-data; name=\"file\"; filename=\"" + filename +
                  "\"\r\nContent-Type: image/jpeg",
              "bytes") +
         "--XX--\r\n";
}

TEST(Multipart, ReadsFieldsAndFiles) {
  const std::string bytes("\xFF\xD8\0\r\n--X\r\n", 11);
  const std::string body =
      named("purpose", "organiser_certificate") +
      part(
          "content-disposition: form-data; name=file; filename=\"营业执照.jpg\"\r\nContent-Type: "
          "image/jpeg",
          bytes) +
      "--XX--\r\n";
  const auto parts = parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"XX\"", body);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(get_part(parts, "purpose").bytes, "organiser_certificate");
  EXPECT_EQ(get_part(parts, "file").bytes, bytes);
  EXPECT_EQ(get_part(parts, "file").filename, "营业执照.jpg");
  EXPECT_EQ(get_part(parts, "file").content_type, "image/jpeg");
  EXPECT_EQ(opt_part(parts, "other"), nullptr);
}

TEST(Multipart, AcceptsNoPartsAndEmptyOnes) {
  EXPECT_TRUE(parse_multipart(k_type, "--XX--\r\n").empty());
  EXPECT_EQ(parse_multipart(k_type, named("a", "") + "--XX--")[0].bytes, "");
}

TEST(Multipart, KeepsOnlyTheNameOfAFile) {
  const auto name_of = [](const std::string& sent) {
    const std::string body = file(sent);
    return std::string(parse_multipart(k_type, body)[0].filename);
  };
  EXPECT_EQ(name_of("C:\\Users\\张\\a.jpg"), "a.jpg");
  EXPECT_EQ(name_of("../../etc/passwd"), "passwd");
  EXPECT_EQ(name_of(R"(a\"b.jpg)"), R"("b.jpg)");
  EXPECT_EQ(name_of(""), "");
}

TEST(Multipart, RefusesAMissingOrDoubledPart) {
  const std::string body = named("a") + named("a") + "--XX--\r\n";
  const auto parts = parse_multipart(k_type, body);
  EXPECT_THROW(get_part(parts, "a"), Refusal);
  try {
    get_part(parts, "b");
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code(), RefusalCode::invalid);
    EXPECT_EQ(refusal.problems().at(0).field, "b");
  }
}

struct Malformed {
  const char* name;
  std::string type, body;
};

std::vector<Malformed> malformed() {
  using namespace std::string_literals;
  const std::string type(k_type);
  const std::string end = "--XX--\r\n";
  std::string many;
  for (std::size_t i = 0; i <= k_max_parts; ++i) many += named("a");
  const std::string disposition = "Content-Disposition: form-data; name=\"a\"";
  return {
      {"other_type", "application/json; boundary=XX", named("a") + end},
      {"mixed", "multipart/mixed; boundary=XX", named("a") + end},
      {"no_boundary", "multipart/form-data", named("a") + end},
      {"empty_boundary", "multipart/form-data; boundary=\"\"", named("a") + end},
      {"long_boundary", "multipart/form-data; boundary=" + std::string(71, 'X'), end},
      {"two_boundaries", type + "; boundary=YY", named("a") + end},
      {"open_quote", "multipart/form-data; boundary=\"XX", named("a") + end},
      {"empty_body", type, ""},
      {"preamble", type, "hello\r\n" + named("a") + end},
      {"no_end", type, named("a")},
      {"cut_in_bytes", type, "--XX\r\n" + disposition + "\r\n\r\nv"},
      {"cut_in_fields", type, "--XX\r\n" + disposition},
      {"epilogue", type, named("a") + end + "more"},
      {"no_disposition", type, part("Content-Type: text/plain", "v") + end},
      {"attachment", type, part("Content-Disposition: attachment; name=\"a\"", "v") + end},
      {"no_name", type, part("Content-Disposition: form-data", "v") + end},
      {"empty_name", type, named("") + end},
      {"long_name", type, named(std::string(256, 'a')) + end},
      {"name_not_utf8", type, named("\xC0\xAE") + end},
      {"name_with_nul", type, named("a\0b"s) + end},
      {"filename_with_nul", type, file("a.jpg\0.png"s)},
      {"filename_not_utf8", type, file("\xFF")},
      {"filename_with_line", type, file("a\nb")},
      {"two_dispositions", type, part(disposition + "\r\n" + disposition, "v") + end},
      {"nested", type, part(disposition + "\r\nContent-Type: multipart/mixed", "v") + end},
      {"base64", type, part(disposition + "\r\nContent-Transfer-Encoding: base64", "v") + end},
      {"field_without_colon", type, part(disposition + "\r\nnonsense", "v") + end},
      {"bare_line_feeds", type, "--XX\n" + disposition + "\n\nv\n--XX--\n"},
      {"long_fields", type, part(disposition + "\r\nX: " + std::string(4096, 'a'), "v") + end},
      {"too_many", type, many + end},
      {"boundary_goes_on", type, named("a") + "--XXX\r\n" + disposition + "\r\n\r\nv\r\n" + end},
  };
}

class MalformedMultipart : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedMultipart, IsRefused) {
  try {
    parse_multipart(GetParam().type, GetParam().body);
    FAIL() << "accepted";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code(), RefusalCode::bad_request);
    EXPECT_EQ(refusal.reason(), "multipart_invalid");
  }
}

INSTANTIATE_TEST_SUITE_P(All, MalformedMultipart, ::testing::ValuesIn(malformed()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace beian
