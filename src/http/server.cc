#include "http/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"
#include "http/client_address.h"
#include "http/request_head.h"
#include "http/thread_pool.h"
#include "http/wire.h"

namespace beian {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <typename T>
using Async = asio::awaitable<T, Executor>;
using Steady = std::chrono::steady_clock;
using Parser = beast::http::request_parser<beast::http::string_body>;
using Error = boost::system::error_code;

constexpr asio::use_awaitable_t<Executor> k_await;
constexpr std::size_t k_header_piece = 4u << 10;
constexpr std::size_t k_body_piece = 64u << 10;
constexpr std::size_t k_max_chunk_line = 4u << 10;  // of a chunked body: size, extensions; trailers
constexpr std::chrono::milliseconds k_linger{2000};

// Outcomes of reading beside an HTTP status that refuses the request.
constexpr int k_good = 0;
constexpr int k_gone = -1;  // the client went, or never spoke: nobody to answer

// What a connection does after an exchange.
enum class Next { request, linger, close };

struct Connection {
  Connection(Socket accepted, std::string ip) : socket(std::move(accepted)), peer(std::move(ip)) {}

  // The sweep cancels what the connection waits for once this has passed.
  void wait_until(Steady::time_point time) {
    deadline = time;
    expired = false;
  }

  Socket socket;
  std::string peer;
  beast::flat_buffer buffer;
  Steady::time_point deadline = Steady::time_point::max();
  bool expired = false;
  bool idle = true;  // nothing is under way that a drain should wait for
};

// One request and what is known of it so far.
struct Exchange : Understood {
  explicit Exchange(std::size_t& total) : total_buffered(total) {}
  ~Exchange() { total_buffered -= buffered; }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  std::string method = "-";  // as sent
  RouteInfo route;
  Steady::time_point started = Steady::now();
  std::size_t buffered = 0;  // bytes of the body, counted in the server's total
  std::size_t& total_buffered;
  bool keep_alive = false;
};

std::string_view view(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

RequestHead head_of(const Parser& parser) {
  const auto& message = parser.get();
  RequestHead head;
  head.method = std::string(view(message.method_string()));
  head.target = std::string(view(message.target()));
  head.is_http_1_0 = message.version() == 10;
  for (const auto& field : message) {
    head.headers.emplace(to_lower_ascii(view(field.name_string())), view(field.value()));
  }
  return head;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler);
  int port() const { return port_; }
  void stop();

 private:
  Async<void> accept_connections();
  bool make_room();
  static void expire(Connection& c);
  Async<void> sweep();
  Async<void> serve(Socket socket, std::string peer);
  Async<Next> exchange(Connection& c);
  Async<int> read_header(Connection& c, Parser& parser, Exchange& x);
  Async<int> read_body(Connection& c, Parser& parser, Exchange& x);
  Async<std::size_t> read_some(Connection& c, std::size_t at_most);
  Async<Response> run_handler(const Request& request);
  Async<Next> answer(Connection& c, Exchange& x, Response response);
  Async<void> linger(Connection& c);

  int prepare(const Connection& c, const Parser& parser, Exchange& x);
  Response handle(const Request& request) const;
  Response refuse(int status, const Request& seen) const;
  void record(const Exchange& x, int status, std::size_t bytes) const;
  void begin_drain();
  std::string next_request_id();
  std::string_view date();
  std::chrono::milliseconds allowance(std::size_t bytes) const;
  void listen();

  const ServerOptions options_;
  const Handler handler_;
  const TrustedProxies proxies_;
  ThreadPool pool_;
  // The next belong to the I/O thread.
  std::set<Connection*> connections_;
  std::size_t buffered_ = 0;  // bytes of bodies in memory, all requests together
  bool draining_ = false;
  Steady::time_point drain_until_;
  std::string id_prefix_ = to_hex(random_bytes(6));
  std::uint64_t requests_ = 0;
  std::int64_t date_second_ = 0;
  std::string date_;

  asio::io_context io_{1};
  Acceptor acceptor_{io_};
  Timer sweeper_{io_};
  int port_ = 0;

  std::once_flag stopped_;
  std::thread thread_;
};

Server::Impl::Impl(ServerOptions options, Handler handler)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      proxies_(options_.trusted_proxies),
      pool_(options_.threads, options_.max_waiting) {
  listen();
  asio::co_spawn(io_, accept_connections(), asio::detached);
  asio::co_spawn(io_, sweep(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

void Server::Impl::listen() {
  try {
    const Tcp::endpoint endpoint(asio::ip::make_address(options_.address),
                                 static_cast<std::uint16_t>(options_.port));
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(Acceptor::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(asio::socket_base::max_listen_connections);
    port_ = acceptor_.local_endpoint().port();
  } catch (const boost::system::system_error& error) {
    const bool taken = error.code() == boost::asio::error::address_in_use;
    throw std::runtime_error(fmt::format("cannot listen on {}:{}: {}{}", options_.address,
                                         options_.port, error.code().message(),
                                         taken ? "; another program has this port: stop it, or "
                                                 "choose another (--port, --console-port, "
                                                 "http.port)"
                                               : ""));
  }
}

void Server::Impl::stop() {
  std::call_once(stopped_, [this] {
    asio::post(io_, [this] { begin_drain(); });
    thread_.join();
    pool_.stop();
  });
}

void Server::Impl::begin_drain() {
  draining_ = true;
  drain_until_ = Steady::now() + options_.drain_timeout;
  Error ignored;
  acceptor_.close(ignored);
  for (Connection* c : connections_) {
    if (c->idle) expire(*c);
  }
  sweeper_.cancel();
}

Async<void> Server::Impl::accept_connections() {
  while (!draining_) {
    Error error;
    Socket socket = co_await acceptor_.async_accept(asio::redirect_error(k_await, error));
    if (draining_) break;
    if (error) {  // out of descriptors, most likely: those in use must come back first
      log_warn("accept_failed", {{"error", error.message()}});
      Timer pause(io_, std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(k_await, error));
      continue;
    }
    const auto endpoint = socket.remote_endpoint(error);
    if (error || !make_room()) continue;  // closes it
    socket.set_option(Tcp::no_delay(true), error);
    asio::co_spawn(io_, serve(std::move(socket), endpoint.address().to_string()), asio::detached);
  }
}

// When all places are taken, whoever has waited longest without a request gives his up.
bool Server::Impl::make_room() {
  if (connections_.size() < options_.max_connections) return true;
  Connection* oldest = nullptr;
  for (Connection* c : connections_) {
    if (c->idle && !c->expired && (oldest == nullptr || c->deadline < oldest->deadline)) oldest = c;
  }
  if (oldest == nullptr) return false;
  expire(*oldest);
  return true;
}

void Server::Impl::expire(Connection& c) {
  Error ignored;
  c.expired = true;
  c.socket.cancel(ignored);
}

// One look at all deadlines now and then costs less than a timer for each.
Async<void> Server::Impl::sweep() {
  using std::chrono::milliseconds;
  const milliseconds shortest = std::min({options_.header_timeout, options_.body_timeout,
                                          options_.idle_timeout, options_.drain_timeout});
  const milliseconds period = std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
  while (!draining_ || !connections_.empty()) {
    sweeper_.expires_after(period);
    Error ignored;
    co_await sweeper_.async_wait(asio::redirect_error(k_await, ignored));
    const auto now = Steady::now();
    const bool cut = draining_ && now >= drain_until_;
    for (Connection* c : connections_) {
      if (now >= c->deadline || cut) expire(*c);
      if (cut) c->socket.close(ignored);
    }
  }
}

Async<void> Server::Impl::serve(Socket socket, std::string peer) {
  Connection c(std::move(socket), std::move(peer));
  connections_.insert(&c);
  try {
    Next next = Next::request;
    while (next == Next::request) next = co_await exchange(c);
    if (next == Next::linger) co_await linger(c);
  } catch (const std::exception& error) {
    log_error("connection_failed", {{"error", error.what()}});
  }
  connections_.erase(&c);
  if (draining_ && connections_.empty()) sweeper_.cancel();
}

Async<Next> Server::Impl::exchange(Connection& c) {
  Parser parser;
  Exchange x(buffered_);
  int status = co_await read_header(c, parser, x);
  if (status == k_gone) co_return Next::close;
  if (status == k_good) status = prepare(c, parser, x);
  x.request.headers.emplace("x-request-id", next_request_id());
  if (status == k_good) status = co_await read_body(c, parser, x);
  Response response;
  if (status == k_good) {
    c.wait_until(Steady::time_point::max());
    response = co_await run_handler(x.request);
  } else {
    x.keep_alive = false;  // where the next request begins is unknown
    response.status = 0;
    if (status != k_gone) response = refuse(status, x.request);
  }
  if (response.status == 0) {
    record(x, 0, 0);
    co_return Next::close;
  }
  co_return co_await answer(c, x, std::move(response));
}

// Reads up to `at_most` bytes more into the buffer; 0 when there will be none (see c.expired).
Async<std::size_t> Server::Impl::read_some(Connection& c, std::size_t at_most) {
  if (c.expired) co_return 0;
  Error error;
  const auto space = c.buffer.prepare(at_most);
  const std::size_t count =
      co_await c.socket.async_read_some(space, asio::redirect_error(k_await, error));
  c.buffer.commit(count);
  co_return count;
}

Async<int> Server::Impl::read_header(Connection& c, Parser& parser, Exchange& x) {
  if (c.buffer.size() == 0 && c.buffer.capacity() > k_header_piece) c.buffer.shrink_to_fit();
  c.idle = true;
  c.wait_until(Steady::now() + options_.idle_timeout);
  HeaderScan scan;
  for (;;) {
    // An empty line before a request is allowed (RFC 9112 2.2), as long as it does not go on.
    while (c.idle && view(c.buffer).starts_with("\r\n")) c.buffer.consume(2);
    if (c.idle && draining_) co_return k_gone;
    if (c.idle && c.buffer.size() > 0 && view(c.buffer) != "\r") {
      c.idle = false;
      x.started = Steady::now();
      c.wait_until(x.started + options_.header_timeout);
    }
    if (!c.idle) {
      const auto state = scan.feed(view(c.buffer));
      if (scan.size() > options_.max_header_bytes) co_return 431;
      if (state == HeaderScan::State::malformed) co_return 400;
      if (state == HeaderScan::State::complete) break;
    }
    if (co_await read_some(c, k_header_piece) == 0) {
      co_return c.expired && !c.idle ? 408 : k_gone;
    }
  }
  Error error;
  parser.header_limit(static_cast<std::uint32_t>(2 * options_.max_header_bytes));
  parser.body_limit(boost::none);  // known only once the path is
  parser.put(asio::buffer(c.buffer.data(), scan.size()), error);
  c.buffer.consume(scan.size());
  if (error == beast::http::error::bad_version) co_return 505;
  co_return error || !parser.is_header_done() ? 400 : k_good;
}

// The request as handlers will see it, and what its route wants.
int Server::Impl::prepare(const Connection& c, const Parser& parser, Exchange& x) {
  RequestHead head = head_of(parser);
  head.headers.erase("x-request-id");
  x.method = head.method;
  x.keep_alive = parser.keep_alive() && !head.is_http_1_0;
  const int status = understand(std::move(head), c.peer, proxies_, x);
  if (status == k_good && options_.route) {
    x.route = options_.route(x.request.method, x.request.path);
  }
  return status;
}

Async<int> Server::Impl::read_body(Connection& c, Parser& parser, Exchange& x) {
  const auto declared = parser.content_length();
  if (declared && *declared > x.route.body_limit) co_return 413;
  if (parser.is_done()) co_return k_good;
  parser.body_limit(x.route.body_limit);
  if (x.expects_continue && c.buffer.size() == 0) {
    constexpr std::string_view k_continue = "HTTP/1.1 100 Continue\r\n\r\n";
    Error ignored;
    co_await asio::async_write(c.socket, asio::buffer(k_continue),
                               asio::redirect_error(k_await, ignored));
  }
  const auto begun = Steady::now();
  for (;;) {
    Error error;
    const std::size_t used = c.buffer.size() == 0 ? 0 : parser.put(c.buffer.data(), error);
    c.buffer.consume(used);
    const std::size_t size = parser.get().body().size();
    buffered_ += size - x.buffered;
    x.buffered = size;
    if (error == beast::http::error::body_limit) co_return 413;
    if (error && error != beast::http::error::need_more) co_return 400;
    if (buffered_ > options_.max_buffered_bytes) co_return 503;
    if (parser.is_done()) break;
    if (used > 0 && c.buffer.size() > 0) continue;
    if (c.buffer.size() > k_max_chunk_line) co_return 400;
    c.wait_until(begun + allowance(size));
    if (co_await read_some(c, k_body_piece) == 0) co_return c.expired ? 408 : k_gone;
  }
  x.request.body = std::move(parser.get().body());
  co_return k_good;
}

// Suspends the connection until a thread of the pool has the answer.
Async<Response> Server::Impl::run_handler(const Request& request) {
  auto start = [this, &request](auto done) {
    auto shared = std::make_shared<decltype(done)>(std::move(done));
    auto resume = [this, shared](Response response) {
      asio::post(io_, [shared, response = std::move(response)]() mutable {
        (*shared)(std::move(response));
      });
    };
    const bool accepted = pool_.submit([this, &request, resume] { resume(handle(request)); });
    if (!accepted) resume(refuse(503, request));
  };
  co_return co_await asio::async_initiate<decltype(k_await), void(Response)>(start, k_await);
}

Response Server::Impl::handle(const Request& request) const {
  try {
    return handler_(request);
  } catch (const std::exception& error) {
    log_error("handler_failed", {{"error", error.what()}});
  } catch (...) {
    log_error("handler_failed");
  }
  return refuse(500, request);
}

Response Server::Impl::refuse(int status, const Request& seen) const {
  Response response;
  try {
    if (options_.refuse) response = options_.refuse(status, seen);
  } catch (const std::exception& error) {
    log_error("refusal_failed", {{"error", error.what()}});
  }
  response.status = status;
  if (status == 503) response.with("Retry-After", "1");
  return response;
}

Async<Next> Server::Impl::answer(Connection& c, Exchange& x, Response response) {
  const bool keep_alive = x.keep_alive && !draining_;
  HeadOptions head_options;
  head_options.keep_alive = keep_alive;
  head_options.date = date();
  const std::string request_id = *x.request.header("x-request-id");
  head_options.request_id = request_id;
  head_options.common = &options_.common_headers;
  auto head = response_head(response, head_options);
  if (!head) {
    log_error("answer_malformed", {{"request_id", request_id}});
    response = refuse(500, x.request);
    head = response_head(response, head_options);
  }
  const bool with_body = !x.is_head && has_body(response.status);
  const std::size_t bytes = with_body ? response.body.size() : 0;
  const std::array<asio::const_buffer, 2> parts{asio::buffer(*head),
                                                asio::buffer(response.body.data(), bytes)};
  c.wait_until(Steady::now() + allowance(bytes));
  Error error;
  co_await asio::async_write(c.socket, parts, asio::redirect_error(k_await, error));
  record(x, response.status, bytes);
  if (error) co_return Next::close;
  co_return keep_alive ? Next::request : Next::linger;
}

// Closing while the client still sends would destroy the answer on its way; so the rest is read and
// thrown away for a while.
Async<void> Server::Impl::linger(Connection& c) {
  Error error;
  c.socket.shutdown(Socket::shutdown_send, error);
  c.idle = true;
  c.wait_until(Steady::now() + std::min(k_linger, options_.body_timeout));
  while (!draining_) {
    c.buffer.clear();
    if (co_await read_some(c, k_body_piece) == 0) break;
  }
}

std::chrono::milliseconds Server::Impl::allowance(std::size_t bytes) const {
  const std::size_t extra = bytes * 1000 / std::max<std::size_t>(options_.min_bytes_per_second, 1);
  return options_.body_timeout + std::chrono::milliseconds(extra);
}

void Server::Impl::record(const Exchange& x, int status, std::size_t bytes) const {
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - x.started).count();
  AccessRecord done{x.method, std::string(x.route.pattern),     status, millis,
                    bytes,    *x.request.header("x-request-id")};
  if (options_.on_finished) return options_.on_finished(done);
  log_info("request", {{"method", done.method},
                       {"route", done.route},
                       {"status", std::to_string(done.status)},
                       {"ms", std::to_string(done.millis)},
                       {"bytes", std::to_string(done.bytes)},
                       {"request_id", done.request_id}});
}

std::string Server::Impl::next_request_id() {
  return fmt::format("{}-{:x}", id_prefix_, ++requests_);
}

std::string_view Server::Impl::date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (second != date_second_) {
    date_second_ = second;
    date_ = http_date(second);
  }
  return date_;
}

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

Server::~Server() { stop(); }

int Server::port() const { return impl_->port(); }

void Server::stop() { impl_->stop(); }

}  // namespace beian
