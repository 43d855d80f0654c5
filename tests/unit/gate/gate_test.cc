#include "gate/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "base/text.h"

namespace beian::gate {
namespace {

NameTable table_of(const std::vector<FiledName>& names) {
  TableBuilder builder(names.size());
  for (const FiledName& name : names) builder.add(name);
  return builder.finish();
}

void load(Gate& gate, const std::vector<FiledName>& names) { gate.load(table_of(names)); }

constexpr std::string_view k_long = "a-name-of-more-than-twenty-seven-letters.example-company.cn";

TEST(Gate, KnowsAHostInEveryWayOfWritingIt) {
  Gate gate;
  load(gate, {{"example.cn", ""}, {"xn--fsq092h.xn--fiqs8s", ""}, {k_long, ""}});
  for (const std::string_view host :
       {"example.cn", "www.example.cn", "a.b.c.example.cn", "EXAMPLE.cn", "WwW.ExAmPlE.CN",
        "example.cn.", "example.cn:8080", "www.example.cn.:443", "example.cn:", "示例.中国",
        "www.示例.中国", "示例。中国", "XN--FSQ092H.xn--fiqs8s", "www.xn--fsq092h.xn--fiqs8s:80",
        "my_shop.example.cn", "a-name-of-more-than-twenty-seven-letters.example-company.cn",
        "www.A-name-of-more-than-twenty-seven-letters.example-company.cn:1"})
    EXPECT_EQ(gate.ask(host), Verdict::filed) << host;
}

TEST(Gate, TakesNothingElseForFiled) {
  Gate gate;
  load(gate, {{"example.cn", ""}, {"example.com.cn", ""}, {k_long, ""}});
  for (const std::string_view host :
       {"example.com", "notexample.cn", "example.cn.evil.com", "com.cn", "other.com.cn", "cn.cn",
        "example-cn.cn", "xample.cn", "b-name-of-more-than-twenty-seven-letters.example-company.cn",
        "example-company.cn", "exampl\xC3\xA9.cn"})
    EXPECT_EQ(gate.ask(host), Verdict::not_filed) << host;
  const std::string endless = std::string(300, 'a') + ".example.cn";
  for (const std::string_view host : std::initializer_list<std::string_view>{
           "", ".", "cn", "localhost", "203.0.113.7", "203.0.113.7:80", "[2001:db8::1]:443", "::1",
           "example.cn:80a", "例.例\xFF", endless})
    EXPECT_EQ(gate.ask(host), Verdict::not_a_name) << host;
}

TEST(Gate, FindsNamesAtAnyDepth) {
  Gate gate;
  load(gate, {{"a.b.example.cn", ""}, {"example.com.cn", ""}});
  EXPECT_EQ(gate.ask("a.b.example.cn"), Verdict::filed);
  EXPECT_EQ(gate.ask("x.a.b.example.cn"), Verdict::filed);
  EXPECT_EQ(gate.ask("b.example.cn"), Verdict::not_filed);
  EXPECT_EQ(gate.ask("example.cn"), Verdict::not_filed);
  EXPECT_EQ(gate.ask("www.example.com.cn"), Verdict::filed);
}

TEST(Gate, LooksAtTheAddressWhereOneIsFiled) {
  Gate gate;
  load(gate, {{"any.cn", ""}, {"two.cn", "203.0.113.7 2001:db8::1"}, {"one.cn", "203.0.113.9"}});
  EXPECT_EQ(gate.ask("www.any.cn", "198.51.100.1"), Verdict::filed);
  EXPECT_EQ(gate.ask("www.two.cn", "203.0.113.7"), Verdict::filed);
  EXPECT_EQ(gate.ask("two.cn", "::ffff:203.0.113.7"), Verdict::filed);
  EXPECT_EQ(gate.ask("two.cn", "2001:0db8:0::1"), Verdict::filed);
  EXPECT_EQ(gate.ask("two.cn", "203.0.113.9"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask("two.cn", "2001:db8::2"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask("one.cn", "not an address"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask("one.cn"), Verdict::filed);
}

TEST(Gate, SaysThatItDoesNotKnowYet) {
  Gate gate;
  EXPECT_EQ(gate.ask("example.cn"), Verdict::not_ready);
  load(gate, {});
  EXPECT_EQ(gate.ask("example.cn"), Verdict::not_filed);
}

TEST(Gate, AppliesChangesOverWhatWasLoaded) {
  Gate gate;
  load(gate, {{"old.cn", ""}, {"stays.cn", ""}, {"moved.cn", "203.0.113.1"}});
  gate.change(
      {{"old.cn", "", true}, {"new.com.cn", "", false}, {"moved.cn", "203.0.113.2", false}});
  EXPECT_EQ(gate.ask("www.old.cn"), Verdict::not_filed);
  EXPECT_EQ(gate.ask("www.new.com.cn"), Verdict::filed);
  EXPECT_EQ(gate.ask("stays.cn"), Verdict::filed);
  EXPECT_EQ(gate.ask("moved.cn", "203.0.113.1"), Verdict::wrong_address);
  EXPECT_EQ(gate.ask("moved.cn", "203.0.113.2"), Verdict::filed);
  gate.change({{"old.cn", "", false}});
  EXPECT_EQ(gate.ask("old.cn"), Verdict::filed);
  EXPECT_EQ(gate.changes(), 3u);
  load(gate, {{"old.cn", ""}});
  EXPECT_EQ(gate.changes(), 0u);
  EXPECT_EQ(gate.ask("new.com.cn"), Verdict::not_filed);
}

TEST(Gate, HoldsManyNamesInLittle) {
  constexpr std::size_t k_names = 200'000;
  TableBuilder builder(k_names);
  for (std::size_t i = 0; i < k_names; ++i)
    builder.add({"name-" + std::to_string(i) + (i % 3 == 0 ? ".com.cn" : ".cn"),
                 "203.0.113." + std::to_string(i % 250)});
  Gate gate;
  gate.load(builder.finish());
  EXPECT_EQ(gate.names(), k_names);
  EXPECT_LE(gate.bytes() / k_names, 64u);
  for (std::size_t i = 0; i < k_names; ++i) {
    const std::string name = "name-" + std::to_string(i);
    const bool com = i % 3 == 0;
    ASSERT_EQ(gate.ask("www." + name + ".com.cn"), com ? Verdict::filed : Verdict::not_filed);
    ASSERT_EQ(gate.ask(name + ".cn"), com ? Verdict::not_filed : Verdict::filed);
  }
}

TEST(Gate, AnswersManyAtOnceAsOneByOne) {
  Gate gate;
  load(gate,
       {{"example.cn", "203.0.113.7"}, {"example.com.cn", ""}, {k_long, ""}, {"gone.cn", ""}});
  gate.change({{"gone.cn", "", true}, {"a.new.net.cn", "", false}});
  std::vector<std::string> hosts;
  for (const std::string_view host :
       {"example.cn", "www.example.cn:80", "com.cn", "www.example.com.cn", "other.com.cn",
        "gone.cn", "x.a.new.net.cn", "new.net.cn", "", "203.0.113.7", "示例.中国", "localhost"})
    for (int i = 0; i < 7; ++i) hosts.push_back((i % 2 == 0 ? "" : "m.") + std::string(host));
  hosts.push_back("www." + std::string(k_long));
  std::vector<Gate::Question> questions;
  for (std::size_t i = 0; i < hosts.size(); ++i)
    questions.push_back({hosts[i], i % 3 == 0 ? "203.0.113.9" : ""});
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{16}, hosts.size()}) {
    std::vector<Verdict> verdicts(n, Verdict::not_ready);
    gate.ask(std::span(questions).first(n), verdicts);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_EQ(verdicts[i], gate.ask(questions[i].host, questions[i].address)) << hosts[i];
  }
}

// Hosts read in registers (gate/plain_host.h) are answered as all others are, whatever stands
// where: asked one by one they take the one way, many at once the other.
TEST(Gate, AnswersPlainHostsAsAllOthers) {
  constexpr std::string_view k_letters = "ab.AB.c-1.:9n\xE4";
  std::mt19937 random(20261129);
  const auto some = [&](std::size_t least, std::size_t most) {
    std::string out(least + random() % (most - least + 1), ' ');
    for (char& c : out) c = k_letters[random() % k_letters.size()];
    return out;
  };
  Gate gate;
  TableBuilder builder(10'000);
  for (int i = 0; i < 3'000; ++i) {
    const std::string name =
        to_lower_ascii(some(1, 5)) + ".b" + (random() % 2 == 0 ? ".cn" : "a.cn");
    builder.add({name, ""});
    builder.add({"abcdefgh" + name, ""});
  }
  builder.add({"b.cn", ""});
  gate.load(builder.finish());
  int filed = 0;
  for (int i = 0; i < 60'000; ++i) {
    if (i == 30'000)
      gate.change({{"b.cn", "", true}, {"ab.b.cn", "", true}, {"c.ba.cn", "", false}});
    std::string host = some(1, 22);
    const auto end = random() % 8;
    host += end == 0 ? some(0, 12) : std::string(end < 3 ? ".b.cn" : end < 5 ? ".BA.cn" : "b.Cn");
    const Gate::Question question{host, {}};
    Verdict verdict = Verdict::not_ready;
    gate.ask({&question, 1}, {&verdict, 1});
    ASSERT_EQ(gate.ask(host), verdict) << host;
    filed += verdict == Verdict::filed ? 1 : 0;
  }
  EXPECT_GT(filed, 5'000);
  EXPECT_LT(filed, 55'000);
}

// Each state is whole: of two names that change places exactly one is filed, whoever looks and
// when; also where no membarrier(2) is to be had.
class GateWithBarrier : public testing::TestWithParam<Gate::Barrier> {};
INSTANTIATE_TEST_SUITE_P(Each, GateWithBarrier,
                         testing::Values(Gate::Barrier::of_writer_where_possible,
                                         Gate::Barrier::of_readers));

TEST_P(GateWithBarrier, ReadersSeeOneStateOrTheNextWhileItChanges) {
  Gate gate(GetParam());
  load(gate, {{"always.cn", ""}, {"left.cn", ""}});
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> asked{0}, wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!stop) {
        if (gate.ask("www.always.cn") != Verdict::filed) ++wrong;
        ++asked;
      }
    });
  for (int i = 0; i < 300 || asked < 1000; ++i) {
    gate.change({{"left.cn", "", i % 2 == 0}, {"right.cn", "", i % 2 != 0}});
    EXPECT_EQ(gate.ask("left.cn"), i % 2 == 0 ? Verdict::not_filed : Verdict::filed);
    if (i % 50 == 0) load(gate, {{"always.cn", ""}, {"left.cn", ""}});
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace beian::gate
