#include "bureau/codec.h"

#include <gtest/gtest.h>

#include "bureau/client.h"
#include "unit/bureau/sample.h"

namespace beian::bureau {
namespace {

TEST(Codec, AVersionIsChosenByItsName) {
  const auto* codec = find_codec("V.3.0");
  ASSERT_NE(codec, nullptr);
  const auto upload = sample::upload(sample::filing());
  const auto xml = codec->encode_upload(upload).xml;
  EXPECT_NE(xml.find("version=\"V.3.0\""), std::string::npos);
  EXPECT_TRUE(codec->check_upload(xml).empty());
  EXPECT_EQ(codec->decode_upload(xml).value.unit, upload.unit);
  EXPECT_EQ(find_codec("V3.0"), nullptr);
  EXPECT_EQ(codec_versions().front(), k_default_version);
}

OutboundAnswer nobody(const OutboundRequest&) { return {}; }

TEST(Codec, AConnectionNamesItsVersionAndLimits) {
  Connection connection;
  EXPECT_EQ(BureauClient(connection, nobody).codec().version, "V.3.0");
  connection.max_file_bytes = 1000;
  const BureauClient small(connection, nobody);
  EXPECT_NO_THROW(static_cast<void>(small.pack(std::string(1000, 'a'), "a.xml")));
  EXPECT_THROW(static_cast<void>(small.pack(std::string(1001, 'a'), "a.xml")),
               std::invalid_argument);
  connection.version = "V.9";
  EXPECT_THROW(BureauClient(connection, nobody), std::invalid_argument);
  connection.version = "V.3.0";
  connection.max_records = 1001;
  EXPECT_THROW(BureauClient(connection, nobody), std::invalid_argument);
}

}  // namespace
}  // namespace beian::bureau
