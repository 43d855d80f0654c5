#include "bureau/soap.h"

#include <gtest/gtest.h>

#include "bureau/gbk.h"

namespace beian::bureau::soap {
namespace {

TEST(Soap, ACallArrivesAsItWasSent) {
  const Call call{"isp_download", {{"ispID", "110000000211"}, {"userName", "示例<&>\"'"}}};
  for (const bool qualified : {false, true}) {
    const auto parsed = parse_call(build_call(k_namespace, qualified, call));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->method, call.method);
    EXPECT_EQ(parsed->parameters, call.parameters);
  }
}

TEST(Soap, ParametersAreUnqualifiedUnlessTheWsdlAsks) {
  const Call call{"m", {{"ispId", "1"}}};
  EXPECT_NE(build_call("urn:x", false, call).find("<ispId>"), std::string::npos);
  EXPECT_NE(build_call("urn:x", true, call).find("<q:ispId>"), std::string::npos);
}

TEST(Soap, BothSpellingsOfTheFirstPartAreFound) {
  for (const char* name : {"ispId", "ispID", "ISPID"}) {
    const Call call{"m", {{name, "7"}}};
    ASSERT_NE(call.find("ispId"), nullptr);
    EXPECT_EQ(*call.find("ispId"), "7");
  }
  EXPECT_EQ((Call{"m", {}}).find("ispId"), nullptr);
}

TEST(Soap, AnAnswerHoldsADocumentAsText) {
  const std::string text = "<?xml version=\"1.0\" encoding=\"GBK\"?><return>操作成功</return>";
  EXPECT_EQ(parse_answer(build_answer(k_namespace, "isp_upload", text)).text, text);
}

TEST(Soap, ReadsOtherServersWays) {
  // CDATA, another prefix, another result name, an attribute.
  EXPECT_EQ(parse_answer("<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                         "<S:Header/><S:Body><ns2:r xmlns:ns2=\"u\"><out xsi:type=\"x\">"
                         "<![CDATA[<return/>]]></out></ns2:r></S:Body></S:Envelope>")
                .text,
            "<return/>");
  // An envelope in GBK.
  const auto gbk = to_gbk(
      "<?xml version=\"1.0\" encoding=\"GBK\"?><Envelope><Body><r><return>中文</return></r>"
      "</Body></Envelope>");
  EXPECT_EQ(parse_answer(gbk.value()).text, "中文");
}

TEST(Soap, AFaultIsAnErrorWithItsWords) {
  const auto answer = parse_answer(build_fault("no such method"));
  EXPECT_FALSE(answer.text.has_value());
  EXPECT_EQ(answer.error, "SOAP fault: no such method");
  const auto twelve = parse_answer(
      "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><e:Fault><e:Reason>"
      "<e:Text>gone</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>");
  EXPECT_EQ(twelve.error, "SOAP fault: gone");
}

TEST(Soap, GarbageIsAnError) {
  for (const std::string& garbage :
       {std::string("<html><body>Bad gateway</body></html>"), std::string(), std::string("{}"),
        std::string("<Envelope><Body/></Envelope>"),
        std::string("<!DOCTYPE a [<!ENTITY b 'c'>]><Envelope/>")}) {
    EXPECT_FALSE(parse_answer(garbage).text.has_value()) << garbage;
    EXPECT_FALSE(parse_call(garbage).has_value()) << garbage;
  }
  EXPECT_LE(parse_answer(build_fault(std::string(5000, 'x'))).error.size(), 220u);
}

Service sample_service() {
  Service service{
      "upDownLoad", "http://www.miibeian.gov.cn", "http://h:1/zj/ISPWebService/upDownLoad", {}};
  service.operations["isp_upload"] = {
      "urn:up",
      {{"ispID", "long"}, {"userName", "string"}, {"encryptAlgorithm", "int"}},
      "",
      false};
  service.operations["isp_download"] = {"", {{"ispID", "long"}}, "", false};
  return service;
}

TEST(Wsdl, WhatIsPublishedIsWhatIsRead) {
  WsdlReader reader;
  ASSERT_TRUE(reader.add(build_wsdl(sample_service())));
  const auto& service = reader.service();
  EXPECT_EQ(service.location, sample_service().location);
  EXPECT_EQ(service.name_space, "http://www.miibeian.gov.cn");
  const auto& operation = service.operations.at("isp_upload");
  EXPECT_EQ(operation.action, "urn:up");
  EXPECT_EQ(operation.parts, sample_service().operations.at("isp_upload").parts);
  EXPECT_EQ(operation.name_space, "http://www.miibeian.gov.cn");
  EXPECT_FALSE(operation.qualified);
  EXPECT_TRUE(reader.imports().empty());
}

// JAX-WS keeps the schema in a document of its own and refers to named types.
TEST(Wsdl, ReadsASchemaThatStandsElsewhere) {
  WsdlReader reader;
  ASSERT_TRUE(reader.add(
      "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:soap='s' "
      "targetNamespace='urn:i'>"
      "<types><xsd:schema xmlns:xsd='x'><xsd:import namespace='urn:i' "
      "schemaLocation='http://inner/ISPWebService/upDownLoad?xsd=1'/></xsd:schema></types>"
      "<binding name='b'><soap:binding/><operation name='isp_upload'>"
      "<soap:operation soapAction=''/></operation></binding>"
      "<service name='s'><port><soap:address location='http://inner/a'/></port></service>"
      "</definitions>"));
  ASSERT_EQ(reader.imports().size(), 1u);
  EXPECT_EQ(reader.imports()[0], "http://inner/ISPWebService/upDownLoad?xsd=1");
  ASSERT_TRUE(reader.add(
      "<xs:schema xmlns:xs='x' targetNamespace='urn:i' elementFormDefault='qualified'>"
      "<xs:element name='isp_upload' type='tns:isp_upload'/>"
      "<xs:complexType name='isp_upload'><xs:sequence><xs:element name='ispID' type='xs:long'/>"
      "<xs:element name='userName' type='xs:string'/></xs:sequence></xs:complexType></xs:schema>"));
  const auto& operation = reader.service().operations.at("isp_upload");
  ASSERT_EQ(operation.parts.size(), 2u);
  EXPECT_EQ(operation.parts[0].first, "ispID");
  EXPECT_TRUE(operation.qualified);
}

TEST(Wsdl, OtherDocumentsAreRefused) {
  WsdlReader reader;
  EXPECT_FALSE(reader.add("<html/>"));
  EXPECT_FALSE(reader.add(""));
  EXPECT_FALSE(reader.add(std::string(2u << 20, ' ') + "<definitions/>"));
}

}  // namespace
}  // namespace beian::bureau::soap
