// What comes over the line, from the officer's console to the staff's tasks and back.
#include "service/blacklist.h"
#include "service/bureau_tasks.h"
#include "service/code_lists.h"
#include "service/ip_filing.h"
#include "service/line_notes.h"
#include "store/jobs.h"
#include "store/registry.h"
#include "unit/worker/line_fixture.h"

namespace beian::worker {
namespace {

class InboundTest : public LineTest {
 protected:
  void officer(const std::string& path, const std::string& body) {
    const auto response = console("POST", path, body);
    ASSERT_LT(response.status, 300) << path << " " << response.body;
  }
  std::string here(const std::string& more) const {
    return R"({"province":"zj","isp_id":")" + std::to_string(sandbox::k_isp) + "\"," + more + "}";
  }
  // A filing through the bureau; its subject there.
  Id filed(int serial, const std::string& domain) {
    set(R"({"automatic":"pass","automatic_delay_ms":0})");
    const Id id = ready(serial, domain);
    rounds(4);
    EXPECT_EQ(filing(id).state, State::approved);
    return id;
  }
  std::string subject_of(const std::string& domain) {
    const auto found = read("registry?q=" + domain);
    return std::string(found.at("subjects").as_array().at(0).as_object().at("id").as_string());
  }
  store::BureauTask only_task(const std::string& kind) {
    const auto found = tasks(kind);
    EXPECT_EQ(found.size(), 1u) << kind;
    return found.empty() ? store::BureauTask{} : found.front();
  }
  std::string state_of(Id task) {
    return platform_->read([&](Reader& r) { return store::find_task(r, keys_, task)->state; });
  }
  std::vector<std::string> told(const std::string& notice) {
    std::vector<std::string> out;
    for (const auto& m :
         platform_->read([&](Reader& r) { return store::latest_messages(r, keys_, 200); }))
      if (m.notice == notice && m.channel == "mail") out.push_back(m.text);
    return out;
  }
  const service::Staff staff_{1, Role::administrator};
};

json::object object(const std::string& text) { return json::parse(text).as_object(); }

TEST_F(InboundTest, AnUnfiledSiteBecomesATaskWithADeadlineAndItsAnswerReachesTheBureau) {
  officer("tasks/unfiled", here(R"("domain":"unfiled.cn","ip":"106.2.0.9","times":3)"));
  rounds(1);
  const auto task = only_task("unfiled_site");
  EXPECT_EQ(task.subject, "unfiled.cn");
  EXPECT_GT(task.due_at.value_or(0), clock_.now());
  service::answer_task(*service_, staff_, task.id,
                       object(R"({"outcome":1,"opinion":"已停止接入"})"));
  EXPECT_EQ(state_of(task.id), "answered");
  rounds(2);
  EXPECT_EQ(state_of(task.id), "sent");
  const auto given = read("tasks?kind=unfiled");
  EXPECT_NE(json::serialize(given).find("已停止接入"), std::string::npos) << json::serialize(given);
  // Listed once more, it is the same task.
  platform_->write([&](Tx& tx) { tx.execute("UPDATE bureau_downloads SET replay = 1"); });
  rounds(1);
  only_task("unfiled_site");
}

TEST_F(InboundTest, WhatWasDoneWithAFileIsReadInTheOperatorsLanguage) {
  filed(1, "noted.cn");
  officer("tasks/unfiled", here(R"("domain":"unfiled.cn","ip":"106.2.0.9")"));
  rounds(1);
  std::string chinese, english;
  const auto files = platform_->read(
      [&](Reader& r) { return store::list_downloads(r, k_province, 0, false, 100); });
  for (const auto& file : files) {
    chinese += service::note_words(service_->texts, "zh-CN", file.note) + "\n";
    english += service::note_words(service_->texts, "en", file.note) + "\n";
    EXPECT_FALSE(file.attention) << english;
  }
  EXPECT_NE(chinese.find("新任务 1 件"), std::string::npos) << chinese;
  EXPECT_NE(english.find("new tasks: 1"), std::string::npos) << english;
  EXPECT_NE(chinese.find("已公布备案号"), std::string::npos) << chinese;
  EXPECT_EQ(chinese.find("note."), std::string::npos) << "words are missing: " << chinese;
  EXPECT_TRUE(service::want_attention({{"passed"}, {"foreign_result"}}));
  // An older or damaged note is shown as it stands.
  EXPECT_EQ(service::note_words(service_->texts, "en", std::string("as it is")), "as it is");
}

TEST_F(InboundTest, AnAnswerTheInterfaceCannotCarryIsRefusedBeforeItIsKept) {
  officer("tasks/unfiled", here(R"("domain":"unfiled.cn","ip":"106.2.0.9")"));
  rounds(1);
  const auto task = only_task("unfiled_site");
  try {
    service::answer_task(*service_, staff_, task.id, object(R"({"outcome":0,"opinion":""})"));
    FAIL() << "accepted";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.reason(), "task_answer_invalid");
    EXPECT_FALSE(refusal.problems().empty());
  }
  EXPECT_EQ(state_of(task.id), "open");
}

TEST_F(InboundTest, AVerificationTaskGoesBackWithTheRecordCorrected) {
  filed(1, "verify-me.cn");
  officer("tasks/verification", R"({"subject_id":")" + subject_of("verify-me.cn") + R"("})");
  rounds(1);
  const auto task = only_task("verification");
  const auto shown = service::open_task(*service_, staff_, task.id);
  EXPECT_GT(shown.at("fields").as_array().size(), 8u);
  service::answer_task(
      *service_, staff_, task.id,
      object(R"({"passed":true,"opinion":"已核实","corrections":{"principal.mobile":"19911112222",
                 "principal.office_phone":"0571-88889999"}})"));
  rounds(2);
  EXPECT_EQ(state_of(task.id), "sent");
  const auto given = json::serialize(read("tasks?kind=verification"));
  EXPECT_NE(given.find("已核实"), std::string::npos) << given;
}

TEST_F(InboundTest, FindingsAndNoticesReachStaffAndOwnerOnce) {
  const Id id = filed(1, "hollow.cn");
  const std::string subject = subject_of("hollow.cn");
  officer("tasks/notice", R"({"subject_id":")" + subject + R"(","text":"请更正主体地址"})");
  officer("tasks/finding",
          R"({"subject_id":")" + subject + R"(","finding":"organiser","reason":"证件已注销"})");
  rounds(2);
  EXPECT_EQ(only_task("notice").filing_id, id);
  EXPECT_EQ(tasks("finding").size(), 1u);
  ASSERT_EQ(told("bureau_notice").size(), 1u);
  EXPECT_NE(told("bureau_notice")[0].find("请更正主体地址"), std::string::npos);
  ASSERT_EQ(told("bureau_finding").size(), 1u);
  EXPECT_NE(told("bureau_finding")[0].find("证件已注销"), std::string::npos);
  platform_->write([&](Tx& tx) { tx.execute("UPDATE bureau_downloads SET replay = 1"); });
  rounds(1);
  EXPECT_EQ(tasks("notice").size() + tasks("finding").size(), 2u);
  EXPECT_EQ(told("bureau_notice").size() + told("bureau_finding").size(), 2u);
}

TEST_F(InboundTest, TheBlacklistBlocksUntilTheBureauTakesTheEntryBack) {
  const auto problems = [&] {
    return platform_->read([&](Reader& r) {
      return service::blacklist_problems(
          *service_, r,
          {1, bureau::sample::credit_code(9), "certificate_number", {{"black.cn", "domain"}}});
    });
  };
  EXPECT_TRUE(problems().empty());
  officer("blacklist", R"({"kind":"domain","value":"black.cn"})");
  officer("blacklist",
          R"({"kind":"certificate","value":"1:)" + bureau::sample::credit_code(9) + R"("})");
  rounds(2);
  ASSERT_EQ(problems().size(), 2u);
  EXPECT_EQ(problems()[0].code, "blacklisted_organiser");
  EXPECT_EQ(problems()[0].field, "certificate_number");
  EXPECT_NE(problems()[0].source.find("HMDLB"), std::string::npos);
  EXPECT_EQ(problems()[1].code, "blacklisted_domain");
  console("DELETE", "blacklist", R"({"kind":"domain","value":"black.cn"})");
  rounds(2);
  EXPECT_EQ(problems().size(), 1u);
}

TEST_F(InboundTest, ACodeListDiffersUntilAnAdministratorTakesItOver) {
  officer("dictionaries", R"({"list":"services","id":61,"name":"新的服务内容"})");
  rounds(2);
  EXPECT_EQ(tasks("dictionary").size(), 1u);
  const auto shown = [&] {
    return json::serialize(platform_->read(
        [&](Reader& r) { return service::show_code_differences(*service_, r, "zh-CN"); }));
  };
  EXPECT_NE(shown().find("新的服务内容"), std::string::npos) << shown();
  EXPECT_EQ(only_task("dictionary").state, "open");
  EXPECT_EQ(service::accept_codes(*service_, staff_, "services", {61}), 1);
  EXPECT_EQ(only_task("dictionary").state, "done");
  service::Reference next = service::Reference::load(data());
  service::overlay_accepted_codes(next, *platform_);
  const auto* entry = next.catalogue.dictionaries.find("services", 61);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(label_in(entry->label, "zh-CN"), "新的服务内容");
}

TEST_F(InboundTest, ACancellationEndsTheRegistryEntryAndTellsItsOwner) {
  filed(1, "cancel-me.cn");
  const auto site = [&] {
    return platform_->read(
        [&](Reader& r) { return store::find_registered_site(r, keys_, "cancel-me.cn"); });
  };
  ASSERT_TRUE(site().has_value());
  officer("registry/" + subject_of("cancel-me.cn") + "/cancel", R"({"reason":"强制注销"})");
  rounds(2);
  EXPECT_FALSE(site().has_value());
  EXPECT_NE(only_task("cancelled").subject.find("浙ICP备"), std::string::npos);
  EXPECT_EQ(told("record_cancelled").size(), 1u);
}

TEST_F(InboundTest, ASynchronisationShowsWhatDiffersAndChangesNothingThatAgrees) {
  const Id id = filed(1, "agrees.cn");
  filed(2, "not-there.cn");
  const auto version = filing(id).version;
  // The bureau knows a website of ours under another number, and nothing of the other one.
  platform_->write([](Tx& tx) {
    tx.execute("UPDATE registered_sites SET number = '浙ICP备1号-9' WHERE domain = 'not-there.cn'");
  });
  officer("synchronise", here(R"("what":"filings")"));
  rounds(2);
  EXPECT_EQ(filing(id).version, version);
  const auto found = tasks("difference");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].subject, "not-there.cn");
  EXPECT_NE(found[0].content.find("浙ICP备1号-9"), std::string::npos);
}

TEST_F(InboundTest, AddressesAreReportedSourceFirstAndTheirFilingsWaitForThem) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  // 2005: nothing is allotted that does not come from somewhere.
  EXPECT_THROW(service::save_ip_range(*service_, {"staff", staff_.id}, k_province, 0,
                                      object(R"({"kind":"allocation",
      "first":"106.2.0.0/24","state":4})")),
               Refusal);
  EXPECT_EQ(service::import_ip_ranges(*service_, {"staff", staff_.id}, k_province,
                                      "kind,first,last,source_unit,state,method,since\n"
                                      "allocation,106.2.0.0,106.2.0.127,,3,1,2026-01-01\n"
                                      "source,106.2.0.0/24,,990000000014,,,\n"),
            2);
  const auto ranges = [&] {
    std::map<std::string, std::string> out;
    for (const auto& row :
         platform_->read([&](Reader& r) { return store::list_ip_ranges(r, keys_, "", 10); }))
      out[row.kind] = row.state + " " + row.wanted + " " + row.codes;
    return out;
  };
  rounds(6);
  EXPECT_EQ(ranges()["source"], "reported nothing 2998");
  EXPECT_EQ(ranges()["allocation"], "reported nothing 2998");
  const Id inside = ready(1, "inside.cn");
  const Id outside = ready(62500, "outside.cn");
  rounds(4);
  EXPECT_EQ(filing(inside).state, State::approved);
  EXPECT_EQ(filing(outside).state, State::ready);
  EXPECT_EQ(only_task("unreported_ip").filing_id, outside);
  service::save_ip_range(
      *service_, {"staff", staff_.id}, k_province, 0,
      object(R"({"kind":"source","first":"106.3.0.0/16","source_unit":"990000000014"})"));
  rounds(6);
  EXPECT_EQ(filing(outside).state, State::approved);
  EXPECT_EQ(only_task("unreported_ip").state, "done");
}

}  // namespace
}  // namespace beian::worker
