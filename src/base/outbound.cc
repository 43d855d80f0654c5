#include "base/outbound.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/text.h"

namespace beian {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using Transfer = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void start_curl() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!started) throw std::runtime_error("libcurl does not start");
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

// The parsed URL is handed to the transfer as it is, so what is checked is what is contacted.
Url parse_allowed(const std::string& text, const std::vector<std::string>& allowed) {
  Url url(curl_url(), curl_url_cleanup);
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    throw std::logic_error("outbound: not a URL");
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") throw std::logic_error("outbound: not http or https");
  const std::string host = to_lower_ascii(part_of(url.get(), CURLUPART_HOST));
  const std::string port = part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const bool usual_port = port == (scheme == "https" ? "443" : "80");
  const bool listed = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    return entry == host + ":" + port || (usual_port && entry == host);
  });
  if (!listed) throw std::logic_error("outbound: " + host + ":" + port + " is not configured");
  return url;
}

HeaderList make_headers(const OutboundRequest& request) {
  HeaderList list(nullptr, curl_slist_free_all);
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  add("Expect:");  // otherwise curl waits a second for "100 Continue" before a longer body
  for (const auto& [name, value] : request.headers) {
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      throw std::logic_error("outbound: a header holds a line break");
    }
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  return list;
}

struct Sink {
  std::string body;
  std::size_t limit = 0;
  bool overflow = false;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto* sink = static_cast<Sink*>(user);
  const std::size_t bytes = size * count;
  if (bytes > sink->limit - sink->body.size()) {
    sink->overflow = true;
    return 0;
  }
  sink->body.append(data, bytes);
  return bytes;
}

// Options take longs and pointers through one variadic function; failure means out of memory or a
// libcurl without the feature.
template <typename T>
void set(CURL* curl, CURLoption option, T value) {
  if (curl_easy_setopt(curl, option, value) != CURLE_OK) {
    throw std::runtime_error("libcurl lacks an option");
  }
}

void set_method(CURL* curl, const OutboundRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") {
    set(curl, request.method == "GET" ? CURLOPT_HTTPGET : CURLOPT_NOBODY, 1L);
    return;
  }
  set(curl, CURLOPT_POST, 1L);
  set(curl, CURLOPT_POSTFIELDS, request.body.data());
  set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

Outbound::Outbound(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {
  for (std::string& entry : allowed_) entry = to_lower_ascii(entry);
  start_curl();
}

OutboundAnswer Outbound::send(const OutboundRequest& request) const {
  const Url url = parse_allowed(request.url, allowed_);
  const HeaderList headers = make_headers(request);
  const Transfer transfer(curl_easy_init(), curl_easy_cleanup);
  if (transfer == nullptr) throw std::bad_alloc();
  CURL* curl = transfer.get();
  Sink sink;
  sink.limit = request.max_answer_bytes;
  char words[CURL_ERROR_SIZE] = "";

  set(curl, CURLOPT_CURLU, url.get());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_PROXY, "");
  set(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set(curl, CURLOPT_HTTPHEADER, headers.get());
  set(curl, CURLOPT_WRITEFUNCTION, &receive);
  set(curl, CURLOPT_WRITEDATA, &sink);
  set(curl, CURLOPT_ERRORBUFFER, words);
  set_method(curl, request);

  OutboundAnswer answer;
  const CURLcode code = curl_easy_perform(curl);
  if (sink.overflow) {
    answer.error = "the answer is larger than " + std::to_string(sink.limit) + " bytes";
  } else if (code != CURLE_OK) {
    answer.error = words[0] != '\0' ? words : curl_easy_strerror(code);
    long request_bytes = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request_bytes);
    answer.sent = request_bytes > 0;
  } else {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.reached = true;
    answer.status = static_cast<int>(status);
    answer.body = std::move(sink.body);
    curl_header* date = nullptr;
    if (curl_easy_header(curl, "date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK)
      answer.date = date->value;
  }
  return answer;
}

}  // namespace beian
