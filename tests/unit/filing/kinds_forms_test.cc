// The forms of the kinds that begin from what is registered: how they are written out, and what is
// submitted of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "filing/bureau_info.h"
#include "filing/check.h"
#include "filing/content.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

constexpr const char* k_today = "2026-11-28";

json::object parsed(const char* text) { return parse_json(text).as_object(); }

bool has(const std::vector<std::string>& paths, std::string_view path) {
  return std::ranges::find(paths, path) != paths.end();
}

std::string text_at(const json::object& content, const char* path) {
  const json::value* value = value_at(content, path);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

const json::object& registered() {
  static const json::object record = parsed(R"({
    "here": true, "organiser_number": "浙ICP备2026000001号",
    "organiser": {"nature": 4, "certificate_type": 1, "certificate_number": "91330199MA00001017",
                  "name": "示例科技有限公司", "province": "330000", "address": "示例路1号"},
    "principal": {"name": "测试乙", "certificate_type": 2, "certificate_number": "A1",
                  "mobile": "19900001001", "certificate_until": "2040-01-01"}})");
  return record;
}

json::object beginning(const Form& form) {
  json::object content = new_content(form);
  content["organiser"] = registered().at("organiser");
  content["principal"] = registered().at("principal");
  content["record"] = registered();
  return content;
}

const json::object& registered_site() {
  static const json::object site = parsed(R"({
    "domain": "示例.中国", "name": "示例产品介绍", "home_url": "www.示例.中国", "services": [8],
    "languages": [1], "manager_same": true, "remark": "旧的说明",
    "access": {"product": "7", "method": 5, "locations": [34], "ips": ["106.2.48.1"]}})");
  return site;
}

TEST(ExpandedForm, TakesPartsAndPutsItsOwnInTheirPlace) {
  const json::object base = parsed(R"({
    "pages": [{"id": "p", "title": 1, "groups": [
      {"id": "g", "fields": [{"id": "a", "max": 1}, {"id": "b"}]}, {"id": "h", "fields": []}]}],
    "materials": [{"purpose": "x", "scope": "filing", "why": 1}, {"purpose": "x", "scope": "site"}]})");
  const json::object whole =
      expand_form(parsed(R"({"id": "f", "pages": [{"take": "p", "title": 2, "groups": [
        {"take": "g", "only": ["a"]}, {"id": "own", "fields": []}]}],
        "materials": [{"take": "x", "scope": "site", "why": 3}]})"),
                  base);
  EXPECT_EQ(whole.at("pages"), parse_json(R"([{"id": "p", "title": 2, "groups": [
    {"id": "g", "fields": [{"id": "a", "max": 1}]}, {"id": "own", "fields": []}]}])"));
  EXPECT_EQ(whole.at("materials"), parse_json(R"([{"purpose": "x", "scope": "site", "why": 3}])"));
}

TEST(ExpandedForm, WhatIsNotThereIsAFault) {
  const json::object base = parsed(R"({"pages": [], "materials": []})");
  EXPECT_THROW(
      expand_form(parsed(R"({"id": "f", "pages": [{"take": "p"}], "materials": []})"), base),
      std::runtime_error);
}

TEST(KindForms, EachKindHasItsForm) {
  std::vector<Kind> kinds = first_filing().kinds;
  for (const char* name : {"new_website", "new_access", "change", "cancel"})
    for (Kind kind : form_named(name).kinds) kinds.push_back(kind);
  EXPECT_EQ(kinds.size(), 7u);
  EXPECT_EQ(form_named("change").name(), "change." + form_named("change").version);
  EXPECT_EQ(first_filing().name(), first_filing().version);
}

// The dictionaries and fields that a taken part refers to are there.
TEST(KindForms, ReferToWhatExists) {
  for (const char* name : {"new_website", "new_access", "change", "cancel"}) {
    for (const Page& page : form_named(name).pages)
      for (const Field& field : page.fields) {
        if (!field.dictionary.empty()) {
          EXPECT_NO_THROW(catalogue().dictionaries.at(field.dictionary)) << name;
        }
      }
  }
}

TEST(NewWebsite, AsksNothingThatIsRegistered) {
  const Form& form = form_named("new_website");
  const json::object content = beginning(form);
  const auto paths = visible_fields(form, content, k_today);
  EXPECT_FALSE(has(paths, "organiser.name"));
  EXPECT_FALSE(has(paths, "principal.mobile"));
  EXPECT_TRUE(has(paths, "sites.s1.domain"));
  EXPECT_TRUE(has(paths, "sites.s1.manager_same"));
  EXPECT_FALSE(has(paths, "sites.s1.manager.name"));
  const json::object whole = completed_content(form, content, k_today);
  EXPECT_EQ(whole.at("organiser"), registered().at("organiser"));
  EXPECT_EQ(text_at(whole, "sites.s1.manager.mobile"), "19900001001");
}

TEST(NewWebsite, OfAnOrganiserFiledElsewhereAsksForNameAndManager) {
  const Form& form = form_named("new_website");
  json::object content = beginning(form);
  content["record"].as_object()["here"] = false;
  content["record"].as_object().erase("principal");
  content["organiser"].as_object().erase("name");
  content.erase("principal");
  const auto paths = visible_fields(form, content, k_today);
  EXPECT_TRUE(has(paths, "organiser.name"));
  EXPECT_TRUE(has(paths, "sites.s1.manager.name"));
  EXPECT_FALSE(has(paths, "sites.s1.manager_same"));
  std::vector<std::string> needed;
  for (const auto& one : required_materials(form, content, k_today, Stage::verification))
    if (one.required) needed.push_back(material_path(one));
  EXPECT_EQ(needed, std::vector<std::string>{"sites.s1.materials.verification_photo"});
}

TEST(ChangeForm, ProvinceAndCertificateAreNotOnIt) {
  const Form& form = form_named("change");
  for (const char* path : {"organiser.province", "organiser.certificate_number",
                           "organiser.certificate_type", "organiser.nature"})
    EXPECT_FALSE(form.field(path)) << path;
  json::object content = beginning(form);
  add_registered_site(form, content, registered_site());
  EXPECT_EQ(apply_change(form, content, "record.organiser.name", "x")->code, "path_unknown");
}

TEST(ChangeForm, AnotherDomainShowsAndCountsOnlyWhereTheRecordSaysThatItMay) {
  const Form& form = form_named("change");
  json::object content = beginning(form);
  add_registered_site(form, content, registered_site());
  const std::string before = text_at(content, "sites.s1.domain");
  ASSERT_FALSE(apply_change(form, content, "sites.s1.domain", "other.cn"));
  EXPECT_FALSE(has(visible_fields(form, content, k_today), "sites.s1.change.domain"));
  EXPECT_EQ(text_at(completed_content(form, content, k_today), "sites.s1.domain"), before);
  content["record"].as_object()["domain_changes"] = true;
  ASSERT_FALSE(apply_change(form, content, "sites.s1.change.domain", true));
  EXPECT_TRUE(has(visible_fields(form, content, k_today), "sites.s1.domain"));
  EXPECT_EQ(text_at(completed_content(form, content, k_today), "sites.s1.domain"), "other.cn");
}

TEST(ChangeForm, OnlyWhatIsChosenShowsAndCounts) {
  const Form& form = form_named("change");
  json::object content = beginning(form);
  EXPECT_EQ(add_registered_site(form, content, registered_site()), "s1");
  EXPECT_FALSE(has(visible_fields(form, content, k_today), "organiser.name"));
  ASSERT_FALSE(apply_change(form, content, "change.organiser", true));
  ASSERT_FALSE(apply_change(form, content, "organiser.name", "示例科技股份有限公司"));
  EXPECT_TRUE(has(visible_fields(form, content, k_today), "organiser.name"));
  json::object whole = completed_content(form, content, k_today);
  EXPECT_EQ(text_at(whole, "organiser.name"), "示例科技股份有限公司");
  EXPECT_EQ(text_at(whole, "organiser.certificate_number"), "91330199MA00001017");
  EXPECT_EQ(text_at(whole, "principal.name"), "测试乙") << "a company is not its principal";
  EXPECT_EQ(text_at(whole, "sites.s1.domain"), "示例.中国");
  // Taken back: what was typed does not count.
  ASSERT_FALSE(apply_change(form, content, "change.organiser", false));
  whole = completed_content(form, content, k_today);
  EXPECT_EQ(text_at(whole, "organiser.name"), "示例科技有限公司");
}

TEST(ChangeForm, AnOptionalAnswerCanBeTakenAway) {
  const Form& form = form_named("change");
  json::object content = beginning(form);
  add_registered_site(form, content, registered_site());
  ASSERT_FALSE(apply_change(form, content, "sites.s1.change.site", true));
  ASSERT_FALSE(apply_change(form, content, "sites.s1.remark", nullptr));
  const json::object whole = completed_content(form, content, k_today);
  EXPECT_EQ(text_at(whole, "sites.s1.remark"), "");
  EXPECT_EQ(text_at(whole, "sites.s1.name"), "示例产品介绍");
}

TEST(ChangeForm, PapersOnlyForWhatChanges) {
  const Form& form = form_named("change");
  json::object content = beginning(form);
  add_registered_site(form, content, registered_site());
  const auto needed = [&] {
    std::vector<std::string> out;
    for (const auto& one : required_materials(form, content, k_today, Stage::submit))
      if (one.required) out.push_back(one.purpose);
    return out;
  };
  EXPECT_TRUE(needed().empty());
  ASSERT_FALSE(apply_change(form, content, "change.organiser", true));
  EXPECT_EQ(needed(), std::vector<std::string>{"organiser_certificate"});
  ASSERT_FALSE(apply_change(form, content, "change.principal", true));
  EXPECT_EQ(needed(),
            (std::vector<std::string>{"organiser_certificate", "principal_certificate_front",
                                      "principal_certificate_back"}));
}

TEST(CancelForm, WantsAReasonAndSaysMoreForOther) {
  const Form& form = form_named("cancel");
  json::object content = beginning(form);
  add_registered_site(form, content, registered_site());
  const auto fields = [&] {
    std::vector<std::string> out;
    for (const Problem& one :
         check_form(form, catalogue(), content, {}, parse_day(k_today).value()))
      if (one.hard) out.push_back(one.field);
    return out;
  };
  EXPECT_EQ(fields(), (std::vector<std::string>{"cancel.reason", "confirm.consequences"}));
  ASSERT_FALSE(apply_change(form, content, "confirm.consequences", true));
  ASSERT_FALSE(apply_change(form, content, "cancel.reason", 4));
  EXPECT_EQ(fields(), std::vector<std::string>{"cancel.remark"});
  ASSERT_FALSE(apply_change(form, content, "cancel.reason", 1));
  EXPECT_TRUE(fields().empty());
}

TEST(AccessForm, KeepsTheWebsiteAndAsksForItsPlace) {
  const Form& form = form_named("new_access");
  json::object content = beginning(form);
  content["sites"] = json::array();
  content["last_site"] = 0;
  json::object site = registered_site();
  site.erase("access");
  add_registered_site(form, content, site);
  const auto paths = visible_fields(form, content, k_today);
  EXPECT_TRUE(has(paths, "sites.s1.access.ips"));
  EXPECT_FALSE(has(paths, "sites.s1.name"));
  ASSERT_FALSE(apply_change(form, content, "sites.s1.access.ips", json::array{"106.2.48.9"}));
  const json::object whole = completed_content(form, content, k_today);
  EXPECT_EQ(text_at(whole, "sites.s1.name"), "示例产品介绍");
  EXPECT_EQ(*value_at(whole, "sites.s1.access.ips"), (json::value{"106.2.48.9"}));
}

TEST(Policies, TheOneInForceOnTheDayCounts) {
  const Bureaus bureaus = Bureaus::from_json(data_file("bureaus.json"));
  for (const BureauInfo& bureau : bureaus.all()) {
    EXPECT_TRUE(bureau.policy_on(parse_day("2019-01-01").value()).filing_password);
    EXPECT_FALSE(bureau.policy_on(parse_day("2019-01-01").value()).sms);
    EXPECT_FALSE(bureau.policy_on(parse_day("2020-08-17").value()).filing_password);
    EXPECT_TRUE(bureau.policy_on(parse_day("2026-11-28").value()).sms);
  }
  const Bureaus announced = Bureaus::from_json(parse_json(R"({"bureaus": [{"province": "330000",
    "name": {"zh-CN": "x", "en": "x"}, "prefix": "浙", "policy": {"sms": true, "since": "2020-08-17"},
    "policies": [{"sms": false, "since": "2027-01-01"}]}]})"));
  EXPECT_TRUE(announced.find("330000")->policy_on(parse_day("2026-12-31").value()).sms);
  EXPECT_FALSE(announced.find("330000")->policy_on(parse_day("2027-01-01").value()).sms);
}

}  // namespace
}  // namespace beian
