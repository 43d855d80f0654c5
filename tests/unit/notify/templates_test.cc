#include "notify/templates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/text.h"
#include "support/temp_dir.h"

namespace beian::notify {
namespace {

constexpr const char* k_texts = BEIAN_ROOT "/data/texts";
constexpr const char* k_base = "https://beian.provider.example";

const Templates& templates() {
  static const Templates made(k_texts, "示例云", k_base);
  return made;
}

// Every hole filled with `value`, two items in each list.
NoticeData all_filled(const NoticeSpec& spec, const std::string& value) {
  NoticeData data;
  for (std::string_view name : spec.values) data.values[std::string(name)] = value;
  for (const auto& [list, names] : spec.lists) {
    Values item;
    for (std::string_view name : names) item[std::string(name)] = value;
    data.lists[std::string(list)] = {item, item};
  }
  return data;
}

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

NoticeData approval() {
  NoticeData data;
  data.values = {{"filing", "42"},
                 {"domains", "example.cn、示例.cn"},
                 {"organiser_number", "京ICP备2026000001号"},
                 {"password", "Kq7pT2"}};
  data.lists["sites"] = {{{"domain", "example.cn"}, {"number", "京ICP备2026000001号-1"}},
                         {{"domain", "示例.cn"}, {"number", "京ICP备2026000001号-2"}}};
  return data;
}

TEST(Templates, EveryNoticeRendersInBothLanguages) {
  for (const NoticeSpec& spec : notice_specs()) {
    for (const char* locale : {"zh-CN", "en"}) {
      SCOPED_TRACE(std::string(spec.name) + " " + locale);
      const Notice notice = templates().render(locale, spec.name, all_filled(spec, "v4lue"));
      EXPECT_FALSE(notice.subject.empty());
      EXPECT_TRUE(has(notice.text, "示例云"));  // says who writes
      for (const std::string& part : {notice.subject, notice.text, notice.html, notice.sms}) {
        EXPECT_FALSE(has(part, "{{")) << part;
        EXPECT_FALSE(has(part, "}}")) << part;
      }
      EXPECT_TRUE(notice.sms.empty() || notice.sms.starts_with("【示例云】"));
      EXPECT_TRUE(has(notice.html, std::string("lang=\"") + locale));
    }
    EXPECT_NE(templates().render("zh-CN", spec.name, all_filled(spec, "v")).subject,
              templates().render("en", spec.name, all_filled(spec, "v")).subject);
  }
}

TEST(Templates, ChineseShortMessagesFitInOne) {
  for (const NoticeSpec& spec : notice_specs()) {
    NoticeData data = all_filled(spec, "京ICP备2026000001号");
    data.values["carrier"] = "顺丰速运";
    data.values["tracking_number"] = "SF1234567890123";
    const Notice notice = templates().render("zh-CN", spec.name, data);
    EXPECT_LE(count_characters(notice.sms), 70u) << notice.sms;
  }
}

TEST(Templates, LinksGoOnlyToOurselvesAndTheMinistries) {
  const std::set<std::string> allowed = {"beian.provider.example", "beian.miit.gov.cn",
                                         "beian.mps.gov.cn"};
  const std::regex link("[a-z]+://([^/\\s\"'<&。]+)");
  for (const NoticeSpec& spec : notice_specs()) {
    // As a site name or reason could try.
    const NoticeData data = all_filled(spec, "https://evil.example/ javascript://x http://1.2.3.4");
    for (const char* locale : {"zh-CN", "en"}) {
      const Notice notice = templates().render(locale, spec.name, data);
      for (const std::string& part : {notice.subject, notice.text, notice.html, notice.sms}) {
        for (std::sregex_iterator at(part.begin(), part.end(), link), end; at != end; ++at) {
          EXPECT_TRUE(allowed.contains((*at)[1])) << spec.name << ": " << at->str();
        }
      }
    }
  }
}

TEST(Templates, WhatPeopleTypeStaysText) {
  const std::vector<std::pair<std::string, std::string>> attempts = {
      {"{{7*7}}", "{{7*7}}"},
      {"{{provider}}", "{{provider}}"},
      {"{{{base_url}}}", "{{{base_url}}}"},
      {"${x}", "${x}"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\"><img src=x onerror=alert(1)>", "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"},
      {"a\r\nBcc: b@example.cn", "a  Bcc: b@example.cn"},
      {"\u202egnp.exe\u200f", "gnp.exe"},
      {"\xff\xfe", "?"},
  };
  for (const auto& [typed, shown] : attempts) {
    NoticeData data;
    data.values = {{"filing", "42"}, {"domains", typed}};
    const Notice notice = templates().render("zh-CN", "filing_submitted", data);
    EXPECT_TRUE(has(notice.html, shown)) << notice.html;
    EXPECT_FALSE(has(notice.html, "<script") || has(notice.html, "<img"));
    EXPECT_FALSE(has(notice.subject, "\n") || has(notice.subject, "\r"));
    EXPECT_FALSE(has(notice.text, "\u202e"));
    EXPECT_FALSE(has(notice.text, "\nBcc:"));
  }
}

TEST(Templates, ValuesInLinksAreEscaped) {
  const Notice notice = templates().render(
      "zh-CN", "account_activate", {{{"token", "a b&c=\"d\"/../<e>"}, {"hours", "24"}}, {}});
  EXPECT_TRUE(has(notice.text,
                  std::string(k_base) + "/activate?token=a%20b%26c%3D%22d%22%2F..%2F%3Ce%3E\n"));
}

TEST(Templates, UnconfirmedAddressesGetNobodysWords) {
  for (const char* name : {"account_activate", "account_exists"}) {
    for (const NoticeSpec& spec : notice_specs()) {
      if (spec.name != name) continue;
      EXPECT_TRUE(spec.lists.empty());
      for (std::string_view value : spec.values)
        EXPECT_TRUE(value == "token" || value == "hours") << value;
    }
  }
}

TEST(Templates, AnApprovalGivesNumbersPasswordAndFooter) {
  const Notice notice = templates().render("zh-CN", "filing_approved", approval());
  const std::string footer =
      "<a href=\"https://beian.miit.gov.cn/\" target=\"_blank\">京ICP备2026000001号-1</a>";
  EXPECT_TRUE(has(notice.text, "example.cn：京ICP备2026000001号-1"));
  EXPECT_TRUE(has(notice.text, "京ICP备2026000001号-2"));
  EXPECT_TRUE(has(notice.text, footer));  // to be copied as it is
  EXPECT_TRUE(has(notice.html, "&lt;a href=&quot;https://beian.miit.gov.cn/&quot;"));
  EXPECT_TRUE(has(notice.text, "备案密码：Kq7pT2"));
  EXPECT_TRUE(has(notice.text, "30 天内"));
  EXPECT_TRUE(has(notice.text, std::string(k_base) + "/apply/42/status"));
  EXPECT_TRUE(has(notice.sms, "京ICP备2026000001号"));
  EXPECT_FALSE(has(notice.sms, "Kq7pT2"));  // a password does not travel by SMS
}

TEST(Templates, WithoutAPasswordNothingIsSaidOfOne) {
  NoticeData data = approval();
  data.values["password"] = "";
  const Notice notice = templates().render("zh-CN", "filing_approved", data);
  EXPECT_FALSE(has(notice.text, "备案密码"));
  EXPECT_FALSE(has(notice.html, "备案密码"));
}

TEST(Templates, ReasonsNameTheirFieldsWhereTheyHaveOne) {
  NoticeData data;
  data.values = {{"filing", "42"}, {"domains", "example.cn"}};
  data.lists["reasons"] = {{{"field", "主办单位名称"}, {"reason", "与执照不一致"}},
                           {{"field", ""}, {"reason", "请先完成域名实名"}}};
  const Notice notice = templates().render("zh-CN", "filing_bureau_returned", data);
  EXPECT_TRUE(has(notice.text, "* 主办单位名称：与执照不一致\n* 请先完成域名实名\n"));
  EXPECT_TRUE(has(notice.html, "<li>主办单位名称：与执照不一致</li><li>请先完成域名实名</li>"));
}

TEST(Templates, AMissingValueIsAMistakeNotAGap) {
  NoticeData data = approval();
  data.values.erase("organiser_number");
  try {
    templates().render("zh-CN", "filing_approved", data);
    ADD_FAILURE();
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "notice filing_approved: no value for organiser_number");
  }
  data = approval();
  data.values.erase("filing");
  EXPECT_THROW(templates().render("zh-CN", "filing_approved", data), std::logic_error);
  data = approval();
  data.lists.clear();
  EXPECT_THROW(templates().render("zh-CN", "filing_approved", data), std::logic_error);
  data = approval();
  data.lists["sites"][1].erase("number");
  EXPECT_THROW(templates().render("zh-CN", "filing_approved", data), std::logic_error);
  EXPECT_THROW(templates().render("zh-CN", "no_such_notice", {}), std::logic_error);
}

TEST(Templates, AnUnknownLanguageReadsChinese) {
  EXPECT_EQ(templates().render("fr", "account_exists", {}).subject,
            templates().render("zh-CN", "account_exists", {}).subject);
}

TEST(Templates, LongValuesAreCutInShortMessages) {
  NoticeData data;
  data.values = {{"filing", "42"},
                 {"domains", "example.cn"},
                 {"carrier", std::string(500, 'x')},
                 {"tracking_number", "1"}};
  const Notice notice = templates().render("zh-CN", "backdrop_posted", data);
  EXPECT_LE(count_characters(notice.sms), 90u);
  EXPECT_TRUE(has(notice.text, std::string(500, 'x')));
}

// A copy of the Chinese notices with one piece replaced, and what loading it says.
std::string fault_after(const std::string& from, const std::string& to) {
  std::stringstream original;
  original << std::ifstream(std::string(k_texts) + "/zh-CN/notices.json").rdbuf();
  std::string text = original.str();
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "not in the file: " + from;
  text.replace(at, from.size(), to);
  const beian::testing::TempDir folder;
  std::filesystem::create_directory(folder.path() + "/zh-CN");
  std::ofstream(folder.path() + "/zh-CN/notices.json") << text;
  try {
    const Templates made(folder.path(), "x", k_base);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(Templates, FaultyTextsAreRefusedAtTheStart) {
  EXPECT_EQ(fault_after("您好", "你好"), "");
  const auto names = [](const std::string& fault, const std::string& what) {
    return has(fault, "zh-CN/notices.json") && has(fault, what);
  };
  EXPECT_TRUE(
      names(fault_after("{{token}}", "{{secret}}"), "account_activate: no such hole: secret"));
  EXPECT_TRUE(names(fault_after("{{domains}}", "{{{domains}}}"), "no such hole"));
  EXPECT_TRUE(names(fault_after("{{domains}}", "{{>domains}}"), "no such hole"));
  EXPECT_TRUE(names(fault_after("{{domains}}", "{{domains"), "filing_submitted"));
  EXPECT_TRUE(
      names(fault_after("\"account_exists\"", "\"account_exits\""), "account_exists: missing"));
  EXPECT_TRUE(
      names(fault_after("\"to\": \"{{base_url}}/login", "\"to\": \"https://evil.example/login"),
            "links elsewhere"));
  EXPECT_TRUE(names(fault_after("您好", "http://evil.example 您好"), "links elsewhere"));
  EXPECT_TRUE(
      names(fault_after("https://beian.miit.gov.cn/", "https://beian.miit.gov.cn.evil.example/"),
            "links elsewhere"));
  EXPECT_TRUE(names(fault_after("\"list\": \"reasons\"", "\"list\": \"sites\""), "no such list"));
  EXPECT_FALSE(fault_after("\"footer\"", "\"foot\"").empty());
}

}  // namespace
}  // namespace beian::notify
