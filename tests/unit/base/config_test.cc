#include "base/config.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/files.h"
#include "support/temp_dir.h"

namespace beian {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  Config load(const std::string& text) {
    testing::write_file(path_, text);
    return Config::load(path_);
  }

  std::string error_of(const std::string& text) {
    try {
      load(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  }

  void expect_error(const std::string& text, const std::string& line, const std::string& words) {
    const std::string error = error_of(text);
    EXPECT_EQ(error.rfind(path_ + ":" + line + ":", 0), 0u) << error;
    EXPECT_NE(error.find(words), std::string::npos) << error;
  }

  testing::TempDir folder_;
  std::string path_ = folder_.path("beian.toml");
};

TEST_F(ConfigTest, AnEmptyFileGivesTheDefaults) {
  const Config config = load("");
  EXPECT_EQ(config.http.port, 8080);
  EXPECT_EQ(config.database, "sqlite:var/beian.db");
  EXPECT_EQ(config.key_file, "var/keys/beian.key");
  EXPECT_FALSE(config.demo);
  EXPECT_TRUE(config.bureaus.empty());
}

TEST_F(ConfigTest, EveryKeyIsRead) {
  const Config config = load(R"(
data_dir = "d"
var_dir = "v"
database = "postgresql://db/beian"
key_file = "/etc/beian/beian.key"
web_dir = "w"
provider_name = "示例云"
log_level = "warn"
demo = true
[http]
address = "0.0.0.0"
port = 0
threads = 4
public_url = "https://beian.example.com"
trusted_proxies = ["127.0.0.1", "::1"]
[mail]
url = "smtp://mail.example.com:25"
user = "u"
password_file = "mail.secret"
from = "beian@example.com"
[sms]
url = "https://sms.example.com/send"
secret_file = "sms.secret"
[[bureaus]]
province = "330000"
upload_wsdl = "http://up"
query_wsdl = "http://query"
verify_wsdl = "http://verify"
isp_id = 9007199254740993
user_name = "isp"
password_file = "p"
key_file = "k"
iv_file = "i"
encrypt = false
poll_seconds = 5
[[bureaus]]
province = "440000"
)");
  EXPECT_EQ(config.data_dir, "d");
  EXPECT_EQ(config.database, "postgresql://db/beian");
  EXPECT_EQ(config.key_file, "/etc/beian/beian.key");
  EXPECT_EQ(config.web_dir, "w");
  EXPECT_EQ(config.provider_name, "示例云");
  EXPECT_EQ(config.log_level, "warn");
  EXPECT_TRUE(config.demo);
  EXPECT_EQ(config.http.address, "0.0.0.0");
  EXPECT_EQ(config.http.port, 0);
  EXPECT_EQ(config.http.threads, 4);
  EXPECT_EQ(config.http.public_url, "https://beian.example.com");
  EXPECT_EQ(config.http.trusted_proxies, (std::vector<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(config.mail.url, "smtp://mail.example.com:25");
  EXPECT_EQ(config.mail.user, "u");
  EXPECT_EQ(config.mail.password_file, "mail.secret");
  EXPECT_EQ(config.mail.from, "beian@example.com");
  EXPECT_EQ(config.sms.url, "https://sms.example.com/send");
  EXPECT_EQ(config.sms.secret_file, "sms.secret");
  ASSERT_EQ(config.bureaus.size(), 2u);
  const BureauConfig& bureau = config.bureaus[0];
  EXPECT_EQ(bureau.province, "330000");
  EXPECT_EQ(bureau.upload_wsdl, "http://up");
  EXPECT_EQ(bureau.query_wsdl, "http://query");
  EXPECT_EQ(bureau.verify_wsdl, "http://verify");
  EXPECT_EQ(bureau.isp_id, 9007199254740993);
  EXPECT_EQ(bureau.user_name, "isp");
  EXPECT_EQ(bureau.password_file, "p");
  EXPECT_EQ(bureau.key_file, "k");
  EXPECT_EQ(bureau.iv_file, "i");
  EXPECT_FALSE(bureau.encrypt);
  EXPECT_EQ(bureau.poll_seconds, 5);
  EXPECT_TRUE(config.bureaus[1].encrypt);
}

TEST_F(ConfigTest, DefaultsFollowTheVarDir) {
  const Config config = load("var_dir = \"/srv/beian\"");
  EXPECT_EQ(config.database, "sqlite:/srv/beian/beian.db");
  EXPECT_EQ(config.key_file, "/srv/beian/keys/beian.key");
}

TEST_F(ConfigTest, MistakesAreNamedWithTheirLine) {
  expect_error("demo = true\nprot = 1\n", "2", "prot is not a known key");
  expect_error("[http]\nport = 80\nthread = 2\n", "3",
               "http.thread is not a known key; did you mean threads?");
  expect_error("[[bureaus]]\nprovince = \"330000\"\nurl = \"\"\n", "3", "bureaus.url");
  expect_error("[htpp]\n", "1", "htpp is not a known key");
  expect_error("demo = 1\n", "1", "true or false");
  expect_error("\n[http]\nport = \"80\"\n", "3", "http.port must be a number");
  expect_error("[http]\nport = 65536\n", "2", "65535");
  expect_error("[http]\nthreads = 0\n", "2", "http.threads");
  expect_error("[http]\ntrusted_proxies = \"x\"\n", "2", "list of texts");
  expect_error("[http]\ntrusted_proxies = [1]\n", "2", "list of texts");
  expect_error("log_level = \"loud\"\n", "1", "log_level must be");
  expect_error("[[bureaus]]\nprovince = \"3300\"\n", "2", "six digits");
  expect_error("[[bureaus]]\nencrypt = true\n", "1", "six digits");
  expect_error("[bureaus]\n", "1", "[[bureaus]]");
  expect_error("http = 1\n", "1", "must be a table");
  expect_error("demo = true\n\ndemo = false\n", "3", "");
  expect_error("a = \n", "1", "");
}

TEST_F(ConfigTest, AMissingFileIsNamed) {
  EXPECT_THROW(Config::load(folder_.path("absent.toml")), std::runtime_error);
}

}  // namespace
}  // namespace beian
