#include "store/reseal.h"

#include "store/agencies.h"
#include "store/blacklist.h"
#include "store/cases.h"
#include "store/exchange.h"
#include "store/imports.h"
#include "store/second_factors.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class ResealTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, ResealTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(ResealTest, AfterARotationEverythingIsSealedAnewAndOpens) {
  const Id owner = account("a@b.example");
  const Filing f = filing(owner);
  for (int i = 0; i < 5; ++i) filing(owner, "o" + std::to_string(i));
  write([&](Tx& tx) {
    for (int round = 1; round < 4; ++round) put_snapshot(tx, keys_, f.id, round, "{}", 1);
    insert_event(tx, keys_, {0, f.id, 1, "staff", {}, "", "called", {}, {}, "{\"a\":1}"});
    for (const char* name : {"b.xml", "a.xml"}) {
      DownloadFile file;
      file.province = "330000";
      file.file_name = name;
      file.xml = "<y/>";
      store_download(tx, keys_, file);
    }
    put_blacklist(tx, keys_, {"domain", "bad.cn", "330000", "{}", 1, "a.xml"});
    put_second_factor(tx, keys_, {owner, "totp", "secret", 1, {}, 0});
    Agency agency;
    agency.id = owner;
    put_agency(tx, keys_, agency);
    Import import;
    import.id = 7;
    import.agency_id = import.made_by = owner;
    import.report = "{}";
    import.state = "running";
    insert_import(tx, keys_, import, "table");
    insert_import_question(tx, keys_, 7, {2, "question", 1});
  });
  Keyring::rotate(folder_.path("test.key"));
  ASSERT_TRUE(keys_.refresh());
  ASSERT_FALSE(keys_.refresh());
  EXPECT_EQ(read([&](Reader& r) { return find_filing(r, keys_, f.id)->content; }), f.content)
      << "the older key still opens";
  Reseal all(db(), keys_);
  for (int i = 0; all.step(2); ++i) ASSERT_LT(i, 500) << "it does not end";
  EXPECT_EQ(all.done(), 1 + 12 + 3 + 1 + 2 + 1 + 1 + 3 + 1);
  for (const SealedColumn& c : sealed_columns(db()))
    read([&](Reader& r) {
      for (const Row& row : r.query("SELECT " + c.column + " FROM " + c.table))
        if (!row.is_null(0)) {
          EXPECT_EQ(Keyring::key_id_of(row.blob(0)), 2u) << c.table;
        }
    });
  EXPECT_EQ(read([&](Reader& r) { return find_snapshot(r, keys_, f.id, 3); }), "{}");
  EXPECT_EQ(read([&](Reader& r) { return list_events(r, keys_, f.id).at(0).detail; }), "{\"a\":1}");
  EXPECT_EQ(read([&](Reader& r) { return find_second_factor(r, keys_, owner)->secret; }), "secret");
  EXPECT_EQ(read([&](Reader& r) { return find_import_question(r, keys_, 7, 2)->text; }),
            "question");
  EXPECT_EQ(
      read([&](Reader& r) { return find_blacklist(r, keys_, "domain", "bad.cn"); }).at(0).label,
      "{}");
  // Look-ups are made with the oldest key for ever: what was written before is still found.
  EXPECT_TRUE(read([&](Reader& r) { return find_account_by_email(r, keys_, "a@b.example"); }));
}

TEST_P(ResealTest, AProcessThatHasNotLookedYetOpensWhatAnotherSealed) {
  const Keyring other = Keyring::load(folder_.path("test.key"), false);
  Keyring::rotate(folder_.path("test.key"));
  ASSERT_TRUE(keys_.refresh());
  EXPECT_EQ(other.active_key_id(), 1u);
  EXPECT_EQ(other.open(keys_.seal("plain", "here"), "here"), "plain");
  EXPECT_EQ(other.active_key_id(), 2u);
}

}  // namespace
}  // namespace beian::store
