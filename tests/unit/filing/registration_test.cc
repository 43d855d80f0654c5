#include "filing/registration.h"

#include <gtest/gtest.h>

#include "filing/domain_name.h"
#include "unit/filing/data_files.h"

namespace beian {
namespace {

const Registries& registries() {
  static const Registries loaded = Registries::from_json(data_file("domains.json"));
  return loaded;
}

constexpr const char* k_rdap = R"({
 "objectClassName":"domain","ldhName":"EXAMPLE-TEST.COM.","status":["client transfer prohibited"],
 "events":[{"eventAction":"registration","eventDate":"2019-03-01T02:03:04Z"},
           {"eventAction":"expiration","eventDate":"2028-03-01T02:03:04Z"}],
 "nameservers":[{"ldhName":"DNS1.EXAMPLE.NET"},{"x":1}],
 "links":[{"rel":"self","type":"application/rdap+json","href":"https://a/"},
          {"rel":"related","type":"application/rdap+json","href":"https://registrar.example/domain/example-test.com"}],
 "entities":[{"roles":["registrar"],"publicIds":[{"type":"IANA Registrar ID","identifier":"420"}],
   "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Alibaba Cloud Computing"]]],
   "entities":[{"roles":["abuse"],"vcardArray":["vcard",[["fn",{},"text","Abuse"]]]}]},
  {"roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","张三"],["org",{},"text","示例（浙江）科技有限公司"]]]}]})";

TEST(Registration, ReadsRdap) {
  const auto found = registries().read_rdap(k_rdap, "example-test.com");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->holder, "示例（浙江）科技有限公司");
  EXPECT_EQ(found->privacy, false);
  EXPECT_EQ(found->registrar, "Alibaba Cloud Computing");
  EXPECT_EQ(found->registrar_id, "420");
  EXPECT_EQ(found->domestic, true);
  EXPECT_EQ(found->registered_on, "2019-03-01");
  EXPECT_EQ(found->until, "2028-03-01");
  EXPECT_EQ(found->servers, std::vector<std::string>{"dns1.example.net"});
  EXPECT_EQ(found->more, "https://registrar.example/domain/example-test.com");
  EXPECT_FALSE(registries().read_rdap(k_rdap, "other.com")) << "an answer about another domain";
}

TEST(Registration, AHolderKeptBackIsNotKnown) {
  for (const auto& [name, holder, privacy] :
       {std::tuple{"REDACTED FOR PRIVACY", "", std::optional<bool>()},
        {"Not Disclosed", "", std::optional<bool>()},
        {"Domains By Proxy, LLC", "", std::optional<bool>(true)},
        {"某某隐私保护", "", std::optional<bool>(true)},
        {"示例科技", "示例科技", std::optional<bool>(false)}}) {
    const std::string text =
        R"({"objectClassName":"domain","ldhName":"a.com","entities":[{"roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text",")" +
        std::string(name) + R"("]]]}]})";
    const auto found = registries().read_rdap(text, "a.com");
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->holder, holder) << name;
    EXPECT_EQ(found->privacy, privacy) << name;
  }
}

TEST(Registration, ReadsWhois) {
  const auto cn = registries().read_whois(
      "Domain Name: shili-test.cn\r\nROID: 1-cn\r\nDomain Status: ok\r\nDomain Status: "
      "clientHold https://icann.org/epp#clientHold\r\nRegistrant: 示例科技有限公司\r\nRegistrant "
      "Contact Email: a@b.example\r\nSponsoring Registrar: 阿里云计算有限公司（万网）\r\nName "
      "Server: NS1.example.net\r\nRegistration Time: 2019-03-17 12:20:05\r\nExpiration Time: "
      "2028-03-17 12:48:36\r\nDNSSEC: unsigned\r\n",
      "shili-test.cn");
  ASSERT_TRUE(cn);
  EXPECT_EQ(cn->holder, "示例科技有限公司");
  EXPECT_EQ(cn->domestic, true);
  EXPECT_EQ(cn->until, "2028-03-17");
  EXPECT_EQ(cn->registered_on, "2019-03-17");
  EXPECT_EQ(cn->statuses, (std::vector<std::string>{"ok", "clientHold"}));
  const auto com = registries().read_whois(
      "   Domain Name: A.COM\n   Registry Expiry Date: 2027-08-13T04:00:00Z\n   Registrar: Foreign "
      "LLC\n   Registrar IANA ID: 146\n   Registrant Organization:\n",
      "a.com");
  ASSERT_TRUE(com);
  EXPECT_EQ(com->until, "2027-08-13");
  EXPECT_EQ(com->domestic, false);
  EXPECT_EQ(com->holder, "");
  EXPECT_EQ(com->privacy, std::nullopt);
  EXPECT_FALSE(registries().read_whois("No matching record.\n", "a.com"));
  EXPECT_TRUE(Registries::is_free("No matching record.\n"));
  EXPECT_FALSE(Registries::is_free("Domain Name: a.com\n"));
}

TEST(Registration, KnowsWhomToAsk) {
  EXPECT_EQ(registries().rdap_url("example.com"),
            "https://rdap.verisign.com/com/v1/domain/example.com");
  EXPECT_EQ(registries().rdap_url("example.top"),
            "https://rdap.zdnsgtld.com/top/domain/example.top");
  EXPECT_EQ(registries().rdap_url("example.xn--55qx5d"),
            "https://restwhois.ngtld.cn/domain/example.xn--55qx5d");
  EXPECT_EQ(registries().rdap_url("example.cn"), "");
  // Of one suffix on the ministry's list no registry's address is known.
  const json::value suffixes = data_file("dictionaries/suffixes.json");
  std::vector<std::string> unknown;
  for (const json::value& suffix : suffixes.at("approved").as_array()) {
    const auto host = parse_host("example." + std::string(suffix.as_string()));
    ASSERT_TRUE(host) << suffix;
    if (registries().rdap_url(host->ascii).empty() && registries().whois_host(host->ascii).empty())
      unknown.emplace_back(suffix.as_string());
  }
  EXPECT_EQ(unknown, std::vector<std::string>{"promo"});
  EXPECT_EQ(registries().whois_host("example.com.cn"), "whois.cnnic.cn");
  EXPECT_EQ(registries().whois_host("example.com"), "");
  const json::value table = json::parse(
      R"({"version":"1.0","services":[[["cn","COM"],["http://old.example","https://new.example/rdap"]]]})");
  const auto other = Registries::from_json(data_file("domains.json"), &table);
  EXPECT_EQ(other.rdap_url("a.cn"), "https://new.example/rdap/domain/a.cn");
  EXPECT_EQ(other.rdap_url("a.net"), "");
  EXPECT_THROW(Registries::from_json(json::parse("{}")), std::runtime_error);
}

TEST(Registration, TakesAnyText) {
  for (
      const std::string& text :
      {std::string("[]"), std::string("{"), std::string(400'000, '['), std::string("\xff\xfe"),
       std::string(
           R"({"objectClassName":"domain","ldhName":"a.com","entities":{},"events":[1],"status":7,"nameservers":[[]],"links":[null]})"),
       std::string(
           R"({"objectClassName":"domain","ldhName":"a.com","entities":[{"roles":["registrant"],"vcardArray":["vcard",[["fn"],7,["fn",{},"text",[]]]]}]})")})
    EXPECT_NO_THROW(registries().read_rdap(text, "a.com"));
  EXPECT_NO_THROW(registries().read_whois(std::string(300'000, ':'), "a.com"));
  EXPECT_NO_THROW(registries().read_whois("Domain Name: a.com\nRegistrant: \xff\xff\n", "a.com"));
}

}  // namespace
}  // namespace beian
