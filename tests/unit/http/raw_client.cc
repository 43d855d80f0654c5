#include "unit/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "base/text.h"

namespace beian {
namespace {

constexpr int k_patience_millis = 20000;  // only a broken server lets a test wait this long

}  // namespace

RawClient::RawClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::has_input(int millis) {
  pollfd wait{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&wait, 1, millis) == 1;
}

bool RawClient::read_more() {
  pollfd wait{socket_, POLLIN, 0};
  if (poll(&wait, 1, k_patience_millis) != 1) throw std::runtime_error("no answer");
  char piece[16384];
  const ssize_t got = recv(socket_, piece, sizeof piece, 0);
  if (got <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(got));
  return true;
}

bool RawClient::is_closed() { return buffer_.empty() && !read_more(); }

RawAnswer RawClient::read(bool is_head) {
  RawAnswer answer;
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return answer;
  }
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  const auto lines = split(head, '\n');
  const int status = std::stoi(lines.front().substr(9, 3));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    std::string value = lines[i].substr(colon + 2);
    if (value.ends_with('\r')) value.pop_back();
    answer.headers[to_lower_ascii(lines[i].substr(0, colon))] = value;
  }
  std::size_t length = 0;
  if (!is_head && answer.headers.count("content-length") > 0) {
    length = std::stoul(answer.headers["content-length"]);
  }
  while (buffer_.size() < length) {
    if (!read_more()) return answer;
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  answer.status = status;
  return answer;
}

}  // namespace beian
