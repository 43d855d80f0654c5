#include "filing/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "filing/content.h"
#include "filing/field_check.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

// Sets a value anywhere, as a test needs it: apply_change would rightly refuse some of these.
void set(json::value& at, std::string_view path, const json::value& value) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (at.is_array()) {
    for (json::value& element : at.as_array()) {
      if (element.at("key") == json::value(name)) return set(element, path.substr(dot + 1), value);
    }
    FAIL() << "no website " << name;
  }
  if (!at.is_object()) at = json::object();
  if (dot != std::string_view::npos) return set(at.as_object()[name], path.substr(dot + 1), value);
  if (value.is_null()) {
    at.as_object().erase(name);
  } else {
    at.as_object()[name] = value;
  }
}

std::vector<MaterialPlace> places(const json::value& paths) {
  std::vector<MaterialPlace> found;
  for (const json::value& path : paths.as_array()) {
    found.push_back(*material_from_path(path.as_string()));
  }
  return found;
}

using Shown = std::multiset<std::string>;

Shown shown(const std::vector<Problem>& problems) {
  Shown lines;
  for (const Problem& one : problems) {
    lines.insert(one.field + " " + one.code + (one.hard ? "" : " advice"));
  }
  return lines;
}

TEST(CheckForm, FollowsTheSharedVectors) {
  const json::value vectors = vector_file("form");
  const Day today = *parse_day(text_member(vectors, "today"));
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 90u);
  for (const json::value& one : cases) {
    const json::value& base = vectors.at("bases").at(one.at("base").as_string());
    json::value content = base.at("content");
    for (const auto& [path, value] : one.at("set").as_object()) set(content, path, value);
    const json::value* materials = one.as_object().if_contains("materials");
    const auto problems = check_form(first_filing(), catalogue(), content.as_object(),
                                     places(materials ? *materials : base.at("materials")), today);
    Shown wanted;
    for (const json::value& problem : one.at("problems").as_array()) {
      const bool advice = problem.as_object().contains("hard");
      wanted.insert(text_member(problem, "field") + " " + text_member(problem, "code") +
                    (advice ? " advice" : ""));
    }
    EXPECT_EQ(shown(problems), wanted) << text_member(one, "name");
  }
}

TEST(CheckForm, TellsProblemsInTheOrderOfThePages) {
  const json::object content = new_content(first_filing());
  const std::vector<Problem> problems =
      check_form(first_filing(), catalogue(), content, {}, *parse_day("2026-11-23"));
  const auto position = [&](const char* field) {
    const auto found = std::ranges::find(problems, field, &Problem::field);
    EXPECT_NE(found, problems.end()) << field;
    return found - problems.begin();
  };
  EXPECT_LT(position("organiser.nature"), position("organiser.address"));
  EXPECT_LT(position("organiser.address"), position("principal.mobile"));
  EXPECT_LT(position("principal.mobile"), position("sites.s1.name"));
  EXPECT_LT(position("sites.s1.name"), position("materials.principal_certificate_front"));
  EXPECT_TRUE(has_hard(problems));
}

TEST(CheckForm, RulesCarryTheirSource) {
  json::value content = vector_file("form").at("bases").at("enterprise").at("content");
  set(content, "sites.s1.services", json::array{5});
  const std::vector<Problem> problems =
      check_form(first_filing(), catalogue(), content.as_object(), {}, *parse_day("2026-11-23"));
  const auto found = std::ranges::find(problems, "rule_approval_news", &Problem::code);
  ASSERT_NE(found, problems.end());
  EXPECT_EQ(found->rule, "PRE-NEWS");
  EXPECT_NE(found->source.find("《互联网信息服务管理办法》"), std::string::npos);
}

TEST(Rules, NameTheFaultInAFile) {
  const auto fault = [](auto&& change) {
    json::object rule{{"id", "X-1"},        {"field", ".name"},
                      {"each", "sites"},    {"check", "age"},
                      {"code", "rule_age"}, {"severity", "warn"},
                      {"source", ""},       {"params", json::object{{"years", "18"}}}};
    change(rule);
    try {
      (void)rules_from_json(json::object{{"rules", json::array{rule}}}, RuleVocabulary());
      return std::string();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(fault([](json::object&) {}), "");
  EXPECT_NE(fault([](json::object& r) { r["severity"] = "block"; }).find("X-1"), std::string::npos);
  EXPECT_NE(fault([](json::object& r) { r["check"] = "colour"; }), "");
  EXPECT_NE(fault([](json::object& r) { r.erase("check"); }), "");
  EXPECT_NE(fault([](json::object& r) { r["must"] = true; }), "");
  EXPECT_NE(fault([](json::object& r) { r["field"] = "organiser.name"; }), "");
  EXPECT_NE(fault([](json::object& r) { r["params"] = json::object{{"years", "many"}}; }), "");
}

TEST(CheckForm, SurvivesContentOfAnyShape) {
  const Day today = *parse_day("2026-11-23");
  for (
      const char* text :
      {"{}", R"({"sites":7})", R"({"sites":[1,"a",{"key":5},{"key":""},null]})",
       R"({"organiser":[],"principal":"x","sites":[{"key":"s1","services":{},"access":[1]}]})",
       R"({"organiser":{"nature":{"a":1},"certificate_type":[1],"province":7,"city":{},"name":[]}})",
       R"({"sites":[{"key":"s1","approvals":[1,{"kind":"a"}],"languages":[null,{}],"manager":3}]})"}) {
    const json::value content = json::parse(text);
    EXPECT_TRUE(has_hard(check_form(first_filing(), catalogue(), content.as_object(), {}, today)))
        << text;
    (void)completed_content(first_filing(), content.as_object(), "2026-11-23");
  }
}

TEST(CheckMaterials, AsksForThePhotographOnlyAtVerification) {
  const json::value base = vector_file("form").at("bases").at("three_sites");
  const auto missing =
      check_materials(first_filing(), base.at("content").as_object(), {{"verification_photo", ""}},
                      *parse_day("2026-11-23"), Stage::verification);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].field, "sites.s2.materials.verification_photo");
}

TEST(Characters, EmojiAreRefusedAndRareNamesAreNot) {
  for (char32_t bad : {U'😀', U'\uE000', U'\u2764', U'\uFE0F', U'\t', U'\uFFFD', U'\U0010FFFF'}) {
    EXPECT_TRUE(is_forbidden_character(bad)) << static_cast<unsigned>(bad);
  }
  for (char32_t good : {U'䶮', U'𠮷', U'·', U'〇', U'a', U'★', U'é', U'·'}) {
    EXPECT_FALSE(is_forbidden_character(good)) << static_cast<unsigned>(good);
  }
}

// Every problem that this room can tell has its words in both languages, with the same holes.
TEST(ProblemTexts, EveryCodeHasWords) {
  std::set<std::string> used;
  for (const Rule& rule : catalogue().rules) used.insert(rule.code);
  for (const char* vectors : {"identity", "contacts"}) {
    for (const json::value& one : vector_file(vectors).at("cases").as_array()) {
      if (one.as_object().contains("code")) used.insert(text_member(one, "code"));
    }
  }
  for (const json::value& one : vector_file("domains").at("cases").as_array()) {
    for (const json::value& code : one.at("codes").as_array()) used.emplace(code.as_string());
  }
  for (const json::value& one : vector_file("form").at("cases").as_array()) {
    for (const json::value& problem : one.at("problems").as_array()) {
      used.insert(text_member(problem, "code"));
    }
  }
  for (const char* code :
       {"path_unknown", "path_closed", "site_unknown", "site_limit", "site_last", "value_too_long",
        "product_unknown", "product_expired", "product_term_short", "product_slots", "product_ip",
        "product_host_name", "code_unknown", "code_spent"}) {
    used.insert(code);
  }
  for (const char* locale : {"zh-CN", "en"}) {
    const json::value texts = data_file(std::string("texts/") + locale + "/problems/filing.json");
    for (const std::string& code : used) {
      const json::value* text = texts.as_object().if_contains(code);
      ASSERT_TRUE(text) << locale << " " << code;
      EXPECT_FALSE(text_member(*text, "message").empty()) << code;
      EXPECT_FALSE(text_member(*text, "fix").empty()) << code;
    }
  }
}

}  // namespace
}  // namespace beian
