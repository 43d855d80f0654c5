#include "bureau/auth.h"

#include <gtest/gtest.h>

#include <set>

#include "base/crypto.h"

namespace beian::bureau {
namespace {

TEST(Auth, PasswordComesBeforeTheRandomValueAndIsGbk) {
  EXPECT_EQ(password_hash("1234567890", "abcdefghijABCDEFGHIJ"), "mbDZD5Py+VplWLGDZZIo2Q==");
  EXPECT_EQ(password_hash("备案Pw1", "0123456789abcdefghij"), "pd6HUBNgAvgYfhLcLGlcYw==");
  EXPECT_THROW(static_cast<void>(password_hash("😀", "x")), std::invalid_argument);
}

TEST(Auth, FilingPasswordIsLowerCaseHex) {
  EXPECT_EQ(filing_password_hash("abc123"), "e99a18c428cb38d5f260853678922e03");
}

TEST(Auth, RandomValuesAreTwentyLettersAndDigitsAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto value = random_value();
    EXPECT_EQ(value.size(), 20u);
    EXPECT_EQ(
        value.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        std::string::npos);
    seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 200u);
}

}  // namespace
}  // namespace beian::bureau
