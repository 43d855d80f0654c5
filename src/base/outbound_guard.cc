#include "base/outbound_guard.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/public_address.h"
#include "base/text.h"

namespace beian {
namespace {

using Ticks = std::chrono::steady_clock;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using Transfer = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::size_t k_most_addresses = 16, k_longest_url = 2000;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

std::vector<std::string> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> freed(list, ::freeaddrinfo);
  std::vector<std::string> v4, v6;
  for (const addrinfo* one = list; one; one = one->ai_next) {
    char text[INET6_ADDRSTRLEN] = "";
    if (one->ai_family == AF_INET)
      ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(one->ai_addr)->sin_addr, text,
                  sizeof text);
    else if (one->ai_family == AF_INET6)
      ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(one->ai_addr)->sin6_addr, text,
                  sizeof text);
    else
      continue;
    std::vector<std::string>& into = one->ai_family == AF_INET ? v4 : v6;
    if (std::ranges::find(into, text) == into.end()) into.emplace_back(text);
  }
  v4.insert(v4.end(), v6.begin(), v6.end());
  if (v4.size() > k_most_addresses) v4.resize(k_most_addresses);
  return v4;
}

// Called with the address that is about to be connected to: only those that were looked at.
struct Pinned {
  const std::vector<std::string>* addresses;
  bool strayed = false;
};

std::string text_of(const sockaddr* address, int family) {
  char text[INET6_ADDRSTRLEN] = "";
  if (family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text,
                sizeof text);
  else if (family == AF_INET6)
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text,
                sizeof text);
  return text;
}

curl_socket_t open_pinned(void* user, curlsocktype, struct curl_sockaddr* address) {
  auto* pinned = static_cast<Pinned*>(user);
  const std::string text = text_of(&address->addr, address->family);
  if (std::ranges::find(*pinned->addresses, text) == pinned->addresses->end()) {
    pinned->strayed = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Sink {
  std::string body;
  std::size_t limit = 0;
  bool overflow = false;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto* sink = static_cast<Sink*>(user);
  const std::size_t bytes = size * count, room = sink->limit - sink->body.size();
  sink->body.append(data, std::min(bytes, room));
  if (bytes <= room) return bytes;
  sink->overflow = true;
  return 0;
}

std::string word_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "timeout";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return "tls";
    default:
      return "connect";
  }
}

template <typename T>
void set(CURL* curl, CURLoption option, T value) {
  if (curl_easy_setopt(curl, option, value) != CURLE_OK)
    throw std::runtime_error("libcurl lacks an option");
}

HeaderList one_header(HeaderList list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
  return list;
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Until the socket can be read or written; false at the end of the time.
bool wait_for(int fd, short events, Ticks::time_point end) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Ticks::now());
    if (left.count() <= 0) return false;
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

int connect_to(const std::string& ip, int port, Ticks::time_point end, std::string& error) {
  sockaddr_in6 v6{};
  sockaddr_in v4{};
  const bool is_v4 = ::inet_pton(AF_INET, ip.c_str(), &v4.sin_addr) == 1;
  if (!is_v4 && ::inet_pton(AF_INET6, ip.c_str(), &v6.sin6_addr) != 1) return -1;
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  const int fd =
      ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  const auto* address = is_v4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
  if (::connect(fd, address, is_v4 ? sizeof v4 : sizeof v6) == 0) return fd;
  int failed = errno;
  if (failed == EINPROGRESS) {
    socklen_t length = sizeof failed;
    if (!wait_for(fd, POLLOUT, end))
      error = "timeout";
    else if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && failed == 0)
      return fd;
  }
  ::close(fd);
  return -1;
}

}  // namespace

OutboundGuard::OutboundGuard(const std::vector<std::string>& test_hosts, bool only_these)
    : only_these_(only_these) {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!started) throw std::runtime_error("libcurl does not start");
  for (const std::string& entry : test_hosts) {
    const auto is = entry.find('='), colon = entry.rfind(':');
    if (is == std::string::npos || colon == std::string::npos || colon < is)
      throw std::runtime_error("domains.test_hosts: \"" + entry + "\" is not host=address:port");
    test_hosts_[to_lower_ascii(entry.substr(0, is))] = {entry.substr(is + 1, colon - is - 1),
                                                        std::atoi(entry.c_str() + colon + 1)};
  }
}

OutboundGuard::Target OutboundGuard::target_of(const std::string& host) const {
  if (const auto test = test_hosts_.find(to_lower_ascii(host)); test != test_hosts_.end())
    return {{test->second.first}, test->second.second, ""};
  if (only_these_) return {{}, 0, "name"};
  Target target{look_up(host), 0, ""};
  if (target.addresses.empty()) target.error = "name";
  // One private address among public ones is no accident.
  if (std::ranges::any_of(target.addresses, is_private_address)) target.error = "private_address";
  return target;
}

Resolved OutboundGuard::resolve(const std::string& host) const {
  Target target = target_of(host);
  return {std::move(target.addresses), std::move(target.error)};
}

Fetched OutboundGuard::get(const std::string& first_url, const GuardLimits& limits, bool may_cut,
                           std::string_view accept) const {
  Fetched out;
  out.url = first_url;
  for (int hop = 0;; ++hop) {
    const Url url(curl_url(), curl_url_cleanup);
    if (out.url.size() > k_longest_url || url == nullptr ||
        curl_url_set(url.get(), CURLUPART_URL, out.url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
      out.error = "url";
      return out;
    }
    const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
    const std::string port = part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::string host = part_of(url.get(), CURLUPART_HOST);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    if (scheme != "http" && scheme != "https")
      out.error = "url";
    else if (port != "80" && port != "443")
      out.error = "port";
    if (!out.error.empty()) return out;
    const Target target = target_of(host);
    out.addresses = target.addresses;
    if (!target.error.empty()) {
      out.error = target.error;
      return out;
    }
    // Only the addresses that were looked at; an address of its own needs no such line.
    std::string pinned_to;
    for (const std::string& ip : target.addresses)
      pinned_to += (pinned_to.empty() ? "" : ",") +
                   (ip.find(':') == std::string::npos ? ip : "[" + ip + "]");
    const HeaderList resolve =
        one_header({nullptr, curl_slist_free_all}, host + ":" + port + ":" + pinned_to);
    const std::string moved = "::" + target.addresses.front() + ":" + std::to_string(target.port);
    const HeaderList connect = target.port == 0 ? HeaderList(nullptr, curl_slist_free_all)
                                                : one_header({nullptr, curl_slist_free_all}, moved);
    const HeaderList headers =
        one_header({nullptr, curl_slist_free_all}, "Accept: " + std::string(accept));
    const Transfer transfer(curl_easy_init(), curl_easy_cleanup);
    if (transfer == nullptr) throw std::bad_alloc();
    CURL* curl = transfer.get();
    Sink sink;
    sink.limit = limits.body_bytes;
    Pinned pinned{&target.addresses};
    set(curl, CURLOPT_CURLU, url.get());
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_PROXY, "");
    set(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(curl, CURLOPT_FOLLOWLOCATION, 0L);
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_HTTPGET, 1L);
    set(curl, CURLOPT_ACCEPT_ENCODING, "");
    set(curl, CURLOPT_USERAGENT, "Mozilla/5.0 (compatible; Beian/1; ICP filing check)");
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.whole.count()));
    set(curl, CURLOPT_RESOLVE, resolve.get());
    if (connect != nullptr) set(curl, CURLOPT_CONNECT_TO, connect.get());
    set(curl, CURLOPT_HTTPHEADER, headers.get());
    set(curl, CURLOPT_OPENSOCKETFUNCTION, &open_pinned);
    set(curl, CURLOPT_OPENSOCKETDATA, &pinned);
    set(curl, CURLOPT_WRITEFUNCTION, &receive);
    set(curl, CURLOPT_WRITEDATA, &sink);
    const CURLcode code = curl_easy_perform(curl);
    if (pinned.strayed) {
      out.error = "private_address";
      return out;
    }
    if (sink.overflow && !may_cut) {
      out.error = "too_large";
      return out;
    }
    if (code != CURLE_OK && !sink.overflow) {
      out.error = word_of(code);
      return out;
    }
    long status = 0;
    char *to = nullptr, *type = nullptr, *ip = nullptr;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &ip);
    out.status = static_cast<int>(status);
    out.address = ip ? ip : "";
    out.type = type ? type : "";
    if (to == nullptr || status < 300 || status > 399) {
      out.body = std::move(sink.body);
      out.cut = sink.overflow;
      return out;
    }
    if (hop >= limits.redirects) {
      out.error = "redirects";
      return out;
    }
    out.url = to;
  }
}

Fetched OutboundGuard::ask_whois(const std::string& host, const std::string& line,
                                 const GuardLimits& limits) const {
  Fetched out;
  out.url = "whois://" + host;
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    out.error = "url";
    return out;
  }
  const Target target = target_of(host);
  out.addresses = target.addresses;
  out.error = target.error;
  if (!out.error.empty()) return out;
  const auto end = Ticks::now() + limits.whole;
  out.error = "connect";
  for (const std::string& ip : target.addresses) {
    const Socket socket(connect_to(ip, target.port == 0 ? 43 : target.port,
                                   std::min(end, Ticks::now() + limits.connect), out.error));
    if (socket.fd() < 0) continue;
    out.address = ip;
    const std::string question = line + "\r\n";
    for (std::size_t sent = 0; sent < question.size();) {
      if (!wait_for(socket.fd(), POLLOUT, end)) return out.error = "timeout", out;
      const auto n =
          ::send(socket.fd(), question.data() + sent, question.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return out.error = "connect", out;
      sent += static_cast<std::size_t>(n);
    }
    char block[8192];
    for (;;) {
      if (!wait_for(socket.fd(), POLLIN, end)) return out.error = "timeout", out;
      const auto n = ::recv(socket.fd(), block, sizeof block, 0);
      if (n < 0) return out.error = "connect", out;
      if (n == 0) break;
      if (out.body.size() + static_cast<std::size_t>(n) > limits.body_bytes)
        return out.error = "too_large", out;
      out.body.append(block, static_cast<std::size_t>(n));
    }
    out.error.clear();
    return out;
  }
  return out;
}

}  // namespace beian
