#include "http/client_address.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace beian {
namespace {

std::string client(const std::vector<std::string>& proxies, std::string_view peer,
                   std::string_view forwarded) {
  return ip_to_string(TrustedProxies(proxies).client(*parse_ip(peer), forwarded));
}

TEST(ClientAddress, IsThePeerUnlessAProxyOfOursSaysOtherwise) {
  EXPECT_EQ(client({}, "203.0.113.9", "198.51.100.1"), "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.1"}, "203.0.113.9", "198.51.100.1"), "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client({"10.0.0.1"}, "10.0.0.1", "198.51.100.1"), "198.51.100.1");
}

TEST(ClientAddress, WhatTheClientItselfClaimsDoesNotCount) {
  EXPECT_EQ(client({"10.0.0.0/24"}, "10.0.0.1", "1.2.3.4, 198.51.100.1 ,10.0.0.7"), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.0/24"}, "10.0.0.1", "nonsense, 10.0.0.7"), "10.0.0.7");
  EXPECT_EQ(client({"10.0.0.0/24"}, "10.0.0.1", "1.2.3.4,,"), "10.0.0.1");
}

TEST(ClientAddress, NetworksOfBothFamilies) {
  EXPECT_EQ(client({"10.0.0.0/9"}, "10.127.0.1", "1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(client({"10.0.0.0/9"}, "10.128.0.1", "1.2.3.4"), "10.128.0.1");
  EXPECT_EQ(client({"fd00::/8"}, "fd12::1", "2001:db8::5"), "2001:db8::5");
  EXPECT_EQ(client({"10.0.0.1"}, "::ffff:10.0.0.1", "1.2.3.4"), "1.2.3.4");
}

TEST(ClientAddress, RefusesAMalformedEntry) {
  for (const char* entry : {"", "proxy", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/", "10.0.0.1/8x",
                            "::1/129", "10.0.0"}) {
    EXPECT_THROW(TrustedProxies({entry}), std::runtime_error) << entry;
  }
}

}  // namespace
}  // namespace beian
