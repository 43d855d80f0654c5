#include "bureau/package.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>

#include "base/crypto.h"
#include "bureau/auth.h"
#include "bureau/wire_limits.h"

namespace beian::bureau {
namespace {

const Cipher k_cipher{"0123456789ABCDEF", "0102030405060708"};
const std::string k_xml = "<?xml version=\"1.0\" encoding=\"GBK\"?><UploadData/>";

// A package around arbitrary zip bytes.
Package around(const std::string& zip) {
  return Package{0, 0, 0, to_base64(zip), to_base64(md5(zip))};
}

// A zip with any number of entries, made by the other library.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  zip_source_keep(target);
  for (const auto& [name, content] : entries) {
    zip_file_add(archive, name.c_str(),
                 zip_source_buffer(archive, content.data(), content.size(), 0), 0);
  }
  zip_close(archive);
  zip_stat_t stat;
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

// hello-zip-bytes with the cipher above, from an independent implementation.
TEST(Package, HashAndCipherMatchTheVectors) {
  EXPECT_EQ(to_base64(md5("hello-zip-bytes")), "VlVnsoToSXTdIi63+fbjGg==");
  const Package vector{1, 0, 0, "C+86aS96IVUFf1hs2ubrtg==", "VlVnsoToSXTdIi63+fbjGg=="};
  // Decipher and hash pass; what is inside is no zip.
  EXPECT_EQ(unpack(vector, k_cipher).fault, PackageFault::unzip);
}

TEST(Package, GoesThereAndBack) {
  for (const bool enciphered : {false, true}) {
    const std::optional<Cipher> cipher = enciphered ? std::optional(k_cipher) : std::nullopt;
    const auto package = pack(k_xml, "1n2.xml", cipher);
    EXPECT_EQ(package.encrypt_algorithm, enciphered ? 1 : 0);
    const auto back = unpack(package, k_cipher);
    EXPECT_EQ(back.fault, PackageFault::none);
    EXPECT_EQ(back.xml, k_xml);
    EXPECT_EQ(back.file_name, "1n2.xml");
  }
}

TEST(Package, TheHashIsOfTheZipNotOfTheCipherText) {
  EXPECT_EQ(pack(k_xml, "a.xml", k_cipher).hash, pack(k_xml, "a.xml", std::nullopt).hash);
}

TEST(Package, EqualInputGivesEqualBytes) {
  EXPECT_EQ(pack(k_xml, "a.xml", k_cipher).info, pack(k_xml, "a.xml", k_cipher).info);
}

TEST(Package, AnIndependentUnzipReadsIt) {
  if (std::system("python3 --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no python3";
  const auto package = pack(k_xml, "a.xml", std::nullopt);
  const std::string command =
      "python3 -c 'import zipfile,io,base64,sys;"
      "z=zipfile.ZipFile(io.BytesIO(base64.b64decode(sys.argv[1])));"
      "sys.exit(0 if z.testzip() is None and z.namelist()==[\"a.xml\"] else 1)' " +
      package.info;
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(Package, Base64BrokenAt76ColumnsIsRead) {
  auto package = pack(std::string(5000, 'x'), "a.xml", k_cipher);
  std::string wrapped;
  for (std::size_t i = 0; i < package.info.size(); i += 76) {
    wrapped += package.info.substr(i, 76) + "\n";
  }
  package.info = wrapped;
  EXPECT_EQ(unpack(package, k_cipher).xml, std::string(5000, 'x'));
}

TEST(Package, HuffmanOnlyKeepsBase64AsSmallAsFullDeflateDoes) {
  const std::string text = to_base64(random_bytes(300000));
  const auto zip_size = pack(text, "a.xml", std::nullopt).info.size() * 3 / 4;
  EXPECT_LT(zip_size, text.size() * 77 / 100);
}

TEST(PackageRefusal, EachFaultHasItsOwnCode) {
  const auto good = pack(k_xml, "a.xml", k_cipher);
  auto bad = good;
  bad.encrypt_algorithm = 2;
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::cipher_kind);
  bad = good;
  bad.hash_algorithm = 1;
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::hash_kind);
  bad = good;
  bad.compression_format = 1;
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::compression_kind);
  bad = good;
  bad.hash = to_base64(md5("something else"));
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::hash);
  bad = good;
  bad.info = "not base64 !";
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::decrypt);
  bad.encrypt_algorithm = 0;
  EXPECT_EQ(unpack(bad, k_cipher).fault, PackageFault::unzip);
  EXPECT_EQ(static_cast<int>(PackageFault::decrypt), 6);
  EXPECT_EQ(static_cast<int>(PackageFault::compression_kind), 11);
}

TEST(PackageRefusal, HashOverTheCipherText) {
  auto package = pack(k_xml, "a.xml", k_cipher);
  package.hash = to_base64(md5(from_base64(package.info)));
  EXPECT_EQ(unpack(package, k_cipher).fault, PackageFault::hash);
}

TEST(PackageRefusal, AnotherKeyOrNoneAtAll) {
  const auto package = pack(k_xml, "a.xml", k_cipher);
  const auto other = unpack(package, Cipher{"FEDCBA9876543210", k_cipher.iv});
  EXPECT_TRUE(other.fault == PackageFault::decrypt || other.fault == PackageFault::hash);
  EXPECT_EQ(unpack(package, std::nullopt).fault, PackageFault::decrypt);
}

TEST(PackageRefusal, AnotherOffsetSpoilsTheFirstBlock) {
  const auto package = pack(k_xml, "a.xml", k_cipher);
  EXPECT_EQ(unpack(package, Cipher{k_cipher.key, "8070605040302010"}).fault, PackageFault::hash);
}

TEST(PackageRefusal, GzipIsNoZip) {
  const std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20);
  EXPECT_EQ(unpack(around(gzip), std::nullopt).fault, PackageFault::unzip);
}

TEST(PackageRefusal, ExactlyOneEntry) {
  EXPECT_EQ(unpack(around(zip_of({{"a.xml", "<a/>"}, {"b.xml", "<b/>"}})), std::nullopt).fault,
            PackageFault::file_count);
  EXPECT_EQ(unpack(around(zip_of({{"a.xml", "<a/>"}})), std::nullopt).fault, PackageFault::none);
}

TEST(PackageRefusal, ABombIsNotUnpacked) {
  const std::string zeros(40u << 20, '0');
  const auto bomb = zip_of({{"a.xml", zeros}});
  EXPECT_LT(bomb.size(), 100000u);
  EXPECT_EQ(unpack(around(bomb), std::nullopt).fault, PackageFault::unzip);
}

TEST(PackageRefusal, MoreThanFiftyMegabytes) {
  const std::string large(k_max_file_bytes + 1, 'x');
  EXPECT_EQ(unpack(around(zip_of({{"a.xml", large}})), std::nullopt).fault,
            PackageFault::too_large);
  EXPECT_THROW(static_cast<void>(pack(large, "a.xml", std::nullopt)), std::invalid_argument);
}

TEST(PackageRefusal, ADamagedEntry) {
  auto zip = zip_of({{"a.xml", std::string(1000, 'x') + "payload"}});
  zip[40] = static_cast<char>(zip[40] ^ 0x55);
  EXPECT_EQ(unpack(around(zip), std::nullopt).fault, PackageFault::unzip);
}

TEST(PackageName, IsDifferentForEveryUploadAndCanBeReadBack) {
  const auto name = upload_file_name(110000000211, 17);
  EXPECT_EQ(name, "110000000211n17.xml");
  EXPECT_EQ(sequence_of_file_name(110000000211, name), 17);
  EXPECT_EQ(sequence_of_file_name(110000000212, name), std::nullopt);
  EXPECT_EQ(sequence_of_file_name(110000000211, "110000000211n.xml"), std::nullopt);
  EXPECT_EQ(sequence_of_file_name(110000000211, "110000000211n1 .xml"), std::nullopt);
  EXPECT_THROW(static_cast<void>(pack("<a/>", "../a.xml", std::nullopt)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(pack("<a/>", "a.xml", Cipher{"short", "short"})),
               std::invalid_argument);
}

}  // namespace
}  // namespace beian::bureau
