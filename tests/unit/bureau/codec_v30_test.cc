#include "bureau/codec_v30.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <random>

#include "bureau/gbk.h"
#include "bureau/schema_v30.h"
#include "unit/bureau/sample.h"
#include "unit/bureau/xsd.h"

namespace beian::bureau {
namespace {

std::string encoded(const Upload& upload) {
  auto result = v30::encode(upload);
  EXPECT_TRUE(result.problems.empty()) << result.problems.at(0).field;
  return result.xml;
}

// What the decoder cannot know: keys are never sent.
NewFiling without_keys(NewFiling filing) {
  for (auto& website : filing.websites) website.key.clear();
  return filing;
}

// Variants over everything the form can produce: natures with each of their certificates, one to
// five sites, several domains, accesses and ranges, approvals with scans, absent optional parts.
std::vector<NewFiling> variants() {
  const std::vector<std::pair<std::int64_t, std::vector<std::int64_t>>> natures = {
      {1, {5, 23}},
      {2, {9, 13}},
      {3, {3, 4, 15}},
      {4, {1, 12, 27}},
      {5, {2, 7, 8, 11, 14, 30, 41, 42}},
      {6, {6, 10}},
      {9, {16, 17, 36, 37}},
      {10, {18, 19}},
      {11, {20, 21}},
      {12, {22, 34, 40}},
      {13, {24}},
      {14, {28}},
      {15, {25}},
      {16, {35}},
      {17, {38}},
      {18, {39}},
      {19, {43}},
      {20, {44}}};
  std::mt19937 random(20261123);
  const auto coin = [&] { return random() % 2 == 0; };
  std::vector<NewFiling> all;
  Id next = 3'000'000'000'000'000'000;
  for (const auto& [nature, certificates] : natures) {
    for (const auto certificate : certificates) {
      NewFiling filing = sample::filing(next, "example.cn");
      next += 100000;
      filing.organiser.nature = nature;
      filing.organiser.certificate.type = certificate;
      if (nature == 5 && coin()) {
        filing.organiser.nature.reset();
        filing.organiser.principal.name.clear();
        filing.organiser.principal.office_phone.clear();
      }
      if (coin()) filing.organiser.address.county.reset();
      if (coin()) filing.organiser.investor.clear();
      if (coin()) filing.organiser.remark = "备注：<&>\"' 100%";
      if (coin()) filing.organiser.principal.certificate_type.reset();
      if (coin()) filing.organiser.principal.qq = "10000";
      filing.websites.clear();
      const auto sites = 1 + random() % 5;
      for (unsigned i = 0; i < sites; ++i) {
        auto site = sample::website(next, "site" + std::to_string(i) + ".example.cn");
        next += 1000;
        if (coin()) site.domains.push_back(Domain{next++, 0, "第二.example.cn"});
        if (coin()) site.accesses[0].ips.push_back(IpRange{next++, 0, 1, 4294967295u});
        if (coin()) {
          auto more = site.accesses[0];
          more.isp_id = next++;
          more.ips = {IpRange{next++, 0, 3232235521u, 3232235777u}};
          more.locations = {2, 34};
          more.methods = {1, 5};
          site.accesses.push_back(more);
        }
        if (coin()) site.approvals = {Approval{1, "新闻2026-1", {sample::jpeg(), sample::jpeg()}}};
        if (coin()) site.approvals.push_back(Approval{5, "药2", {sample::jpeg()}});
        if (coin()) site.services = {1, 8, 33};
        if (coin()) site.languages = {1, 2, 12};
        if (coin()) site.home_url.clear();
        if (coin()) site.manager.office_phone.clear();
        if (coin()) site.remark = std::string(1024, 'b');
        filing.websites.push_back(site);
      }
      if (coin()) filing.attachments.clear();
      all.push_back(filing);
    }
  }
  return all;
}

TEST(CodecUpload, EveryVariantValidatesAgainstTheSchemaAndComesBackWhole) {
  std::vector<std::string> documents;
  for (const auto& filing : variants()) {
    const auto xml = encoded(sample::upload(filing));
    const auto back = v30::decode_upload(xml);
    ASSERT_FALSE(back.fault.has_value()) << back.fault->what;
    ASSERT_EQ(back.value.new_filings.size(), 1u);
    EXPECT_EQ(back.value.new_filings[0], without_keys(filing));
    EXPECT_EQ(back.value.unit, 110000000211);
    const auto faults = v30::check_upload_schema(xml);
    EXPECT_TRUE(faults.empty()) << faults[0].path << ": " << faults[0].what;
    documents.push_back(xml);
  }
  EXPECT_GE(documents.size(), 38u);
  BEIAN_NEEDS_XSD();
  for (const auto& verdict : xsd::validate(documents, xsd::k_upload)) {
    EXPECT_TRUE(verdict.valid) << verdict.words;
  }
}

TEST(CodecUpload, ManyFilingsInOneFile) {
  Upload upload;
  upload.unit = 1;
  upload.new_filings = variants();
  const auto xml = encoded(upload);
  EXPECT_EQ(v30::decode_upload(xml).value.new_filings.size(), upload.new_filings.size());
  EXPECT_TRUE(v30::check_upload_schema(xml).empty());
}

// The example of the interface notes, written by hand: what others write must be readable.
TEST(CodecUpload, ReadsTheGoldenExample) {
  const std::string utf8 =
      "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<UploadData version=\"V.3.0\"><ICP><XZBA><Baxx>\n"
      " <Zt_xx><IspZtid>1001</IspZtid><Dwmc>示例有限公司</Dwmc><Dwxz>4</Dwxz><Tzr>示例投资人</"
      "Tzr>\n"
      "  <Txdz><Shengid>330000</Shengid><Shiid>330100</Shiid><Xianid>330106</Xianid>"
      "<Xxdz>示例路1号</Xxdz></Txdz>\n"
      "  <Zj><Zjlx>1</Zjlx><Zjhm>91330100TEST000001</Zjhm><Zjzs>示例路1号</Zjzs></Zj>\n"
      "  <Fzr><Fzr_xm>测试甲</Fzr_xm><Fzr_dhhm>0571-00000000</Fzr_dhhm>"
      "<Fzr_sjhm>13000000000</Fzr_sjhm><Fzr_dzyj>a@example.com</Fzr_dzyj>"
      "<Fzr_zjlx>2</Fzr_zjlx><Fzr_zjhm>TEST</Fzr_zjhm></Fzr><Bbfs>1</Bbfs></Zt_xx>\n"
      " <Wz_xx><IspWzid>2001</IspWzid><Wzmc>示例公司官网</Wzmc><Fwnr><Fwnr_id>8</Fwnr_id></Fwnr>"
      "<Yylb><Yylb_id>1</Yylb_id></Yylb><Ym_xx><IspYmid>3001</IspYmid><Ym>example.cn</Ym></Ym_xx>\n"
      "  <Jr_xx><IspJrid>4001</IspJrid><Wzfb><Fbdd>34</Fbdd></Wzfb><Wzjrfs><Jrfs>3</Jrfs></Wzjrfs>"
      "<Ip_xx><IspIpid>5001</IspIpid><Qsip>1778528257</Qsip><Zzip>1778528257</Zzip></Ip_xx></Jr_xx>"
      "<Wz_Fzr><Fzr_xm>测试甲</Fzr_xm><Fzr_sjhm>13000000000</Fzr_sjhm>"
      "<Fzr_dzyj>a@example.com</Fzr_dzyj></Wz_Fzr><Syurl>www.example.cn</Syurl></Wz_xx>\n"
      " <Fj><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>1</Fjyt><Fjnr>/9j/\n4A==</Fjnr>"
      "<Fjssdx><Ssdxlx>1</Ssdxlx><Ssdxbs>1001</Ssdxbs></Fjssdx></Fjxx></Fj>\n"
      "</Baxx></XZBA><Qqdwid>110000000211</Qqdwid></ICP></UploadData>";
  const auto xml = to_gbk(utf8).value();
  EXPECT_TRUE(v30::check_upload_schema(xml).empty());
  const auto decoded = v30::decode_upload(xml);
  ASSERT_FALSE(decoded.fault.has_value()) << decoded.fault->what;
  const auto& filing = decoded.value.new_filings.at(0);
  EXPECT_EQ(filing.organiser.isp_id, 1001);
  EXPECT_EQ(filing.organiser.name, "示例有限公司");
  EXPECT_EQ(filing.organiser.address.county, 330106);
  EXPECT_EQ(filing.websites.at(0).domains.at(0).name, "example.cn");
  EXPECT_EQ(filing.websites[0].accesses.at(0).ips.at(0).first, 1778528257u);
  EXPECT_EQ(filing.attachments.at(0).bytes, "\xff\xd8\xff\xe0");
  BEIAN_NEEDS_XSD();
  const auto verdict = xsd::validate({xml}, xsd::k_upload)[0];
  EXPECT_TRUE(verdict.valid) << verdict.words;
}

// ---- the schema's traps, each by name ----

TEST(CodecTrap, EachAttachmentStandsInAnFjOfItsOwn) {
  pugi::xml_document document;
  const auto xml = from_gbk(encoded(sample::upload(sample::filing()))).utf8;
  ASSERT_TRUE(
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8));
  const auto groups = document.select_nodes("/UploadData/ICP/XZBA/Baxx/Fj");
  EXPECT_EQ(groups.size(), 3u);
  for (const auto& group : groups) EXPECT_FALSE(group.node().child("Fjxx").next_sibling("Fjxx"));
}

TEST(CodecTrap, NoApprovalMeansNoNrlxAtAll) {
  EXPECT_EQ(encoded(sample::upload(sample::filing())).find("Nrlx"), std::string::npos);
}

TEST(CodecTrap, AbsentOptionalPartsWriteNoEmptyElement) {
  auto filing = sample::filing();
  filing.organiser.investor.clear();
  filing.organiser.remark.clear();
  filing.websites[0].remark.clear();
  const auto xml = encoded(sample::upload(filing));
  EXPECT_EQ(xml.find("/>"), std::string::npos);
  EXPECT_EQ(xml.find("<Tzr>"), std::string::npos);
  EXPECT_EQ(xml.find("<Msn>"), std::string::npos);
}

TEST(CodecTrap, ZeroIsAValueOfBbfs) {
  auto filing = sample::filing();
  filing.organiser.filed_by_provider = false;
  EXPECT_NE(encoded(sample::upload(filing)).find("<Bbfs>0</Bbfs>"), std::string::npos);
}

TEST(CodecTrap, IdsWiderThan32BitsAndIpsOfTheUpperHalf) {
  auto filing = sample::filing(9'000'000'000'000'000'000);
  filing.websites[0].accesses[0].ips[0].last = 4294967295u;
  const auto back = v30::decode_upload(encoded(sample::upload(filing))).value;
  EXPECT_EQ(back.new_filings[0].organiser.isp_id, 9'000'000'000'000'000'000);
  EXPECT_EQ(back.new_filings[0].websites[0].accesses[0].ips[0].last, 4294967295u);
}

TEST(CodecTrap, ShjgOneIsPassedAndZeroIsRefused) {
  const auto with = [](const std::string& value) {
    return v30::decode_download(
        "<DownloadData version=\"V.3.0\"><ICP><BAJG><GJSHS><Gjsh>"
        "<Shsj>2026-11-23</Shsj><Shjg>" +
        value + "</Shjg></Gjsh></GJSHS></BAJG></ICP></DownloadData>");
  };
  EXPECT_TRUE(with("1").value.decisions.at(0).passed);
  EXPECT_FALSE(with("0").value.decisions.at(0).passed);
  EXPECT_FALSE(with("0").fault.has_value());
  EXPECT_TRUE(with("2").fault.has_value());
  EXPECT_TRUE(with("").fault.has_value());
}

TEST(CodecTrap, TheVersionIsWrittenWithADotAfterTheV) {
  EXPECT_NE(encoded(sample::upload(sample::filing())).find("version=\"V.3.0\""), std::string::npos);
  EXPECT_EQ(v30::decode_upload("<UploadData version=\"V3.0\"/>").fault->code, 5004);
  EXPECT_EQ(v30::decode_upload("<UploadData/>").fault->code, 5004);
}

// ---- characters ----

TEST(CodecCharacters, TheFieldAndTheCharacterAreNamed) {
  auto filing = sample::filing();
  filing.organiser.principal.name = "王䶮";
  filing.organiser.name = "吉野家𠮷𠮷";
  filing.websites[0].remark = "好😀";
  filing.websites[0].manager.name = "李㐂";
  filing.organiser.remark = std::string(
      "a\x01"
      "b");
  const auto result = v30::encode(sample::upload(filing));
  EXPECT_TRUE(result.xml.empty());
  std::map<std::string, std::string> found;
  for (const auto& problem : result.problems) {
    EXPECT_EQ(problem.code, "gbk_unencodable");
    found[problem.field] = problem.params.at("characters");
  }
  const std::map<std::string, std::string> expected = {{"organiser.name", "𠮷"},
                                                       {"organiser.remark", "U+0001"},
                                                       {"principal.name", "䶮"},
                                                       {"sites.s1.manager.name", "㐂"},
                                                       {"sites.s1.remark", "😀"}};
  EXPECT_EQ(found, expected);
}

TEST(CodecCharacters, AFileThatIsNotGbkIsAFaultForTheBureau) {
  auto xml = encoded(sample::upload(sample::filing()));
  xml.insert(xml.find("<Dwmc>") + 6, "\xff");
  EXPECT_EQ(v30::decode_upload(xml).fault->code, 5008);
}

TEST(CodecCharacters, ADamagedCharacterDoesNotBlockADownload) {
  const auto decoded = v30::decode_download(
      "<DownloadData version=\"V.3.0\"><ICP><BAJG><Jg_xx><Jgxx><Jgdm>1002</Jgdm><Dmms>\xff\xd5\xe3"
      "</Dmms></Jgxx><Czlx>1</Czlx><Bs>1001</Bs></Jg_xx></BAJG></ICP></DownloadData>");
  ASSERT_FALSE(decoded.fault.has_value());
  EXPECT_EQ(decoded.value.results.at(0).codes.at(0).text, "\xef\xbf\xbd浙");
}

// ---- downloads ----

Download sample_download() {
  Download download;
  download.results = {
      Result{{ResultCode{1001, "管局审核通过"}}, 1, "1001", ""},
      Result{{ResultCode{1005, "域名冲突"}, ResultCode{1011, "无效手机号码"}, ResultCode{1041, ""}},
             1,
             "1002",
             "备注"}};
  download.decisions = {
      Decision{"审核员", "0571-00000000", "2026-11-23", "通过", true, 1, 1001},
      Decision{"", "", "2026-11-23 10:00:00", "照片不清", false, std::nullopt, 0}};
  PublishedFiling filing;
  const auto source = sample::filing();
  filing.organiser = source.organiser;
  filing.organiser.publication = {880000000001, "浙ICP备2026000001号", "2026-11-02", "2026-11-23"};
  filing.organiser.paper_serial = "ZS0001";
  filing.organiser.reviewer = "审核员";
  filing.organiser.reviewed = "2026-11-23";
  filing.websites = source.websites;
  auto& site = filing.websites[0];
  site.key.clear();
  site.publication = {990000000001, "浙ICP备2026000001号-1", "2026-11-02", "2026-11-23"};
  site.domains[0].bureau_id = 770000000001;
  site.accesses[0].bureau_id = 660000000001;
  site.accesses[0].provider = 110000000211;
  site.accesses[0].ips[0].bureau_id = 550000000001;
  download.published = {filing};
  return download;
}

TEST(CodecDownload, ResultsAndPublicationValidateAndComeBackWhole) {
  const auto download = sample_download();
  const auto result = v30::encode(download);
  ASSERT_TRUE(result.problems.empty());
  const auto back = v30::decode_download(result.xml);
  ASSERT_FALSE(back.fault.has_value()) << back.fault->what;
  EXPECT_EQ(back.value, download);
  BEIAN_NEEDS_XSD();
  const auto verdict = xsd::validate({result.xml}, xsd::k_download)[0];
  EXPECT_TRUE(verdict.valid) << verdict.words;
}

TEST(CodecDownload, UnknownGroupsAreKeptNotDropped) {
  const auto xml =
      to_gbk(
          "<DownloadData version=\"V.3.0\"><ICP><XLZ><Xx><Lb>0</Lb>"
          "<Bz>新的类别&#13;两行</Bz></Xx></XLZ><BAJG><Jg_xx><Jgxx><Jgdm>1060</Jgdm></Jgxx>"
          "<Czlx>35</Czlx></Jg_xx></BAJG></ICP><APP><Sj/></APP>"
          "<JCDM><Jcdm_xx><Cjm_dms><Cjm/></Cjm_dms></Jcdm_xx></JCDM></DownloadData>")
          .value();
  const auto decoded = v30::decode_download(xml);
  ASSERT_FALSE(decoded.fault.has_value());
  ASSERT_EQ(decoded.value.others.size(), 3u);
  EXPECT_EQ(decoded.value.others[0].name, "ICP/XLZ");
  EXPECT_NE(decoded.value.others[0].xml.find("新的类别"), std::string::npos);
  EXPECT_EQ(decoded.value.others[1].name, "JCDM/Jcdm_xx/Cjm_dms");
  EXPECT_EQ(decoded.value.others[2].name, "APP");
  EXPECT_EQ(decoded.value.results.at(0).operation, 35);
  // … and survive being written again.
  EXPECT_EQ(v30::decode_download(v30::encode(decoded.value).xml).value, decoded.value);
}

TEST(CodecDownload, RefusalWithThreeCodesAndNoDecision) {
  const auto decoded = v30::decode_download(
      "<DownloadData version=\"V.3.0\"><ICP><BAJG><Jg_xx><Jgxx><Jgdm>1005</Jgdm></Jgxx>"
      "<Jgxx><Jgdm>1011</Jgdm></Jgxx><Jgxx><Jgdm>1015</Jgdm></Jgxx><Czlx>1</Czlx><Bs>7</Bs>"
      "</Jg_xx></BAJG></ICP></DownloadData>");
  ASSERT_EQ(decoded.value.results.at(0).codes.size(), 3u);
  EXPECT_TRUE(decoded.value.decisions.empty());
}

// ---- hostile input ----

TEST(CodecBounds, ADocumentTypeIsRefused) {
  const auto decoded = v30::decode_download(
      "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><DownloadData version=\"V.3.0\"/>");
  ASSERT_TRUE(decoded.fault.has_value());
  EXPECT_EQ(decoded.fault->code, 5001);
}

TEST(CodecBounds, DepthIsLimited) {
  std::string deep = "<DownloadData version=\"V.3.0\">";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_NE(v30::decode_download(deep).fault->what.find("deep"), std::string::npos);
}

TEST(CodecBounds, NumberOfElementsAndAttributesIsLimited) {
  std::string wide = "<DownloadData version=\"V.3.0\">";
  for (int i = 0; i < 1'000'001; ++i) wide += "<a/>";
  EXPECT_NE(v30::decode_download(wide + "</DownloadData>").fault->what.find("elements"),
            std::string::npos);
  std::string attributes = "<DownloadData version=\"V.3.0\" ";
  for (int i = 0; i < 1'000'001; ++i) attributes += "a='' ";
  EXPECT_NE(v30::decode_download(attributes + "/>").fault->what.find("too long"),
            std::string::npos);
}

TEST(CodecBounds, AHugeAttributeIsRefused) {
  const std::string huge =
      "<DownloadData version=\"V.3.0\" a='" + std::string(40u << 20, 'a') + "'/>";
  EXPECT_NE(v30::decode_download(huge).fault->what.find("too long"), std::string::npos);
  EXPECT_NE(v30::decode_upload("<" + std::string(1u << 20, 'a')).fault->what.find("too long"),
            std::string::npos);
}

TEST(CodecBounds, EntitiesThatGrowAreRefusedWithTheirDocumentType) {
  std::string laughs = "<!DOCTYPE x [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    laughs += fmt::format("<!ENTITY a{} \"&a{};&a{};\">", i, i - 1, i - 1);
  }
  laughs += "]><DownloadData version=\"V.3.0\"><ICP><XGTZ>&a29;</XGTZ></ICP></DownloadData>";
  EXPECT_EQ(v30::decode_download(laughs).fault->code, 5001);
}

// A group of a million elements is read once, not once for each name it might have.
TEST(CodecBounds, ManyRecordsOfOneKindAreReadInLinearTime) {
  std::string many = "<DownloadData version=\"V.3.0\"><ICP><XGTZ>";
  for (int i = 0; i < 400'000; ++i) many += "<Tzxx/>";
  many += "</XGTZ></ICP></DownloadData>";
  const auto decoded = v30::decode_download(many);
  ASSERT_FALSE(decoded.fault.has_value());
  EXPECT_EQ(decoded.value.notices.size(), 400'000u);
}

TEST(CodecBounds, GarbageIsAFaultNotACrash) {
  for (const std::string& garbage :
       {std::string(), std::string("<"), std::string("<html><body>503</body></html>"),
        std::string("\0\0\0\0", 4), std::string("<UploadData"), std::string("<!--"),
        std::string("<DownloadData version=\"V.3.0\"><ICP></DownloadData>")}) {
    EXPECT_TRUE(v30::decode_download(garbage).fault.has_value());
    EXPECT_TRUE(v30::decode_upload(garbage).fault.has_value());
  }
}

TEST(CodecBounds, ANumberThatIsNoneIsNamedByItsPath) {
  const auto decoded = v30::decode_download(
      "<DownloadData version=\"V.3.0\"><ICP><BAJG><Jg_xx><Jgxx><Jgdm>12x</Jgdm></Jgxx></Jg_xx>"
      "</BAJG></ICP></DownloadData>");
  EXPECT_EQ(decoded.fault->where, "DownloadData/ICP/BAJG/Jg_xx/Jgxx/Jgdm");
}

}  // namespace
}  // namespace beian::bureau
