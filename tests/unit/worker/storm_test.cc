// Thousands of filings over a line on which everything fails at random: none is lost, doubled or
// stuck. BEIAN_STORM is how many (10000 is the promise; the ordinary run takes fewer), BEIAN_SEED
// repeats a run.
#include <cstdlib>

#include "unit/worker/line_fixture.h"

namespace beian::worker {
namespace {

long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

class StormTest : public LineTest {
 protected:
  using Random = std::mt19937_64;

  // The network between the two: lost before, lost after, answered by something else.
  void connect_badly() {
    connect([this, plain = sandbox::transport_to(*sandbox_)](const OutboundRequest& request) {
      const auto dice = calm_ ? 99u : random_() % 100;
      if (dice < 4) return OutboundAnswer{false, false, 0, "", "connection refused"};
      if (dice < 7) return OutboundAnswer{false, true, 0, "", "timed out before it arrived"};
      OutboundAnswer answer = plain(request);
      if (dice < 11) return OutboundAnswer{false, true, 0, "", "connection reset"};
      if (dice < 14) return OutboundAnswer{true, true, 502, "<html>Bad Gateway</html>", ""};
      if (dice < 16 && answer.body.size() > 400) answer.body.resize(answer.body.size() / 2);
      return answer;
    });
  }

  // The bureau's own moods, changed now and then.
  void change_moods() {
    const auto flag = [&](unsigned percent) {
      return random_() % 100 < percent ? "true" : "false";
    };
    const auto few = [&](unsigned percent) {
      return std::to_string(random_() % 100 < percent ? 1 + random_() % 2 : 0);
    };
    set(std::string("{\"drop_after_store\":") + few(20) + ",\"drop_before\":" + few(15) +
        ",\"garbage\":" + few(15) + ",\"wrong_hash\":" + few(20) + ",\"upload_maintenance\":" +
        flag(8) + ",\"download_maintenance\":" + flag(8) + ",\"wraps_base64\":" + flag(50) +
        ",\"answers_zero\":" + flag(30) + ",\"publication_first\":" + flag(40) +
        ",\"encrypts_downloads\":" + flag(60) + ",\"uploads_closed\":" + flag(3) +
        ",\"queue_limit\":" + (random_() % 100 < 15 ? "1" : "100") + ",\"upload_hours\":\"" +
        (random_() % 100 < 5 ? "09:00-09:30" : "") + "\"}");
  }
  void calm() {
    calm_ = true;
    set(R"({"drop_after_store":0,"drop_before":0,"garbage":0,"wrong_hash":0,
            "upload_maintenance":false,"download_maintenance":false,"uploads_closed":false,
            "queue_limit":100,"upload_hours":""})");
  }

  // The process was killed before it could note what the bureau answered: on the platform's side
  // nothing happened, on the bureau's everything did.
  void forget_acceptance() {
    platform_->write([](Tx& tx) {
      tx.execute(
          "UPDATE bureau_uploads SET state = 'prepared', accepted_at = NULL WHERE id = (SELECT id "
          "FROM bureau_uploads WHERE state = 'accepted' ORDER BY sequence DESC LIMIT 1) AND NOT "
          "EXISTS (SELECT 1 FROM bureau_uploads WHERE state = 'prepared')");
    });
  }

  std::int64_t count(const std::string& where) {
    return platform_->read([&](Reader& r) {
      return r.query_one("SELECT COUNT(*) FROM filings WHERE " + where)->integer(0);
    });
  }

  Random random_;
  bool calm_ = false;
};

TEST_F(StormTest, NoneIsLostDoubledOrStuck) {
  const int filings = static_cast<int>(from_environment("BEIAN_STORM", 150));
  const auto seed = static_cast<std::uint64_t>(
      from_environment("BEIAN_SEED", static_cast<long>(std::random_device{}())));
  random_.seed(seed);
  std::printf("%d filings, BEIAN_SEED=%llu\n", filings, static_cast<unsigned long long>(seed));
  set(R"({"automatic":"pass","automatic_delay_ms":0})");
  bureau_config().max_records = 25;
  set_log_level("error");
  connect_badly();

  int made = 0, rounds = 0, refused_here = 0;
  const int most = 400 + filings;
  while (count("state IN ('approved', 'bureau_returned')") < filings) {
    ASSERT_LT(++rounds, most) << count("state = 'ready'") << " ready, "
                              << count("state = 'sending'") << " sending, "
                              << count("state = 'bureau_review'")
                              << " in review; line: " << line().last_error.value_or("-") << " / "
                              << line().upload_hold;
    for (auto n = random_() % 60; n > 0 && made < filings; --n) {
      const bool rare = random_() % 50 == 0;
      refused_here += rare ? 1 : 0;
      ready(made, "storm-" + std::to_string(made) + ".cn",
            rare ? "示例𠮷公司" : "示例科技有限公司");
      ++made;
    }
    if (made == filings && rounds > most / 2) calm();
    if (!calm_ && random_() % 3 == 0) change_moods();
    round();
    if (!calm_ && random_() % 4 == 0) forget_acceptance();
    if (random_() % 5 != 0) tick();
    clock_.advance(static_cast<Millis>(1000 + random_() % 400'000));
  }
  calm();
  for (int i = 0; i < 3; ++i) {
    clock_.advance(24 * 3600 * 1000LL);
    round();
    tick();
  }

  EXPECT_EQ(count("state = 'approved'"), filings - refused_here);
  EXPECT_EQ(count("state = 'bureau_returned'"), refused_here);
  const auto accepted = read("accepted");
  for (const auto& sequence : accepted.at("sequences").as_array())
    EXPECT_EQ(sequence.at("contents").as_int64(), 1) << json::serialize(sequence);
  std::int64_t records = 0;
  for (const auto& record : accepted.at("records").as_array()) {
    EXPECT_EQ(record.at("count").as_int64(), 1) << json::serialize(record);
    ++records;
  }
  EXPECT_EQ(records, filings - refused_here);
  EXPECT_EQ(platform_->read([](Reader& r) {
    return r.query_one("SELECT COUNT(*) FROM registered_sites")->integer(0);
  }),
            filings - refused_here);
  for (const auto& upload : uploads()) EXPECT_EQ(upload.state, "accepted");
  std::printf("%d rounds, %zu files, %lld troubles\n", rounds, uploads().size(),
              static_cast<long long>(line().troubles));
}

}  // namespace
}  // namespace beian::worker
