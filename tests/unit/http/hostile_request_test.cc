// Requests that two programs could read differently, or that no honest client sends, are refused
// with their connection, and no handler sees them (trust.md S45, S51; RFC 9112 11.2).
#include <gtest/gtest.h>

#include <random>

#include "unit/http/server_fixture.h"

namespace beian {
namespace {

struct Hostile {
  const char* name;
  std::string bytes;
  int status;
};

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string with(const std::string& fields, const std::string& body = "") {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

// A second request hides behind each of the smuggling ones: it must not be answered either.
const std::string k_hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

std::vector<Hostile> hostile_requests() {
  using namespace std::string_literals;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      {"length_and_chunked", with("Content-Length: 4\r\n" + chunked, "0\r\n\r\n" + k_hidden), 400},
      {"chunked_and_length", with(chunked + "Content-Length: 4\r\n", "0\r\n\r\n" + k_hidden), 400},
      {"two_lengths", with("Content-Length: 0\r\nContent-Length: 9\r\n", k_hidden), 400},
      {"two_equal_lengths", with("Content-Length: 0\r\nContent-Length: 0\r\n", k_hidden), 400},
      {"length_list", with("Content-Length: 0, 0\r\n", k_hidden), 400},
      {"length_plus", with("Content-Length: +0\r\n", k_hidden), 400},
      {"length_negative", with("Content-Length: -1\r\n", k_hidden), 400},
      {"length_hex", with("Content-Length: 0x0\r\n", k_hidden), 400},
      {"length_huge", with("Content-Length: 99999999999999999999999\r\n"), 400},
      {"length_empty", with("Content-Length:\r\n", k_hidden), 400},
      {"two_codings", with(chunked + chunked, "0\r\n\r\n" + k_hidden), 400},
      {"coding_gzip", with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + k_hidden), 400},
      {"coding_unknown", with("Transfer-Encoding: xchunked\r\n", k_hidden), 400},
      {"coding_in_1_0",
       "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + k_hidden, 400},
      {"coding_space", with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + k_hidden), 400},
      {"coding_folded", with("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + k_hidden), 400},
      {"chunk_negative", with(chunked, "-2\r\nab\r\n0\r\n\r\n" + k_hidden), 400},
      {"chunk_not_hex", with(chunked, "xyz\r\nab\r\n0\r\n\r\n"), 400},
      {"chunk_0x", with(chunked, "0x2\r\nab\r\n0\r\n\r\n"), 400},
      {"chunk_overflow", with(chunked, "FFFFFFFFFFFFFFFFF\r\nab\r\n0\r\n\r\n"), 400},
      {"chunk_huge", with(chunked, "FFFFFFFFFFFFFFFE\r\nab\r\n0\r\n\r\n"), 413},
      {"chunk_without_end", with(chunked, "2\r\nabc\r\n0\r\n\r\n"), 400},
      {"chunk_long_extension", with(chunked, "2;" + std::string(70000, 'a')), 400},
      {"bare_line_feeds", "GET /a HTTP/1.1\nHost: x\n\n", 400},
      {"one_bare_line_feed", "GET /a HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", 400},
      {"bare_return", "GET /a HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n", 400},
      {"folded", "GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", 400},
      {"blank_before_fields", "GET /a HTTP/1.1\r\n X-A: b\r\nHost: x\r\n\r\n", 400},
      {"nul_in_field", "GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n"s, 400},
      {"field_without_colon", "GET /a HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400},
      {"field_without_name", "GET /a HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400},
      {"no_host", "GET /a HTTP/1.1\r\n\r\n", 400},
      {"two_hosts", "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"tls_hello", "\x16\x03\x01\x02"s, 400},
      {"http2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"version_2", "GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"version_missing", "GET /a\r\n\r\n", 400},
      {"method_unknown", "BREW /a HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"method_trace", "TRACE /a HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"method_connect", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"method_lower", "get /a HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"target_absolute", get("http://x/a"), 400},
      {"target_star", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"target_relative", get("a"), 400},
      {"target_nul", get("/a%00b"), 400},
      {"target_line_feed", get("/a%0d%0aX:y"), 400},
      {"target_dots", get("/a/../b"), 400},
      {"target_encoded_dots", get("/a/%2e%2E/b"), 400},
      {"target_half_encoded_dots", get("/a/.%2e"), 400},
      {"target_encoded_slash", get("/a%2fb"), 400},
      {"target_backslash", get("/a%5c..%5cb"), 400},
      {"target_raw_utf8_broken", get("/\xE5\xA4"), 400},
      {"target_encoded_utf8_broken", get("/%E5%A4"), 400},
      {"target_overlong_utf8", get("/%C0%AE%C0%AE/a"), 400},
      {"target_surrogate", get("/%ED%A0%80"), 400},
      {"target_percent_end", get("/a%2"), 400},
      {"target_percent_not_hex", get("/a%zz"), 400},
      {"target_fragment", get("/a#b"), 400},
      {"query_nul", get("/a?b=%00"), 400},
      {"query_utf8_broken", get("/a?b=%FF"), 400},
      {"query_fields", get("/a?" + std::string(5000, '&')), 400},
      {"target_deep", get([] {
         std::string path;
         for (int i = 0; i < 2000; ++i) path += "/a";
         return path;
       }()),
       400},
  };
}

class HostileRequest : public ServerTest, public ::testing::WithParamInterface<Hostile> {};

TEST_P(HostileRequest, IsRefusedWithItsConnection) {
  RawClient client(port());
  client.send(GetParam().bytes);
  EXPECT_EQ(client.read().status, GetParam().status);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handled(), 0u);
  // Everybody else is still served.
  EXPECT_EQ(RawClient(port()).ask(get("/b")).status, 200);
}

INSTANTIATE_TEST_SUITE_P(All, HostileRequest, ::testing::ValuesIn(hostile_requests()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(ServerTest, FieldsAfterAChunkedBodyDoNotCount) {
  RawClient client(port());
  const RawAnswer answer = client.ask(
      with("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n0\r\nX-Csrf-Token: late\r\n\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(seen[0].header("x-csrf-token"));
}

TEST_F(ServerTest, SurvivesNoise) {
  std::mt19937 random(20261123);
  const std::string good = with("Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n0\r\n\r\n");
  for (int round = 0; round < 300; ++round) {
    std::string bytes = good;
    for (int changes = 0; changes < 3; ++changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    RawClient(port()).send(bytes);
  }
  EXPECT_EQ(RawClient(port()).ask(get("/b")).status, 200);
}

}  // namespace
}  // namespace beian
