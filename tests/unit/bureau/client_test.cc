#include "bureau/client.h"

#include <gtest/gtest.h>

#include "bureau/auth.h"
#include "bureau/methods.h"
#include "bureau/soap.h"

namespace beian::bureau {
namespace {

// A bureau made of functions: WSDLs and answers by method.
struct FakeBureau {
  std::string wsdl;
  int wsdl_status = 200;
  std::function<OutboundAnswer(const soap::Call&)> answer;
  std::vector<OutboundRequest> seen;

  Transport transport() {
    return [this](const OutboundRequest& request) {
      seen.push_back(request);
      if (request.method == "GET") return OutboundAnswer{true, true, wsdl_status, wsdl, ""};
      return answer(soap::parse_call(request.body).value());
    };
  }
};

OutboundAnswer reply(const std::string& method, const std::string& xml) {
  return {true, true, 200, soap::build_answer(soap::k_namespace, method, xml), ""};
}

Connection connection() {
  Connection value;
  value.upload_address = "http://bureau.example:8080/zj/ISPWebService/upDownLoad?wsdl";
  value.query_address = "http://bureau.example:8080/zj/BeianStatusWebService/queryBeianStatus";
  value.verify_address = "http://bureau.example:8080/zj/BeianStatusWebService/verifyBamm";
  value.isp_id = 110000000211;
  value.user_name = "isp";
  value.password = "secret";
  value.cipher = Cipher{"0123456789ABCDEF", "0102030405060708"};
  return value;
}

TEST(Client, ProvesItselfAndSendsTheParametersInOrder) {
  FakeBureau bureau;
  soap::Call seen;
  bureau.answer = [&](const soap::Call& call) {
    seen = call;
    UploadReturn value;
    value.msg = "操作成功";
    return reply("isp_upload", to_xml(value));
  };
  const BureauClient client(connection(), bureau.transport());
  const auto answer = client.upload(7, client.pack("<a/>", "a.xml"));
  EXPECT_TRUE(answer.answered(0));
  EXPECT_EQ(answer.msg, "操作成功");
  EXPECT_EQ(seen.method, "isp_upload");
  ASSERT_EQ(seen.parameters.size(), 10u);
  EXPECT_EQ(*seen.find("ispId"), "110000000211");
  EXPECT_EQ(*seen.find("dataSequence"), "7");
  EXPECT_EQ(*seen.find("encryptAlgorithm"), "1");
  EXPECT_EQ(*seen.find("pwdHash"), password_hash("secret", *seen.find("randVal")));
  EXPECT_EQ(bureau.seen.at(0).url, "http://bureau.example:8080/zj/ISPWebService/upDownLoad?wsdl");
  EXPECT_EQ(bureau.seen.at(1).url, "http://bureau.example:8080/zj/ISPWebService/upDownLoad");
}

TEST(Client, TakesWordsFromTheWsdlButNeverTheHost) {
  soap::Service service{"upDownLoad", "urn:other", "http://10.0.0.1/inner/path", {}};
  service.operations["isp_upload"] = {"urn:action", {}, "", false};
  for (const auto& part : info(Method::upload).parts) {
    service.operations["isp_upload"].parts.emplace_back("X" + part.first, part.second);
  }
  FakeBureau bureau;
  bureau.wsdl = soap::build_wsdl(service);
  soap::Call seen;
  bureau.answer = [&](const soap::Call& call) {
    seen = call;
    return reply("isp_upload", to_xml(UploadReturn{}));
  };
  const BureauClient client(connection(), bureau.transport());
  EXPECT_TRUE(client.upload(1, client.pack("<a/>", "a.xml")).answered(0));
  EXPECT_EQ(seen.parameters.at(0).first, "XispId");
  EXPECT_EQ(bureau.seen.at(1).url, "http://bureau.example:8080/zj/ISPWebService/upDownLoad");
  EXPECT_EQ(bureau.seen.at(1).headers.at(1).second, "\"urn:action\"");
  EXPECT_NE(bureau.seen.at(1).body.find("urn:other"), std::string::npos);

  service.location = "http://BUREAU.example:8080/moved/upDownLoad";
  bureau.wsdl = soap::build_wsdl(service);
  const BureauClient moved(connection(), bureau.transport());
  EXPECT_TRUE(moved.upload(1, moved.pack("<a/>", "a.xml")).answered(0));
  EXPECT_EQ(bureau.seen.back().url, "http://bureau.example:8080/moved/upDownLoad");
}

TEST(Client, FollowsSchemaImportsOnTheSameHostOnly) {
  FakeBureau bureau;
  bureau.wsdl =
      "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' "
      "targetNamespace='urn:i'><types><schema>"
      "<import schemaLocation='http://169.254.169.254/x?xsd=1'/></schema></types></definitions>";
  bureau.answer = [](const soap::Call&) { return reply("isp_upload", to_xml(UploadReturn{})); };
  const BureauClient client(connection(), bureau.transport());
  EXPECT_TRUE(client.upload(1, client.pack("<a/>", "a.xml")).answered(0));
  EXPECT_EQ(bureau.seen.at(1).url, "http://bureau.example:8080/x?xsd=1");
  for (const auto& request : bureau.seen) {
    EXPECT_TRUE(request.url.starts_with("http://bureau.example:8080/")) << request.url;
  }
}

TEST(Client, TheWsdlIsReadOnce) {
  FakeBureau bureau;
  bureau.answer = [](const soap::Call&) { return reply("isp_upload", to_xml(UploadReturn{})); };
  const BureauClient client(connection(), bureau.transport());
  const auto package = client.pack("<a/>", "a.xml");
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(client.upload(i, package).answered(0));
  EXPECT_EQ(bureau.seen.size(), 4u);
}

TEST(Client, WithoutAWsdlItSpeaksAsLiveSystemsDid) {
  FakeBureau bureau;
  bureau.wsdl_status = 404;
  std::vector<soap::Call> calls;
  bureau.answer = [&](const soap::Call& call) {
    calls.push_back(call);
    FileReturn value;
    value.sequence = 0;
    return reply(call.method, to_xml(value));
  };
  const BureauClient client(connection(), bureau.transport());
  static_cast<void>(client.upload(1, client.pack("<a/>", "a.xml")));
  EXPECT_TRUE(client.previous_upload().answered(0));
  EXPECT_EQ(calls.at(0).parameters.at(0).first, "ispID");
  EXPECT_EQ(calls.at(1).parameters.at(0).first, "ispId");
  EXPECT_NE(bureau.seen.at(1).body.find("http://www.miibeian.gov.cn"), std::string::npos);
}

TEST(ClientReach, SaysHowFarACallGot) {
  FakeBureau bureau;
  const BureauClient client(connection(), bureau.transport());
  const auto package = client.pack("<a/>", "a.xml");

  bureau.answer = [](const soap::Call&) {
    return OutboundAnswer{false, true, 0, "", "connection reset"};
  };
  EXPECT_EQ(client.upload(1, package).reach, Reach::in_doubt);
  EXPECT_EQ(client.upload(1, package).error, "connection reset");

  bureau.answer = [](const soap::Call&) { return OutboundAnswer{false, false, 0, "", "refused"}; };
  EXPECT_EQ(client.upload(1, package).reach, Reach::not_sent);

  for (const std::string& body :
       {std::string("<html>502</html>"), std::string(), soap::build_fault("boom"),
        soap::build_answer(soap::k_namespace, "isp_upload", "OK")}) {
    bureau.answer = [&](const soap::Call&) { return OutboundAnswer{true, true, 200, body, ""}; };
    EXPECT_EQ(client.upload(1, package).reach, Reach::garbage) << body;
    EXPECT_FALSE(client.upload(1, package).answered(0));
  }
}

TEST(ClientReach, AnUnreachableWsdlMeansNothingWasSent) {
  const BureauClient client(connection(), [](const OutboundRequest&) {
    return OutboundAnswer{false, true, 0, "", "timed out"};
  });
  const auto answer = client.upload(1, client.pack("<a/>", "a.xml"));
  EXPECT_EQ(answer.reach, Reach::not_sent);
  EXPECT_EQ(answer.error, "timed out");
}

TEST(ClientReach, SilenceIsNeverReadAsNotFiledOrNothingUploaded) {
  FakeBureau bureau;
  bureau.answer = [](const soap::Call& call) {
    return reply(call.method, "<return><msg_code>0</msg_code><msg>ok</msg></return>");
  };
  const BureauClient client(connection(), bureau.transport());
  EXPECT_EQ(client.query_status(k_by_domain, "example.cn").reach, Reach::garbage);
  EXPECT_EQ(client.previous_upload().reach, Reach::garbage);
  EXPECT_EQ(client.verify_password("浙ICP备1号", "x").reach, Reach::garbage);
}

TEST(ClientDownload, AnIntactFileIsGivenOutADamagedOneIsNot) {
  FakeBureau bureau;
  auto value = FileReturn{};
  value.msg_code = 3;
  value.has_file = true;
  value.file_name = "20261123100000_zj_1.xml";
  value.package = pack("<DownloadData/>", value.file_name, connection().cipher);
  bureau.answer = [&](const soap::Call& call) { return reply(call.method, to_xml(value)); };
  const BureauClient client(connection(), bureau.transport());
  const auto good = client.download();
  ASSERT_TRUE(good.file.has_value());
  EXPECT_EQ(good.file->xml, "<DownloadData/>");
  EXPECT_EQ(good.file->name, value.file_name);
  EXPECT_TRUE(good.more());

  value.package.hash = "AAAAAAAAAAAAAAAAAAAAAA==";
  const auto bad = client.download();
  EXPECT_TRUE(bad.answered(3));
  EXPECT_FALSE(bad.file.has_value());
  EXPECT_EQ(bad.fault, PackageFault::hash);
  EXPECT_EQ(bad.fault_file, value.file_name);
}

TEST(ClientDownload, CodesOneAndTwoEndTheLoop) {
  FakeBureau bureau;
  int code = 1;
  bureau.answer = [&](const soap::Call& call) {
    FileReturn value;
    value.msg_code = code;
    return reply(call.method, to_xml(value));
  };
  const BureauClient client(connection(), bureau.transport());
  EXPECT_FALSE(client.download().more());
  code = 2;
  EXPECT_FALSE(client.download().more());
  code = 0;
  EXPECT_TRUE(client.download().more());
}

TEST(ClientStatus, NumbersOfAFiledDomain) {
  FakeBureau bureau;
  bureau.answer = [](const soap::Call& call) {
    EXPECT_EQ(*call.find("queryConditionType"), "0");
    EXPECT_EQ(*call.find("queryCondition"), "示例.中国");
    StatusReturn value;
    value.has_status = true;
    value.filed = true;
    value.organiser_number = "浙ICP备2026000001号";
    value.site_number = "浙ICP备2026000001号-1";
    return reply(call.method, to_xml(value));
  };
  const BureauClient client(connection(), bureau.transport());
  const auto answer = client.query_status(k_by_domain, "示例.中国");
  EXPECT_TRUE(answer.answered(0));
  EXPECT_TRUE(answer.filed);
  EXPECT_EQ(answer.site_number, "浙ICP备2026000001号-1");
}

TEST(Client, ConnectionFaultsShowAtTheStart) {
  auto wrong = connection();
  wrong.cipher = Cipher{"short", "short"};
  EXPECT_THROW(BureauClient(wrong, {}), std::invalid_argument);
  wrong = connection();
  wrong.password = "😀";
  EXPECT_THROW(BureauClient(wrong, {}), std::invalid_argument);
}

}  // namespace
}  // namespace beian::bureau
