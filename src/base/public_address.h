// Which addresses lead to a machine on the public internet: whatever somebody else may name (a
// webhook, a website to look at) is reached only there.
#pragma once

#include <string>

namespace beian {

// True for loopback, private, link-local, shared, multicast, documentation, cloud metadata and
// other addresses that lead to no public machine, also where IPv6 wraps such an IPv4 address
// (mapped, NAT64, 6to4, Teredo); and for what is no address.
bool is_private_address(const std::string& ip);

}  // namespace beian
