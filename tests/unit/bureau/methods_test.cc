#include "bureau/methods.h"

#include <gtest/gtest.h>

namespace beian::bureau {
namespace {

std::vector<std::string> names(Method method) {
  std::vector<std::string> all;
  for (const auto& [name, type] : info(method).parts) all.push_back(name);
  return all;
}

TEST(Methods, ParametersStandInTheOrderOfTheInterface) {
  EXPECT_EQ(names(Method::upload),
            (std::vector<std::string>{"ispId", "userName", "randVal", "pwdHash", "beianInfo",
                                      "beianInfoHash", "dataSequence", "encryptAlgorithm",
                                      "hashAlgorithm", "compressionFormat"}));
  EXPECT_EQ(names(Method::download_ack),
            (std::vector<std::string>{"ispId", "userName", "randVal", "pwdHash", "hashAlgorithm",
                                      "fileName"}));
  EXPECT_EQ(names(Method::query_status).back(), "queryCondition");
  EXPECT_EQ(names(Method::verify_password).back(), "bamm");
  EXPECT_EQ(info(Method::previous_upload).name, "isp_querypreviousupload");
  EXPECT_EQ(methods().size(), 6u);
  EXPECT_EQ(path(ServicePath::query_status), "BeianStatusWebService/queryBeianStatus");
}

TEST(Methods, UploadReturnWithMissingNumbers) {
  UploadReturn value;
  value.msg_code = 14;
  value.msg = "请先上载";
  value.missing = {501, 502};
  const auto back = parse_upload_return(to_xml(value));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->msg_code, 14);
  EXPECT_EQ(back->msg, "请先上载");
  EXPECT_EQ(back->missing, (std::vector<std::int64_t>{501, 502}));
}

TEST(Methods, FileReturn) {
  FileReturn value;
  value.msg_code = 3;
  value.has_file = true;
  value.package = Package{1, 0, 0, "QUJD", "SEFTSA=="};
  value.file_name = "20160325145800_zj_3058.xml";
  value.sequence = 7;
  const auto xml = to_xml(value);
  const auto back = parse_file_return(xml);
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(back->has_file);
  EXPECT_EQ(back->file_name, value.file_name);
  EXPECT_EQ(back->package.encrypt_algorithm, 1);
  EXPECT_EQ(back->package.info, "QUJD");
  EXPECT_EQ(back->sequence, 7);
  // dataSequence stands between encryptAlgorithm and the name.
  EXPECT_LT(xml.find("<encryptAlgorithm>"), xml.find("<dataSequence>"));
  EXPECT_LT(xml.find("<dataSequence>"), xml.find("<return_FileName>"));
}

TEST(Methods, NothingUploadedYetIsAnEmptyFileAndZero) {
  FileReturn value;
  value.sequence = 0;
  const auto back = parse_file_return(to_xml(value));
  EXPECT_FALSE(back->has_file);
  EXPECT_EQ(back->sequence, 0);
}

TEST(Methods, BaztZeroMeansFiled) {
  StatusReturn value;
  value.has_status = true;
  value.filed = true;
  value.condition = "example.cn";
  value.organiser_number = "浙ICP备2026000001号";
  const auto xml = to_xml(value);
  EXPECT_NE(xml.find("<Bazt>0</Bazt>"), std::string::npos);
  EXPECT_TRUE(parse_status_return(xml)->filed);
  value.filed = false;
  EXPECT_FALSE(parse_status_return(to_xml(value))->filed);
  EXPECT_FALSE(parse_status_return("<return><msg_code>0</msg_code></return>")->has_status);
}

TEST(Methods, VerifyResZeroMeansCorrect) {
  PasswordReturn value;
  value.correct = true;
  EXPECT_NE(to_xml(value).find("<VerifyRes>0</VerifyRes>"), std::string::npos);
  EXPECT_EQ(parse_password_return(to_xml(value))->correct, true);
  value.correct = false;
  EXPECT_EQ(parse_password_return(to_xml(value))->correct, false);
  value.correct.reset();
  EXPECT_FALSE(parse_password_return(to_xml(value))->correct.has_value());
}

TEST(Methods, AMissingVersionIsAcceptedOtherThingsAreNot) {
  EXPECT_EQ(parse_return("<return><msg_code>5</msg_code><msg>x</msg></return>")->msg_code, 5);
  for (const char* text : {"", "ok", "<return/>", "<return><msg_code>x</msg_code></return>",
                           "<html/>", "<return><msg_code>-1</msg_code></return>"}) {
    EXPECT_FALSE(parse_return(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace beian::bureau
