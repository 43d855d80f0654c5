// The bureaus' rules: every file is good, every row of the reference is there, and the vectors that
// the pages run as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "filing/content.h"
#include "filing/judge.h"
#include "filing/rule.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

const RuleVocabulary& vocabulary() {
  static const RuleVocabulary loaded = RuleVocabulary::from_json(data_file("rules/common.json"));
  return loaded;
}

std::vector<std::string> form_purposes() {
  std::vector<std::string> purposes;
  for (const MaterialRule& rule : first_filing().materials) purposes.push_back(rule.purpose);
  return purposes;
}

std::vector<std::string> provinces() {
  std::vector<std::string> codes;
  const json::value bureaus = data_file("bureaus.json");
  for (const json::value& bureau : bureaus.at("bureaus").as_array())
    codes.push_back(text_member(bureau, "province"));
  return codes;
}

const std::map<std::string, RuleFile>& files() {
  static const std::map<std::string, RuleFile> loaded = [] {
    std::map<std::string, RuleFile> all;
    for (const std::string& code : provinces())
      all[code] = read_rule_file(read_file(BEIAN_ROOT "/data/rules/" + code + ".json"),
                                 vocabulary(), form_purposes());
    return all;
  }();
  return loaded;
}

// Sets a value at a path, making what is missing on the way.
void put(json::value& at, std::string_view path, const json::value& value) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (at.is_array()) {
    for (json::value& element : at.as_array())
      if (element.at("key") == json::value(name)) return put(element, path.substr(dot + 1), value);
    FAIL() << "no website " << name;
  }
  if (!at.is_object()) at = json::object();
  if (dot != std::string_view::npos) return put(at.as_object()[name], path.substr(dot + 1), value);
  if (value.is_null())
    at.as_object().erase(name);
  else
    at.as_object()[name] = value;
}

std::vector<std::string> sorted_fields(const json::object& content, const std::string& today) {
  std::vector<std::string> fields = visible_fields(first_filing(), content, today);
  std::ranges::sort(fields);
  return fields;
}

TEST(RuleFiles, AreAllGood) {
  ASSERT_EQ(files().size(), 31u);
  for (const auto& [code, file] : files()) {
    EXPECT_EQ(file.province, code);
    EXPECT_FALSE(file.rules.empty()) << code;
    for (const RuleFault& fault : file.faults)
      ADD_FAILURE() << code << ":" << fault.line << ":" << fault.column << " " << fault.what;
    for (const Rule& rule : file.rules) {
      EXPECT_FALSE(rule.blocks()) << rule.id << " blocks, and nobody has confirmed it";
      EXPECT_FALSE(rule.date.empty()) << rule.id;
      for (const char* locale : {"zh-CN", "en"})
        EXPECT_FALSE(label_in(rule.source, locale).empty()) << rule.id;
      EXPECT_TRUE(rule.field == "sites" || rule.field == ".domains" ||
                  rule.field == ".access.ips" ||
                  first_filing().field(absolute_path(rule.field, "sites.s1")))
          << rule.id << " " << rule.field;
      EXPECT_FALSE(rule.conflict && rule.severity == Severity::hard) << rule.id;
    }
  }
}

TEST(NationalRules, SayWhereTheyAreWrittenInBothLanguages) {
  const RuleFile nation = read_rule_file(read_file(BEIAN_ROOT "/data/rules/national.json"),
                                         vocabulary(), form_purposes());
  EXPECT_EQ(nation.province, k_nation);
  for (const RuleFault& fault : nation.faults)
    ADD_FAILURE() << fault.line << ":" << fault.column << " " << fault.what;
  ASSERT_EQ(nation.rules.size(), catalogue().rules.size());
  for (const Rule& rule : nation.rules) {
    for (const std::string& key : rule.sources)
      EXPECT_TRUE(vocabulary().sources.contains(key)) << rule.id << " " << key;
    const std::string english = label_in(rule.source, "en"),
                      chinese = label_in(rule.source, "zh-CN");
    EXPECT_NE(english, chinese) << rule.id;
    EXPECT_GE(chinese.size(), 12u) << rule.id;
  }
}

// One thing is said once: the bureau's rule in place of the national one that it sharpens, unless
// that one stops the filing.
TEST(NationalRules, GiveWayToTheBureausOwn) {
  std::set<std::string> ids;
  for (const Rule& rule : catalogue().rules) ids.insert(rule.id);
  int replacing = 0;
  for (const auto& [code, file] : files())
    for (const Rule& rule : file.rules) {
      if (rule.replaces.empty()) continue;
      EXPECT_TRUE(ids.contains(rule.replaces)) << rule.id;
      ++replacing;
    }
  EXPECT_GT(replacing, 100);

  const auto& rules = files().at("330000").rules;
  const auto rule = std::ranges::find(rules, "33-09", &Rule::id);
  ASSERT_NE(rule, rules.end());
  const std::vector<RuleOutcome> own{{&*rule, Verdict::fires, "organiser.address", {}}};
  const auto of_nation = [](const char* field, bool hard) {
    Problem problem;
    problem.field = field;
    problem.rule = "ADR-02";
    problem.hard = hard;
    return problem;
  };
  std::vector<Problem> problems{of_nation("organiser.address", false),
                                of_nation("organiser.address", true),
                                of_nation("organiser.certificate_address", false)};
  drop_replaced(problems, own);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_TRUE(problems[0].hard);
  drop_replaced(problems, {{&*rule, Verdict::met, "organiser.certificate_address", {}}});
  EXPECT_EQ(problems.size(), 2u);
}

// How many rows the reference counted for each bureau (2026-11-23); a rule's id begins with its
// row.
TEST(RuleFiles, CoverTheRowsOfTheReference) {
  const std::map<std::string, int> rows = {
      {"110000", 33}, {"120000", 26}, {"130000", 21}, {"140000", 12}, {"150000", 15},
      {"210000", 15}, {"220000", 9},  {"230000", 15}, {"310000", 30}, {"320000", 28},
      {"330000", 22}, {"340000", 11}, {"350000", 16}, {"360000", 16}, {"370000", 23},
      {"410000", 22}, {"420000", 17}, {"430000", 16}, {"440000", 28}, {"450000", 19},
      {"460000", 12}, {"500000", 15}, {"510000", 18}, {"520000", 17}, {"530000", 14},
      {"540000", 6},  {"610000", 15}, {"620000", 14}, {"630000", 13}, {"640000", 13},
      {"650000", 10}};
  int wanted = 0, there = 0;
  for (const auto& [code, count] : rows) {
    std::set<std::string> ids;
    for (const Rule& rule : files().at(code).rules) ids.insert(rule.id.substr(0, 5));
    for (int n = 1; n <= count; ++n) {
      const std::string id = code.substr(0, 2) + (n < 10 ? "-0" : "-") + std::to_string(n);
      ++wanted;
      there += static_cast<int>(ids.count(id));
    }
  }
  EXPECT_EQ(wanted, 541);
  EXPECT_GE(there * 100, wanted * 95);
}

TEST(RuleFiles, FollowTheSharedVectors) {
  const json::value& vectors = vector_file("rules");
  const Day today = *parse_day(text_member(vectors, "today"));
  const json::array& cases = vectors.at("cases").as_array();
  ASSERT_GT(cases.size(), 1000u);
  std::map<std::string, std::pair<const Rule*, std::string>> by_id;
  for (const auto& [code, file] : files())
    for (const Rule& rule : file.rules) by_id[rule.id] = {&rule, code};
  std::map<std::string, std::set<std::string>> seen;
  std::set<std::string> touched;
  for (const json::value& one : cases) {
    const auto& [rule, code] = by_id.at(text_member(one, "rule"));
    touched.insert(code);
    const std::string base = text_member(one, "base");
    const bool public_body = base == "gov" || base == "pub";
    json::value content =
        vector_file("form").at("bases").at(public_body ? "enterprise" : base).at("content");
    for (const auto& [path, value] : vectors.at("places").at(code).as_object())
      put(content, path, value);
    if (public_body) {
      put(content, "organiser.nature", base == "gov" ? 2 : 3);
      put(content, "organiser.certificate_type", base == "gov" ? 13 : 15);
    }
    if (const json::value* set = one.as_object().if_contains("set"))
      for (const auto& [path, value] : set->as_object()) put(content, path, value);
    std::vector<MaterialPlace> present;
    if (const json::value* papers = one.as_object().if_contains("materials"))
      for (const json::value& path : papers->as_array())
        present.push_back(*material_from_path(path.as_string()));
    const json::object nothing;
    const json::value* known = one.as_object().if_contains("known");
    const Judged judged{content.as_object(),
                        text_member(one, "kind"),
                        known ? &known->as_object() : &nothing,
                        present,
                        today,
                        &catalogue().divisions};
    const json::value* at = one.as_object().if_contains("item");
    const std::string item = !rule->each_site ? "" : at ? std::string(at->as_string()) : "sites.s1";
    const auto outcomes =
        judge({*rule}, judged, sorted_fields(content.as_object(), day_to_string(today)));
    const auto found = std::ranges::find_if(
        outcomes, [&](const RuleOutcome& each) { return each.field.starts_with(item); });
    ASSERT_NE(found, outcomes.end()) << json::serialize(one);
    EXPECT_EQ(to_string(found->verdict), text_member(one, "verdict")) << json::serialize(one);
    seen[std::string(to_string(rule->kind))].insert(text_member(one, "verdict"));
  }
  EXPECT_EQ(touched.size(), 31u);
  for (const char* kind : {"value", "relation", "limit", "remark", "material", "authorisation"}) {
    EXPECT_TRUE(seen[kind].contains("fires")) << kind;
    EXPECT_TRUE(seen[kind].contains("met") || seen[kind].contains("other_case")) << kind;
  }
  for (const char* kind : {"verification", "notice"}) {
    EXPECT_TRUE(seen[kind].contains("reminds")) << kind;
    EXPECT_TRUE(seen[kind].contains("other_kind")) << kind;
  }
}

TEST(RuleFiles, SayWhereAFaultIsAndKeepTheRest) {
  const std::string text =
      "{\n"
      "  \"province\": \"110000\",\n"
      "  \"rules\": [\n"
      "    {\"id\": \"a\", \"requires\": \"notice\", \"field\": \"organiser.name\",\n"
      "     \"text\": {\"zh-CN\": \"甲\", \"en\": \"a\"}, \"severity\": \"info\", \"source\": "
      "[\"T\"]},\n"
      "    {\"id\": \"b\", \"requires\": \"notice\", \"field\": \"organiser.name\",\n"
      "     \"text\": {\"zh-CN\": \"乙\", \"en\": \"b\"}, \"severity\": \"grave\", \"source\": "
      "[\"T\"]},\n"
      "    {\"id\": \"c\", \"requires\": \"notice\", \"field\": \"organiser.name\", \"when\": "
      "{\"is\": 1},\n"
      "     \"text\": {\"zh-CN\": \"丙\", \"en\": \"c\"}, \"severity\": \"info\", \"source\": "
      "[\"T\"]}\n"
      "  ]\n}\n";
  const RuleFile file = read_rule_file(text, vocabulary(), {});
  ASSERT_EQ(file.rules.size(), 1u);
  EXPECT_EQ(file.rules[0].id, "a");
  ASSERT_EQ(file.faults.size(), 2u);
  EXPECT_EQ(file.faults[0].pointer, "/rules/1/severity");
  EXPECT_EQ(file.faults[0].line, 7u);
  EXPECT_EQ(file.faults[0].column, 53u);
  EXPECT_NE(file.faults[0].what.find("grave"), std::string::npos);
  EXPECT_EQ(file.faults[1].line, 8u);
  EXPECT_NE(file.faults[1].what.find("unknown operator"), std::string::npos);
}

// What an editor gets wrong: each is said in words, and the rule is left out.
TEST(RuleFiles, SayWhatIsWrongWithARule) {
  const auto fault_of = [](const std::string& members) {
    const RuleFile file = read_rule_file(
        R"({"province":"110000","rules":[{"id":"a","requires":"notice","field":"organiser.name",)"
        R"("text":{"zh-CN":"甲","en":"a"},"severity":"info",)" +
            members + "}]}",
        vocabulary(), {});
    return file.faults.size() == 1 ? file.faults[0].pointer + " " + file.faults[0].what : "";
  };
  EXPECT_EQ(fault_of(R"("source":["T"])"), "");
  EXPECT_EQ(fault_of(R"("source":"管局 2026 年 3 月的答复")"), "");
  EXPECT_NE(
      fault_of(R"("source":["ZZ"])").find("/rules/0/source rule a: no source is called \"ZZ\""),
      std::string::npos);
  EXPECT_NE(fault_of(R"("source":["T"],"severitty":"hard")").find("\"severitty\""),
            std::string::npos);
  EXPECT_NE(fault_of(R"("source":["T"],"valid_from":"2026-12-01","valid_until":"2026-01-01")")
                .find("ends on 2026-01-01, before it begins on 2026-12-01"),
            std::string::npos);
}

TEST(RuleFiles, NamesThePlaceWhereJsonEnds) {
  const RuleFile comma = read_rule_file("{\"rules\": [],,\n}", vocabulary(), {});
  ASSERT_EQ(comma.faults.size(), 1u);
  EXPECT_EQ(comma.faults[0].line, 1u);
  EXPECT_EQ(comma.faults[0].what.find("json_invalid"), std::string::npos);
  const RuleFile bytes = read_rule_file("{\n\"rules\": \"\xff\"}", vocabulary(), {});
  ASSERT_EQ(bytes.faults.size(), 1u);
  EXPECT_EQ(bytes.faults[0].line, 2u);
}

TEST(RuleFiles, SurviveWhatIsNoRuleFile) {
  for (const char* text : {"", "[]", "{", "{\"rules\": 7}", "{\"rules\": [1, null, []]}",
                           "{\"rules\": [{}]}", "{\"rules\": [{\"id\": \"x\", \"field\": 3}]}",
                           "{\"rules\": [{\"id\":\"x\"},", "{\"province\": 5, \"rules\": []}"}) {
    const RuleFile file = read_rule_file(text, vocabulary(), {});
    EXPECT_TRUE(file.rules.empty()) << text;
    EXPECT_FALSE(file.faults.empty()) << text;
  }
  const RuleFile broken =
      read_rule_file("{\n \"rules\": [\n  {\"id\": \"x\",}\n ]}", vocabulary(), {});
  ASSERT_EQ(broken.faults.size(), 1u);
  EXPECT_EQ(broken.faults[0].line, 3u);
}

TEST(Rules, QuoteTheWordsTheyFound) {
  json::value content = vector_file("form").at("bases").at("individual").at("content");
  for (const auto& [path, value] : vector_file("rules").at("places").at("370000").as_object())
    put(content, path, value);
  put(content, "sites.s1.name", "甲的网络资讯");
  const Judged judged{content.as_object(),      "first_filing", nullptr, {},
                      *parse_day("2026-11-23"), nullptr};
  const auto found = problems_of(
      judge(files().at("370000").rules, judged, sorted_fields(content.as_object(), "2026-11-23")));
  const auto name = std::ranges::find(found, "37-05", &Problem::rule);
  ASSERT_NE(name, found.end());
  EXPECT_EQ(name->params.at("words"), "资讯、网络");
  EXPECT_EQ(name->field, "sites.s1.name");
  EXPECT_FALSE(name->hard);
  EXPECT_NE(name->source.find("腾讯云"), std::string::npos);
}

TEST(Rules, OnlyLawOrAConfirmedRuleBlocks) {
  Rule rule;
  rule.severity = Severity::hard;
  EXPECT_FALSE(rule.blocks());
  rule.confirmed = Confirmation{"甲", "2026-11-28"};
  EXPECT_TRUE(rule.blocks());
  rule.severity = Severity::warn;
  EXPECT_FALSE(rule.blocks());
  rule.severity = Severity::hard;
  rule.confirmed.reset();
  rule.law = true;
  EXPECT_TRUE(rule.blocks());
  rule.valid_until = "2026-11-27";
  EXPECT_FALSE(rule.valid_on("2026-11-28"));
  EXPECT_TRUE(rule.valid_on("2026-11-27"));
}

}  // namespace
}  // namespace beian
