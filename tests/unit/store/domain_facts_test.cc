#include "store/domain_facts.h"

#include "store/person_marks.h"
#include "store/registry.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class DomainFactsTest : public StoreTest {
 protected:
  Id ask(const std::string& domain, DomainQuestion what, Millis now, Millis fresh) {
    return db().write([&](Tx& tx) { return ask_domain(tx, domain, what, now, fresh); });
  }
  bool answer(Id id, const std::string& result, Millis now, int keep = 3) {
    return db().write(
        [&](Tx& tx) { return answer_domain(tx, keys_, id, "done", result, now, keep); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, DomainFactsTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(DomainFactsTest, IsAskedOnceAndKeepsTheLastAnswers) {
  const auto what = DomainQuestion::registration;
  const Id first = ask("a.cn", what, 1000, 0);
  ASSERT_NE(first, 0);
  EXPECT_EQ(ask("a.cn", what, 2000, 2000), 0) << "one is waiting";
  EXPECT_NE(ask("a.cn", DomainQuestion::website, 2000, 0), 0);
  EXPECT_NE(ask("b.cn", what, 2000, 0), 0);
  EXPECT_TRUE(answer(first, R"({"holder":"张三"})", 3000));
  EXPECT_FALSE(answer(first, "{}", 3000)) << "answered twice";
  EXPECT_EQ(ask("a.cn", what, 4000, 1000), 0) << "asked a moment ago";
  for (Millis now = 5000; now < 9000; now += 1000)
    EXPECT_TRUE(answer(ask("a.cn", what, now, now), std::to_string(now), now));
  const auto kept =
      db().read([&](Reader& reader) { return domain_checks(reader, keys_, "a.cn", what, 10); });
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].result, "8000");
  EXPECT_EQ(kept[2].result, "6000");
  EXPECT_EQ(kept[0].done_at, 8000);
}

TEST_P(DomainFactsTest, FindsAPersonWhoServesAnotherOrganiser) {
  const auto organiser = [&](const std::string& number, const std::string& record, Id bureau_id) {
    Organiser o;
    o.id = new_id();
    o.certificate_lookup = certificate_lookup(keys_, 1, number);
    o.number = "号" + number;
    o.bureau_id = bureau_id;
    o.province = "330000";
    o.name = "示例";
    o.record = record;
    return db().write([&](Tx& tx) { return put_organiser(tx, keys_, o); });
  };
  const auto elsewhere = [&](const std::string& value, const std::string& own) {
    return db().read([&](Reader& reader) {
      return serves_another(reader, keys_, value, certificate_lookup(keys_, 1, own));
    });
  };
  const Id a =
      organiser("A1", R"({"principal":{"mobile":"13000000001","certificate_number":"x1"}})", 7);
  EXPECT_TRUE(elsewhere("13000000001", "B1"));
  EXPECT_TRUE(elsewhere("X1", "B1"));
  EXPECT_FALSE(elsewhere("13000000001", "A1")) << "one's own";
  EXPECT_FALSE(elsewhere("13000000002", "B1"));
  EXPECT_FALSE(elsewhere("", "B1"));
  organiser("A1", R"({"principal":{"mobile":"13000000003"}})", 7);
  EXPECT_FALSE(elsewhere("13000000001", "B1")) << "he has another number now";
  EXPECT_TRUE(elsewhere("13000000003", "B1"));
  db().write([&](Tx& tx) { cancel_organiser(tx, a, 9); });
  EXPECT_FALSE(elsewhere("13000000003", "B1")) << "no longer filed";
}

TEST_P(DomainFactsTest, MarksThePersonsOfOldRecordsOnce) {
  Organiser o;
  o.id = new_id();
  o.certificate_lookup = certificate_lookup(keys_, 1, "C1");
  o.number = "号C1";
  o.province = "330000";
  o.name = "示例";
  o.record = R"({"principal":{"mobile":"13000000011"}})";
  RegisteredSite site;
  site.id = new_id();
  site.organiser_id = o.id;
  site.domain = "old-marks.cn";
  site.record = R"({"manager":{"mobile":"13000000012"}})";
  const auto marks = [&] {
    return db().read(
        [](Reader& reader) { return reader.query("SELECT lookup FROM person_marks").size(); });
  };
  const auto round = [&] {
    return db().write([&](Tx& tx) { return mark_persons_of_old(tx, keys_, 1); });
  };
  db().write([&](Tx& tx) {
    put_organiser(tx, keys_, o);
    put_registered_site(tx, keys_, site);
    // As the migration finds them, and one that is gone meanwhile.
    tx.execute("DELETE FROM person_marks");
    tx.execute("INSERT INTO persons_to_mark (organiser_id) VALUES ($1), ($2)", {o.id, new_id()});
  });
  EXPECT_EQ(marks(), 0u);
  EXPECT_TRUE(round());
  EXPECT_TRUE(round());
  EXPECT_FALSE(round()) << "none is left";
  EXPECT_EQ(marks(), 2u);
  db().read([&](Reader& reader) {
    for (const char* mobile : {"13000000011", "13000000012"})
      EXPECT_TRUE(serves_another(reader, keys_, mobile, certificate_lookup(keys_, 1, "D1")));
  });
}

}  // namespace
}  // namespace beian::store
