// Orders about what is filed already: what each does to the registry, who is told, and every code
// it can be refused with.
#include <gtest/gtest.h>

#include <functional>

#include "base/text.h"
#include "bureau/auth.h"
#include "unit/bureau/xsd.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::Download;
using bureau::PublishedFiling;
using bureau::Upload;
using bureau::sample::filing;
using bureau::sample::website;
using Codes = std::vector<std::int64_t>;

constexpr std::int64_t k_organiser = 0, k_website = 1, k_access = 2;

// One organiser of ours with two websites, and one that another provider has filed.
class Filed : public SandboxTest {
 protected:
  Filed() { begin(); }

  void begin() {
    auto first = filing();
    auto second = website(3000, "second.example.cn");
    second.name = "第二网站";
    first.websites.push_back(second);
    Upload upload;
    upload.new_filings = {first};
    EXPECT_EQ(codes_of(upload), Codes{});
    ours = passed().at(1).published.at(0);
    theirs = plant("foreign.example.cn");
  }

  // What comes after the pass of the only pending order.
  std::vector<Download> passed(const std::string& body = R"({"opinion":"通过"})") {
    post("orders/" + first_order() + "/pass", body);
    return fetch_all();
  }
  json::object plant(const std::string& domain, const std::string& province = "zj") {
    return post("registry",
                R"({"province":")" + province + R"(","websites":[{"domain":")" + domain + "\"}]}");
  }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }
  Id their_id() const { return *id_from_string(text(theirs.at("id"))); }
  std::string their_number() const { return text(theirs.at("organiser").at("number")); }
  std::string their_site_number() const { return text(theirs.at("websites").at(0).at("number")); }

  Upload with(const bureau::NewWebsites& one) const {
    Upload upload;
    upload.new_websites = {one};
    return upload;
  }
  Upload with(const bureau::NewAccess& one) const {
    Upload upload;
    upload.new_accesses = {one};
    return upload;
  }
  Upload with(const bureau::Change& one) const {
    Upload upload;
    upload.changes = {one};
    return upload;
  }
  Upload cancelling(std::int64_t scope, Id record, std::int64_t reason = 1) const {
    Upload upload;
    upload.cancellations = {{scope, record, reason, "", ""}};
    return upload;
  }
  bureau::NewWebsites more(const std::string& domain = "third.example.cn", Id id = 7000) const {
    bureau::NewWebsites one;
    one.organiser_number = ours.organiser.publication.number;
    one.websites = {website(id, domain)};
    return one;
  }
  bureau::NewAccess another_access(Id id = 8000) const {
    bureau::NewAccess one;
    one.website_number = their_site_number();
    one.access = website(id, "x.example.cn").accesses[0];
    one.password_hash = bureau::filing_password_hash("x");  // the schema wants one in every era
    return one;
  }
  // Everything as it is, as an upload would say it.
  bureau::Change change() const {
    bureau::Change one{ours.organiser, ours.websites, {}, ""};
    return one;
  }
  Id our_id() const { return ours.organiser.publication.id; }
  Id our_site(std::size_t n = 0) const { return ours.websites.at(n).publication.id; }
  Id our_access(std::size_t n = 0) const { return ours.websites.at(n).accesses.at(0).bureau_id; }

  PublishedFiling ours;
  json::object theirs;
};

// ---- a pass ----

TEST_F(Filed, ANewWebsiteGetsTheNextNumber) {
  EXPECT_EQ(codes_of(with(more())), Codes{});
  const auto files = passed();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].results.at(0).operation, 2);
  EXPECT_EQ(files[0].results[0].mark, ours.organiser.publication.number);
  EXPECT_EQ(files[0].decisions.at(0).record, 7000);
  const auto& told = files[1].published.at(0);
  ASSERT_EQ(told.websites.size(), 3u);
  EXPECT_EQ(told.websites[2].publication.number, ours.organiser.publication.number + "-3");
  EXPECT_EQ(told.websites[2].isp_id, 7000);
  EXPECT_EQ(told.websites[0].isp_id, ours.websites[0].isp_id);  // as before
  EXPECT_EQ(client().query_status(0, "third.example.cn").site_number,
            ours.organiser.publication.number + "-3");
}

TEST_F(Filed, OneOfSeveralNewWebsitesMayGoBack) {
  auto several = more();
  several.websites.push_back(website(7100, "fourth.example.cn"));
  EXPECT_EQ(codes_of(with(several)), Codes{});
  const auto order = first_order();
  EXPECT_EQ(console("POST", "orders/" + order + "/pass",
                    R"({"returned_sites":[{"isp_id":"1","opinion":"x"}]})")
                .status,
            422);
  EXPECT_EQ(console("POST", "orders/" + order + "/pass",
                    R"({"returned_sites":[{"isp_id":"7000","opinion":"x"},
                                          {"isp_id":"7100","opinion":"x"}]})")
                .status,
            422);
  const auto files = passed(R"({"returned_sites":[{"isp_id":"7100","opinion":"域名不是本人的"}]})");
  ASSERT_EQ(files.size(), 2u);
  ASSERT_EQ(files[0].decisions.size(), 2u);
  EXPECT_EQ(files[0].decisions[0].record, 7000);
  EXPECT_TRUE(files[0].decisions[0].passed);
  EXPECT_EQ(files[0].decisions[1].record, 7100);
  EXPECT_FALSE(files[0].decisions[1].passed);
  EXPECT_EQ(files[0].decisions[1].opinion, "域名不是本人的");
  EXPECT_EQ(files[1].published.at(0).websites.size(), 3u);
  EXPECT_FALSE(client().query_status(0, "fourth.example.cn").filed);
  EXPECT_EQ(text(read("orders/" + order).at("site_results").at(0).at("opinion")), "域名不是本人的");
  // It may come again at once.
  EXPECT_EQ(codes_of(with(more("fourth.example.cn", 7100))), Codes{});
}

TEST_F(Filed, AWebsiteOfAnOrganiserFromElsewhere) {
  auto one = more();
  one.organiser_number = their_number();
  EXPECT_EQ(codes_of(with(one)), Codes{});
  const auto told = passed().at(1).published.at(0);
  // Only what we give access to, without the other provider's ids.
  ASSERT_EQ(told.websites.size(), 1u);
  EXPECT_EQ(told.organiser.isp_id, 0);
  EXPECT_EQ(told.websites[0].publication.number, their_number() + "-2");
}

TEST_F(Filed, AnAccessOfAWebsiteFromElsewhere) {
  EXPECT_EQ(codes_of(with(another_access())), Codes{});
  const auto files = passed();
  EXPECT_EQ(files.at(0).results.at(0).operation, 3);
  EXPECT_EQ(files[0].results[0].mark, their_site_number());
  EXPECT_EQ(files[0].decisions.at(0).record, another_access().access.isp_id);
  const auto& site = files.at(1).published.at(0).websites.at(0);
  ASSERT_EQ(site.accesses.size(), 2u);
  EXPECT_EQ(site.accesses[1].provider, k_isp);
  EXPECT_EQ(site.accesses[1].isp_id, another_access().access.isp_id);
  EXPECT_NE(site.accesses[0].provider, k_isp);
  EXPECT_EQ(site.accesses[0].isp_id, 0);
  // Leaving again: the other one stays.
  EXPECT_EQ(codes_of(cancelling(k_access, site.accesses[1].bureau_id)), Codes{});
  const auto left = passed();
  ASSERT_EQ(left.size(), 1u);  // nobody who listens is concerned
  EXPECT_EQ(left[0].decisions.at(0).record, site.accesses[1].bureau_id);
  EXPECT_EQ(left[0].decisions[0].operation, 5);
}

TEST_F(Filed, AChangeReplacesWhatItNamesAndKeepsTheRest) {
  auto one = change();
  one.organiser.name = "新名称有限公司";
  one.organiser.principal.mobile = "13000000009";
  one.websites.pop_back();
  one.websites[0].name = "新网站名";
  one.websites[0].domains.push_back({99, 0, "added.example.cn"});
  one.websites[0].accesses[0].ips[0].first = one.websites[0].accesses[0].ips[0].last = 1778528300;
  EXPECT_EQ(codes_of(with(one)), Codes{});
  const auto order = first_order();
  const auto shown = read("orders/" + order);
  EXPECT_EQ(text(shown.at("kind")), "change");
  EXPECT_EQ(text(shown.at("before").at("organiser").at("name")), "示例有限公司");
  EXPECT_EQ(text(shown.at("filing").at("organiser").at("name")), "新名称有限公司");
  const auto files = passed();
  EXPECT_EQ(files.at(0).results.at(0).mark, std::to_string(our_id()));
  const auto& told = files.at(1).published.at(0);
  EXPECT_EQ(told.organiser.name, "新名称有限公司");
  EXPECT_EQ(told.organiser.publication.number, ours.organiser.publication.number);
  ASSERT_EQ(told.websites.size(), 2u);
  EXPECT_EQ(told.websites[0].name, "新网站名");
  EXPECT_EQ(told.websites[0].domains.at(1).isp_id, 99);
  EXPECT_GT(told.websites[0].domains[1].bureau_id, 0);
  EXPECT_EQ(told.websites[0].accesses.at(0).ips.at(0).first, 1778528300u);
  EXPECT_EQ(told.websites[1], ours.websites[1]);
  EXPECT_TRUE(client().query_status(0, "added.example.cn").filed);
  // The page still shows what was old then.
  EXPECT_EQ(text(read("orders/" + order).at("before").at("organiser").at("name")), "示例有限公司");
}

TEST_F(Filed, CancellingAWebsiteThenTheOrganiser) {
  post("registry/" + std::to_string(our_id()) + "/access",
       R"({"site_id":")" + std::to_string(our_site(1)) + "\"}");
  static_cast<void>(fetch_all());
  EXPECT_EQ(codes_of(cancelling(k_website, our_site())), Codes{});
  EXPECT_EQ(passed().at(0).decisions.at(0).record, our_site());
  EXPECT_FALSE(client().query_status(0, "example.cn").filed);
  EXPECT_TRUE(client().query_status(0, "second.example.cn").filed);
  EXPECT_EQ(codes_of(cancelling(k_website, our_site())), Codes{1050});
  // Its domain is free again, for others too.
  plant("example.cn");

  EXPECT_EQ(codes_of(cancelling(k_organiser, our_id())), Codes{});
  EXPECT_EQ(passed().at(0).results.at(0).operation, 6);
  EXPECT_FALSE(client().query_status(0, "second.example.cn").filed);
  EXPECT_EQ(codes_of(cancelling(k_organiser, our_id())), Codes{1049});
  EXPECT_EQ(codes_of(with(more())), Codes{1049});
  // And the organiser may file anew, under another number.
  Upload anew;
  anew.new_filings = {filing()};
  anew.new_filings[0].websites[0] = website(2001, "anew.example.cn");
  anew.new_filings[0].attachments.clear();
  EXPECT_EQ(codes_of(anew), Codes{});
}

TEST_F(Filed, ACancellationByAnotherProviderComesAsZxsj) {
  const auto rival = sandbox_->provider("zj", 220000000333, "另一接入商");
  const auto self = account_;
  account_ = rival;
  auto access = another_access();
  access.website_number = ours.websites[0].publication.number;
  EXPECT_EQ(codes_of(with(access)), Codes{1024});  // our addresses
  access.access.ips[0].first = access.access.ips[0].last = 1778530000;
  EXPECT_EQ(codes_of(with(access)), Codes{});
  static_cast<void>(passed());
  account_ = self;
  ASSERT_EQ(fetch_all().at(0).published.at(0).websites.at(0).accesses.size(), 2u);
  account_ = rival;
  EXPECT_EQ(codes_of(cancelling(k_website, our_site())), Codes{});
  static_cast<void>(passed());
  account_ = self;
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].cancelled.at(0).scope, k_website);
  EXPECT_EQ(files[0].cancelled[0].record, our_site());
}

TEST_F(Filed, MaterialIsPutWithTheFilingAtOnce) {
  Upload upload;
  upload.materials = {{1, 4, 2, our_site(), bureau::sample::jpeg(), "", ""}};
  EXPECT_EQ(codes_of(upload), Codes{1060});
  const auto order = first_order("passed");
  EXPECT_EQ(text(read("orders/" + order).at("kind")), "material");
  EXPECT_EQ(console("GET", "orders/" + order + "/attachments/0").body, bureau::sample::jpeg());
}

// ---- refusals, one rule each ----

struct Case {
  const char* what;
  Codes codes;
  std::function<void(Upload&)> change;
};

class Refused : public Filed {
 protected:
  // Each is refused, so none changes anything for the next.
  void expect(const Upload& right, const std::vector<Case>& cases) {
    for (const auto& one : cases) {
      SCOPED_TRACE(one.what);
      auto upload = right;
      one.change(upload);
      EXPECT_EQ(codes_of(upload), one.codes);
    }
    EXPECT_EQ(codes_of(right), Codes{});  // and nothing else was wrong with it
  }
};

TEST_F(Refused, NewWebsites) {
  const auto site = [](Upload& u) -> bureau::Website& { return u.new_websites[0].websites[0]; };
  const auto elsewhere = plant("elsewhere.example.cn", "bj");
  static_cast<void>(console("POST", "blacklist", R"({"kind":"domain","value":"bad.example.cn"})"));
  set(R"({"check_site_names":true})");
  auto right = more();
  right.websites[0].name = "第三网站";
  expect(with(right),
         {{"unknown number",
           {1016},
           [](Upload& u) { u.new_websites[0].organiser_number = "浙ICP备1号"; }},
          {"unknown id",
           {1058},
           [](Upload& u) {
             u.new_websites[0].organiser_number.clear();
             u.new_websites[0].organiser_id = 42;
           }},
          {"another bureau's",
           {1045},
           [&](Upload& u) {
             u.new_websites[0].organiser_number = text(elsewhere.at("organiser").at("number"));
           }},
          {"its own domain again",
           {1039},
           [&](Upload& u) {
             site(u).domains[0].name = "example.cn";
             site(u).home_url.clear();
           }},
          {"another's domain",
           {1005},
           [&](Upload& u) {
             site(u).domains[0].name = "foreign.example.cn";
             site(u).home_url.clear();
           }},
          {"a name that is taken", {1020}, [&](Upload& u) { site(u).name = "第二网站"; }},
          {"a home page that is taken",
           {1021},
           [&](Upload& u) {
             site(u).domains.push_back({77, 0, "www.example.cn"});
             site(u).home_url = "www.example.cn";
           }},
          {"an id that is taken",
           {1037},
           [&](Upload& u) { site(u).isp_id = ours.websites[0].isp_id; }},
          {"an access id that is taken",
           {1038},
           [&](Upload& u) { site(u).accesses[0].isp_id = ours.websites[0].accesses[0].isp_id; }},
          {"an IP id that is taken",
           {1040},
           [&](Upload& u) {
             site(u).accesses[0].ips[0].isp_id = ours.websites[0].accesses[0].ips[0].isp_id;
           }},
          {"the home page is on another domain",
           {1041},
           [&](Upload& u) { site(u).home_url = "www.other.cn"; }},
          {"another provider's addresses",
           {1024},
           [&](Upload& u) {
             const auto first =
                 text(theirs.at("websites").at(0).at("accesses").at(0).at("ips").at(0).at("first"));
             const auto host = std::stoul(first.substr(first.rfind('.') + 1));
             auto& ip = site(u).accesses[0].ips[0];
             ip.first = ip.last = 0xcb007100u + static_cast<std::uint32_t>(host);
           }},
          {"a black-listed domain",
           {1064},
           [&](Upload& u) {
             site(u).domains[0].name = "bad.example.cn";
             site(u).home_url.clear();
           }},
          {"an attachment for nothing of it", {1055}, [&](Upload& u) {
             u.new_websites[0].attachments = {{1, 1, 2, 42, bureau::sample::jpeg(), "", ""}};
           }}});
}

TEST_F(Refused, NewAccesses) {
  expect(
      with(another_access()),
      {{"unknown number", {1016}, [](Upload& u) { u.new_accesses[0].website_number = "x"; }},
       {"unknown id",
        {1059},
        [](Upload& u) {
          u.new_accesses[0].website_number.clear();
          u.new_accesses[0].website_id = 42;
        }},
       {"ours already",
        {1029},
        [&](Upload& u) { u.new_accesses[0].website_number = ours.websites[0].publication.number; }},
       {"a method that is none",
        {1035},
        [](Upload& u) { u.new_accesses[0].access.methods = {64}; }},
       {"a place that is none",
        {1036},
        [](Upload& u) { u.new_accesses[0].access.locations = {64}; }},
       {"no address", {1006}, [](Upload& u) { u.new_accesses[0].access.ips[0].last = 1; }}});
  EXPECT_EQ(codes_of(with(another_access(8100))), Codes{1029});  // in flight
}

TEST_F(Refused, Changes) {
  const auto site = [](Upload& u) -> bureau::Website& { return u.changes[0].websites[0]; };
  auto right = change();
  right.organiser.name = "新名称有限公司";
  expect(
      with(right),
      {{"unknown organiser", {1058}, [](Upload& u) { u.changes[0].organiser.publication.id = 42; }},
       {"another number",
        {1016},
        [](Upload& u) { u.changes[0].organiser.publication.number = "浙ICP备1号"; }},
       {"another province",
        {1046},
        [](Upload& u) {
          u.changes[0].organiser.address = {320000, 320100, std::nullopt, "x"};
        }},
       {"another's certificate",
        {1003},
        [&](Upload& u) {
          u.changes[0].organiser.certificate.number =
              text(theirs.at("organiser").at("certificate_number"));
        }},
       {"unknown website", {1059}, [&](Upload& u) { site(u).publication.id = 42; }},
       {"another number of a website",
        {1016},
        [&](Upload& u) { site(u).publication.number = "x"; }},
       {"unknown domain id", {1016}, [&](Upload& u) { site(u).domains[0].bureau_id = 42; }},
       {"another's domain",
        {1005},
        [&](Upload& u) {
          site(u).domains.push_back({98, 0, "foreign.example.cn"});
        }},
       {"unknown access", {1016}, [&](Upload& u) { site(u).accesses[0].bureau_id = 42; }},
       {"unknown IP id", {1023}, [&](Upload& u) { site(u).accesses[0].ips[0].bureau_id = 42; }},
       {"a mobile number that is none",
        {1011},
        [](Upload& u) { u.changes[0].organiser.principal.mobile = "02345678901"; }},
       {"a certificate for a website", {1061}, [&](Upload& u) {
          u.changes[0].attachments = {{1, 2, 2, our_site(), bureau::sample::jpeg(), "", ""}};
        }}});
  EXPECT_EQ(codes_of(with(right)), Codes{1017});  // one at a time
}

TEST_F(Refused, ChangesADay) {
  set(R"({"change_limit":1})");
  EXPECT_EQ(codes_of(with(change())), Codes{});
  static_cast<void>(passed());
  EXPECT_EQ(codes_of(with(change())), Codes{1051});
  clock_.advance(Millis{25} * 60 * 60 * 1000);
  EXPECT_EQ(codes_of(with(change())), Codes{});
}

TEST_F(Refused, WhatIsNotOurs) {
  auto one = change();
  one.organiser.publication = {their_id(), their_number(), "", ""};
  one.organiser.certificate.number = text(theirs.at("organiser").at("certificate_number"));
  one.organiser.principal.certificate_number.clear();
  one.organiser.principal.certificate_type.reset();
  one.websites = {ours.websites[0]};
  EXPECT_EQ(codes_of(with(one)), (Codes{1048, 1016}));
  const Id their_site = *id_from_string(text(theirs.at("websites").at(0).at("id")));
  EXPECT_EQ(codes_of(cancelling(k_website, their_site)), Codes{1048});
  EXPECT_EQ(codes_of(cancelling(k_organiser, their_id())), Codes{1048});
  const Id access =
      *id_from_string(text(theirs.at("websites").at(0).at("accesses").at(0).at("id")));
  EXPECT_EQ(codes_of(cancelling(k_access, access)), (Codes{1047, 1025}));
}

TEST_F(Refused, Cancellations) {
  expect(cancelling(k_website, our_site()),
         {{"no reason of the list", {1026}, [](Upload& u) { u.cancellations[0].reason = 99; }},
          {"unknown website", {1059}, [](Upload& u) { u.cancellations[0].record = 42; }},
          {"unknown organiser",
           {1058},
           [](Upload& u) {
             u.cancellations[0] = {k_organiser, 42, 1, "", ""};
           }},
          {"unknown access",
           {1016},
           [](Upload& u) {
             u.cancellations[0] = {k_access, 42, 1, "", ""};
           }},
          {"the only access", {1025}, [&](Upload& u) {
             u.cancellations[0] = {k_access, our_access(), 1, "", ""};
           }}});
  EXPECT_EQ(codes_of(cancelling(k_website, our_site())), Codes{1030});
  EXPECT_EQ(codes_of(cancelling(k_organiser, our_id())), Codes{1043});
  EXPECT_EQ(codes_of(cancelling(k_website, our_site(1))), Codes{});  // another one is free to go
}

TEST_F(Refused, WhileTheOrganiserIsBeingCancelled) {
  EXPECT_EQ(codes_of(cancelling(k_organiser, our_id())), Codes{});
  EXPECT_EQ(codes_of(cancelling(k_organiser, our_id())), Codes{1027});
  EXPECT_EQ(codes_of(cancelling(k_website, our_site())), Codes{1042});
  EXPECT_EQ(codes_of(with(more())), Codes{1052});
  EXPECT_EQ(codes_of(with(change())), Codes{1052});
}

TEST_F(Refused, LeavingAnAccessTwice) {
  EXPECT_EQ(codes_of(with(another_access())), Codes{});
  const auto access = passed().at(1).published.at(0).websites.at(0).accesses.at(1).bureau_id;
  EXPECT_EQ(codes_of(cancelling(k_access, access)), Codes{});
  EXPECT_EQ(codes_of(cancelling(k_access, access)), Codes{1032});
}

TEST_F(Refused, WhileAnotherProvidersOrderIsInFlight) {
  const auto rival = sandbox_->provider("zj", 220000000333, "另一接入商");
  const auto self = account_;
  account_ = rival;
  auto one = more("rival.example.cn", 9000);
  one.websites[0].accesses[0].ips[0] = {9009, 0, 1778530000, 1778530000};
  EXPECT_EQ(codes_of(with(one)), Codes{});
  account_ = self;
  EXPECT_EQ(codes_of(with(more())), Codes{1003});
  EXPECT_EQ(codes_of(with(change())), Codes{1003});
}

TEST_F(Refused, Material) {
  Upload right;
  right.materials = {{1, 1, 1, our_id(), bureau::sample::jpeg(), "", ""}};
  const std::vector<Case> cases = {
      {"unknown organiser", {1058}, [](Upload& u) { u.materials[0].owner_id = 42; }},
      {"unknown number",
       {1016},
       [](Upload& u) {
         u.materials[0].owner_id = 0;
         u.materials[0].owner_number = "浙ICP备1号";
       }},
      {"another provider's", {1048}, [&](Upload& u) { u.materials[0].owner_id = their_id(); }},
      {"a manager's certificate for the organiser",
       {1061},
       [](Upload& u) { u.materials[0].purpose = 4; }},
      {"a format that is none", {1056}, [](Upload& u) { u.materials[0].format = 3; }},
      {"a purpose that is none", {1057}, [](Upload& u) { u.materials[0].purpose = 6; }},
      {"no picture", {5010}, [](Upload& u) { u.materials[0].bytes = "<html>"; }}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    auto upload = right;
    one.change(upload);
    EXPECT_EQ(codes_of(upload), one.codes);
  }
  EXPECT_EQ(codes_of(right), Codes{1060});
}

// ---- the era of filing passwords ----

class PasswordEra : public Filed {
 protected:
  PasswordEra() {
    set(R"({"filing_passwords":true,"password_tries":2})");
    theirs = plant("password.example.cn");
    password = text(theirs.at("filing_password"));
  }
  std::string password;
};

TEST_F(PasswordEra, AnOrderNeedsTheRightPassword) {
  auto access = another_access();
  access.password_hash = bureau::filing_password_hash("wrong");
  EXPECT_EQ(codes_of(with(access)), Codes{1018});
  auto site = more();
  site.organiser_number = their_number();
  EXPECT_EQ(codes_of(with(site)), Codes{1018});  // none at all
  // Wrong ones in uploads count for the limit of the question, too.
  EXPECT_EQ(client().verify_password(their_number(), password).msg_code, 22);
  access.password_hash = to_lower_ascii(bureau::filing_password_hash(password));
  EXPECT_EQ(codes_of(with(access)), Codes{});
}

TEST_F(PasswordEra, FilingsOfTheTimeBeforeNeedNone) { EXPECT_EQ(codes_of(with(more())), Codes{}); }

// ---- what officers do of their own accord ----

TEST_F(Filed, ForcedCancellationTellsEverybodyAndEndsOrders) {
  EXPECT_EQ(codes_of(with(change())), Codes{});
  post("registry/" + std::to_string(our_id()) + "/cancel", R"({"reason":"违规"})");
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].results.at(0).codes.at(0).code, 1002);
  EXPECT_EQ(files[0].results[0].codes.at(1).code, 1049);
  EXPECT_EQ(files[1].cancelled.at(0).record, our_id());
  EXPECT_EQ(files[1].cancelled[0].remark, "违规");
  EXPECT_EQ(console("POST", "registry/" + std::to_string(our_id()) + "/cancel", "{}").status, 409);
}

TEST_F(Filed, AChangeFromOutsideArrivesAsAPublication) {
  post("registry/" + std::to_string(our_id()) + "/change",
       R"({"name":"更名有限公司","mobile":"13000000007"})");
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].published.at(0).organiser.name, "更名有限公司");
  EXPECT_EQ(files[0].published[0].organiser.isp_id, 1001);
  EXPECT_EQ(console("POST", "registry/" + std::to_string(our_id()) + "/change",
                    R"({"mobile":"02345678901"})")
                .status,
            422);
}

TEST_F(Filed, ASeedThatTheRulesForbidIsRefusedInWords) {
  const auto response =
      console("POST", "registry", R"({"province":"zj","websites":[{"domain":"example.cn"}]})");
  EXPECT_EQ(response.status, 422);
  EXPECT_NE(response.body.find("1005"), std::string::npos);
  EXPECT_EQ(console("POST", "registry", R"({"province":"zj","websites":[]})").status, 422);
  EXPECT_EQ(console("POST", "registry", R"({"province":"xx","websites":[]})").status, 404);
  // What cannot be written in GBK is refused, not kept half.
  EXPECT_EQ(
      console("POST", "registry",
              R"({"province":"zj","name":"𠮷野有限公司","websites":[{"domain":"b.example.cn"}]})")
          .status,
      422);
  EXPECT_FALSE(client().query_status(0, "b.example.cn").filed);
  EXPECT_EQ(console("POST", "registry", R"({"province":"zj","websites":[1]})").status, 422);
  EXPECT_EQ(console("POST", "registry", "[").status, 400);
}

TEST_F(Filed, EverythingSentBackValidatesAgainstTheSchema) {
  BEIAN_NEEDS_XSD();
  Upload all;
  all.new_websites = {more()};
  all.new_accesses = {another_access()};
  all.changes = {change()};
  all.cancellations = {{k_website, our_site(1), 1, "", ""}};
  send_upload(all);
  while (!first_order().empty()) post("orders/" + first_order() + "/pass", R"({"opinion":"通过"})");
  post("registry/" + std::to_string(our_id()) + "/cancel", "{}");
  std::vector<std::string> documents;
  const auto from = client();
  for (auto answer = from.download(); answer.file; answer = from.download()) {
    documents.push_back(answer.file->xml);
    EXPECT_TRUE(from.acknowledge(answer.file->name).answered(0));
  }
  EXPECT_GT(documents.size(), 7u);
  for (const auto& verdict : bureau::xsd::validate(documents, bureau::xsd::k_download)) {
    EXPECT_TRUE(verdict.valid) << verdict.words;
  }
}

}  // namespace
}  // namespace beian::sandbox
