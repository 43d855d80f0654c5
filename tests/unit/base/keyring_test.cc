#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <thread>

#include "base/crypto.h"
#include "base/file.h"
#include "support/files.h"
#include "support/temp_dir.h"

namespace beian {
namespace {

// Bytes 00..1f seal, 20..3f look up.
constexpr const char* k_known_key =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
constexpr const char* k_other_key =
    "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
    "ff2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

class KeyringTest : public ::testing::Test {
 protected:
  Keyring load_text(const std::string& content, ::mode_t mode = 0600) {
    testing::write_file(path_, content);
    ::chmod(path_.c_str(), mode);
    return Keyring::load(path_, false);
  }

  std::string error_of(const std::string& content, ::mode_t mode = 0600) {
    try {
      load_text(content, mode);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  }

  testing::TempDir folder_;
  std::string path_ = folder_.path("beian.key");
};

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST_F(KeyringTest, IsMadeOncePrivateAndComplete) {
  const std::string path = folder_.path("var/keys/beian.key");
  const Keyring first = Keyring::load(path, true);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(folder_.path("var/keys").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  const auto entries = std::filesystem::directory_iterator(folder_.path("var/keys"));
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "a draft was left behind";

  const Keyring second = Keyring::load(path, true);
  EXPECT_EQ(second.open(first.seal("x", "c"), "c"), "x");
}

TEST_F(KeyringTest, SeveralProcessesStartingAtOnceAgreeOnOneKey) {
  std::vector<std::string> sealed(8);
  std::vector<std::thread> threads;
  for (auto& mine : sealed) {
    threads.emplace_back([&] { mine = Keyring::load(path_, true).seal("x", "c"); });
  }
  for (auto& thread : threads) thread.join();
  const Keyring keyring = Keyring::load(path_, false);
  for (const auto& mine : sealed) EXPECT_EQ(keyring.open(mine, "c"), "x");
}

TEST_F(KeyringTest, MissingIsAnErrorUnlessItMayBeMade) {
  EXPECT_THROW(Keyring::load(path_, false), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KeyringTest, RefusesAFileOpenToOthers) {
  const std::string content = std::string("beian-keys 1\nkey 1 ") + k_known_key + "\nactive 1\n";
  EXPECT_EQ(error_of(content), "no error");
  EXPECT_NE(error_of(content, 0640).find("chmod 600"), std::string::npos);
  EXPECT_NE(error_of(content, 0604).find("chmod 600"), std::string::npos);
}

TEST_F(KeyringTest, RefusesMalformedFilesWithoutQuotingThem) {
  const std::string key = k_known_key;
  for (const std::string& content :
       {std::string(), std::string("beian-keys 2\n"), std::string("beian-keys 1\n"),
        "beian-keys 1\nkey 1 " + key + "\n", "beian-keys 1\nkey 1 " + key + "\nactive 2\n",
        "beian-keys 1\nkey 0 " + key + "\nactive 0\n",
        "beian-keys 1\nkey 1 " + key + "\nkey 1 " + key + "\nactive 1\n",
        "beian-keys 1\nkey 1 " + key + "00\nactive 1\n",
        "beian-keys 1\nkey 1 " + key.substr(2) + "\nactive 1\n",
        "beian-keys 1\nkey 1 " + key + " more\nactive 1\n",
        "beian-keys 1\nkey 1 " + key + "\nactive 1\nactive 1\n", std::string(100'000, '#')}) {
    const std::string error = error_of(content);
    EXPECT_EQ(error.rfind("key file ", 0), 0u) << error;
    EXPECT_EQ(error.find("0102030405"), std::string::npos) << error;
  }
}

// Made with an independent implementation (Python's cryptography), so that the format stays
// readable.
TEST_F(KeyringTest, OpensAKnownSealedValue) {
  const Keyring keyring =
      load_text(std::string("beian-keys 1\n# a note\nkey 7 ") + k_known_key + "\nactive 7\n");
  const std::string sealed =
      from_hex("01000000076465666768696a6b6c6d6e6fadbf5980d861bf0da2b5f02d9222d60313cc95369945");
  EXPECT_EQ(keyring.open(sealed, "filings.content/123"), "备案");
  EXPECT_EQ(to_hex(keyring.lookup("a@example.com", "accounts.email")),
            "bc62081e19356cc47495cbdd67e0ebdd49fe51cc632a820de6f526ba4b0217d8");
}

TEST_F(KeyringTest, RoundTripsAnyBytesAndNeverRepeatsItself) {
  const Keyring keyring = Keyring::load(path_, true);
  for (const std::string& plain : {std::string(), std::string("\0a\0", 3), random_bytes(300'000)}) {
    const std::string sealed = keyring.seal(plain, "materials/1");
    EXPECT_EQ(keyring.open(sealed, "materials/1"), plain);
    EXPECT_NE(sealed, keyring.seal(plain, "materials/1"));
  }
  EXPECT_EQ(keyring.seal("13000000001", "c").find("13000000001"), std::string::npos);
}

TEST_F(KeyringTest, EveryChangedBitIsNoticed) {
  const Keyring keyring = Keyring::load(path_, true);
  const std::string sealed = keyring.seal("secret", "c");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_THROW(keyring.open(changed, "c"), std::runtime_error) << i << "." << bit;
    }
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THROW(keyring.open(sealed.substr(0, size), "c"), std::runtime_error) << size;
  }
  EXPECT_THROW(keyring.open(sealed + "x", "c"), std::runtime_error);
}

TEST_F(KeyringTest, AMovedValueDoesNotOpen) {
  const Keyring keyring = Keyring::load(path_, true);
  const std::string sealed = keyring.seal("secret", "filings.content/123");
  for (const char* context :
       {"filings.content/124", "filings.conten", "", "filings.content/1234"}) {
    EXPECT_THROW(keyring.open(sealed, context), std::runtime_error) << context;
  }
}

TEST_F(KeyringTest, ASecondKeySealsNewValuesAndOldOnesStillOpen) {
  const std::string one = std::string("beian-keys 1\nkey 1 ") + k_known_key + "\n";
  const Keyring before = load_text(one + "active 1\n");
  const std::string old_value = before.seal("old", "c");
  const std::string old_lookup = before.lookup("a@example.com", "accounts.email");

  const Keyring after = load_text(one + "key 2 " + k_other_key + "\nactive 2\n");
  EXPECT_EQ(after.active_key_id(), 2u);
  EXPECT_EQ(after.open(old_value, "c"), "old");
  EXPECT_EQ(after.lookup("a@example.com", "accounts.email"), old_lookup);
  const std::string new_value = after.seal("new", "c");
  EXPECT_EQ(after.open(new_value, "c"), "new");
  load_text(one + "active 1\n");  // a process whose file lacks the key
  try {
    before.open(new_value, "c");
    FAIL() << "opened without the key";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("key 2"), std::string::npos) << error.what();
  }
}

TEST_F(KeyringTest, LookupSeparatesPurposes) {
  const Keyring keyring = Keyring::load(path_, true);
  EXPECT_EQ(keyring.lookup("x", "a"), keyring.lookup("x", "a"));
  EXPECT_NE(keyring.lookup("x", "a"), keyring.lookup("x", "b"));
  EXPECT_NE(keyring.lookup("bx", "a"), keyring.lookup("x", "ab"));
}

TEST(File, ReadsBoundedAndNamesThePath) {
  const testing::TempDir folder;
  testing::write_file(folder.path("secret"), "hunter2\r\n");
  EXPECT_EQ(read_file(folder.path("secret")), "hunter2\r\n");
  EXPECT_EQ(read_secret_file(folder.path("secret")), "hunter2");
  EXPECT_THROW(read_file(folder.path("secret"), 3), std::runtime_error);
  EXPECT_THROW(read_file(folder.path("absent")), std::runtime_error);
  EXPECT_THROW(read_file(folder.path()), std::runtime_error);
  testing::write_file(folder.path("empty"), "\n");
  EXPECT_THROW(read_secret_file(folder.path("empty")), std::runtime_error);
}

}  // namespace
}  // namespace beian
