#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "http/request_target.h"

namespace beian {
namespace {

bool is_known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> k_known{"GET",   "HEAD",   "POST",   "PUT",
                                                    "PATCH", "DELETE", "OPTIONS"};
  return std::find(k_known.begin(), k_known.end(), method) != k_known.end();
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_framing_plain(const RequestHead& head) {
  const auto length = head.headers.equal_range("content-length");
  const auto coding = head.headers.equal_range("transfer-encoding");
  const auto count =
      std::distance(length.first, length.second) + std::distance(coding.first, coding.second);
  if (count == 0) return true;
  if (count > 1) return false;
  if (length.first != length.second) return is_digits(length.first->second);
  return !head.is_http_1_0 && to_lower_ascii(coding.first->second) == "chunked";
}

std::string joined(const Request& request, const std::string& name) {
  std::string values;
  const auto [first, last] = request.headers.equal_range(name);
  for (auto field = first; field != last; ++field) {
    if (!values.empty()) values += ',';
    values += field->second;
  }
  return values;
}

void find_client(const std::string& peer, const TrustedProxies& proxies, Request& request) {
  const auto peer_ip = parse_ip(peer);
  if (!peer_ip) {  // a link-local address with its scope
    request.remote_ip = peer;
  } else {
    request.remote_ip = ip_to_string(proxies.client(*peer_ip, joined(request, "x-forwarded-for")));
  }
  if (peer_ip && proxies.contains(*peer_ip)) return;
  for (const char* name :
       {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"}) {
    request.headers.erase(name);
  }
}

}  // namespace

int understand(RequestHead head, const std::string& peer, const TrustedProxies& proxies,
               Understood& out) {
  const bool framing_plain = is_framing_plain(head);
  out.request.headers = std::move(head.headers);
  find_client(peer, proxies, out.request);
  if (!is_known_method(head.method)) return 501;
  out.is_head = head.method == "HEAD";
  out.request.method = out.is_head ? "GET" : std::move(head.method);
  if (!framing_plain) return 400;
  const auto hosts = out.request.headers.count("host");
  if (hosts > 1 || (hosts == 0 && !head.is_http_1_0)) return 400;
  auto target = parse_request_target(head.target);
  if (!target) return 400;
  out.request.path = std::move(target->path);
  out.request.query = std::move(target->query);
  if (const auto expect = out.request.header("expect"); expect && !head.is_http_1_0) {
    if (to_lower_ascii(*expect) != "100-continue") return 417;
    out.expects_continue = true;
  }
  return 0;
}

}  // namespace beian
