#include "base/public_address.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(PublicAddress, KnowsWhatLeadsInside) {
  for (const char* ip : {"127.0.0.1",
                         "10.1.2.3",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.168.1.1",
                         "169.254.169.254",
                         "100.64.0.1",
                         "0.0.0.0",
                         "224.0.0.1",
                         "255.255.255.255",
                         "192.0.2.1",
                         "203.0.113.9",
                         "198.18.0.1",
                         "::",
                         "::1",
                         "fe80::1",
                         "fd00::1",
                         "ff02::1",
                         "::ffff:10.0.0.1",
                         "64:ff9b::10.0.0.1",
                         "2002:a00:1::",
                         "2001:db8::1",
                         "::ffff:169.254.169.254",
                         "::ffff:7f00:1",
                         "::127.0.0.1",
                         "64:ff9b::a9fe:a9fe",
                         "64:ff9b:1::8.8.8.8",
                         "2002:7f00:1::",
                         "fec0::1",
                         "fd00:ec2::254",
                         "3fff::1",
                         "100.100.100.200",
                         "fe80::1%eth0",
                         "127.1",
                         "0x7f.0.0.1",
                         "2130706433",
                         " 8.8.8.8",
                         "2001::1",
                         "no address",
                         ""})
    EXPECT_TRUE(is_private_address(ip)) << ip;
  for (const char* ip : {"106.2.48.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:3200::1",
                         "::ffff:8.8.8.8", "2001:4860:4860::8888"})
    EXPECT_FALSE(is_private_address(ip)) << ip;
}

}  // namespace
}  // namespace beian
