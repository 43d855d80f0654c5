// What a client of the server notices: answers, limits, deadlines, order, and the end.
#include "http/server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

#include "unit/http/server_fixture.h"

namespace beian {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view k_get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string chunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

constexpr std::string_view k_chunked_head =
    "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

RawClient& whoever_is_answered(RawClient& a, RawClient& b) {
  for (;;) {
    if (a.has_input(5)) return a;
    if (b.has_input(5)) return b;
  }
}

TEST_F(ServerTest, AnswersWithItsOwnAndTheCommonHeaders) {
  options.common_headers = {{"X-Frame-Options", "DENY"}, {"Cache-Control", "no-store"}};
  handler = [](const Request&) {
    Response response;
    return response.with("cache-control", "no-cache").with("Content-Length", "999");
  };
  const RawAnswer answer = RawClient(port()).ask(k_get);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "0");
  EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-cache");
  EXPECT_TRUE(answer.headers.at("date").ends_with(" GMT"));
  EXPECT_FALSE(answer.headers.at("x-request-id").empty());
  EXPECT_EQ(answer.headers.count("server"), 0u);
}

TEST_F(ServerTest, DecodesPathAndQuery) {
  RawClient(port()).ask("GET /%E5%A4%87/b%20c?q=%E6%A1%88+1&q=2 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(handled(), 1u);
  EXPECT_EQ(seen[0].path, "/备/b c");
  EXPECT_EQ(seen[0].query_or("q", ""), "案 1");
}

TEST_F(ServerTest, HeadIsGetWithoutTheBody) {
  RawClient client(port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const RawAnswer head = client.read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "7");
  EXPECT_EQ(next_record().method, "HEAD");
  EXPECT_EQ(client.ask(k_get).body, "GET /a ");  // nothing was left over between the two
}

TEST_F(ServerTest, KeepsTheConnectionUntilAskedToClose) {
  RawClient client(port());
  EXPECT_EQ(client.ask(k_get).body, "GET /a ");
  EXPECT_EQ(client.ask(post("/b", "xyz")).body, "POST /b xyz");
  const RawAnswer last = client.ask("GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(last.body, "GET /c ");
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  RawClient client(port());
  client.send("\r\n" + std::string(k_get) + post("/b", "12") + std::string(k_chunked_head) +
              chunk("34") + "0\r\n\r\n" + std::string(k_get));
  EXPECT_EQ(client.read().body, "GET /a ");
  EXPECT_EQ(client.read().body, "POST /b 12");
  EXPECT_EQ(client.read().body, "POST /a 34");
  EXPECT_EQ(client.read().body, "GET /a ");
}

TEST_F(ServerTest, RefusesLongHeaders) {
  const std::string start = "GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ";
  const std::size_t fits = options.max_header_bytes - start.size() - 4;
  EXPECT_EQ(RawClient(port()).ask(start + std::string(fits, 'a') + "\r\n\r\n").status, 200);
  EXPECT_EQ(RawClient(port()).ask(start + std::string(fits + 1, 'a') + "\r\n\r\n").status, 431);
  std::string many = "GET /a HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 100000; ++i) many += "a: b\r\n";
  EXPECT_EQ(RawClient(port()).ask(many + "\r\n").status, 431);
  EXPECT_EQ(handled(), 1u);
}

TEST_F(ServerTest, RefusesALongBodyBeforeItArrives) {
  RawClient client(port());
  const RawAnswer answer =
      client.ask("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handled(), 0u);
  EXPECT_EQ(RawClient(port()).ask(post("/a", std::string(1000, 'a'))).status, 200);
}

TEST_F(ServerTest, RefusesALongChunkedBodyWhileItArrives) {
  RawClient client(port());
  client.send(k_chunked_head);
  client.send(chunk(std::string(600, 'a')));
  const RawAnswer answer = client.ask("191\r\n");  // 401 more, before any of them was sent
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handled(), 0u);
  EXPECT_EQ(RawClient(port())
                .ask(std::string(k_chunked_head) + chunk(std::string(600, 'a')) +
                     chunk(std::string(400, 'b')) + "0\r\n\r\n")
                .status,
            200);
}

TEST_F(ServerTest, TheRefusalReachesAClientThatSendsEverythingFirst) {
  RawClient client(port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 6291456\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(6291456, 'a')));  // the rest is read and thrown away
  EXPECT_EQ(client.read().status, 413);
}

TEST_F(ServerTest, AnswersAHeaderThatDripsWith408) {
  options.header_timeout = 100ms;
  RawClient client(port());
  client.send("GET /a HTTP/1.1\r\nX-Drip: ");
  while (!client.has_input(10)) client.send("a");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, AnswersABodyThatDripsWith408) {
  options.body_timeout = 100ms;
  options.min_bytes_per_second = 10000;
  RawClient client(port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  while (!client.has_input(10)) client.send("a");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_EQ(handled(), 0u);
}

TEST_F(ServerTest, GivesASlowBodyTimeAsLongAsItKeepsComing) {
  options.body_timeout = 300ms;
  options.min_bytes_per_second = 1;  // a byte buys a second
  RawClient client(port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n");
  for (int i = 0; i < 40; ++i) {
    EXPECT_FALSE(client.has_input(10)) << "given up after " << i << " bytes";
    client.send("a");
  }
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(ServerTest, ClosesIdleConnectionsSilently) {
  options.idle_timeout = 200ms;
  RawClient fresh(port());
  EXPECT_TRUE(fresh.is_closed());
  RawClient used(port());
  EXPECT_EQ(used.ask(k_get).status, 200);
  EXPECT_TRUE(used.is_closed());
}

TEST_F(ServerTest, HonoursExpectContinue) {
  const std::string head =
      "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ";
  RawClient client(port());
  EXPECT_EQ(client.ask(head + "3\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask("xyz").body, "POST /a xyz");
  EXPECT_EQ(RawClient(port()).ask(head + "1001\r\n\r\n").status, 413);
  EXPECT_EQ(RawClient(port())
                .ask("POST /a HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 3\r\n\r\n")
                .status,
            417);
}

TEST_F(ServerTest, ServesAFreshClientBesideIdleAndSlowOnes) {
  std::vector<std::unique_ptr<RawClient>> others;
  for (int i = 0; i < 200; ++i) {
    others.push_back(std::make_unique<RawClient>(port()));
    if (i % 2 == 0)
      others.back()->send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na");
  }
  EXPECT_EQ(RawClient(port()).ask(k_get).status, 200);
  EXPECT_EQ(others.front()->ask("bcdefghi").body, "POST /a abcdefghi");
}

TEST_F(ServerTest, WhoeverIsIdleLongestMakesRoom) {
  options.max_connections = 2;
  RawClient first(port());
  EXPECT_EQ(first.ask(k_get).status, 200);
  RawClient second(port());
  EXPECT_EQ(second.ask(k_get).status, 200);
  RawClient third(port());
  EXPECT_EQ(third.ask(k_get).status, 200);
  EXPECT_TRUE(first.is_closed());
  EXPECT_EQ(second.ask(k_get).status, 200);
}

TEST_F(ServerTest, AnswersAtOnceWhenAllThreadsAndPlacesAreTaken) {
  options.threads = 1;
  options.max_waiting = 1;
  RawClient running(port()), waiting(port()), surplus(port());
  running.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  barrier.wait_for(1);
  // Two more: one finds the only place in the queue, the other none.
  waiting.send(k_get);
  surplus.send(k_get);
  RawClient& refused = whoever_is_answered(waiting, surplus);
  RawClient& queued = &refused == &waiting ? surplus : waiting;
  const RawAnswer answer = refused.read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  barrier.open();
  EXPECT_EQ(running.read().status, 200);
  EXPECT_EQ(queued.read().status, 200);
  EXPECT_EQ(refused.ask(k_get).status, 200);  // it kept its connection
}

TEST_F(ServerTest, RefusesBodiesBeyondTheMemorySetAside) {
  options.max_buffered_bytes = 1500;
  RawClient first(port()), second(port());
  first.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + std::string(999, 'a'));
  second.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" +
              std::string(999, 'a'));
  RawClient& refused = whoever_is_answered(first, second);
  RawClient& other = &refused == &first ? second : first;
  EXPECT_EQ(refused.read().status, 503);
  EXPECT_EQ(other.ask("a").status, 200);
  EXPECT_EQ(RawClient(port()).ask(post("/a", std::string(1000, 'a'))).status, 200);
}

TEST_F(ServerTest, ClosesWithoutAnswerWhenTheHandlerSaysSo) {
  handler = [](const Request&) {
    Response response;
    response.status = 0;
    return response;
  };
  RawClient client(port());
  client.send(k_get);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(next_record().status, 0);
}

TEST_F(ServerTest, WhatAHandlerThrowsIsNotShown) {
  set_log_level("error");
  handler = [](const Request&) -> Response { throw std::runtime_error("secret detail"); };
  RawClient client(port());
  const RawAnswer answer = client.ask(k_get);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_EQ(client.ask(k_get).status, 500);
}

TEST_F(ServerTest, AHeaderThatWouldSplitTheAnswerIsNotSent) {
  handler = [](const Request& request) {
    Response response;
    const bool in_name = request.path == "/name";
    return in_name ? response.with("X-A\r\nSet-Cookie: b", "c")
                   : response.with("Location", "/a\r\nSet-Cookie: b=c");
  };
  for (const char* path : {"/value", "/name"}) {
    const RawAnswer answer =
        RawClient(port()).ask(std::string("GET ") + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.headers.count("set-cookie"), 0u);
  }
}

TEST_F(ServerTest, LogsThePatternAndNotThePath) {
  RawClient client(port());
  const RawAnswer answer = client.ask(
      "GET /filings/8?id_number=99010119900101 HTTP/1.1\r\nHost: x"
      "\r\nX-Request-Id: chosen-by-client\r\n\r\n");
  const AccessRecord record = next_record();
  EXPECT_EQ(record.method, "GET");
  EXPECT_EQ(record.route, "/filings/{id}");
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.bytes, answer.body.size());
  EXPECT_EQ(record.request_id, answer.headers.at("x-request-id"));
  EXPECT_EQ(seen[0].header("x-request-id"), record.request_id);
  EXPECT_NE(record.request_id, "chosen-by-client");
  EXPECT_NE(client.ask(k_get).headers.at("x-request-id"), record.request_id);
}

TEST_F(ServerTest, BelievesForwardedAddressesOnlyFromItsProxies) {
  const std::string request =
      "GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n"
      "X-Forwarded-For: 198.51.100.7, 10.0.0.3\r\n\r\n";
  RawClient(port()).ask(request);
  EXPECT_EQ(seen.back().remote_ip, "127.0.0.1");
  EXPECT_FALSE(seen.back().header("x-forwarded-for"));
  options.trusted_proxies = {"127.0.0.0/8", "10.0.0.3"};
  Server behind(options, handler);
  RawClient(behind.port()).ask(request);
  EXPECT_EQ(seen.back().remote_ip, "198.51.100.7");
}

TEST_F(ServerTest, TwoServersInOneProcessDoNotMeet) {
  Server other(ServerOptions{}, [](const Request&) { return json_response("{}"); });
  EXPECT_NE(other.port(), port());
  other.stop();
  EXPECT_EQ(RawClient(port()).ask(k_get).status, 200);
  EXPECT_THROW(RawClient{other.port()}, std::runtime_error);
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  options.port = port();
  try {
    Server second(options, handler);
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(options.port)), std::string::npos);
  }
  options.trusted_proxies = {"10.0.0.0/33"};
  EXPECT_THROW(Server(options, handler), std::runtime_error);
}

TEST_F(ServerTest, StopFinishesWhatIsUnderWay) {
  RawClient busy(port()), idle(port());
  EXPECT_EQ(idle.ask(k_get).status, 200);
  busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  barrier.wait_for(1);
  std::thread stopping([this] { server().stop(); });
  EXPECT_TRUE(idle.is_closed());  // so the drain has begun
  EXPECT_THROW(RawClient{port()}, std::runtime_error);
  EXPECT_FALSE(busy.has_input(0));
  barrier.open();
  const RawAnswer answer = busy.read();
  stopping.join();
  EXPECT_EQ(answer.body, "GET /wait ");
  EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST_F(ServerTest, StopCutsAClientThatNeverFinishes) {
  options.drain_timeout = 50ms;
  RawClient slow(port());
  slow.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  EXPECT_EQ(slow.read().status, 100);  // so the request is under way
  server().stop();
  EXPECT_TRUE(slow.is_closed());
}

}  // namespace
}  // namespace beian
