#include "unit/worker/line_fixture.h"
#include "worker/upload_hours.h"

namespace beian::worker {
namespace {

class ExchangeTest : public LineTest {};

std::string domain(int i) { return "exchange-" + std::to_string(i) + ".cn"; }

TEST_F(ExchangeTest, ReadyFilingsOfOneKindGoInOneFile) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  std::vector<Id> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(ready(i, domain(i)));
  rounds(4);
  for (const Id id : ids) EXPECT_EQ(filing(id).state, State::approved);
  ASSERT_EQ(uploads().size(), 1u);
  EXPECT_EQ(uploads()[0].records, 7);
}

TEST_F(ExchangeTest, AFileHoldsNoMoreRecordsThanTheBureauTakes) {
  bureau_config().max_records = 3;
  for (int i = 0; i < 7; ++i) ready(i, domain(i));
  rounds(1);
  std::vector<std::int64_t> sizes;
  for (const auto& upload : uploads()) sizes.push_back(upload.records);
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{1, 3, 3}));
}

TEST_F(ExchangeTest, OneThatCannotBeEncodedDoesNotHoldUpTheOthers) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  const Id good = ready(1, domain(1));
  const Id rare = ready(2, domain(2), "示例𠮷科技有限公司");
  const Id also_good = ready(3, domain(3));
  rounds(4);
  EXPECT_EQ(filing(good).state, State::approved);
  EXPECT_EQ(filing(also_good).state, State::approved);
  EXPECT_EQ(filing(rare).state, State::bureau_returned);
}

TEST_F(ExchangeTest, AFileRefusedAsAWholeGoesAgainInHalvesUntilTheBadRecordIsFound) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  std::vector<Id> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(ready(i, domain(i)));
  rounds(1);
  const auto first = uploads().front();
  platform_->write([&](Tx& tx) { store::split_upload(tx, first, 4, false, clock_.now()); });
  for (const Id id : ids) EXPECT_EQ(filing(id).state, State::bureau_review);
  round();
  std::vector<std::int64_t> sizes;
  for (const auto& upload : uploads()) sizes.push_back(upload.records);
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{4, 4, 8}));
  EXPECT_EQ(uploads().back().state, "split");
}

TEST_F(ExchangeTest, WhileTheBureauIsClosedNothingIsSentAndItsWordsSayUntilWhen) {
  // 18:00 in China.
  set(R"({"upload_hours":"09:00-17:30"})");
  ready(1, domain(1));
  const Done done = round();
  EXPECT_EQ(done.trouble, "");
  EXPECT_EQ(line().upload_hold.substr(0, 2), "20");
  EXPECT_EQ(line().upload_after, *opens_at("09:00-17:30", clock_.now()));
  // Woken by every new filing, the line does not knock again.
  int calls = 0;
  connect([&, plain = sandbox::transport_to(*sandbox_)](const OutboundRequest& request) {
    if (request.body.find("isp_upload") != std::string::npos) ++calls;
    return plain(request);
  });
  ready(2, domain(2));
  round();
  EXPECT_EQ(calls, 0);
  clock_.set(line().upload_after);
  round();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(uploads().front().state, "accepted");
  EXPECT_EQ(line().upload_hold, "");
}

TEST_F(ExchangeTest, InMaintenanceThePausesGrowHoweverOftenTheLineIsWoken) {
  set(R"({"upload_maintenance":true})");
  int calls = 0;
  connect([&, plain = sandbox::transport_to(*sandbox_)](const OutboundRequest& request) {
    if (request.body.find("isp_upload ") != std::string::npos) ++calls;
    return plain(request);
  });
  ready(1, domain(1));
  for (int i = 0; i < 120; ++i) {
    round();
    clock_.advance(1'000);
  }
  EXPECT_LE(calls, 8);
  EXPECT_GE(calls, 3);
  EXPECT_EQ(line().upload_hold, "901");
  set(R"({"upload_maintenance":false})");
  clock_.advance(15 * 60'000);
  round();
  EXPECT_EQ(uploads().front().state, "accepted");
}

TEST_F(ExchangeTest, AMissingNumberIsSentAgainAsItWas) {
  ready(1, domain(1));
  round();
  ready(2, domain(2));
  // The bureau forgot the first.
  db_->write([](Tx& tx) {
    tx.execute("DELETE FROM uploads");
    tx.execute("UPDATE providers SET last_sequence = 0");
  });
  rounds(1);
  EXPECT_EQ(read("accepted").at("sequences").as_array().size(), 2u);
  EXPECT_NE(uploads().back().note.find("missing"), std::string::npos);
}

TEST_F(ExchangeTest, AnOperatorsResendAndReplayAreNotedAndHarmless) {
  set(R"({"automatic":"pass","automatic_delay_ms":0,"repeated_sequence":"accept"})");
  const Id id = ready(1, domain(1));
  rounds(3);
  ASSERT_EQ(filing(id).state, State::approved);
  const auto files = platform_->read(
      [&](Reader& r) { return store::list_downloads(r, k_province, 0, false, 100); });
  ASSERT_FALSE(files.empty());
  platform_->write([&](Tx& tx) {
    EXPECT_TRUE(store::repeat_upload(tx, k_province, 1));
    for (const auto& file : files)
      EXPECT_TRUE(store::replay_download(tx, k_province, file.file_name));
  });
  const auto version = filing(id).version;
  round();
  EXPECT_NE(uploads().front().note.find(R"("code":"sent_again","answer":"0")"), std::string::npos);
  EXPECT_EQ(filing(id).state, State::approved);
  EXPECT_EQ(filing(id).version, version);
}

TEST_F(ExchangeTest, AfterARestoredBackupTheBureauIsAskedWhatItHasOnRecord) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  const Id filed = ready(1, domain(1));
  rounds(3);
  ASSERT_EQ(filing(filed).state, State::approved);
  // The backup is from before: the filing is ready again, the line at its beginning.
  platform_->write([&](Tx& tx) {
    tx.execute("DELETE FROM bureau_upload_records");
    tx.execute("DELETE FROM bureau_uploads");
    tx.execute("UPDATE bureau_lines SET last_sequence = 0");
    tx.execute("UPDATE filings SET state = 'ready' WHERE id = $1", {filed});
  });
  const Id fresh = ready(2, domain(2));
  rounds(6);
  EXPECT_EQ(filing(fresh).state, State::approved);
  EXPECT_EQ(filing(filed).state, State::sending);
  ASSERT_EQ(tasks("unsendable").size(), 1u);
  EXPECT_EQ(tasks("unsendable")[0].filing_id, filed);
  const auto accepted = read("accepted");
  for (const auto& record : accepted.at("records").as_array())
    EXPECT_EQ(record.at("count").as_int64(), 1) << json::serialize(record);
}

TEST_F(ExchangeTest, FilesAreDroppedWhenTheirTimeIsOverAndNotBefore) {
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  ready(1, domain(1));
  rounds(3);
  const auto kept = [&] {
    return !platform_->read([&](Reader& r) { return store::find_upload(r, keys_, k_province, 1); })
                ->xml.empty();
  };
  clock_.advance(93 * 24 * 3600 * 1000LL);
  round();
  EXPECT_TRUE(kept());
  clock_.advance(100 * 24 * 3600 * 1000LL);
  round();
  EXPECT_FALSE(kept());
}

TEST(UploadHours, AreReadOutOfWhateverWordsTheBureauUses) {
  constexpr Millis k_six = 1795600800000;  // 2026-11-25 18:00 in China
  constexpr Millis k_hour = 3'600'000;
  EXPECT_EQ(opens_at("报备时间为：09:00-17:30", k_six), k_six + 15 * k_hour);
  EXPECT_EQ(opens_at("9：00至11：30、13：30－17：00", k_six - 6 * k_hour), k_six - 9 * k_hour / 2);
  EXPECT_EQ(opens_at("08:00-20:00", k_six), k_six);
  EXPECT_EQ(opens_at("22:00-02:00", k_six), k_six + 4 * k_hour);
  EXPECT_EQ(opens_at("22:00-19:00", k_six), k_six);
  EXPECT_EQ(opens_at("工作时间", k_six), std::nullopt);
  EXPECT_EQ(opens_at("", k_six), std::nullopt);
}

}  // namespace
}  // namespace beian::worker
