#include "notify/webhook.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "base/crypto.h"
#include "base/public_address.h"
#include "base/text.h"

namespace beian::notify {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using Transfer = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr long k_connect_ms = 5000, k_all_ms = 15000;
constexpr std::size_t k_most_answer = 64u << 10, k_most_url = 500;

Url parse(const std::string& text) {
  Url url(curl_url(), curl_url_cleanup);
  if (url != nullptr &&
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    url.reset();
  return url;
}

std::string part_of(const Url& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

struct Guard {
  bool allow_private = false;
  bool refused = false;
};

// Called with the address that is about to be connected to: whatever a name led to, and each time.
curl_socket_t open_checked(void* user, curlsocktype, struct curl_sockaddr* address) {
  auto* guard = static_cast<Guard*>(user);
  char text[INET6_ADDRSTRLEN] = "";
  if (address->family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&address->addr)->sin_addr, text,
                sizeof text);
  else if (address->family == AF_INET6)
    ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(&address->addr)->sin6_addr, text,
                sizeof text);
  if (!guard->allow_private && is_private_address(text)) {
    guard->refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t count_only(char*, std::size_t size, std::size_t count, void* user) {
  auto* seen = static_cast<std::size_t*>(user);
  *seen += size * count;
  return *seen > k_most_answer ? 0 : size * count;
}

std::string word_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "name";
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
      return "tls";
    case CURLE_WRITE_ERROR:
      return "answer_too_large";
    default:
      return "connect";
  }
}

HeaderList headers_of(const WebhookCall& call) {
  HeaderList list(nullptr, curl_slist_free_all);
  for (const std::string& line :
       {std::string("Expect:"), std::string("Content-Type: application/json"),
        std::string("User-Agent: Beian-Webhook/1"), "X-Beian-Event: " + call.event,
        "X-Beian-Delivery: " + call.id,
        "X-Beian-Signature: " + webhook_signature(call.secret, call.now, call.body)}) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

}  // namespace

std::string check_webhook_url(const std::string& text, bool allow_private) {
  if (text.size() > k_most_url) return "webhook_url_long";
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  const Url url = printable ? parse(text) : Url(nullptr, curl_url_cleanup);
  if (url == nullptr) return "webhook_url_malformed";
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  if (scheme != "https" && !(scheme == "http" && allow_private)) return "webhook_url_https";
  if (allow_private) return "";
  std::string host = to_lower_ascii(part_of(url, CURLUPART_HOST));
  if (host.size() > 1 && host.front() == '[') host = host.substr(1, host.size() - 2);
  const bool is_ip = host.find(':') != std::string::npos ||
                     host.find_first_not_of("0123456789.") == std::string::npos;
  if (is_ip && is_private_address(host)) return "webhook_url_private";
  if (!is_ip && (host.find('.') == std::string::npos || host.ends_with(".localhost") ||
                 host.ends_with(".local") || host.ends_with(".internal")))
    return "webhook_url_private";
  return "";
}

std::string webhook_signature(const std::string& secret, Millis now, const std::string& body) {
  const std::string seconds = std::to_string(now / 1000);
  return "t=" + seconds + ",v1=" + to_hex(hmac_sha256(secret, seconds + "." + body));
}

WebhookResult WebhookSender::send(const WebhookCall& call) const {
  if (!check_webhook_url(call.url, allow_private_).empty()) return {false, {}, "private_address"};
  const Url url = parse(call.url);
  const HeaderList headers = headers_of(call);
  const Transfer transfer(curl_easy_init(), curl_easy_cleanup);
  if (transfer == nullptr) throw std::bad_alloc();
  CURL* curl = transfer.get();
  Guard guard{allow_private_, false};
  std::size_t seen = 0;
  const auto set = [curl](CURLoption option, auto value) {
    if (curl_easy_setopt(curl, option, value) != CURLE_OK)
      throw std::runtime_error("libcurl lacks an option");
  };
  set(CURLOPT_CURLU, url.get());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, k_connect_ms);
  set(CURLOPT_TIMEOUT_MS, k_all_ms);
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, call.body.data());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  set(CURLOPT_OPENSOCKETFUNCTION, &open_checked);
  set(CURLOPT_OPENSOCKETDATA, &guard);
  set(CURLOPT_WRITEFUNCTION, &count_only);
  set(CURLOPT_WRITEDATA, &seen);
  const CURLcode code = curl_easy_perform(curl);
  if (guard.refused) return {false, {}, "private_address"};
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK) return {false, {}, word_of(code)};
  const bool good = status >= 200 && status < 300;
  return {good, static_cast<int>(status), good ? "" : "http_" + std::to_string(status)};
}

}  // namespace beian::notify
