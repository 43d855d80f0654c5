#include "base/outbound.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

namespace beian {
namespace {

// Answers one connection with fixed bytes and keeps what it was asked.
class OneShotServer {
 public:
  explicit OneShotServer(std::string answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no loopback port");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneShotServer() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url(const std::string& path) const { return "http://" + host() + path; }
  const std::string& asked() {  // waits until the exchange is over
    if (thread_.joinable()) thread_.join();
    return asked_;
  }

 private:
  void serve() {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    char part[4096];
    while (!complete()) {
      const ssize_t count = ::recv(client, part, sizeof part, 0);
      if (count <= 0) break;
      asked_.append(part, static_cast<std::size_t>(count));
    }
    ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    ::close(client);
  }
  bool complete() const {
    const std::size_t end = asked_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = asked_.find("Content-Length: ");
    if (length == std::string::npos || length > end) return true;
    return asked_.size() >= end + 4 + std::stoul(asked_.substr(length + 16));
  }

  std::string answer_, asked_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

OutboundRequest post(const std::string& url, std::string body) {
  OutboundRequest request;
  request.url = url;
  request.body = std::move(body);
  return request;
}

TEST(Outbound, SendsAndReceives) {
  OneShotServer server("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nyes");
  const Outbound outbound({server.host()});
  OutboundRequest request = post(server.url("/soap?q=1"), std::string(2'000'000, 'x'));
  request.headers = {{"Content-Type", "text/xml"}, {"SOAPAction", ""}};
  const OutboundAnswer answer = outbound.send(request);
  EXPECT_TRUE(answer.reached) << answer.error;
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "yes");
  const std::string& asked = server.asked();
  EXPECT_EQ(asked.rfind("POST /soap?q=1 HTTP/1.1\r\n", 0), 0u) << asked;
  EXPECT_NE(asked.find("\r\nContent-Type: text/xml\r\n"), std::string::npos);
  EXPECT_NE(asked.find("\r\nSOAPAction:\r\n"), std::string::npos);
  EXPECT_EQ(asked.find("Expect:"), std::string::npos);
  EXPECT_EQ(asked.substr(asked.find("\r\n\r\n") + 4), std::string(2'000'000, 'x'));
}

TEST(Outbound, GetsWithoutABody) {
  OneShotServer server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  OutboundRequest request;
  request.method = "GET";
  request.url = server.url("/x");
  const OutboundAnswer answer = Outbound({server.host()}).send(request);
  EXPECT_TRUE(answer.reached);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(server.asked().rfind("GET /x HTTP/1.1\r\n", 0), 0u);
}

TEST(Outbound, ContactsOnlyTheHostsNamed) {
  const Outbound outbound({"bureau.example.com", "Sms.Example.com:8443", "[::1]:9"});
  for (const char* url :
       {"http://other.example.com/", "https://bureau.example.com.evil.example/",
        "http://bureau.example.com:8080/", "https://sms.example.com/",
        "http://bureau.example.com@evil.example/", "http://user:pw@bureau.example.com/",
        "http://evil.example\\@bureau.example.com/", "file:///etc/passwd",
        "ftp://bureau.example.com/", "bureau.example.com", "", "http://", "http://127.0.0.1/",
        "gopher://bureau.example.com:80/"}) {
    EXPECT_THROW(outbound.send(post(url, "")), std::logic_error) << url;
  }
}

TEST(Outbound, RefusesHeadersThatWouldSmuggleOthers) {
  OutboundRequest request = post("http://bureau.example.com/", "");
  request.headers = {{"A", "b\r\nHost: evil.example"}};
  EXPECT_THROW(Outbound({"bureau.example.com"}).send(request), std::logic_error);
}

TEST(Outbound, DoesNotFollowRedirects) {
  OneShotServer server(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  const OutboundAnswer answer = Outbound({server.host()}).send(post(server.url("/"), ""));
  EXPECT_TRUE(answer.reached) << answer.error;
  EXPECT_EQ(answer.status, 302);
}

TEST(Outbound, StopsAtTheLimit) {
  OneShotServer server("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(2000, 'x'));
  OutboundRequest request = post(server.url("/"), "");
  request.max_answer_bytes = 1000;
  const OutboundAnswer answer = Outbound({server.host()}).send(request);
  EXPECT_FALSE(answer.reached);
  EXPECT_TRUE(answer.sent);
  EXPECT_TRUE(answer.body.empty());
  EXPECT_NE(answer.error.find("1000"), std::string::npos) << answer.error;
}

TEST(Outbound, ACutAnswerIsNoAnswer) {
  OneShotServer server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  const OutboundAnswer answer =
      Outbound({server.host()}).send(post(server.url("/?secret=hunter2"), "body-secret"));
  EXPECT_FALSE(answer.reached);
  EXPECT_TRUE(answer.sent);
  EXPECT_FALSE(answer.error.empty());
  EXPECT_EQ(answer.error.find("hunter2"), std::string::npos);
  EXPECT_EQ(answer.error.find("body-secret"), std::string::npos);
}

TEST(Outbound, NobodyListeningIsAValueNotAnException) {
  int port = 0;
  {
    const OneShotServer gone("");
    port = std::stoi(gone.host().substr(gone.host().find(':') + 1));
  }
  const std::string host = "127.0.0.1:" + std::to_string(port);
  const OutboundAnswer answer = Outbound({host}).send(post("http://" + host + "/", ""));
  EXPECT_FALSE(answer.reached);
  EXPECT_FALSE(answer.sent);
  EXPECT_FALSE(answer.error.empty());
}

TEST(Outbound, ASilentServerIsGivenUp) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);  // never accepts
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string host = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  OutboundRequest request = post("http://" + host + "/", "");
  request.timeout = std::chrono::milliseconds(100);
  EXPECT_FALSE(Outbound({host}).send(request).reached);
  ::close(listener);
}

TEST(Outbound, IgnoresProxiesOfTheEnvironment) {
  OneShotServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  const char* before = ::getenv("http_proxy");
  const std::string saved = before == nullptr ? "" : before;
  ::setenv("http_proxy", "http://127.0.0.1:1/", 1);
  const OutboundAnswer answer = Outbound({server.host()}).send(post(server.url("/"), ""));
  before == nullptr ? ::unsetenv("http_proxy") : ::setenv("http_proxy", saved.c_str(), 1);
  EXPECT_TRUE(answer.reached) << answer.error;
}

}  // namespace
}  // namespace beian
