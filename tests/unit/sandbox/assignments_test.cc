// What officers give out, and the answers: tasks, lists, notices, code tables, synchronisation.
#include <gtest/gtest.h>

#include "unit/bureau/xsd.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::Upload;
using bureau::sample::filing;
using Codes = std::vector<std::int64_t>;

class Assignments : public SandboxTest {
 protected:
  Assignments() {
    EXPECT_TRUE(send(1, filing()).answered(0));
    tick();
    pass(first_order());
    ours = fetch_all().at(1).published.at(0);
    subject = std::to_string(ours.organiser.publication.id);
    site = std::to_string(ours.websites[0].publication.id);
  }
  std::string about(const std::string& more, bool with_site = true) const {
    return R"({"subject_id":")" + subject + "\"" +
           (with_site ? R"(,"site_id":")" + site + "\"" : "") + more + "}";
  }
  static std::string seen(const std::string& domain) {
    return R"({"province":"zj","isp_id":"110000000211","domain":")" + domain +
           R"(","ip":"106.2.48.1","times":3})";
  }
  json::object newest_task() { return read("tasks").at("tasks").at(0).as_object(); }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }

  bureau::PublishedFiling ours;
  std::string subject, site;
};

TEST_F(Assignments, AVerificationTaskIsAnsweredOnce) {
  post("tasks/verification", about(R"(,"remark":"请核实")", false));
  const auto task = fetch_all().at(0).verification_tasks.at(0);
  EXPECT_EQ(task.organiser.publication.id, ours.organiser.publication.id);
  EXPECT_EQ(task.websites.at(0).accesses.at(0).provider, k_isp);
  EXPECT_EQ(task.remark, "请核实");

  bureau::VerificationAnswer answer;
  answer.passed = false;
  answer.verifier = "测试乙";
  answer.verified = "2026-11-26";
  answer.unit = k_isp;
  answer.opinion = "电话有误";
  answer.organiser = task.organiser;
  answer.websites = task.websites;
  answer.organiser.principal.mobile = "13000000003";
  Upload upload;
  upload.verification_answers = {answer};
  EXPECT_EQ(codes_of(upload), Codes{});
  const auto shown = newest_task();
  EXPECT_EQ(text(shown.at("kind")), "verification");
  EXPECT_FALSE(shown.at("answer").at("passed").as_bool());
  EXPECT_EQ(text(shown.at("answer").at("filing").at("organiser").at("principal").at("mobile")),
            "13000000003");
  EXPECT_EQ(codes_of(upload), Codes{1016});  // nothing is open any more
  upload.verification_answers[0].unit = 42;
  EXPECT_EQ(codes_of(upload), Codes{5003});
  upload.verification_answers[0].unit = k_isp;
  upload.verification_answers[0].organiser.publication.id = 42;
  EXPECT_EQ(codes_of(upload), Codes{1058});
}

TEST_F(Assignments, UnfiledWebsitesAreAnsweredWith5005To5007) {
  post("tasks/unfiled", seen("unfiled.example.cn"));
  const auto listed = fetch_all().at(0).unfiled_websites.at(0);
  EXPECT_EQ(listed.domain, "unfiled.example.cn");
  EXPECT_EQ(listed.provider, k_isp);
  EXPECT_EQ(listed.times_detected, 3);
  bureau::UnfiledAnswer answer{listed.domain, listed.ip,    listed.carrier, k_isp, 330000, 99,
                               "已关闭",      "2026-11-25", "2026-12-05",   "",    "",     ""};
  const auto codes_for_answer = [&] {
    Upload upload;
    upload.unfiled_answers = {answer};
    return codes_of(upload);
  };
  EXPECT_EQ(codes_for_answer(), Codes{5007});
  answer.outcome = 1;
  answer.ip += 1;
  EXPECT_EQ(codes_for_answer(), Codes{5005});
  answer.ip -= 1;
  answer.provider = 42;
  EXPECT_EQ(codes_for_answer(), Codes{5005});
  answer.provider = k_isp;
  EXPECT_EQ(codes_for_answer(), Codes{});
  EXPECT_EQ(text(newest_task().at("answer").at("opinion")), "已关闭");
  EXPECT_EQ(codes_for_answer(), Codes{5006});
}

TEST_F(Assignments, FindingsNoticesAndIllegalAccesses) {
  post("tasks/finding", about(R"(,"finding":"organiser","reason":"证件过期")", false));
  post("tasks/finding", about(R"(,"finding":"hollow")"));
  post("tasks/finding", about(R"(,"finding":"dead")"));
  post("tasks/finding", about(R"(,"finding":"filed_but_absent")"));
  post("tasks/finding", about(R"(,"finding":"present_but_unfiled","ip":"203.0.113.7")"));
  post("tasks/notice", about(R"(,"text":"请更新网站负责人")"));
  post("tasks/illegal_access", seen("bad.example.cn"));
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 7u);
  EXPECT_EQ(files[0].inspection.organisers.at(0).reason, "证件过期");
  EXPECT_EQ(files[1].inspection.hollow_websites.at(0).dead, true);
  EXPECT_EQ(files[2].inspection.liveness.at(0).website_number, "浙ICP备2026000001号-1");
  EXPECT_EQ(files[3].inspection.accesses.at(0).access_id, ours.websites[0].accesses[0].bureau_id);
  EXPECT_EQ(files[4].inspection.accesses.at(0).resolved_ip, 0xcb007107u);
  EXPECT_EQ(files[5].notices.at(0).scope, 1);
  EXPECT_EQ(files[5].notices[0].text, "请更新网站负责人");
  EXPECT_EQ(files[6].illegal_accesses.at(0).domain, "bad.example.cn");
  EXPECT_EQ(read("tasks?kind=finding").at("tasks").as_array().size(), 5u);
}

TEST_F(Assignments, WrongWordsAreRefusedNamingTheMember) {
  for (const auto& [path, body, field] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"tasks/finding", about(R"(,"finding":"nonsense")"), "finding"},
           {"tasks/notice", about(R"(,"text":"")"), "text"},
           {"tasks/unfiled", seen("nonsense"), "domain"},
           {"tasks/unfiled",
            R"({"province":"zj","isp_id":"110000000211","domain":"a.example.cn","ip":"1.2.3"})",
            "ip"},
           {"tasks/unfiled",
            R"({"province":"zj","isp_id":"42","domain":"a.example.cn","ip":"1.2.3.4"})", "isp_id"},
           {"synchronise", R"({"province":"zj","isp_id":"110000000211","what":"x"})", "what"},
           {"dictionaries", R"({"list":"x","id":1,"name":"y"})", "list"},
           {"dictionaries", R"({"list":"services","id":0,"name":"y"})", "id"},
           {"blacklist", R"({"kind":"certificate","value":"x"})", "value"}}) {
    const auto refused = post(path, body, 422);
    EXPECT_EQ(text(refused.at("problems").at(0).at("field")), field) << path;
  }
}

TEST_F(Assignments, BlackListsAreToldToEverybodyOnce) {
  sandbox_->provider("sc", k_isp, "示例接入商");
  post("blacklist", R"({"kind":"domain","value":"Bad.example.cn","name":"坏网站"})");
  post("blacklist", R"({"kind":"domain","value":"bad.example.cn"})");  // known already
  post("blacklist", R"({"kind":"certificate","value":"1:x91","province":"sc"})");
  EXPECT_EQ(console("DELETE", "blacklist", R"({"kind":"domain","value":"bad.example.cn"})").status,
            200);
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 2u);  // the certificate went to the other province only
  EXPECT_EQ(files[0].blacklisted_websites.at(0).domains.at(0), "bad.example.cn");
  EXPECT_EQ(files[0].blacklisted_websites[0].list_change, 0);
  EXPECT_EQ(files[1].blacklisted_websites.at(0).list_change, 2);
}

TEST_F(Assignments, ADictionaryChangeIsToldAndHolds) {
  auto one = filing(1010, "ten.example.cn");
  one.websites[0].services = {63};
  bureau::Upload upload;
  upload.new_filings = {one};
  EXPECT_EQ(codes_of(upload), Codes{1034});
  post("dictionaries", R"({"list":"services","id":63,"name":"新服务","province":"zj"})");
  const auto lists = fetch_all().at(0).codes;
  const auto& entry = lists.services.back();
  EXPECT_EQ(entry.id, 63);
  EXPECT_EQ(entry.name, "新服务");
  EXPECT_EQ(entry.valid, true);
  EXPECT_TRUE(lists.natures.empty());
  EXPECT_EQ(codes_of(upload), Codes{});
  post("dictionaries", R"({"list":"services","id":63,"name":"新服务","valid":false})");
  EXPECT_EQ(fetch_all().at(0).codes.services.back().valid, false);
  upload.new_filings = {filing(1020, "twenty.example.cn")};
  upload.new_filings[0].websites[0].services = {63};
  EXPECT_EQ(codes_of(upload), Codes{1034});
  // A new kind of certificate is accepted for its nature.
  post("dictionaries", R"({"list":"certificate_types","id":77,"name":"新证件","parent":4})");
  upload.new_filings = {filing(1030, "thirty.example.cn")};
  upload.new_filings[0].organiser.certificate = {77, "NEW-1", "示例路1号"};
  EXPECT_EQ(codes_of(upload), Codes{});
}

TEST_F(Assignments, SynchronisationSendsWhatIsFiled) {
  const std::string line = R"({"province":"zj","isp_id":"110000000211","what":")";
  EXPECT_EQ(post("synchronise", line + "filings\"}").at("records").as_int64(), 1);
  EXPECT_EQ(post("synchronise", line + "ips\"}").at("records").as_int64(), 0);
  post("synchronise", line + "codes\"}");
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].synchronisation.filings.at(0), ours);
  EXPECT_FALSE(files[1].synchronisation.codes.services.empty());
  EXPECT_FALSE(files[1].synchronisation.codes.units.empty());
}

TEST_F(Assignments, FaultsOfTheDownloadSide) {
  post("tasks/notice", about(R"(,"text":"甲")"));
  set(R"({"forgets_ack":1})");
  const auto from = client();
  const auto first = from.download();
  EXPECT_TRUE(from.acknowledge(first.file->name).answered(0));
  const auto again = from.download();
  ASSERT_TRUE(again.file.has_value());
  EXPECT_EQ(again.file->name, first.file->name);
  EXPECT_TRUE(from.acknowledge(again.file->name).answered(0));
  EXPECT_FALSE(from.download().file.has_value());

  set(R"({"doubles_files":true,"clock_offset_minutes":1440})");
  post("tasks/notice", about(R"(,"text":"乙")"));
  const auto one = from.download();
  EXPECT_TRUE(one.file->name.starts_with("20261126")) << one.file->name;  // a day ahead
  EXPECT_TRUE(from.acknowledge(one.file->name).answered(0));
  const auto two = from.download();
  EXPECT_NE(one.file->name, two.file->name);
  EXPECT_EQ(one.file->xml, two.file->xml);
}

TEST_F(Assignments, EverythingValidatesAgainstTheSchema) {
  BEIAN_NEEDS_XSD();
  post("tasks/verification", about(R"(,"remark":"请核实")", false));
  for (const char* finding : {"organiser", "hollow", "dead", "filed_but_absent"}) {
    post("tasks/finding", about(R"(,"finding":")" + std::string(finding) + "\""));
  }
  post("tasks/finding", about(R"(,"finding":"present_but_unfiled","ip":"203.0.113.7")"));
  post("tasks/notice", about(R"(,"text":"请更新")"));
  post("tasks/unfiled", seen("unfiled.example.cn"));
  post("tasks/illegal_access", seen("bad.example.cn"));
  for (const char* finding : {"overrun", "conflict", "unreported"}) {
    post("tasks/ip_finding", R"({"province":"zj","isp_id":"110000000211","finding":")" +
                                 std::string(finding) +
                                 R"(","first":"106.2.48.0","last":"106.2.48.255"})");
  }
  post("blacklist", R"({"kind":"domain","value":"bad.example.cn"})");
  post("blacklist", R"({"kind":"certificate","value":"1:X91"})");
  post("dictionaries", R"({"list":"services","id":63,"name":"新服务"})");
  for (const char* what : {"filings", "codes"}) {
    post("synchronise",
         R"({"province":"zj","isp_id":"110000000211","what":")" + std::string(what) + "\"}");
  }
  std::vector<std::string> documents;
  const auto from = client();
  for (auto answer = from.download(); answer.file; answer = from.download()) {
    documents.push_back(answer.file->xml);
    EXPECT_TRUE(from.acknowledge(answer.file->name).answered(0));
  }
  EXPECT_EQ(documents.size(), 17u);
  for (const auto& verdict : bureau::xsd::validate(documents, bureau::xsd::k_download)) {
    EXPECT_TRUE(verdict.valid) << verdict.words;
  }
}

}  // namespace
}  // namespace beian::sandbox
