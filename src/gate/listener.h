// The gate for web servers in front of websites: nginx's auth_request and whatever else can ask
// over HTTP on this machine. Each answer is a few hundred nanoseconds of work, so the general
// server's thread pool, log line and header objects would cost many times what they carry: this one
// reads only what it needs, in place, on a thread or more that do nothing else
// (docs/decisions/0006).
//
//   GET /check   X-Gate-Host: www.example.cn     (without it: Host)
//                X-Gate-Address: 203.0.113.7     (of the machine that would serve it; may be
//                absent)
//     204  may be served        403  may not        503  the names are not read yet
//     and always X-Beian-Gate: filed | not_filed | wrong_address | not_a_name | not_ready
//   GET /ready   204 or 503
//
// Meant for this machine or its own network: whoever can reach it can ask whether a name is filed,
// which the public page tells too.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "gate/gate.h"

namespace beian::gate {

struct ListenerOptions {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: any free one
  int threads = 1;
  std::size_t max_connections = 4096;         // of each thread; more are closed at once
  std::size_t max_request_bytes = 16u << 10;  // more than that in one request: 431
  std::chrono::seconds idle{120};
};

class Listener {
 public:
  // Throws std::runtime_error when it cannot listen there. `gate` must outlive this object.
  Listener(const Gate& gate, ListenerOptions options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }

 private:
  void serve();

  const Gate& gate_;
  const ListenerOptions options_;
  int listening_ = -1, stopped_ = -1;
  int port_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace beian::gate
