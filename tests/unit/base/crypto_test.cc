#include "base/crypto.h"

#include <gtest/gtest.h>

#include <set>

#include "base/refusal.h"

namespace beian {
namespace {

TEST(Crypto, Sha256OfNistVectors) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Crypto, HmacOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha256({}, {}).size(), 32u);
}

TEST(Crypto, Base64OfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(plain), coded);
    EXPECT_EQ(from_base64(coded), plain);
  }
  const std::string all_zero(3, '\0');
  EXPECT_EQ(from_base64(to_base64(all_zero)), all_zero);
}

TEST(Crypto, Base64SkipsLineBreaksOnly) {
  EXPECT_EQ(from_base64("Zm9v\r\nYmFy\n"), "foobar");
  EXPECT_EQ(from_base64(" Zm8 = "), "fo");
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Z", "Zh==", "Zm9v!", "Zm9-", "Zg==Zg==", "=", "é"}) {
    try {
      from_base64(text);
      ADD_FAILURE() << "accepted " << text;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code(), RefusalCode::bad_request);
      EXPECT_EQ(refusal.reason(), "base64_invalid");
    }
  }
}

TEST(Crypto, LargeValuesSurviveBase64) {
  const std::string bytes = random_bytes(1'000'003);
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Crypto, TokensAre43UrlSafeCharactersAndDiffer) {
  std::set<std::string> tokens;
  for (int i = 0; i < 200; ++i) tokens.insert(random_token());
  EXPECT_EQ(tokens.size(), 200u);
  for (const std::string& token : tokens) {
    EXPECT_EQ(token.size(), 43u);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_"),
              std::string::npos);
  }
}

TEST(Crypto, ComparesWholeValues) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST(Password, HashIsArgon2idWithTheStatedCostAndVerifies) {
  const std::string hash = hash_password("correct horse");
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=65536,t=3,p=1$", 0), 0u) << hash;
  EXPECT_TRUE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("correct horsf", hash));
}

TEST(Password, LongAndNonAsciiPasswordsAreUsedWhole) {
  const std::string base = std::string(200, 'x') + "密码";
  const std::string hash = hash_password(base + "1", k_cheap_password_cost);
  EXPECT_TRUE(verify_password(base + "1", hash));
  EXPECT_FALSE(verify_password(base + "2", hash));
  EXPECT_NE(hash, hash_password(base + "1", k_cheap_password_cost)) << "no salt";
}

TEST(Password, ABrokenHashVerifiesNothing) {
  for (const char* hash : {"", "x", "$argon2id$v=19$m=65536,t=3,p=1$"}) {
    EXPECT_FALSE(verify_password("", hash)) << hash;
  }
}

}  // namespace
}  // namespace beian
