// A machine that is called over HTTP once.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>

#include "base/text.h"

namespace beian::notify {

// Answers one request with `status` and keeps it; with status 0 hangs up without a word.
class Endpoint {
 public:
  explicit Endpoint(int status, std::string reply = "{}")
      : reply_(std::move(reply)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
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
  // "POST /send HTTP/1.1"
  std::string line() const { return request_.substr(0, request_.find("\r\n")); }
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
                                " X\r\nContent-Length: " + std::to_string(reply_.size()) +
                                "\r\nConnection: close\r\n\r\n" + reply_;
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

  std::string reply_;
  int socket_;
  int port_ = 0;
  std::string request_;
  std::thread thread_;
};

}  // namespace beian::notify
