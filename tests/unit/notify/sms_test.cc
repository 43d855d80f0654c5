#include "notify/sms.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"

namespace beian::notify {
namespace {

constexpr Millis k_now = 1'768'444'205'000;

// Answers one request with `status` and keeps it; with status 0 hangs up without a word.
class Endpoint {
 public:
  explicit Endpoint(int status) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(socket_, 1);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, status] { answer(status); });
  }
  ~Endpoint() {
    ::shutdown(socket_, SHUT_RDWR);  // wakes accept when nobody called
    thread_.join();
    ::close(socket_);
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  // Only after the call has returned.
  std::string header(const std::string& name) const {
    const std::string lower = to_lower_ascii(request_);
    const std::size_t at = lower.find("\r\n" + to_lower_ascii(name) + ": ");
    if (at == std::string::npos) return {};
    const std::size_t start = at + 4 + name.size();
    return request_.substr(start, request_.find("\r\n", start) - start);
  }
  std::string body() const { return request_.substr(request_.find("\r\n\r\n") + 4); }
  bool was_called() const { return !request_.empty(); }

 private:
  void answer(int status) {
    const int connection = ::accept(socket_, nullptr, nullptr);
    if (connection < 0) return;
    char buffer[4096];
    while (!is_complete()) {
      const ssize_t got = ::read(connection, buffer, sizeof buffer);
      if (got <= 0) break;
      request_.append(buffer, static_cast<std::size_t>(got));
    }
    if (status != 0) {
      const std::string reply = "HTTP/1.1 " + std::to_string(status) +
                                " X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      if (::write(connection, reply.data(), reply.size()) < 0) ADD_FAILURE();
    }
    ::close(connection);
  }
  bool is_complete() const {
    const std::size_t end = request_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string length = header("content-length");
    return request_.size() >= end + 4 + (length.empty() ? 0 : std::stoul(length));
  }

  int socket_;
  int port_ = 0;
  std::string request_;
  std::thread thread_;
};

const SmsMessage k_message{"13000001234", "【示例云】您的备案已通过初审。", "sms/7"};

TEST(Sms, TheGatewayCanProveWhoSent) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200);
  const Outbound outbound({endpoint.host()});
  HttpSmsGateway gateway(outbound, "http://" + endpoint.host() + "/send", "shared secret", clock);
  const DeliveryResult result = gateway.send(k_message);
  EXPECT_EQ(result.outcome, Delivery::sent) << result.reason;
  const json::object body = parse_json(endpoint.body()).as_object();
  EXPECT_EQ(body.at("mobile"), "13000001234");
  EXPECT_EQ(body.at("text"), "【示例云】您的备案已通过初审。");
  EXPECT_EQ(body.at("key"), "sms/7");
  EXPECT_EQ(body.size(), 3u);
  EXPECT_EQ(endpoint.header("Idempotency-Key"), "sms/7");
  EXPECT_EQ(endpoint.header("X-Beian-Timestamp"), "1768444205000");
  EXPECT_EQ(endpoint.header("X-Beian-Signature"),
            to_hex(hmac_sha256("shared secret", "1768444205000." + endpoint.body())));
  EXPECT_EQ(endpoint.header("Content-Type"), "application/json");
}

TEST(Sms, TellsPermanentFromPassingTrouble) {
  const ManualClock clock(k_now);
  const auto outcome = [&](int status) {
    Endpoint endpoint(status);
    const Outbound outbound({endpoint.host()});
    return HttpSmsGateway(outbound, "http://" + endpoint.host() + "/", "s", clock).send(k_message);
  };
  for (int status : {200, 201, 202, 204})
    EXPECT_EQ(outcome(status).outcome, Delivery::sent) << status;
  for (int status : {400, 410, 413, 422}) {
    EXPECT_EQ(outcome(status).outcome, Delivery::refused) << status;
    EXPECT_EQ(outcome(status).reason, "http_" + std::to_string(status));
  }
  for (int status : {301, 401, 403, 404, 408, 409, 429, 500, 502, 503}) {
    EXPECT_EQ(outcome(status).outcome, Delivery::later) << status;
  }
  EXPECT_EQ(outcome(0).outcome, Delivery::later);
  EXPECT_EQ(outcome(0).reason, "connect");
}

TEST(Sms, OnlyMainlandMobilesAreSentTo) {
  const ManualClock clock(k_now);
  Endpoint endpoint(200);
  const Outbound outbound({endpoint.host()});
  HttpSmsGateway gateway(outbound, "http://" + endpoint.host() + "/", "s", clock);
  for (const char* mobile : {"", "1300000123", "130000012345", "12000001234", "+8613000001234",
                             "0085291234567", "1300000123a", "010-12345678"}) {
    SmsMessage message = k_message;
    message.mobile = mobile;
    const DeliveryResult result = gateway.send(message);
    EXPECT_EQ(result.outcome, Delivery::refused) << mobile;
    EXPECT_EQ(result.reason, "mobile") << mobile;
  }
  EXPECT_FALSE(endpoint.was_called());
}

}  // namespace
}  // namespace beian::notify
