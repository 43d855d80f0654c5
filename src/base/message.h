// An HTTP exchange as plain values, so that rooms above and below the server agree on it: the
// server (http/server.cc) fills and sends them, handlers read and return them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

struct Request {
  std::string method;                        // "GET", "POST", …
  std::string path;                          // decoded, without the query; always starts with '/'
  std::map<std::string, std::string> query;  // decoded; the first of equal names counts
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string remote_ip;  // of the client, behind a trusted proxy too

  std::optional<std::string> header(std::string_view lower_case_name) const;
  std::optional<std::string> cookie(std::string_view name) const;
  std::string query_or(std::string_view name, std::string_view otherwise) const;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  Response& with(std::string name, std::string value);
};

using Handler = std::function<Response(const Request&)>;

Response json_response(std::string body, int status = 200);

}  // namespace beian
