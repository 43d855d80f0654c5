// What comes back later, by download: faults of whole files and of single records.
#include <gtest/gtest.h>

#include "bureau/gbk.h"
#include "unit/bureau/xsd.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::NewFiling;
using bureau::sample::filing;
using Codes = std::vector<std::int64_t>;

class Intake : public SandboxTest {
 protected:
  std::string xml_of(const NewFiling& one, Id unit = k_isp) {
    return bureau::v30::encode(bureau::sample::upload(one, unit)).xml;
  }
  // The codes for one filing with one thing changed.
  template <typename F>
  Codes codes_after(F&& change) {
    NewFiling changed = filing();
    change(changed);
    return codes_for(1, changed);
  }
  std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

TEST_F(Intake, ARightFilingWaitsForAnOfficer) {
  EXPECT_EQ(codes_for(1, filing()), Codes{});
  EXPECT_EQ(read("orders?state=pending").at("orders").as_array().size(), 1u);
}

// ---- whole files ----

TEST_F(Intake, ASchemaErrorComesBackAs5001WithTheFileName) {
  const auto wrong = replaced(xml_of(filing()), "<Fzr_sjhm>13000000000", "<Fzr_sjhm>1300000000");
  EXPECT_TRUE(send_xml(1, wrong).answered(0));  // the call itself succeeds
  tick();
  const auto files = fetch_all();
  ASSERT_EQ(files.size(), 1u);
  const auto& result = files[0].results.at(0);
  EXPECT_EQ(result.codes.at(0).code, 5001);
  EXPECT_EQ(result.codes[0].text, bureau::upload_file_name(k_isp, 1));
  EXPECT_TRUE(result.mark.empty());
  // The console tells a developer where.
  EXPECT_NE(
      std::string(read("uploads").at("uploads").at(0).at("outcome").as_string()).find("Fzr_sjhm"),
      std::string::npos);
}

TEST_F(Intake, AnotherVersionIs5004) {
  EXPECT_TRUE(send_xml(1, replaced(xml_of(filing()), "V.3.0", "V.2.1")).answered(0));
  EXPECT_EQ(processed_codes(), Codes{5004});
}

TEST_F(Intake, AnotherUnitIs5003WithTheRecordsMark) {
  EXPECT_TRUE(send_xml(1, xml_of(filing(), 42)).answered(0));
  tick();
  const auto files = fetch_all();
  EXPECT_EQ(files.at(0).results.at(0).codes.at(0).code, 5003);
  EXPECT_EQ(files[0].results[0].mark, "1001");
}

TEST_F(Intake, CharactersBeyondGbkAre5008) {
  const auto xml = xml_of(filing());
  EXPECT_TRUE(
      send_xml(1, replaced(xml, "<Bbfs>1</Bbfs>", "<Bbfs>1</Bbfs><Bz>&#128512;</Bz>")).answered(0));
  EXPECT_EQ(processed_codes(), Codes{5008});
  // 𠮷 in four bytes of GB18030.
  EXPECT_TRUE(send_xml(2, replaced(xml, "<Fzr_xm>", "<Fzr_xm>\x95\x34\xb2\x35")).answered(0));
  EXPECT_EQ(processed_codes(), Codes{5008});
  // Bytes that are nothing at all.
  EXPECT_TRUE(send_xml(3, replaced(xml, "<Fzr_xm>", "<Fzr_xm>\xff\xff")).answered(0));
  EXPECT_EQ(processed_codes(), Codes{5008});
}

TEST_F(Intake, BrokenXmlAndADoctypeAre5001) {
  EXPECT_TRUE(send_xml(1, "<UploadData version=\"V.3.0\"><ICP>").answered(0));
  EXPECT_EQ(processed_codes(), Codes{5001});
  EXPECT_TRUE(send_xml(2, "<!DOCTYPE a><UploadData version=\"V.3.0\"/>").answered(0));
  EXPECT_EQ(processed_codes(), Codes{5001});
}

TEST_F(Intake, MoreThanAThousandRecordsAreRefusedAsAFile) {
  bureau::Upload upload;
  upload.unit = k_isp;
  for (Id i = 0; i < 1001; ++i) {
    auto one = filing(10'000 + i * 10, "d" + std::to_string(i) + ".example.cn");
    one.attachments.clear();
    upload.new_filings.push_back(one);
  }
  EXPECT_TRUE(send_xml(1, bureau::v30::encode(upload).xml).answered(0));
  EXPECT_EQ(processed_codes(), Codes{5001});
}

TEST_F(Intake, OneWrongRecordDoesNotHoldUpTheOthersOfItsFile) {
  bureau::Upload upload;
  upload.unit = k_isp;
  upload.new_filings = {filing(1001, "a.example.cn"), filing(1002, "b.example.cn")};
  upload.new_filings[0].organiser.principal.mobile = "02345678901";
  EXPECT_TRUE(send_xml(1, bureau::v30::encode(upload).xml).answered(0));
  EXPECT_EQ(processed_codes(), Codes{1011});
  EXPECT_EQ(read("orders?state=pending").at("orders").as_array().size(), 1u);
  EXPECT_EQ(read("orders?state=returned").at("orders").as_array().size(), 1u);
}

// ---- single records ----

TEST_F(Intake, ARefusalCarriesAllItsCodesAtOnce) {
  const auto codes = codes_after([](NewFiling& f) {
    f.organiser.principal.mobile = "02345678901";
    f.organiser.principal.email = "no.mail.here";
    f.websites[0].services = {63};
  });
  EXPECT_EQ(codes, (Codes{1011, 1009, 1034}));
}

TEST_F(Intake, ContactsOfTheOrganiser) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.principal.office_phone.clear(); }),
            Codes{1007});
}
TEST_F(Intake, OfficePhone) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.principal.office_phone = "0571-0000000x"; }),
            Codes{1010});
}
TEST_F(Intake, SeveralPhonesAndMailsJoinedBySemicolons) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.organiser.principal.mobile = "13000000000;13000000001";
              f.organiser.principal.email = "a@example.com;b@example.com";
              f.organiser.principal.office_phone = "0571-00000000;0571-00000001";
            }),
            Codes{});
}
TEST_F(Intake, TheNameOfAUnitsPrincipal) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.principal.name.clear(); }), Codes{1044});
}
TEST_F(Intake, OfficePhoneOfTheSite) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.websites[0].manager.office_phone.clear(); }),
            Codes{1031});
}
TEST_F(Intake, AnIndividualNeedsNoOfficePhoneAndMayLeaveTheNatureOut) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.organiser.nature.reset();
              f.organiser.certificate = {2, bureau::sample::citizen_number(7), "示例路1号"};
              f.organiser.principal.office_phone.clear();
              f.organiser.principal.name.clear();
              f.websites[0].manager.office_phone.clear();
            }),
            Codes{});
}
TEST_F(Intake, AnUnknownNature) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.nature = 7; }), Codes{1014});
}
TEST_F(Intake, AUnitWithoutNature) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.nature.reset(); }), Codes{1014});
}
TEST_F(Intake, ACertificateOfAnotherNature) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.nature = 2; }), Codes{1008});
}
TEST_F(Intake, ACreditCodeWithAWrongCheckCharacter) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              auto& last = f.organiser.certificate.number.back();
              last = last == '0' ? '1' : '0';
            }),
            Codes{1008});
}
TEST_F(Intake, ACitizenNumberWithAWrongCheckDigit) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              auto& last = f.organiser.principal.certificate_number.back();
              last = last == '0' ? '1' : '0';
            }),
            Codes{1015});
}
TEST_F(Intake, AnotherProvince) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.organiser.address = {320000, 320100, 320102, ""};
            }),
            Codes{1045});
}
TEST_F(Intake, AnUnknownRegion) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.organiser.address.city = 320100; }), Codes{1019});
}
TEST_F(Intake, AnImpossibleDomain) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.websites[0].domains[0].name = "-example-.cn";
              f.websites[0].home_url.clear();
            }),
            Codes{1004});
}
TEST_F(Intake, AnImpossibleIp) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.websites[0].accesses[0].ips[0].last = 1; }),
            Codes{1006});
}
TEST_F(Intake, AHomePageThatIsNone) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.websites[0].home_url = "ftp://example.cn"; }),
            Codes{1022});
}
TEST_F(Intake, AHomePageOnAnotherDomain) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.websites[0].home_url = "www.other.cn"; }),
            Codes{1041});
}
TEST_F(Intake, UnknownApprovalServiceMethodLocationAndLanguage) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.websites[0].approvals = {{64, "x", {bureau::sample::jpeg()}}};
              f.websites[0].services = {64};
              f.websites[0].languages = {64};
              f.websites[0].accesses[0].methods = {64};
              f.websites[0].accesses[0].locations = {64};
            }),
            (Codes{1034, 1066, 1033, 1036, 1035}));
}
TEST_F(Intake, TheSameAccessTwice) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              auto again = f.websites[0].accesses[0];
              again.isp_id = 77;
              again.ips[0].isp_id = 78;
              f.websites[0].accesses.push_back(again);
            }),
            Codes{1029});
}
TEST_F(Intake, AttachmentsOfUnknownFormatPurposeOrOwner) {
  EXPECT_EQ(codes_after([](NewFiling& f) {
              f.attachments[0].format = 3;
              f.attachments[1].purpose = 6;
              f.attachments[2].owner_id = 4;
            }),
            (Codes{1056, 1057, 1061}));
}
TEST_F(Intake, AnAttachmentThatIsNoPictureOrTooLarge) {
  EXPECT_EQ(codes_after([](NewFiling& f) { f.attachments[0].bytes = "<html>"; }), Codes{5010});
  NewFiling large = filing(2001, "large.example.cn");
  large.attachments[1].bytes += std::string(100 << 10, 'x');
  EXPECT_EQ(codes_for(2, large), Codes{5010});
  NewFiling form = filing(2101, "form.example.cn");
  form.attachments[0].bytes += std::string(149 << 10, 'x');  // the verification form may be larger
  EXPECT_EQ(codes_for(3, form), Codes{});
}

// ---- against the registry ----

class Registered : public Intake {
 protected:
  Registered() {
    EXPECT_TRUE(send(1, filing()).answered(0));
    tick();
  }
  NewFiling other(Id id = 5001, const std::string& domain = "other.example.cn") {
    return filing(id, domain);
  }
};

TEST_F(Registered, ADomainInFlightIs1039AndAFiledOneIs1005) {
  EXPECT_EQ(codes_for(2,
                      [&] {
                        auto f = other(5001, "EXAMPLE.cn");
                        f.websites[0].home_url.clear();
                        return f;
                      }()),
            Codes{1039});
  pass(first_order());
  static_cast<void>(fetch_all());
  EXPECT_EQ(codes_for(3,
                      [&] {
                        auto f = other(5002, "example.CN");
                        f.websites[0].home_url.clear();
                        return f;
                      }()),
            Codes{1005});
}

TEST_F(Registered, TwoOrdersForOneSubjectAre1003) {
  auto again = other();
  again.organiser.certificate = filing().organiser.certificate;
  EXPECT_EQ(codes_for(2, again), Codes{1003});
}

TEST_F(Registered, TheSameRecordOnceMoreIsKnownByItsIds) {
  const auto codes = codes_for(2, filing());
  for (const std::int64_t code : {1003, 1037, 1038, 1039, 1040, 1021}) {
    EXPECT_EQ(std::count(codes.begin(), codes.end(), code), 1) << code;
  }
}

TEST_F(Registered, AfterAReturnTheSameIdsMayComeAgain) {
  EXPECT_EQ(
      console("POST", "orders/" + first_order() + "/return", R"({"opinion":"照片不清"})").status,
      200);
  static_cast<void>(fetch_all());
  EXPECT_EQ(codes_for(2, filing()), Codes{});
}

TEST_F(Registered, AHomePageAlreadyFiledIs1021) {
  auto same = other();
  same.websites[0].domains[0].name = "example.cn.example.cn";
  same.websites[0].home_url = "www.example.cn";
  same.websites[0].domains.push_back({99, 0, "www.example.cn"});
  EXPECT_EQ(codes_for(2, same), Codes{1021});
}

TEST_F(Registered, ASiteNameIsCheckedOnlyWhenSet) {
  EXPECT_EQ(codes_for(2, other()), Codes{});  // the same name
  set(R"({"check_site_names":true})");
  EXPECT_EQ(codes_for(3, other(5101, "third.example.cn")), Codes{1020});
}

TEST_F(Registered, AnIpOfAnotherProvidersAccessIs1024) {
  pass(first_order());
  static_cast<void>(fetch_all());
  EXPECT_EQ(codes_for(2, other()), Codes{});  // our own: virtual hosts share addresses
  const auto rival = sandbox_->provider("zj", 220000000333, "另一接入商");
  const auto ours = account_;
  account_ = rival;
  auto theirs = bureau::sample::upload(other(5201, "fourth.example.cn"), rival.isp_id);
  EXPECT_TRUE(send_xml(1, bureau::v30::encode(theirs).xml).answered(0));
  EXPECT_EQ(processed_codes(), Codes{1024});
  account_ = ours;
}

TEST_F(Registered, BlackListsAre1064And1065) {
  EXPECT_EQ(console("POST", "blacklist", R"({"kind":"domain","value":"Other.example.cn"})").status,
            200);
  const auto certificate = other().organiser.certificate;
  EXPECT_EQ(console("POST", "blacklist",
                    R"({"kind":"certificate","value":"1:)" + certificate.number + "\"}")
                .status,
            200);
  EXPECT_EQ(codes_for(2, other()), (Codes{1065, 1064}));
}

TEST_F(Registered, TheIpLibraryIsAskedWhenSet) {
  set(R"({"check_ip_library":true})");
  EXPECT_EQ(codes_for(2, other()), Codes{1063});
  EXPECT_EQ(console("POST", "ip_library",
                    R"({"isp_id":"110000000211","first":1778528256,"last":1778528300})")
                .status,
            200);
  EXPECT_EQ(codes_for(3, other()), Codes{});
}

// ---- a crash between acceptance and processing ----

TEST_F(Intake, AnAcceptedFileIsProcessedOnceAfterARestart) {
  EXPECT_TRUE(send(1, filing()).answered(0));
  open();
  tick();
  tick();
  EXPECT_EQ(read("orders").at("orders").as_array().size(), 1u);
  const auto records = read("accepted").at("records").as_array();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].at("isp_record").as_string(), "1001");
  EXPECT_EQ(records[0].at("count").as_int64(), 1);
}

TEST_F(Intake, WhatIsSentBackValidatesAgainstTheSchema) {
  BEIAN_NEEDS_XSD();
  EXPECT_TRUE(send_xml(1, "<nothing/>").answered(0));
  NewFiling wrong = filing(1002, "b.example.cn");
  wrong.websites[0].home_url = "www." + std::string(230, 'a') + ".cn";
  EXPECT_TRUE(send(2, wrong).answered(0));
  EXPECT_TRUE(send(3, filing(1003, "c.example.cn")).answered(0));
  EXPECT_TRUE(send(4, filing(1004, "d.example.cn")).answered(0));
  tick();
  const auto first = first_order();
  pass(first);
  EXPECT_EQ(console("POST", "orders/" + first_order() + "/return",
                    R"({"opinion":"照片不清","codes":[1008,1011]})")
                .status,
            200);
  std::vector<std::string> documents;
  const auto from = client();
  for (auto answer = from.download(); answer.file; answer = from.download()) {
    documents.push_back(answer.file->xml);
    EXPECT_TRUE(from.acknowledge(answer.file->name).answered(0));
  }
  EXPECT_EQ(documents.size(), 5u);
  for (const auto& verdict : bureau::xsd::validate(documents, bureau::xsd::k_download)) {
    EXPECT_TRUE(verdict.valid) << verdict.words;
  }
}

}  // namespace
}  // namespace beian::sandbox
