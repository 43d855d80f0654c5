// Officers, numbers, publication, the automatic mode.
#include <gtest/gtest.h>

#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::NewFiling;
using bureau::sample::filing;

class Decisions : public SandboxTest {
 protected:
  void receive(std::int64_t sequence, const NewFiling& one) {
    ASSERT_TRUE(send(sequence, one).answered(0));
    tick();
  }
};

NewFiling with_three_sites() {
  auto one = filing();
  for (int i = 2; i <= 3; ++i) {
    auto site = bureau::sample::website(4000 + 100 * i, "s" + std::to_string(i) + ".example.cn");
    one.websites.push_back(site);
  }
  return one;
}

TEST_F(Decisions, APassSendsTheResultThenThePublication) {
  const auto sent = with_three_sites();
  receive(1, sent);
  pass(first_order());
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 2u);
  const auto& result = files[0].results.at(0);
  EXPECT_EQ(result.codes.at(0).code, 1001);
  EXPECT_EQ(result.mark, "1001");
  EXPECT_EQ(result.operation, 1);
  const auto& decision = files[0].decisions.at(0);
  EXPECT_TRUE(decision.passed);
  EXPECT_EQ(decision.record, 1001);
  EXPECT_EQ(decision.reviewer, "审核员甲");
  EXPECT_EQ(decision.time, "2026-11-25");

  const auto& published = files[1].published.at(0);
  EXPECT_EQ(published.organiser.isp_id, 1001);
  EXPECT_EQ(published.organiser.publication.number, "浙ICP备2026000001号");
  EXPECT_EQ(published.organiser.name, sent.organiser.name);
  EXPECT_GT(published.organiser.publication.id, Id{1} << 32);
  ASSERT_EQ(published.websites.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& site = published.websites[i];
    EXPECT_EQ(site.publication.number, "浙ICP备2026000001号-" + std::to_string(i + 1));
    EXPECT_EQ(site.isp_id, sent.websites[i].isp_id);
    EXPECT_EQ(site.domains[0].isp_id, sent.websites[i].domains[0].isp_id);
    EXPECT_GT(site.domains[0].bureau_id, 0);
    EXPECT_EQ(site.accesses[0].provider, k_isp);
    EXPECT_GT(site.accesses[0].bureau_id, 0);
    EXPECT_GT(site.accesses[0].ips[0].bureau_id, 0);
  }
}

TEST_F(Decisions, NumbersRunPerProvinceAndYear) {
  sandbox_->provider("sc", k_isp, "示例接入商");
  receive(1, filing(1001, "a.example.cn"));
  pass(first_order());
  receive(2, filing(1002, "b.example.cn"));
  pass(first_order());
  const auto zhejiang = account_;
  account_ = sandbox_->provider("sc", k_isp, "");
  auto elsewhere = filing(1003, "c.example.cn");
  elsewhere.organiser.address = {510000, 510100, 510104, "示例路1号"};
  const auto sichuan = bureau::BureauClient(connection("sc"), transport_to(*sandbox_));
  const auto xml = bureau::v30::encode(bureau::sample::upload(elsewhere, k_isp)).xml;
  EXPECT_TRUE(sichuan.upload(1, sichuan.pack(xml, "a.xml")).answered(0));  // its own sequence
  tick();
  pass(first_order());
  account_ = zhejiang;
  EXPECT_EQ(client().query_status(0, "b.example.cn").organiser_number, "浙ICP备2026000002号");
  EXPECT_EQ(client().query_status(0, "c.example.cn").organiser_number, "蜀ICP备2026000001号");
  clock_.advance(Millis{40} * 24 * 3600 * 1000);
  receive(3, filing(1004, "d.example.cn"));
  pass(first_order());
  EXPECT_EQ(client().query_status(0, "d.example.cn").organiser_number, "浙ICP备2027000001号");
}

TEST_F(Decisions, AReturnCarriesTheReasonAndTheCodes) {
  receive(1, filing());
  EXPECT_EQ(console("POST", "orders/" + first_order() + "/return",
                    R"({"opinion":"核验照片不清晰","codes":[1008],"reviewer":"审核员乙"})")
                .status,
            200);
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 1u);
  ASSERT_EQ(files[0].results.at(0).codes.size(), 2u);
  EXPECT_EQ(files[0].results[0].codes[0].code, 1002);
  EXPECT_EQ(files[0].results[0].codes[1].code, 1008);
  EXPECT_FALSE(files[0].decisions.at(0).passed);
  EXPECT_EQ(files[0].decisions[0].opinion, "核验照片不清晰");
  EXPECT_FALSE(client().query_status(0, "example.cn").filed);
}

TEST_F(Decisions, AnOrderIsDecidedOnce) {
  receive(1, filing());
  const auto order = first_order();
  pass(order);
  EXPECT_EQ(console("POST", "orders/" + order + "/pass", "{}").status, 409);
  EXPECT_EQ(console("POST", "orders/" + order + "/return", R"({"opinion":"x"})").status, 409);
  EXPECT_EQ(fetch_all().size(), 2u);
}

TEST_F(Decisions, OnlyTheFormThatABureauUses) {
  set(R"({"result_form":"codes"})");
  receive(1, filing(1001, "a.example.cn"));
  pass(first_order());
  EXPECT_TRUE(fetch_all().at(0).decisions.empty());
  set(R"({"result_form":"decision"})");
  receive(2, filing(1002, "b.example.cn"));
  pass(first_order());
  const auto files = fetch_all();
  EXPECT_TRUE(files.at(0).results.empty());
  EXPECT_TRUE(files[0].decisions.at(0).passed);
}

TEST_F(Decisions, ThePublicationMayComeFirst) {
  set(R"({"publication_first":true})");
  receive(1, filing());
  pass(first_order());
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].published.size(), 1u);
  EXPECT_EQ(files[1].results.size(), 1u);
}

TEST_F(Decisions, AFilingPasswordIsMadeInThePasswordEraOnly) {
  receive(1, filing(1001, "a.example.cn"));
  pass(first_order());
  EXPECT_TRUE(
      read("orders/" + first_order("passed")).at("published").at("filing_password").is_null());
  set(R"({"filing_passwords":true})");
  receive(2, filing(1002, "b.example.cn"));
  pass(first_order());
  EXPECT_EQ(read("orders/" + first_order("passed"))
                .at("published")
                .at("filing_password")
                .as_string()
                .size(),
            8u);
}

TEST_F(Decisions, AutomaticModeDecidesAfterItsDelay) {
  set(R"({"automatic":"pass","automatic_delay_ms":5000,"automatic_opinion":"自动通过"})");
  receive(1, filing(1001, "a.example.cn"));
  clock_.advance(4999);
  tick();
  EXPECT_TRUE(fetch_all().empty());
  clock_.advance(1);
  tick();
  EXPECT_EQ(fetch_all().size(), 2u);
  set(R"({"automatic":"return"})");
  receive(2, filing(1002, "b.example.cn"));
  clock_.advance(5000);
  tick();
  EXPECT_FALSE(fetch_all().at(0).decisions.at(0).passed);
}

TEST_F(Decisions, WordsThatCannotBeSentAreRefusedAndNothingIsDecided) {
  receive(1, filing());
  const auto order = first_order();
  EXPECT_EQ(console("POST", "orders/" + order + "/return", R"({"opinion":"不行😀"})").status, 422);
  EXPECT_EQ(console("POST", "orders/" + order + "/return", "{}").status, 422);
  EXPECT_EQ(console("POST", "orders/" + order + "/return", R"({"codes":[4711]})").status, 422);
  EXPECT_EQ(read("orders/" + order).at("state").as_string(), "pending");
  EXPECT_TRUE(fetch_all().empty());
}

TEST_F(Decisions, ARestartBetweenDecisionAndDownloadLosesNothing) {
  receive(1, filing());
  pass(first_order());
  open();
  EXPECT_EQ(fetch_all().size(), 2u);
}

// ---- a registry written before the tables of providers' ids existed ----

TEST_F(Decisions, FilingsOfAnOlderRegistryKeepTheirIds) {
  receive(1, filing());
  pass(first_order());
  const auto published = fetch_all().at(1).published.at(0);
  bureau::Download document;
  document.published = {published};  // with the provider's ids inside, as it was kept then
  db_->write([&](Tx& tx) {
    tx.execute("UPDATE subjects SET xml = $1", {Blob{bureau::v30::encode(document).xml}});
    tx.execute("UPDATE access_ips SET access_id = NULL");
    tx.execute("DELETE FROM accesses");
    tx.execute("DELETE FROM provider_ids");
  });
  open();
  EXPECT_EQ(codes_for(2, filing(1001, "other.example.cn")).at(0), 1003);
  bureau::Upload upload;
  upload.changes = {{published.organiser, published.websites, {}, ""}};
  EXPECT_EQ(codes_of(upload), std::vector<std::int64_t>{});
  pass(first_order());
  EXPECT_EQ(fetch_all().at(1).published.at(0), published);
}

}  // namespace
}  // namespace beian::sandbox
