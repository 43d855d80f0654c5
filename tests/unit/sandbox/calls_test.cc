// What is refused while the call is still open, and what the download queue does.
#include <gtest/gtest.h>

#include "base/crypto.h"
#include "bureau/auth.h"
#include "bureau/methods.h"
#include "bureau/soap.h"
#include "bureau/wire_limits.h"
#include "unit/sandbox/fixture.h"

namespace beian::sandbox {
namespace {

using bureau::Reach;
using bureau::sample::filing;

class Calls : public SandboxTest {
 protected:
  // One raw call: parameters as given, so that every one of them can be wrong.
  std::string raw(const std::string& path, bureau::soap::Call call) {
    Request request;
    request.method = "POST";
    request.path = path;
    request.body = bureau::soap::build_call(bureau::soap::k_namespace, false, call);
    const auto response = sandbox_->handle(request);
    EXPECT_EQ(response.status, 200);
    return bureau::soap::parse_answer(response.body).text.value_or("");
  }
  int code_of(const std::string& path, const bureau::soap::Call& call) {
    return bureau::parse_return(raw(path, call)).value_or(bureau::Return{-1, ""}).msg_code;
  }
  bureau::soap::Call download_call(const std::string& random,
                                   const std::string& id_name = "ispId") {
    return {"isp_download",
            {{id_name, std::to_string(k_isp)},
             {"userName", account_.user_name},
             {"randVal", random},
             {"pwdHash", bureau::password_hash(account_.password, random)},
             {"hashAlgorithm", "0"}}};
  }
  const std::string path_ = "/zj/ISPWebService/upDownLoad";
};

TEST_F(Calls, AWrongUserIsCode4AndAWrongPasswordCode5) {
  auto wrong = connection();
  wrong.user_name = "nobody";
  EXPECT_TRUE(bureau::BureauClient(wrong, transport_to(*sandbox_)).download().answered(4));
  wrong = connection();
  wrong.password = "wrong";
  EXPECT_TRUE(bureau::BureauClient(wrong, transport_to(*sandbox_)).download().answered(5));
}

TEST_F(Calls, ARandomValueOf19CharactersIsCode16) {
  EXPECT_EQ(code_of(path_, download_call("abcdefghijABCDEFGHI")), 16);
  EXPECT_EQ(code_of(path_, download_call("abcdefghijABCDEFGHIJ")), 2);
}

TEST_F(Calls, BothSpellingsOfIspIdAreTaken) {
  for (const char* name : {"ispId", "ispID"}) {
    EXPECT_EQ(code_of(path_, download_call("abcdefghijABCDEFGHIJ", name)), 2) << name;
  }
}

TEST_F(Calls, AnUnknownProviderIs12AndAnotherProvincesIs13) {
  auto elsewhere = connection("js");
  EXPECT_TRUE(bureau::BureauClient(elsewhere, transport_to(*sandbox_)).download().answered(13));
  auto unknown = connection();
  unknown.isp_id = 999;
  EXPECT_TRUE(bureau::BureauClient(unknown, transport_to(*sandbox_)).download().answered(12));
}

TEST_F(Calls, EachProvinceHasAnAccountOfItsOwn) {
  const auto there = sandbox_->provider("js", k_isp, "示例接入商");
  EXPECT_NE(there.password, account_.password);
  EXPECT_EQ(sandbox_->provider("zj", k_isp, "x").password, account_.password);
  EXPECT_EQ(account_.cipher.key.size(), 16u);
  EXPECT_THROW(sandbox_->provider("??", k_isp, "x"), std::invalid_argument);
}

TEST_F(Calls, WrongAlgorithmsAre9And10And11) {
  const auto to = client();
  auto package = to.pack("<a/>", "a.xml");
  package.encrypt_algorithm = 2;
  EXPECT_TRUE(to.upload(1, package).answered(9));
  package = to.pack("<a/>", "a.xml");
  package.compression_format = 1;
  EXPECT_TRUE(to.upload(1, package).answered(11));
  package = to.pack("<a/>", "a.xml");
  package.hash_algorithm = 1;
  EXPECT_TRUE(to.upload(1, package).answered(10));
}

TEST_F(Calls, AWrongOffsetAHashOverTheCipherTextAndAGzipAreRefused) {
  const auto to = client();
  auto package =
      bureau::pack("<a/>", "a.xml", bureau::Cipher{account_.cipher.key, "0000000000000000"});
  EXPECT_TRUE(to.upload(1, package).answered(7));
  package = bureau::pack("<a/>", "a.xml", bureau::Cipher{"0000000000000000", account_.cipher.iv});
  const auto wrong_key = to.upload(1, package);
  EXPECT_TRUE(wrong_key.answered(6) || wrong_key.answered(7));
  package = to.pack("<a/>", "a.xml");
  package.hash = to_base64(bureau::md5(from_base64(package.info)));
  EXPECT_TRUE(to.upload(1, package).answered(7));
  const std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20);
  EXPECT_TRUE(to.upload(1, {0, 0, 0, to_base64(gzip), to_base64(bureau::md5(gzip))}).answered(8));
  // None of them took the number.
  EXPECT_TRUE(send(1, filing()).answered(0));
}

TEST_F(Calls, MoreThanFiftyMegabytesIs18) {
  // The client refuses to build such a file, so its directory is told to be larger.
  auto package = bureau::pack(std::string(1000, 'x'), "a.xml", std::nullopt);
  auto zip = from_base64(package.info);
  const auto directory = zip.rfind("PK\x01\x02");
  zip.replace(directory + 24, 4, std::string("\0\0\0\x40", 4));
  package.info = to_base64(zip);
  package.hash = to_base64(bureau::md5(zip));
  EXPECT_TRUE(client().upload(1, package).answered(18));
}

TEST_F(Calls, AGapIs14AndNamesTheMissingNumbers) {
  EXPECT_TRUE(send(1, filing(1001, "a.example.cn")).answered(0));
  EXPECT_TRUE(send(2, filing(1002, "b.example.cn")).answered(0));
  const auto gap = send(4, filing(1004, "d.example.cn"));
  EXPECT_TRUE(gap.answered(14));
  EXPECT_EQ(gap.missing, (std::vector<std::int64_t>{3}));
  EXPECT_TRUE(send(3, filing(1003, "c.example.cn")).answered(0));
  EXPECT_TRUE(send(4, filing(1004, "d.example.cn")).answered(0));
}

TEST_F(Calls, ARepeatedNumberIsRefusedOrAcceptedAgainAsSet) {
  EXPECT_TRUE(send(1, filing()).answered(0));
  EXPECT_TRUE(send(1, filing()).answered(999));
  EXPECT_EQ(read("accepted").at("sequences").at(0).at("count").as_int64(), 1);
  set(R"({"repeated_sequence":"accept"})");
  EXPECT_TRUE(send(1, filing()).answered(0));
  EXPECT_EQ(read("accepted").at("sequences").at(0).at("count").as_int64(), 2);
  EXPECT_TRUE(client().previous_upload().answered(0));
  EXPECT_EQ(client().previous_upload().sequence, 1);
}

TEST_F(Calls, TooManyWaitingFilesIs15) {
  set(R"({"queue_limit":1})");
  EXPECT_TRUE(send(1, filing(1001, "a.example.cn")).answered(0));
  EXPECT_TRUE(send(2, filing(1002, "b.example.cn")).answered(15));
  tick();
  EXPECT_TRUE(send(2, filing(1002, "b.example.cn")).answered(0));
}

TEST_F(Calls, RightsHoursAndMaintenanceAre19And20And901And902) {
  set(R"({"uploads_closed":true})");
  EXPECT_TRUE(send(1, filing()).answered(19));
  set(R"({"uploads_closed":false,"upload_hours":"09:00-17:30"})");
  const auto late = send(1, filing());  // it is 18:00 in China
  EXPECT_TRUE(late.answered(20));
  EXPECT_NE(late.msg.find("09:00-17:30"), std::string::npos);
  set(R"({"upload_hours":"17:30-02:00","upload_maintenance":true,"download_maintenance":true})");
  EXPECT_TRUE(send(1, filing()).answered(901));
  EXPECT_TRUE(client().download().answered(902));
  set(R"({"upload_maintenance":false,"download_maintenance":false})");
  EXPECT_TRUE(send(1, filing()).answered(0));
}

TEST_F(Calls, AnEmptyNameToAcknowledgeIs21AndAnUnknownOne999) {
  EXPECT_TRUE(client().acknowledge("").answered(21));
  EXPECT_TRUE(client().acknowledge("20260101000000_zj_9.xml").answered(999));
}

TEST_F(Calls, DownloadsRepeatUntilAcknowledgedThen3And3And1And2) {
  for (int i = 1; i <= 3; ++i) {
    auto wrong = filing(1000 + i, "d" + std::to_string(i) + ".example.cn");
    wrong.organiser.principal.mobile = "02345678901";
    EXPECT_TRUE(send(i, wrong).answered(0));
  }
  tick();
  const auto from = client();
  const auto first = from.download();
  EXPECT_TRUE(first.answered(3));
  EXPECT_EQ(from.download().file->name, first.file->name);
  EXPECT_TRUE(from.acknowledge(first.file->name).answered(0));
  EXPECT_TRUE(from.acknowledge(first.file->name).answered(0));  // once more changes nothing
  const auto second = from.download();
  EXPECT_TRUE(second.answered(3));
  EXPECT_NE(second.file->name, first.file->name);
  EXPECT_TRUE(from.acknowledge(second.file->name).answered(0));
  const auto third = from.download();
  EXPECT_TRUE(third.answered(1));
  EXPECT_TRUE(from.acknowledge(third.file->name).answered(0));
  EXPECT_TRUE(from.download().answered(2));
}

TEST_F(Calls, FilesAreNamedAndWrappedAsLiveOnesWere) {
  auto wrong = filing();
  wrong.organiser.principal.mobile = "02345678901";
  EXPECT_TRUE(send(1, wrong).answered(0));
  tick();
  const auto xml = raw(path_, download_call("abcdefghijABCDEFGHIJ"));
  const auto value = bureau::parse_file_return(xml);
  ASSERT_TRUE(value.has_value());
  EXPECT_TRUE(value->file_name.starts_with("20261125180000_zj_")) << value->file_name;
  EXPECT_EQ(value->package.encrypt_algorithm, 1);
  EXPECT_EQ(value->package.info.find('\n'), 76u);
  set(R"({"encrypts_downloads":false,"wraps_base64":false,"answers_zero":true})");
  EXPECT_EQ(bureau::parse_file_return(raw(path_, download_call("abcdefghijABCDEFGHIJ")))
                ->package.encrypt_algorithm,
            0);
}

TEST_F(Calls, ALostAnswerCanBeRecoveredByAskingForThePreviousUpload) {
  EXPECT_EQ(client().previous_upload().sequence, 0);
  set(R"({"drop_after_store":1})");
  const auto to = client();
  const auto xml = bureau::v30::encode(bureau::sample::upload(filing(), k_isp)).xml;
  const auto package = to.pack(xml, bureau::upload_file_name(k_isp, 1));
  EXPECT_EQ(to.upload(1, package).reach, Reach::in_doubt);
  const auto previous = to.previous_upload();
  EXPECT_EQ(previous.sequence, 1);
  EXPECT_EQ(previous.hash, package.hash);
  ASSERT_TRUE(previous.file.has_value());
  EXPECT_EQ(previous.file->xml, xml);
  EXPECT_EQ(previous.file->name, bureau::upload_file_name(k_isp, 1));
}

TEST_F(Calls, FaultsStrikeAsOftenAsTheyAreSet) {
  set(R"({"drop_before":1})");
  EXPECT_EQ(send(1, filing()).reach, Reach::in_doubt);
  EXPECT_EQ(client().previous_upload().sequence, 0);
  set(R"({"garbage":1})");
  EXPECT_EQ(send(1, filing()).reach, Reach::garbage);
  EXPECT_EQ(client().previous_upload().sequence, 1);  // it was done all the same
  auto wrong = filing(1002, "b.example.cn");
  wrong.organiser.principal.mobile = "02345678901";
  EXPECT_TRUE(send(2, wrong).answered(0));
  tick();
  set(R"({"wrong_hash":1})");
  EXPECT_EQ(client().download().fault, bureau::PackageFault::hash);
  EXPECT_TRUE(client().download().file.has_value());
}

TEST_F(Calls, StatusIsAskedByDomainAndByCertificate) {
  const auto sample = filing();
  EXPECT_FALSE(client().query_status(0, "example.cn").filed);
  EXPECT_TRUE(send(1, sample).answered(0));
  tick();
  EXPECT_FALSE(client().query_status(0, "example.cn").filed);  // in flight is not filed
  pass(first_order());
  const auto by_domain = client().query_status(0, "EXAMPLE.cn");
  EXPECT_TRUE(by_domain.filed);
  EXPECT_EQ(by_domain.organiser_number, "浙ICP备2026000001号");
  EXPECT_EQ(by_domain.site_number, "浙ICP备2026000001号-1");
  EXPECT_EQ(by_domain.site_name, "示例公司官网");
  const auto by_certificate = client().query_status(1, sample.organiser.certificate.number);
  EXPECT_TRUE(by_certificate.filed);
  EXPECT_EQ(by_certificate.organiser_number, "浙ICP备2026000001号");
  EXPECT_TRUE(by_certificate.site_number.empty());
  EXPECT_FALSE(client().query_status(2, sample.organiser.certificate.number).filed);
  EXPECT_TRUE(client().query_status(0, "x").answered(999));
}

TEST_F(Calls, APasswordIsVerifiedFiveTimesADayThen22) {
  set(R"({"filing_passwords":true})");
  EXPECT_TRUE(send(1, filing()).answered(0));
  tick();
  pass(first_order());
  const auto order = read("orders/" + first_order("passed"));
  const std::string password(order.at("published").at("filing_password").as_string());
  const std::string number = "浙ICP备2026000001号";
  EXPECT_TRUE(client().verify_password(number, password).correct);
  EXPECT_TRUE(client().verify_password(number + "-1", password).correct);
  EXPECT_TRUE(client().verify_password(number, bureau::filing_password_hash(password)).correct);
  for (int i = 0; i < 5; ++i) {
    const auto wrong = client().verify_password(number, "wrong" + std::to_string(i));
    EXPECT_TRUE(wrong.answered(0));
    EXPECT_FALSE(wrong.correct);
  }
  EXPECT_TRUE(client().verify_password(number, password).answered(22));
  clock_.advance(24 * 60 * 60 * 1000 + 1);
  EXPECT_TRUE(client().verify_password(number, password).correct);
}

TEST_F(Calls, WithoutPasswordsNoneIsRight) {
  EXPECT_TRUE(send(1, filing()).answered(0));
  tick();
  pass(first_order());
  EXPECT_FALSE(client().verify_password("浙ICP备2026000001号", "").correct);
}

TEST_F(Calls, WhatIsNoCallGetsAFault) {
  Request request;
  request.method = "POST";
  request.path = path_;
  for (const char* body : {"", "<html/>", "{}"}) {
    request.body = body;
    EXPECT_EQ(sandbox_->handle(request).status, 500);
  }
  // A method of another service.
  request.path = "/zj/BeianStatusWebService/verifyBamm";
  request.body = bureau::soap::build_call(bureau::soap::k_namespace, false,
                                          download_call("abcdefghijABCDEFGHIJ"));
  EXPECT_EQ(sandbox_->handle(request).status, 500);
  request.method = "GET";
  EXPECT_EQ(sandbox_->handle(request).status, 405);
  request.path = "/zz/ISPWebService/upDownLoad";
  EXPECT_EQ(sandbox_->handle(request).status, 404);
  request.path = "/zj/ISPWebService/updownload";  // case matters
  EXPECT_EQ(sandbox_->handle(request).status, 404);
}

TEST_F(Calls, TheWsdlNamesTheAddressItWasAskedAt) {
  Request request;
  request.method = "GET";
  request.path = path_;
  request.query["WSDL"] = "";
  request.headers.emplace("host", "bureau.test:9000");
  bureau::soap::WsdlReader reader;
  ASSERT_TRUE(reader.add(sandbox_->handle(request).body));
  EXPECT_EQ(reader.service().location, "http://bureau.test:9000/zj/ISPWebService/upDownLoad");
  EXPECT_EQ(reader.service().operations.at("isp_upload").parts.at(0).first, "ispID");
  EXPECT_EQ(reader.service().operations.at("isp_querypreviousupload").parts.at(0).first, "ispId");
  request.headers.clear();
  request.headers.emplace("host", "\"><script>");
  EXPECT_EQ(sandbox_->handle(request).body.find("script"), std::string::npos);
}

}  // namespace
}  // namespace beian::sandbox
