// The deflate streams are ours, so another's inflater (zlib, inside libzip) has to read them.
#include "bureau/zip_writer.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/crypto.h"
#include "bureau/base64.h"

namespace beian::bureau {
namespace {

// Name and content of the only entry, the checksum tested; or what is wrong.
std::pair<std::string, std::string> read_by_libzip(const std::string& bytes) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) return {"", zip_error_strerror(&error)};
  zip_stat_t stat;
  zip_stat_index(archive, 0, 0, &stat);
  std::string content(stat.size + 1, '\0');
  zip_file_t* file = zip_fopen_index(archive, 0, 0);
  const auto got = zip_fread(file, content.data(), content.size());
  content.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  const std::string name = stat.name;
  const bool sound = zip_fclose(file) == 0 && zip_get_num_entries(archive, 0) == 1;
  zip_discard(archive);
  return {sound ? name : "", content};
}

void expect_read(const std::string& content, const char* what) {
  const auto [name, read] = read_by_libzip(zip_one_file("a.xml", content));
  EXPECT_EQ(name, "a.xml") << what;
  EXPECT_TRUE(read == content) << what;
}

TEST(ZipWriter, AnotherInflaterReadsEveryKindOfContent) {
  std::mt19937 random(7);
  expect_read("", "nothing");
  expect_read("a", "one byte");
  expect_read(std::string(300000, 'a'), "one byte many times");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  expect_read(all, "each byte once");
  // Fibonacci's numbers make the deepest of trees: codes must be shortened to 12 bits.
  std::string deep;
  std::size_t a = 1, b = 1;
  for (int i = 0; i < 26; ++i) {
    deep += std::string(a, static_cast<char>('A' + i));
    a = std::exchange(b, a + b);
  }
  std::shuffle(deep.begin(), deep.end(), random);
  expect_read(deep, "a deep tree");
  for (const std::size_t size : {262143u, 262144u, 262145u, 600000u}) {
    std::string noise(size, '\0');
    for (auto& byte : noise) byte = static_cast<char>(random());
    expect_read(noise, "noise around the edge of a block");
    expect_read(to_base64(noise), "base64");
  }
  for (int i = 0; i < 300; ++i) {
    std::string text(random() % 2000, '\0');
    const unsigned kinds = 1 + random() % 256;
    for (auto& byte : text) byte = static_cast<char>(random() % (1 + random() % kinds));
    expect_read(text, "random");
  }
}

TEST(ZipWriter, Base64ShrinksToThreeQuarters) {
  std::mt19937 random(7);
  std::string noise(300000, '\0');
  for (auto& byte : noise) byte = static_cast<char>(random());
  const auto text = to_base64(noise);
  EXPECT_LT(zip_one_file("a.xml", text).size(), text.size() * 76 / 100);
}

TEST(Base64, ReadsWhatBureausWriteAndNothingElse) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("QUJD"), "ABC");
  EXPECT_EQ(decode_base64("QUI="), "AB");
  EXPECT_EQ(decode_base64("QQ=="), "A");
  EXPECT_EQ(decode_base64(" Q\r\nU\tJD\n"), "ABC");
  EXPECT_EQ(decode_base64("QUJDQUI=\n"), "ABCAB");
  for (const char* wrong : {"Q", "QU", "QUJ", "QUJDQ", "QUI", "Q===", "====", "=", "QUI=QUJD",
                            "QU=I", "QU!D", "QUJ-", "QUJ_", "QR==", "QUJ=", "中文"}) {
    EXPECT_FALSE(decode_base64(wrong).has_value()) << wrong;
  }
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 400; ++size) {
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    auto text = to_base64(bytes);
    EXPECT_EQ(decode_base64(text), bytes);
    for (std::size_t at = 76; at < text.size(); at += 77) text.insert(at, 1, '\n');
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

}  // namespace
}  // namespace beian::bureau
