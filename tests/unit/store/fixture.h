// The whole schema in one empty database of either engine, with keys and a filing to work on.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/crypto.h"
#include "store/accounts.h"
#include "store/filings.h"
#include "support/test_database.h"

namespace beian::store {

class StoreTest : public beian::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    migrate(db(), std::string(BEIAN_ROOT) + "/migrations");
    keys_ = Keyring::load(folder_.path("test.key"), true);
  }

  Id account(const std::string& email, Role role = Role::applicant) {
    Account a;
    a.id = new_id();
    a.email = email;
    a.password_hash = "hash";
    a.role = role;
    a.display_name = "名 " + email;
    a.state = "active";
    a.locale = "zh-CN";
    a.consent = "1";
    a.created_at = 1000;
    db().write([&](Tx& tx) { insert_account(tx, keys_, a); });
    return a.id;
  }

  Filing filing(Id owner, const std::string& organiser = "组织") {
    Filing f;
    f.id = new_id();
    f.account_id = owner;
    f.province = "330000";
    f.form_version = "1";
    f.content = R"({"organiser":{"name":"示例"}})";
    f.title = "示例";
    f.organiser_lookup = organiser;
    f.created_at = f.updated_at = f.state_since = 1000;
    db().write([&](Tx& tx) { insert_filing(tx, keys_, f); });
    return f;
  }

  // Brings a filing to a state, as act() would.
  Filing moved(const Filing& f, State to, Turn turn, Millis at) {
    db().write([&](Tx& tx) {
      ASSERT_TRUE(move_filing(tx, {f.id, f.state, to, f.version, turn, std::nullopt, false}, at));
    });
    return db().read([&](Reader& reader) { return find_filing(reader, keys_, f.id).value(); });
  }

  template <typename F>
  auto read(F&& work) {
    return db().read(std::forward<F>(work));
  }
  template <typename F>
  auto write(F&& work) {
    return db().write(std::forward<F>(work));
  }

  Keyring keys_;
};

}  // namespace beian::store
