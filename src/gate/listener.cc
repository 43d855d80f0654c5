#include "gate/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <unordered_map>

#include "base/log.h"
#include "gate/http_wire.h"

namespace beian::gate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t k_read_at_once = 16u << 10;
constexpr std::size_t k_most_unsent = 256u << 10;  // of one that asks and does not read

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("gate: " + what + ": " + std::generic_category().message(errno));
}

int listen_on(const std::string& address, int port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    throw std::runtime_error("gate: not an address: " + address);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, ::freeaddrinfo);
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("no socket");
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd, found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd, 1024) != 0) {
    ::close(fd);
    fail("cannot listen on " + address + ":" + std::to_string(port));
  }
  return fd;
}

int port_of(int fd) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(at).sin6_port
                                        : reinterpret_cast<const sockaddr_in&>(at).sin_port);
}

// One connection: what came and was not complete, what could not be sent yet.
class Connection {
 public:
  explicit Connection(int fd) : file_(fd), active_at_(Clock::now()) {}

  // False: it is to be closed.
  bool read(const Gate& gate, std::size_t most) {
    char bytes[k_read_at_once];
    const ssize_t n = ::recv(file_.fd(), bytes, sizeof bytes, 0);
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    active_at_ = Clock::now();
    const std::string_view fresh(bytes, static_cast<std::size_t>(n));
    if (came_.empty()) {
      // Nearly always whole requests: answered where they lie.
      came_.assign(answer_all(gate, fresh));
    } else {
      came_ += fresh;
      came_.assign(std::string(answer_all(gate, came_)));
    }
    if (came_.size() > most && !closing_) {
      unsent_ += too_large();
      closing_ = true;
    }
    return send();
  }

  bool send() {
    while (!unsent_.empty()) {
      const ssize_t n = ::send(file_.fd(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno == EAGAIN && unsent_.size() < k_most_unsent;
      unsent_.erase(0, static_cast<std::size_t>(n));
    }
    return !closing_;
  }

  bool waits_to_send() const { return !unsent_.empty(); }
  bool idle_since(Clock::time_point then) const { return active_at_ < then; }
  int fd() const { return file_.fd(); }
  bool listens_for_room = false;

 private:
  // What is left over.
  std::string_view answer_all(const Gate& gate, std::string_view bytes) {
    while (!closing_ && !bytes.empty()) {
      const Answered done = answer_request(gate, bytes, unsent_);
      if (done.read == 0) break;
      bytes.remove_prefix(done.read);
      closing_ = done.close;
    }
    return closing_ ? std::string_view() : bytes;
  }

  File file_;
  std::string came_, unsent_;
  bool closing_ = false;
  Clock::time_point active_at_;
};

// The connections of one thread.
class Service {
 public:
  Service(const Gate& gate, const ListenerOptions& options, int listening, int stopped)
      : gate_(gate),
        options_(options),
        listening_(listening),
        stopped_(stopped),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_.fd() < 0) fail("no epoll");
    watch(listening_, EPOLLIN | EPOLLEXCLUSIVE, EPOLL_CTL_ADD);
    watch(stopped_, EPOLLIN, EPOLL_CTL_ADD);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    Clock::time_point swept = Clock::now();
    for (;;) {
      const int n = ::epoll_wait(epoll_.fd(), events.data(), events.size(), 5000);
      for (int i = 0; i < n; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == stopped_) return;
        if (fd == listening_)
          accept_all();
        else
          tend(fd, events[static_cast<std::size_t>(i)].events);
      }
      if (const auto now = Clock::now(); now - swept > std::chrono::seconds(5)) {
        sweep(now);
        swept = now;
      }
    }
  }

 private:
  void watch(int fd, std::uint32_t what, int how) {
    epoll_event event{};
    event.events = what;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.fd(), how, fd, &event) != 0) fail("epoll");
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      if (connections_.size() >= options_.max_connections) {
        ::close(fd);
        continue;
      }
      const int yes = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      connections_.emplace(fd, std::make_unique<Connection>(fd));
      watch(fd, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
    }
  }

  void tend(int fd, std::uint32_t events) {
    const auto found = connections_.find(fd);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    bool goes_on = (events & (EPOLLERR | EPOLLHUP)) == 0;
    if (goes_on && (events & EPOLLOUT) != 0) goes_on = connection.send();
    // One that does not read its answers is not read from either.
    if (goes_on && (events & EPOLLIN) != 0 && !connection.waits_to_send())
      goes_on = connection.read(gate_, options_.max_request_bytes);
    if (!goes_on) {
      connections_.erase(found);
      return;
    }
    if (connection.waits_to_send() != connection.listens_for_room) {
      connection.listens_for_room = connection.waits_to_send();
      watch(fd, connection.listens_for_room ? std::uint32_t{EPOLLOUT} : EPOLLIN | EPOLLRDHUP,
            EPOLL_CTL_MOD);
    }
  }

  void sweep(Clock::time_point now) {
    std::erase_if(connections_,
                  [&](const auto& entry) { return entry.second->idle_since(now - options_.idle); });
  }

  const Gate& gate_;
  const ListenerOptions& options_;
  const int listening_, stopped_;
  File epoll_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
};

}  // namespace

Listener::Listener(const Gate& gate, ListenerOptions options)
    : gate_(gate), options_(std::move(options)) {
  listening_ = listen_on(options_.address, options_.port);
  port_ = port_of(listening_);
  stopped_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stopped_ < 0) fail("no eventfd");
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { serve(); });
}

Listener::~Listener() {
  const std::uint64_t one = 1;
  if (::write(stopped_, &one, sizeof one) != sizeof one) log_error("gate_listener_stop");
  for (std::thread& thread : threads_) thread.join();
  ::close(listening_);
  ::close(stopped_);
}

void Listener::serve() {
  for (;;) {
    try {
      Service(gate_, options_, listening_, stopped_).run();
      return;
    } catch (const std::exception& e) {  // out of memory or of files: its connections are lost
      log_error("gate_listener", {{"what", e.what()}});
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }
}

}  // namespace beian::gate
