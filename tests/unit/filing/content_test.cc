#include "filing/content.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "filing/check.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

constexpr const char* k_today = "2026-11-23";

std::string code_of(const std::optional<Problem>& problem) { return problem ? problem->code : ""; }

std::string change(json::object& content, std::string_view path, const json::value& value) {
  return code_of(apply_change(first_filing(), content, path, value));
}

bool has(const std::vector<std::string>& paths, std::string_view path) {
  return std::ranges::find(paths, path) != paths.end();
}

TEST(Content, BeginsWithOneWebsiteAndTheDefaults) {
  const json::object content = new_content(first_filing());
  EXPECT_EQ(site_keys(content), std::vector<std::string>{"s1"});
  EXPECT_EQ(*value_at(content, "sites.s1.manager_same"), json::value(true));
  EXPECT_EQ(*value_at(content, "sites.s1.languages"), (json::value{1}));
  EXPECT_EQ(*value_at(content, "principal.certificate_type"), json::value(2));
  EXPECT_FALSE(value_at(content, "organiser"));
}

TEST(Content, TakesAnswersByPath) {
  json::object content = new_content(first_filing());
  EXPECT_EQ(change(content, "organiser.name", "  示例　科技有限公司 "), "");
  EXPECT_EQ(value_at(content, "organiser.name")->as_string(), "示例 科技有限公司");
  EXPECT_EQ(change(content, "sites.s1.services", json::array{8, 6, 8}), "");
  EXPECT_EQ(*value_at(content, "sites.s1.services"), (json::value{8, 6}));
  EXPECT_EQ(change(content, "sites.s1.access.ips", json::array{" 106.2.48.1", ""}), "");
  EXPECT_EQ(*value_at(content, "sites.s1.access.ips"), (json::value{"106.2.48.1"}));
  EXPECT_EQ(change(content, "sites.s1.approvals",
                   json::array{json::object{{"kind", 1}, {"number", " 文号 "}}}),
            "");
  EXPECT_EQ(value_at(content, "sites.s1.approvals.0.number")->as_string(), "文号");
  EXPECT_EQ(change(content, "organiser.remark", " 第一行 \r\n\n 第二行\n"), "");
  EXPECT_EQ(value_at(content, "organiser.remark")->as_string(), "第一行\n\n第二行");
}

TEST(Content, ADraftMayBeWrong) {
  json::object content = new_content(first_filing());
  EXPECT_EQ(change(content, "principal.mobile", "not a number"), "");
  EXPECT_EQ(change(content, "organiser.nature", 99), "");
  EXPECT_EQ(change(content, "sites.s1.domain", "http://"), "");
}

TEST(Content, NothingUnknownGetsIn) {
  json::object content = new_content(first_filing());
  const json::object before = content;
  EXPECT_EQ(change(content, "organiser.secret", "x"), "path_unknown");
  EXPECT_EQ(change(content, "organiser", json::object{{"name", "x"}}), "path_unknown");
  EXPECT_EQ(change(content, "sites", json::array{}), "path_unknown");
  EXPECT_EQ(change(content, "sites.s1.key", "s9"), "path_unknown");
  EXPECT_EQ(change(content, "last_site", 100), "path_unknown");
  EXPECT_EQ(change(content, "sites.s2.name", "x"), "site_unknown");
  EXPECT_EQ(change(content, "sites.*.name", "x"), "site_unknown");
  EXPECT_EQ(change(content, "sites.0.name", "x"), "site_unknown");
  EXPECT_EQ(change(content, std::string(5000, '.'), "x"), "path_unknown");
  EXPECT_EQ(change(content, "sites.s1.approvals", json::array{json::object{{"extra", 1}}}),
            "path_unknown");
  EXPECT_EQ(content, before);
}

TEST(Content, NothingOfAnotherTypeOrSizeGetsIn) {
  json::object content = new_content(first_filing());
  const json::object before = content;
  EXPECT_EQ(change(content, "organiser.name", 1), "value_type");
  EXPECT_EQ(change(content, "organiser.name", json::object{}), "value_type");
  EXPECT_EQ(change(content, "organiser.name", "\xff"), "value_type");
  EXPECT_EQ(change(content, "organiser.name", json::value(std::string(2001, 'a'))),
            "value_too_long");
  EXPECT_EQ(change(content, "organiser.nature", "4"), "value_type");
  EXPECT_EQ(change(content, "organiser.nature", -1), "value_type");
  EXPECT_EQ(change(content, "organiser.nature", 4.5), "value_type");
  EXPECT_EQ(change(content, "sites.s1.manager_same", "true"), "value_type");
  EXPECT_EQ(change(content, "sites.s1.services", 8), "value_type");
  EXPECT_EQ(change(content, "sites.s1.services", json::array(65, 1)), "too_many");
  EXPECT_EQ(change(content, "sites.s1.services", json::array{"8"}), "value_type");
  EXPECT_EQ(change(content, "sites.s1.access.ips", json::array{std::string(65, '1')}),
            "value_too_long");
  EXPECT_EQ(change(content, "sites.s1.approvals", json::array{1}), "value_type");
  EXPECT_EQ(content, before);
}

TEST(Content, NullAndEmptyTextRemove) {
  json::object content = new_content(first_filing());
  ASSERT_EQ(change(content, "organiser.name", "示例"), "");
  EXPECT_EQ(change(content, "organiser.name", nullptr), "");
  EXPECT_FALSE(value_at(content, "organiser.name"));
  ASSERT_EQ(change(content, "organiser.name", "示例"), "");
  EXPECT_EQ(change(content, "organiser.name", " \u200b "), "");
  EXPECT_FALSE(value_at(content, "organiser.name"));
}

TEST(Content, WebsitesKeepTheirKeysAndNeverTakeOldOnes) {
  json::object content = new_content(first_filing());
  EXPECT_EQ(add_site(first_filing(), content), "s2");
  EXPECT_EQ(add_site(first_filing(), content), "s3");
  EXPECT_TRUE(remove_site(first_filing(), content, "s3"));
  EXPECT_TRUE(remove_site(first_filing(), content, "s1"));
  EXPECT_EQ(add_site(first_filing(), content), "s4");
  EXPECT_EQ(site_keys(content), (std::vector<std::string>{"s2", "s4"}));
  EXPECT_FALSE(remove_site(first_filing(), content, "s1"));
  EXPECT_TRUE(remove_site(first_filing(), content, "s2"));
  EXPECT_FALSE(remove_site(first_filing(), content, "s4")) << "the only website stays";
}

TEST(Content, HasALimitOfWebsites) {
  json::object content = new_content(first_filing());
  while (add_site(first_filing(), content)) {
  }
  EXPECT_EQ(site_keys(content).size(), first_filing().sites_page()->max_sites);
}

TEST(Content, CompletesWhatTheFormDoesNotAskTwice) {
  const json::value bases = vector_file("form").at("bases");
  const json::object own =
      completed_content(first_filing(), bases.at("individual").at("content").as_object(), k_today);
  EXPECT_EQ(value_at(own, "principal.name")->as_string(), "测试甲");
  EXPECT_EQ(*value_at(own, "principal.certificate_type"), json::value(2));
  EXPECT_EQ(*value_at(own, "principal.certificate_number"),
            *value_at(own, "organiser.certificate_number"));
  EXPECT_EQ(*value_at(own, "sites.s1.manager"), *value_at(own, "principal"));
  EXPECT_FALSE(own.contains("last_site"));

  const json::object three =
      completed_content(first_filing(), bases.at("three_sites").at("content").as_object(), k_today);
  EXPECT_EQ(value_at(three, "sites.s2.manager.name")->as_string(), "测试乙");
  EXPECT_EQ(value_at(three, "sites.s4.manager.name")->as_string(), "测试甲");
}

TEST(Content, LeavesOutWhatDoesNotApplyAndWritesOneSpelling) {
  json::object content = vector_file("form").at("bases").at("enterprise").at("content").as_object();
  ASSERT_EQ(change(content, "sites.s1.manager.name", "不再使用"), "");
  ASSERT_EQ(change(content, "sites.s1.access.code", "OLD"), "");
  ASSERT_EQ(change(content, "sites.s1.domain", "XN--FSQ092H.xn--fiqs8s"), "");
  ASSERT_EQ(change(content, "principal.certificate_number", "11010519491231002x"), "");
  const json::object completed = completed_content(first_filing(), content, k_today);
  EXPECT_EQ(value_at(completed, "sites.s1.manager.name")->as_string(), "测试甲");
  EXPECT_FALSE(value_at(completed, "sites.s1.access.code"));
  EXPECT_EQ(value_at(completed, "sites.s1.domain")->as_string(), "示例.中国");
  EXPECT_EQ(value_at(completed, "principal.certificate_number")->as_string(), "11010519491231002X");
}

TEST(Content, ACorrectionOpensItsFieldAndWhatBelongsToIt) {
  const Form& form = first_filing();
  const std::vector<std::string> corrections{"organiser.province", "sites.s2.domain",
                                             "sites.s2.materials.verification_photo"};
  const auto open = [&](const char* path) { return is_open(form, corrections, {}, path); };
  EXPECT_TRUE(open("organiser.province"));
  EXPECT_TRUE(open("organiser.city"));
  EXPECT_TRUE(open("organiser.county"));
  EXPECT_TRUE(open("sites.s2.domain"));
  EXPECT_TRUE(open("sites.s2.home_url"));
  EXPECT_TRUE(open("sites.s2.materials.verification_photo"));
  EXPECT_FALSE(open("organiser.name"));
  EXPECT_FALSE(open("organiser.certificate_address"));
  EXPECT_FALSE(open("sites.s1.domain"));
  EXPECT_FALSE(open("sites.s2.name"));
  EXPECT_FALSE(open("sites.s20.domain"));
  EXPECT_FALSE(open("materials.verification_photo"));
}

TEST(Content, ACorrectionOfAPartOpensTheWhole) {
  const Form& form = first_filing();
  EXPECT_TRUE(is_open(form, {"sites.s1.approvals.0.number"}, {}, "sites.s1.approvals"));
  EXPECT_TRUE(is_open(form, {"sites.s1"}, {}, "sites.s1.manager.mobile"));
  EXPECT_TRUE(is_open(form, {"sites.s1.manager_same"}, {}, "sites.s1.manager.email"));
}

TEST(Content, NobodyIsStuckWithAFieldThatBecameWrong) {
  json::object content = vector_file("form").at("bases").at("enterprise").at("content").as_object();
  ASSERT_EQ(change(content, "sites.s1.manager_same", false), "");
  const std::vector<Problem> problems =
      check_form(first_filing(), catalogue(), content, {}, *parse_day(k_today));
  const std::vector<std::string> open =
      open_paths(first_filing(), content, k_today, {"sites.s1.name"}, problems);
  EXPECT_TRUE(has(open, "sites.s1.name"));
  EXPECT_TRUE(has(open, "sites.s1.manager.name"));
  EXPECT_TRUE(has(open, "materials.organiser_certificate"));
  EXPECT_FALSE(has(open, "organiser.name"));
  EXPECT_FALSE(has(open, "sites.s1.manager.emergency_phone")) << "advice opens nothing";
}

TEST(Content, AnOpinionThatNamesNoFieldOpensAll) {
  const json::object content;
  const std::vector<std::string> open = open_paths(first_filing(), content, k_today, {""}, {});
  EXPECT_TRUE(has(open, "organiser.name"));
  EXPECT_TRUE(has(open, "principal.mobile"));
  EXPECT_FALSE(has(open_paths(first_filing(), content, k_today, {}, {}), "organiser.name"));
}

}  // namespace
}  // namespace beian
