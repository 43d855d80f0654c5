#include "gate/listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gate/http_wire.h"

namespace beian::gate {
namespace {

std::unique_ptr<Gate> gate_of_one() {
  auto gate = std::make_unique<Gate>();
  TableBuilder builder(1);
  builder.add({"example.cn", "203.0.113.7"});
  gate->load(builder.finish());
  return gate;
}

std::string status_of(const Gate& gate, std::string_view request) {
  std::string out;
  const Answered done = answer_request(gate, request, out);
  if (done.read == 0) return "incomplete";
  return out.substr(9, 3) + (done.close ? " close" : "");
}

TEST(GateWire, AnswersWhatItUnderstands) {
  const auto gate = gate_of_one();
  const auto ask = [&](const std::string& fields) {
    return status_of(*gate, "GET /check HTTP/1.1\r\n" + fields + "\r\n");
  };
  EXPECT_EQ(ask("Host: www.example.cn:80\r\n"), "204");
  EXPECT_EQ(ask("Host: gate\r\nX-Gate-Host: WWW.example.cn\r\n"), "204");
  EXPECT_EQ(ask("host: example.cn\r\nx-gate-host: other.cn\r\n"), "403");
  EXPECT_EQ(ask("Host: example.cn\r\nX-Gate-Host:\r\n"), "403");
  EXPECT_EQ(ask("Host: example.cn\r\nX-Gate-Address: 203.0.113.7\r\n"), "204");
  EXPECT_EQ(ask("Host: example.cn\r\nX-Gate-Address: 203.0.113.8\r\n"), "403");
  EXPECT_EQ(ask("Host: example.cn\r\nConnection: close\r\n"), "204 close");
  EXPECT_EQ(ask("Host: example.cn\r\nContent-Length: 0\r\n"), "204");
  EXPECT_EQ(ask(""), "403");
  EXPECT_EQ(status_of(*gate, "HEAD /check HTTP/1.1\r\nHost: example.cn\r\n\r\n"), "204");
  EXPECT_EQ(status_of(*gate, "GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"), "204");
  EXPECT_EQ(status_of(*gate, "GET / HTTP/1.1\r\nHost: example.cn\r\n\r\n"), "404");
  EXPECT_EQ(status_of(Gate(), "GET /check HTTP/1.1\r\nHost: example.cn\r\n\r\n"), "503");
  EXPECT_EQ(status_of(Gate(), "GET /ready HTTP/1.1\r\n\r\n"), "503");
  EXPECT_EQ(status_of(*gate, "GET /check HTTP/1.1\r\nHost: example.cn\r\n"), "incomplete");
}

TEST(GateWire, RefusesWhatTwoReadersCouldReadTwoWays) {
  const auto gate = gate_of_one();
  for (const std::string_view request :
       {"GET /check\r\n\r\n", "\r\n\r\n", "GET /check HTTP/2.0\r\n\r\n", "nonsense\r\n\r\n",
        "GET /check HTTP/1.1\r\nHost: example.cn\r\nContent-Length: 5\r\n\r\nabcde",
        "GET /check HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /check HTTP/1.1\r\nHost: a\r\n folded.cn\r\n\r\n",
        "GET /check HTTP/1.1\r\nno colon\r\n\r\n", "GET /check HTTP/1.1\r\n: x\r\n\r\n"})
    EXPECT_EQ(status_of(*gate, request), "400 close") << request;
  EXPECT_EQ(status_of(*gate, "POST /check HTTP/1.1\r\nHost: example.cn\r\n\r\n"), "405 close");
}

class Peer {
 public:
  explicit Peer(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval ten{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &ten, sizeof ten);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
  }
  ~Peer() { ::close(fd_); }
  bool connected() const { return connected_; }
  void send(std::string_view bytes) const {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Until `count` answers have come or the other side closed.
  std::string read_answers(int count) const {
    std::string all;
    for (char buffer[4096];;) {
      int seen = 0;
      for (auto at = all.find("\r\n\r\n"); at != std::string::npos;
           at = all.find("\r\n\r\n", at + 1))
        ++seen;
      if (seen >= count) return all;
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) return all + "<closed>";
      all.append(buffer, static_cast<std::size_t>(n));
    }
  }

 private:
  int fd_;
  bool connected_ = false;
};

TEST(GateListener, AnswersPiecesAndManyAtOnce) {
  const auto gate = gate_of_one();
  Listener listener(*gate, {});
  Peer peer(listener.port());
  ASSERT_TRUE(peer.connected());
  peer.send("GET /check HTTP/1.1\r\nHo");
  peer.send("st: example.cn\r\n\r\nGET /check HTTP/1.1\r\nHost: other.cn\r\n\r\nGET /rea");
  EXPECT_EQ(peer.read_answers(2),
            "HTTP/1.1 204 No Content\r\nX-Beian-Gate: filed\r\n\r\n"
            "HTTP/1.1 403 Forbidden\r\nX-Beian-Gate: not_filed\r\nContent-Length: 0\r\n\r\n");
  peer.send("dy HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(peer.read_answers(9), "HTTP/1.1 204 No Content\r\n\r\n<closed>");
}

TEST(GateListener, EndsWhoSendsTooMuch) {
  const auto gate = gate_of_one();
  Listener listener(*gate, {});
  Peer peer(listener.port());
  peer.send("GET /check HTTP/1.1\r\nX: " + std::string(17'000, 'a'));
  EXPECT_EQ(peer.read_answers(9).substr(0, 12), "HTTP/1.1 431");
  Peer another(listener.port());
  another.send("GET /check HTTP/1.1\r\nHost: example.cn\r\n\r\n");
  EXPECT_EQ(another.read_answers(1).substr(0, 12), "HTTP/1.1 204");
}

TEST(GateListener, SaysWhereItCannotListen) {
  const Gate gate;
  Listener first(gate, {});
  ListenerOptions same;
  same.port = first.port();
  EXPECT_THROW(Listener(gate, same), std::runtime_error);
  ListenerOptions nowhere;
  nowhere.address = "no address";
  EXPECT_THROW(Listener(gate, nowhere), std::runtime_error);
}

}  // namespace
}  // namespace beian::gate
