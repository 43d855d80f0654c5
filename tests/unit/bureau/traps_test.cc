// The traps of the ministry's text and schemas, each by name, in the messages beyond the first
// filing (codec_v30_test.cc has that one's).
#include <gtest/gtest.h>

#include <set>

#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "bureau/methods.h"
#include "bureau/schema_v30.h"
#include "unit/bureau/generate.h"
#include "unit/bureau/sample.h"
#include "unit/bureau/xsd.h"

namespace beian::bureau {
namespace {

std::string written(const Upload& upload) {
  auto result = v30::encode(upload);
  EXPECT_TRUE(result.problems.empty());
  return from_gbk(result.xml).utf8;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<SchemaFault> faults_of(const Upload& upload) {
  return v30::check_upload_schema(v30::encode(upload).xml);
}

Change change() {
  const auto filing = sample::filing();
  Change change;
  change.organiser = filing.organiser;
  change.organiser.publication = {880000000001, "浙ICP备2026000001号", "", ""};
  change.websites = filing.websites;
  auto& site = change.websites[0];
  site.publication = {990000000001, "浙ICP备2026000001号-1", "", ""};
  site.accesses[0].bureau_id = 660000000001;
  return change;
}

VerificationAnswer answer() {
  VerificationAnswer answer;
  answer.verifier = "测试甲";
  answer.verified = "2026-11-28";
  answer.unit = 110000000211;
  answer.opinion = "属实";
  answer.organiser = change().organiser;
  answer.websites = change().websites;
  auto& site = answer.websites[0];
  site.domains[0].bureau_id = 770000000001;
  site.accesses[0].ips[0].bureau_id = 550000000001;
  site.accesses[0].filed_by_provider = true;
  return answer;
}

Upload with(auto Upload::*member, auto record) {
  Upload upload;
  (upload.*member).push_back(std::move(record));
  upload.unit = 110000000211;
  return upload;
}

TEST(Trap, MsgNeedNotBeTheFixed256CharactersOfTheSchema) {
  const auto parsed = parse_upload_return(
      "<return version=\"V.3.0\"><msg_code>0</msg_code><msg>操作成功</msg></return>");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->msg, "操作成功");
  Return value;
  value.msg = "操作成功";
  EXPECT_TRUE(has(to_xml(value), "<msg>操作成功</msg>"));
}

TEST(Trap, SsdxlxIs1Or2InUploadsAnd0Or1InTheDictionary) {
  const auto xml = written(sample::upload(sample::filing()));
  EXPECT_TRUE(has(xml, "<Ssdxlx>1</Ssdxlx>"));
  EXPECT_TRUE(has(xml, "<Ssdxlx>2</Ssdxlx>"));
  EXPECT_FALSE(has(xml, "<Ssdxlx>0</Ssdxlx>"));
  const auto decoded = v30::decode_download(
      "<DownloadData version=\"V.3.0\"><JCDM><Jcdm_xx><Fjytlx_dms><Fjzjlx><Id>2</Id><Mc>a</Mc>"
      "<Ssdxlx>0</Ssdxlx><Sfyx>1</Sfyx></Fjzjlx></Fjytlx_dms></Jcdm_xx></JCDM></DownloadData>");
  ASSERT_FALSE(decoded.fault.has_value());
  const auto& purpose = decoded.value.codes.attachment_purposes.at(0);
  EXPECT_EQ(purpose.owner, 0);  // an organiser, not "absent"
  EXPECT_EQ(v30::decode_download(v30::encode(decoded.value).xml).value, decoded.value);
}

TEST(Trap, AVerificationAnswerCallsTheMobileSjhmAndHasNoLanguages) {
  const auto upload = with(&Upload::verification_answers, answer());
  const auto xml = written(upload);
  EXPECT_TRUE(has(xml, "<sjhm>13000000000</sjhm>"));
  EXPECT_FALSE(has(xml, "Fzr_sjhm"));
  EXPECT_FALSE(has(xml, "Yylb"));
  EXPECT_TRUE(faults_of(upload).empty()) << faults_of(upload)[0].path;
  EXPECT_TRUE(has(written(with(&Upload::changes, change())), "<Fzr_sjhm>"));
}

TEST(Trap, HsjgZeroIsPassed) {
  auto refused = answer();
  refused.passed = false;
  EXPECT_TRUE(has(written(with(&Upload::verification_answers, answer())), "<Hsjg>0</Hsjg>"));
  EXPECT_TRUE(has(written(with(&Upload::verification_answers, refused)), "<Hsjg>1</Hsjg>"));
}

TEST(Trap, AChangeCarriesCertificateTypes1To11Only) {
  auto changed = change();
  changed.organiser.certificate.type = 11;
  EXPECT_TRUE(faults_of(with(&Upload::changes, changed)).empty());
  changed.organiser.certificate.type = 12;
  const auto faults = faults_of(with(&Upload::changes, changed));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faults[0].path.ends_with("BGBA/Bgxx/Zt_xx/Zj/Zjlx")) << faults[0].path;
  auto filing = sample::filing();
  filing.organiser.certificate.type = 12;
  EXPECT_TRUE(faults_of(sample::upload(filing)).empty());
}

TEST(Trap, AChangeNamesAccessesByTheBureausIdOnly) {
  const auto xml = written(with(&Upload::changes, change()));
  EXPECT_TRUE(has(xml, "<Jrid>660000000001</Jrid>"));
  EXPECT_FALSE(has(xml, "IspJrid"));
  EXPECT_FALSE(has(xml, "<Ymid>"));  // a domain that is new has none
  EXPECT_TRUE(faults_of(with(&Upload::changes, change())).empty());
}

TEST(Trap, Czlx35IsReadThoughTheSchemaEndsAt7) {
  const std::string xml =
      "<DownloadData version=\"V.3.0\"><ICP><BAJG><Jg_xx><Jgxx><Jgdm>1060</Jgdm></Jgxx>"
      "<Czlx>35</Czlx><Bs>880000000001</Bs></Jg_xx></BAJG></ICP></DownloadData>";
  const auto decoded = v30::decode_download(xml);
  ASSERT_FALSE(decoded.fault.has_value());
  EXPECT_EQ(decoded.value.results.at(0).operation, static_cast<int>(Operation::material));
  EXPECT_TRUE(has(v30::encode(decoded.value).xml, "<Czlx>35</Czlx>"));
  EXPECT_EQ(v30::check_download_schema(xml).size(), 1u);
}

TEST(Trap, WithoutApprovalsNoMessageHasNrlx) {
  EXPECT_FALSE(has(written(with(&Upload::changes, change())), "Nrlx"));
  EXPECT_FALSE(has(written(with(&Upload::verification_answers, answer())), "Nrlx"));
  NewWebsites added;
  added.organiser_id = 880000000001;
  added.websites = sample::filing().websites;
  EXPECT_FALSE(has(written(with(&Upload::new_websites, added)), "Nrlx"));
  EXPECT_TRUE(faults_of(with(&Upload::new_websites, added)).empty());
}

TEST(Trap, AnAddedWebsiteMayHaveAnAddressOf512) {
  NewWebsites added;
  added.organiser_number = "浙ICP备2026000001号";
  added.websites = sample::filing().websites;
  added.websites[0].home_url = std::string(512, 'a');
  EXPECT_TRUE(faults_of(with(&Upload::new_websites, added)).empty());
  auto filing = sample::filing();
  filing.websites[0].home_url = std::string(256, 'a');
  EXPECT_EQ(faults_of(sample::upload(filing)).size(), 1u);
}

TEST(Trap, ANewAccessNeedsAPasswordBySchema) {
  NewAccess access;
  access.website_number = "浙ICP备2026000001号-1";
  access.access = sample::filing().websites[0].accesses[0];
  const auto faults = faults_of(with(&Upload::new_accesses, access));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(has(faults[0].what, "ICPmm"));
  access.password_hash = "e99a18c428cb38d5f260853678922e03";
  EXPECT_TRUE(faults_of(with(&Upload::new_accesses, access)).empty());
}

TEST(Trap, CancellingAnOrganiserIsZxlb0) {
  const auto xml =
      written(with(&Upload::cancellations, Cancellation{0, 880000000001, 1, "停用", ""}));
  EXPECT_TRUE(has(xml, "<Zxlb>0</Zxlb><Jlid>880000000001</Jlid>"));
}

TEST(Trap, RecordIdsExceed32Bits) {
  const Id wide = 0x7fff'ffff'ffff'fff0;
  const auto upload = with(&Upload::cancellations, Cancellation{2, wide, 1, "", ""});
  EXPECT_EQ(v30::decode_upload(v30::encode(upload).xml).value.cancellations.at(0).record, wide);
  const auto news = v30::decode_download(
      "<DownloadData version=\"V.3.0\"><ICP><ZXSJ><Zxxx><Zxlb>1</Zxlb><Jlid>990000000001</Jlid>"
      "</Zxxx></ZXSJ></ICP></DownloadData>");
  EXPECT_EQ(news.value.cancelled.at(0).record, 990000000001);
}

TEST(Trap, DatesOfDownloadsMayCarryATime) {
  for (const std::string date : {"2026-11-28", "2026-11-28 09:30:00", "2026-11-28 09:30:00.12"}) {
    const std::string xml =
        "<DownloadData version=\"V.3.0\"><ICP><FFJRHMD><Ffjrxx><Id>1</Id><Ym>example.cn</Ym>"
        "<Ip>1778528257</Ip><Zjjrz>7</Zjjrz><Szs>330000</Szs><Dqjcsj>" +
        date + "</Dqjcsj></Ffjrxx></FFJRHMD></ICP></DownloadData>";
    EXPECT_EQ(v30::decode_download(xml).value.illegal_accesses.at(0).detected, date);
    EXPECT_TRUE(v30::check_download_schema(xml).empty()) << date;
  }
}

TEST(Trap, FilingsAddressesAndDomainsDoNotShareAFile) {
  auto upload = sample::upload(sample::filing());
  upload.ip.deleted.sources = {1};
  EXPECT_FALSE(faults_of(upload).empty());
  EXPECT_EQ(v30::decode_upload(v30::encode(upload).xml).value.ip, upload.ip);
}

// ---- characters GBK does not have, in everything a person types ----

// The fields named when each text in turn ends with such a character.
template <typename T, typename Shape>
std::set<std::string> fields_named(const Shape& shape, std::vector<T> Upload::*member) {
  std::set<std::string> fields;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    for (int poisoned = 0;; ++poisoned) {
      generate::Richness rich{seed, 2, true, false, true, poisoned, true};
      T record{};
      generate::Generator generator(rich);
      shape(generator, record);
      if (generator.texts <= poisoned) break;
      Upload upload;
      (upload.*member).push_back(std::move(record));
      const auto problems = v30::encode(upload).problems;
      EXPECT_EQ(problems.size(), 1u);
      for (const auto& problem : problems) {
        EXPECT_EQ(problem.code, "gbk_unencodable");
        EXPECT_EQ(problem.params.at("characters"), "𠮷");
        fields.insert(problem.field);
      }
    }
  }
  return fields;
}

std::set<std::string> only(const std::set<std::string>& fields, const std::string& beginning) {
  std::set<std::string> found;
  for (const auto& field : fields) {
    if (field.starts_with(beginning)) found.insert(field);
  }
  return found;
}

using Fields = std::set<std::string>;
const Fields k_person = {"certificate_number", "email", "mobile", "msn", "name",
                         "office_phone",       "qq"};

Fields under(const std::string& prefix, const Fields& names) {
  Fields all;
  for (const auto& name : names) all.insert(prefix + name);
  return all;
}

template <typename T, typename Shape>
void expect_form_fields(const Shape& shape, std::vector<T> Upload::*member) {
  const auto fields = fields_named(shape, member);
  const Fields organiser = under("organiser.", {"name", "investor", "address", "certificate_number",
                                                "certificate_address", "remark"});
  for (const auto& field : organiser) EXPECT_TRUE(fields.contains(field)) << field;
  EXPECT_EQ(only(fields, "principal."), under("principal.", k_person));
  EXPECT_EQ(only(fields, "sites.s1.manager."), under("sites.s1.manager.", k_person));
  for (const auto& field :
       under("sites.s2.", {"name", "domain", "home_url", "remark", "approvals"})) {
    EXPECT_TRUE(fields.contains(field)) << field;
  }
}

TEST(NotGbk, AFirstFilingNamesTheFormsFields) {
  expect_form_fields(v30::shape::new_filing, &Upload::new_filings);
  auto filing = sample::filing();
  filing.attachments[2].remark = "王䶮";
  EXPECT_EQ(v30::encode(sample::upload(filing)).problems.at(0).field, "materials");
}
TEST(NotGbk, AChangeNamesTheFormsFields) {
  expect_form_fields(v30::shape::change, &Upload::changes);
}
TEST(NotGbk, AVerificationAnswerNamesTheFormsFields) {
  expect_form_fields(v30::shape::verification_answer, &Upload::verification_answers);
  const auto fields = fields_named(v30::shape::verification_answer, &Upload::verification_answers);
  for (const char* field : {"opinion", "errors", "verifier"}) {
    EXPECT_TRUE(fields.contains(field)) << field;
  }
}
TEST(NotGbk, AddedWebsitesNameTheFormsFields) {
  const auto fields = fields_named(v30::shape::new_websites, &Upload::new_websites);
  EXPECT_TRUE(fields.contains("sites.s1.name"));
  EXPECT_TRUE(fields.contains("organiser_number"));
  EXPECT_TRUE(fields.contains("materials"));
}
TEST(NotGbk, TheSmallOnesNameTheirMembers) {
  EXPECT_EQ(fields_named(v30::shape::cancellation, &Upload::cancellations),
            (Fields{"reason_text", "password_hash"}));
  EXPECT_EQ(fields_named(v30::shape::new_access, &Upload::new_accesses),
            (Fields{"website_number", "materials.owner_number", "materials", "password_hash"}));
  EXPECT_EQ(fields_named(v30::shape::unfiled_answer, &Upload::unfiled_answers),
            (Fields{"domain", "opinion", "listed", "deadline", "reporter_name", "reporter_phone",
                    "reporter_email"}));
}
TEST(NotGbk, AddressesAndDomainsNameTheirMembers) {
  Upload upload;
  upload.ip.added.allocations.resize(1);
  upload.ip.added.allocations[0].use.contact_name = "王䶮";
  upload.ip.added.allocations[0].remark = "好😀";
  const auto of_ip = v30::encode(upload).problems;
  ASSERT_EQ(of_ip.size(), 2u);
  EXPECT_EQ(of_ip[0].field, "use.contact_name");
  EXPECT_EQ(of_ip[1].field, "remark");
  Upload domains;
  domains.domains.added.resize(1);
  domains.domains.added[0].registrant.name = "王䶮";
  EXPECT_EQ(v30::encode(domains).problems.at(0).field, "registrant.name");
}

}  // namespace
}  // namespace beian::bureau
