// The SMS check of 2020: who is asked, what the public page takes, what happens when nobody comes.
#include <gtest/gtest.h>

#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::sample::filing;
using Codes = std::vector<std::int64_t>;

class Sms : public SandboxTest {
 protected:
  Sms() { set(R"({"sms_check":true})"); }

  json::array codes() { return read("sms").at("sms").as_array(); }
  std::string enter(const std::string& code, const std::string& mobile = "13000000000",
                    const std::string& last = bureau::sample::citizen_number(1).substr(12)) {
    Request request;
    request.method = "POST";
    request.path = "/public/sms";
    request.body = R"({"mobile":")" + mobile + R"(","certificate_last_six":")" + last +
                   R"(","code":")" + code + "\"}";
    const auto response = sandbox_->handle(request);
    EXPECT_EQ(response.status, 200);
    return std::string(json::parse(response.body).at("outcome").as_string());
  }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }
  static std::string another(const std::string& code) {
    return code == "000000" ? "000001" : "000000";
  }
};

TEST_F(Sms, AnOrderWaitsUntilTheCodeIsEntered) {
  EXPECT_EQ(codes_for(1, filing()), Codes{});
  EXPECT_EQ(first_order("pending"), "");
  const auto order = first_order("sms_pending");
  EXPECT_EQ(console("POST", "orders/" + order + "/pass", "{}").status, 409);
  // One person, one mobile number: one SMS.
  ASSERT_EQ(codes().size(), 1u);
  const auto code = text(codes()[0].at("code"));
  EXPECT_EQ(code.size(), 6u);
  EXPECT_EQ(enter(code, "13000000001"), "unknown");
  EXPECT_EQ(enter(code, "13000000000", "123456"), "unknown");
  EXPECT_EQ(enter(another(code)), "wrong");
  EXPECT_EQ(enter(code), "accepted");
  EXPECT_EQ(enter(code), "unknown");  // done already
  EXPECT_EQ(first_order("pending"), order);
  pass(order);
  EXPECT_EQ(fetch_all().at(1).published.size(), 1u);
}

TEST_F(Sms, TheSixthWrongCodeSendsTheOrderBackInWords) {
  EXPECT_EQ(codes_for(1, filing()), Codes{});
  const auto wrong = another(text(codes()[0].at("code")));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(enter(wrong), "wrong") << i;
  EXPECT_EQ(enter(wrong), "returned");
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].results.at(0).codes.at(0).code, 1002);
  EXPECT_FALSE(files[0].decisions.at(0).passed);
  EXPECT_NE(files[0].decisions[0].opinion.find("短信核验"), std::string::npos);
  EXPECT_EQ(codes_for(2, filing()), Codes{});  // and it may come again
}

TEST_F(Sms, NobodyCameInTime) {
  set(R"({"sms_hours":1})");
  EXPECT_EQ(codes_for(1, filing()), Codes{});
  const auto code = text(codes()[0].at("code"));
  clock_.advance(59 * 60 * 1000);
  tick();
  EXPECT_NE(first_order("sms_pending"), "");
  clock_.advance(60 * 1000);
  EXPECT_EQ(enter(code), "unknown");
  tick();
  EXPECT_NE(first_order("returned"), "");
  EXPECT_FALSE(fetch_all().at(0).decisions.at(0).passed);
}

TEST_F(Sms, EverybodyMustComeAndTheAutomaticModeWaits) {
  set(R"({"automatic":"pass","automatic_delay_ms":1000})");
  auto one = filing();
  one.websites[0].manager.mobile = "13000000002";
  one.websites[0].manager.certificate_number = bureau::sample::citizen_number(2);
  EXPECT_EQ(codes_for(1, one), Codes{});
  ASSERT_EQ(codes().size(), 2u);
  clock_.advance(60 * 1000);
  tick();
  EXPECT_NE(first_order("sms_pending"), "");
  EXPECT_EQ(enter(text(codes()[1].at("code"))), "accepted");
  EXPECT_NE(first_order("sms_pending"), "");
  EXPECT_EQ(enter(text(codes()[0].at("code")), "13000000002",
                  bureau::sample::citizen_number(2).substr(12)),
            "accepted");
  tick();
  EXPECT_NE(first_order("pending"), "");  // the delay counts from now
  clock_.advance(1000);
  tick();
  EXPECT_NE(first_order("passed"), "");
}

TEST_F(Sms, WhoIsAskedDependsOnTheKind) {
  set(R"({"sms_check":false})");
  auto first = filing();
  first.organiser.principal.mobile = "13000000005";
  first.websites[0].manager.mobile = "13000000006";
  bureau::Upload upload;
  upload.new_filings = {first};
  EXPECT_EQ(codes_of(upload), Codes{});
  pass(first_order());
  const auto ours = fetch_all().at(1).published.at(0);
  set(R"({"sms_check":true})");
  const auto asked = [&](const bureau::Upload& one) {
    EXPECT_EQ(codes_of(one), Codes{});
    std::vector<std::string> mobiles;
    const auto order = first_order("sms_pending");
    const auto sms = order.empty() ? json::array{} : read("orders/" + order).at("sms").as_array();
    for (const auto& code : sms) mobiles.push_back(text(code.at("mobile")));
    clock_.advance(Millis{25} * 60 * 60 * 1000);
    tick();  // back it goes
    return mobiles;
  };
  using Mobiles = std::vector<std::string>;
  bureau::Upload site;
  site.new_websites.resize(1);
  site.new_websites[0].organiser_number = ours.organiser.publication.number;
  site.new_websites[0].websites = {bureau::sample::website(7000, "new.example.cn")};
  site.new_websites[0].websites[0].manager.mobile = "13000000008";
  EXPECT_EQ(asked(site), Mobiles{"13000000008"});
  bureau::Upload change;
  change.changes = {{ours.organiser, ours.websites, {}, ""}};
  change.changes[0].organiser.principal.mobile = "13000000009";
  EXPECT_EQ(asked(change), Mobiles{"13000000009"});
  change.changes[0].organiser = ours.organiser;
  change.changes[0].websites[0].name = "新网站名";
  EXPECT_EQ(asked(change), Mobiles{"13000000006"});
  bureau::Upload cancel;
  cancel.cancellations = {{1, ours.websites[0].publication.id, 1, "", ""}};
  EXPECT_EQ(asked(cancel), Mobiles{"13000000006"});
  cancel.cancellations = {{0, ours.organiser.publication.id, 1, "", ""}};
  EXPECT_EQ(asked(cancel), Mobiles{"13000000005"});
}

}  // namespace
}  // namespace beian::sandbox
