// The HTTP/1.1 server: sockets are served by one I/O thread without blocking, handlers are plain
// blocking functions on a fixed pool. Bytes that are not a well-formed, bounded request never reach
// a handler. One object per listening address; a process may have several (web, reference bureau).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/message.h"

namespace beian {

// What the server must know of a request before it reads the body.
struct RouteInfo {
  std::string_view pattern = "-";      // "/api/v1/filings/{id}": logged in place of the raw path
  std::size_t body_limit = 64u << 10;  // bytes; one more is answered 413
};

// One finished exchange, for the log and the metrics: nothing in it is about a person.
struct AccessRecord {
  std::string method;       // as sent; "-" when the request could not be read
  std::string route;        // the pattern, never the path
  int status = 0;           // 0: closed without an answer
  std::int64_t millis = 0;  // from the first byte of the request to the last of the answer
  std::size_t bytes = 0;    // of the answer's body
  std::string request_id;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: any free one, see Server::port()
  int threads = 16;
  std::size_t max_waiting = 256;  // requests waiting for a thread; more are answered 503 at once
  std::size_t max_connections = 10000;
  std::size_t max_header_bytes = 16u << 10;     // request line and fields; more: 431
  std::size_t max_buffered_bytes = 256u << 20;  // bodies of all requests together; more: 503
  std::vector<std::string> trusted_proxies;     // "10.0.0.5", "10.1.0.0/16", "::1"
  std::vector<std::pair<std::string, std::string>>
      common_headers;  // on every answer that lacks them

  std::chrono::milliseconds header_timeout{10000};  // for a whole header: 408
  std::chrono::milliseconds body_timeout{20000};  // grace for a body and for an answer, to which …
  std::size_t min_bytes_per_second = 8u << 10;    // … every so many bytes add a second: 408
  std::chrono::milliseconds idle_timeout{60000};   // between requests: closed silently
  std::chrono::milliseconds drain_timeout{10000};  // see Server::stop()

  // Called on the I/O thread: must not block. `path` is decoded; HEAD asks as GET.
  std::function<RouteInfo(std::string_view method, std::string_view path)> route;
  // Words for what the server itself refuses (400, 408, 413, 417, 431, 501, 503, 505). `seen` holds
  // what was understood; its header x-request-id is always there. Without it: an empty body.
  std::function<Response(int status, const Request& seen)> refuse;
  std::function<void(const AccessRecord&)> on_finished;  // without it: log_info("request", …)
};

class Server {
 public:
  // Binds, listens and serves until stop(). Throws std::runtime_error when it cannot bind or an
  // option is malformed.
  //
  // The handler is called from `threads` threads at once. It sees HEAD as GET (the body is dropped
  // on the way out) and finds the request id in the header x-request-id, whatever the client sent.
  // What it throws is answered 500. A Response with status 0 closes the connection without an
  // answer.
  Server(ServerOptions options, Handler handler);
  ~Server();  // stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

  // No new connection, idle ones closed, requests under way finished; those whose bytes still move
  // after drain_timeout are cut. Returns when all is done: a handler that never returns is waited
  // for.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beian
