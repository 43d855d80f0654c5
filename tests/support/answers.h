// A machine that answers whatever it is asked, as often as it is asked, with what a function says.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace beian::testing {

class Answers {
 public:
  // Gets the first line of the request and returns the whole answer, byte for byte.
  using Say = std::function<std::string(const std::string& line)>;

  explicit Answers(Say say) : say_(std::move(say)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    ::listen(socket_, 8);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Answers() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  int port() const { return port_; }
  // "name=127.0.0.1:port", as the configuration's domains.test_hosts has it.
  std::string leads(const std::string& host) const {
    return host + "=127.0.0.1:" + std::to_string(port_);
  }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(socket_, nullptr, nullptr);
      if (connection < 0) return;
      std::string request;
      char buffer[4096];
      while (request.find("\r\n") == std::string::npos ||
             (request.find(" HTTP/") != std::string::npos &&
              request.find("\r\n\r\n") == std::string::npos)) {
        const auto n = ::recv(connection, buffer, sizeof buffer, 0);
        if (n <= 0) break;
        request.append(buffer, static_cast<std::size_t>(n));
      }
      const std::string line = request.substr(0, request.find("\r\n"));
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(line);
      }
      const std::string reply = say_(line);
      for (std::size_t sent = 0; sent < reply.size();) {
        const auto n = ::send(connection, reply.data() + sent, reply.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::shutdown(connection, SHUT_WR);
      ::close(connection);
    }
  }

  Say say_;
  int socket_, port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  std::thread thread_;
};

inline std::string http_answer(int status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         headers + "\r\n" + body;
}

}  // namespace beian::testing
