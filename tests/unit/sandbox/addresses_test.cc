// IP filing and domain filing: one rule, one code.
#include <gtest/gtest.h>

#include <functional>

#include "unit/bureau/xsd.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::IpAllocation;
using bureau::IpSource;
using bureau::Upload;
using Codes = std::vector<std::int64_t>;

constexpr Id k_unit = 990000000014;            // of data/sandbox/codes.json
constexpr Id k_carrier = 990000000011;         // a group that may report announcements
constexpr std::uint32_t k_first = 1778528256;  // 106.2.48.0

bureau::IpUse use() {
  bureau::IpUse use;
  use.method = 1;
  use.since = "2026-01-01";
  use.unit_name = "示例用户";
  use.nature = 4;
  use.address = {330000, 330100, std::nullopt, "示例路1号"};
  use.contact_name = "测试甲";
  use.contact_phone = "0571-00000000";
  use.contact_email = "a@example.com";
  use.gateway = k_first + 1;
  use.gateway_place = "机房";
  return use;
}
IpSource source(Id id = 1, std::uint32_t first = k_first, std::uint32_t last = k_first + 255) {
  IpSource one;
  one.ids.isp_id = id;
  one.first = first;
  one.last = last;
  one.source_unit = k_unit;
  return one;
}
IpAllocation allocation(Id id = 11, std::uint32_t first = k_first,
                        std::uint32_t last = k_first + 9) {
  IpAllocation one;
  one.ids.isp_id = id;
  one.first = first;
  one.last = last;
  one.state = 1;
  one.use = use();
  return one;
}

class Addresses : public SandboxTest {
 protected:
  // The answer of the IP branch to one upload.
  bureau::IpDownload file(const std::function<void(bureau::IpUpload&)>& fill) {
    Upload upload;
    fill(upload.ip);
    static_cast<void>(fetch_all());
    send_upload(upload);
    bureau::IpDownload answer;
    for (auto& download : fetch_all()) {
      if (!download.ip.empty()) answer = std::move(download.ip);
    }
    return answer;
  }
  static Codes codes(const std::vector<bureau::IpResult>& results) {
    Codes all;
    for (const auto& result : results) {
      for (const auto& code : result.codes) all.push_back(code.code);
    }
    return all;
  }
  Codes add(const IpSource& one) {
    return codes(file([&](auto& ip) { ip.added.sources = {one}; }).sources);
  }
  Codes add(const IpAllocation& one) {
    return codes(file([&](auto& ip) { ip.added.allocations = {one}; }).allocations);
  }
  Codes add(const bureau::OwnIps& one) {
    return codes(file([&](auto& ip) { ip.added.own = {one}; }).own);
  }
};

TEST_F(Addresses, SourcesComeBeforeAllocations) {
  EXPECT_EQ(add(allocation()), Codes{2005});
  const auto answer = file([](auto& ip) {
    ip.added.sources = {source()};
    ip.added.allocations = {allocation(), allocation(12, k_first + 250, k_first + 300)};
  });
  EXPECT_EQ(codes(answer.sources), Codes{2998});
  EXPECT_GT(answer.sources.at(0).bureau_id, Id{1} << 32);
  EXPECT_EQ(answer.sources[0].isp_id, 1);
  EXPECT_EQ(codes(answer.allocations), (Codes{2998, 2005}));
  EXPECT_EQ(answer.allocations.at(1).bureau_id, 0);
  // Two sources side by side may carry one allocation.
  EXPECT_EQ(add(source(2, k_first + 256, k_first + 300)), Codes{2998});
  EXPECT_EQ(add(allocation(13, k_first + 250, k_first + 300)), Codes{2998});
}

TEST_F(Addresses, WhatASourceIsRefusedFor) {
  EXPECT_EQ(add(source()), Codes{2998});
  EXPECT_EQ(add(source()), (Codes{2049, 2003}));
  EXPECT_EQ(add(source(2, k_first + 300, k_first + 290)), Codes{2002});
  auto self = source(3, k_first + 300, k_first + 310);
  self.source_unit = k_isp;
  EXPECT_EQ(add(self), Codes{2052});
  self.source_unit = 42;
  EXPECT_EQ(add(self), Codes{2029});
  const auto answer =
      file([](auto& ip) { ip.added.sources = {source(4, k_first + 255, k_first + 400)}; });
  ASSERT_EQ(codes(answer.sources), Codes{2003});
  const auto& related = answer.sources.at(0).codes.at(0).related.at(0);
  EXPECT_EQ(related.isp_id, 1);
  EXPECT_EQ(related.first, k_first);
  // Another provider with the same addresses is told of a conflict, not of our ids.
  account_ = sandbox_->provider("zj", 220000000333, "另一接入商");
  const auto theirs = file([](auto& ip) { ip.added.sources = {source()}; });
  EXPECT_EQ(codes(theirs.sources), Codes{2056});
  EXPECT_EQ(theirs.sources.at(0).codes.at(0).related.at(0).isp_id, 0);
}

TEST_F(Addresses, WhatAnAllocationIsRefusedFor) {
  EXPECT_EQ(add(source()), Codes{2998});
  struct Case {
    std::int64_t code;
    std::function<void(IpAllocation&)> change;
  };
  const std::vector<Case> cases = {{2030, [](auto& a) { a.use.since = "2026-02-30"; }},
                                   {2032, [](auto& a) { a.use.method.reset(); }},
                                   {2031, [](auto& a) { a.use.unit_name.clear(); }},
                                   {2034, [](auto& a) { a.use.nature.reset(); }},
                                   {2019, [](auto& a) { a.use.nature = 77; }},
                                   {2037,
                                    [](auto& a) {
                                      a.use.address.province = 0;
                                      a.use.address.city.reset();
                                    }},
                                   {2011, [](auto& a) { a.use.address.city = 320100; }},
                                   {2036, [](auto& a) { a.use.address.detail.clear(); }},
                                   {2040, [](auto& a) { a.use.contact_name.clear(); }},
                                   {2039, [](auto& a) { a.use.contact_phone.clear(); }},
                                   {2012, [](auto& a) { a.use.contact_phone = "0571x0000000"; }},
                                   {2042, [](auto& a) { a.use.contact_email.clear(); }},
                                   {2013, [](auto& a) { a.use.contact_email = "nowhere"; }},
                                   {2047, [](auto& a) { a.state = 2; }},
                                   {2048,
                                    [](auto& a) {
                                      a.state = 2;
                                      a.allotted_to = 42;
                                    }},
                                   {2050, [](auto& a) {
                                      a.state = 2;
                                      a.allotted_to = k_isp;
                                    }}};
  for (const auto& one : cases) {
    auto wrong = allocation();
    one.change(wrong);
    const auto codes = add(wrong);
    EXPECT_EQ(codes.at(0), one.code);
  }
  EXPECT_EQ(add(allocation()), Codes{2998});
  EXPECT_EQ(add(allocation(12)), Codes{2003});
}

TEST_F(Addresses, ChangingAndDeleting) {
  const auto filed = file([](auto& ip) {
    ip.added.sources = {source()};
    ip.added.allocations = {allocation()};
  });
  const Id id = filed.allocations.at(0).bureau_id;
  const auto changed = [&](Id record) {
    return codes(file([&](auto& ip) {
                   auto one = allocation(0, k_first, k_first + 20);
                   one.ids = {0, record, 0};
                   ip.changed.allocations = {one};
                 }).allocations);
  };
  EXPECT_EQ(changed(42), Codes{2055});
  EXPECT_EQ(changed(id), Codes{2998});
  const auto self = account_;
  account_ = sandbox_->provider("zj", 220000000333, "另一接入商");
  EXPECT_EQ(changed(id), Codes{2054});
  EXPECT_EQ(codes(file([&](auto& ip) { ip.deleted.allocations = {id}; }).allocations), Codes{2054});
  account_ = self;
  const auto shown = read("ip_library").at("records").as_array();
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].at("last").as_string(), "106.2.48.20");
  EXPECT_EQ(shown[0].at("own_id").as_string(), "11");
  EXPECT_EQ(codes(file([&](auto& ip) { ip.deleted.allocations = {id}; }).allocations), Codes{2998});
  EXPECT_EQ(codes(file([&](auto& ip) { ip.deleted.allocations = {id}; }).allocations), Codes{2055});
}

TEST_F(Addresses, AnnouncementsAreForCarriersOnly) {
  bureau::IpBroadcast one;
  one.ids.isp_id = 31;
  one.broadcaster = k_carrier;
  one.applicant = k_isp;
  one.first = k_first;
  one.last = k_first + 255;
  const auto sent = [&] {
    return codes(file([&](auto& ip) { ip.added.broadcasts = {one}; }).broadcasts);
  };
  EXPECT_EQ(sent(), Codes{2051});
  account_ = sandbox_->provider("zj", k_carrier, "示例电信集团");
  EXPECT_EQ(sent(), Codes{2998});
  one.ids.isp_id = 32;
  EXPECT_EQ(sent(), Codes{2004});
  one.applicant = k_carrier;
  EXPECT_EQ(sent(), (Codes{2053, 2004}));
}

TEST_F(Addresses, FiledAddressesAreTheLibraryThat1063Asks) {
  set(R"({"check_ip_library":true})");
  EXPECT_EQ(codes_for(1, bureau::sample::filing()), Codes{1063});
  EXPECT_EQ(add(source()), Codes{2998});
  auto reserved = allocation();
  reserved.state = 4;
  EXPECT_EQ(add(reserved), Codes{2998});
  Upload upload;
  upload.new_filings = {bureau::sample::filing()};
  EXPECT_EQ(codes_of(upload), Codes{1063});  // kept in reserve is not in use
  EXPECT_EQ(add(allocation(12, k_first + 10, k_first + 20)), Codes{2998});
  auto& ip = upload.new_filings[0].websites[0].accesses[0].ips[0];
  ip.first = ip.last = k_first + 15;
  EXPECT_EQ(codes_of(upload), Codes{});
}

TEST_F(Addresses, CustomersOwnAddresses) {
  bureau::OwnIps one;
  one.ids.isp_id = 21;
  one.first = k_first + 1000;
  one.last = k_first + 1010;
  one.use = use();
  one.use.redirects = false;
  one.source_unit = 42;
  EXPECT_EQ(add(one), Codes{2029});
  one.source_unit = 0;
  one.source_name = "某单位";
  EXPECT_EQ(add(one), Codes{2998});
}

TEST_F(Addresses, SynchronisationBringsThemBackWithBothIds) {
  EXPECT_EQ(add(source()), Codes{2998});
  EXPECT_EQ(add(allocation()), Codes{2998});
  post("synchronise", R"({"province":"zj","isp_id":"110000000211","what":"ips"})");
  const auto ips = fetch_all().at(0).synchronisation.ips;
  EXPECT_EQ(ips.sources.at(0).ids.isp_id, 1);
  EXPECT_GT(ips.sources[0].ids.bureau_id, 0);
  EXPECT_EQ(ips.sources[0].ids.reporter, k_isp);
  EXPECT_EQ(ips.allocations.at(0).use.unit_name, "示例用户");
}

// ---- domains ----

bureau::DomainRecord domain(const std::string& name = "registered.example.cn", Id id = 1) {
  bureau::DomainRecord one;
  one.isp_id = id;
  one.name = name;
  one.kind = 1;
  one.registered = "2020-01-01";
  one.registrant = {"示例用户", "示例单位",      "示例路1号",    330000,
                    330100,     "a@example.com", "0571-00000000"};
  one.administrator = one.registrant;
  one.registrar = "示例注册商";
  one.name_servers = "ns1.example.cn";
  one.expires = "2030-01-01";
  return one;
}

class Domains : public SandboxTest {
 protected:
  Codes file(const bureau::DomainUpload& domains) {
    Upload upload;
    upload.domains = domains;
    static_cast<void>(fetch_all());
    send_upload(upload);
    Codes all;
    for (const auto& download : fetch_all()) {
      for (const auto& result : download.domain_results) {
        for (const auto& code : result.codes) all.push_back(code.code);
        if (result.bureau_id != 0) id = result.bureau_id;
      }
      for (const auto& result : download.results) {
        for (const auto& code : result.codes) all.push_back(code.code);
      }
    }
    return all;
  }
  void become_a_registry() {
    post("providers", R"({"province":"zj","isp_id":"110000000211","role":"domain"})");
  }
  Id id = 0;
};

TEST_F(Domains, AccessProvidersMayNotFileThem) {
  EXPECT_EQ(file({{domain()}, {}, {}}), Codes{3036});
  become_a_registry();
  EXPECT_EQ(file({{domain()}, {}, {}}), Codes{3998});
  // And a registry may file nothing else.
  Upload upload;
  upload.new_filings = {bureau::sample::filing()};
  EXPECT_EQ(codes_of(upload), Codes{5009});
}

TEST_F(Domains, WhatTheyAreRefusedFor) {
  become_a_registry();
  EXPECT_EQ(file({{domain()}, {}, {}}), Codes{3998});
  EXPECT_EQ(file({{domain()}, {}, {}}), Codes{3999});
  struct Case {
    std::int64_t code;
    std::function<void(bureau::DomainRecord&)> change;
  };
  const std::vector<Case> cases = {{3001, [](auto& d) { d.kind = 99; }},
                                   {3031, [](auto& d) { d.registered = "2020-13-01"; }},
                                   {3035, [](auto& d) { d.registered = "2027-01-01"; }},
                                   {3032, [](auto& d) { d.expires = "2030-00-01"; }},
                                   {3004, [](auto& d) { d.expires = "2026-11-24"; }},
                                   {3028, [](auto& d) { d.registrant.city = 320100; }},
                                   {3029, [](auto& d) { d.administrator.city = 320100; }},
                                   {3013, [](auto& d) { d.registrant.email = "nowhere"; }},
                                   {3022, [](auto& d) { d.administrator.email = "nowhere"; }},
                                   {3015, [](auto& d) { d.registrant.phone = "0571x0000000"; }},
                                   {3024, [](auto& d) { d.administrator.phone = "0571x0000000"; }}};
  for (const auto& one : cases) {
    auto wrong = domain("other.example.cn", 2);
    one.change(wrong);
    EXPECT_EQ(file({{wrong}, {}, {}}), Codes{one.code});
  }
}

TEST_F(Domains, ChangingAndDeletingByIdOrName) {
  become_a_registry();
  EXPECT_EQ(file({{domain()}, {}, {}}), Codes{3998});
  auto changed = domain();
  changed.bureau_id = id;
  changed.registrant.name = "新用户";
  EXPECT_EQ(file({{}, {changed}, {}}), Codes{3998});
  EXPECT_EQ(read("domains").at("domains").at(0).at("registrant").as_string(), "新用户");
  const auto self = account_;
  account_ = sandbox_->provider("zj", 220000000333, "另一单位");
  post("providers", R"({"province":"zj","isp_id":"220000000333","role":"domain"})");
  EXPECT_EQ(file({{}, {changed}, {}}), Codes{3037});
  account_ = self;
  EXPECT_EQ(file({{}, {}, {{0, "registered.example.cn"}}}), Codes{3998});
  EXPECT_EQ(file({{}, {}, {{id, ""}}}), Codes{3999});
}

}  // namespace
}  // namespace beian::sandbox
