#include "notify/mail.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "base/crypto.h"
#include "base/text.h"
#include "notify/clean.h"

namespace beian::notify {
namespace {

constexpr std::size_t k_max_address = 254;        // RFC 5321 §4.5.3.1
constexpr std::size_t k_max_subject = 200;        // characters
constexpr std::size_t k_encoded_word_bytes = 45;  // 60 of base64: "=?UTF-8?B?…?=" within 75

bool is_ascii_printable(std::string_view text) {
  for (char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

// RFC 2047: words of at most 75 characters, cut between characters, one on each folded line.
std::string from_header(const std::string& name, const std::string& address) {
  return name.empty() ? "From: <" + address + ">"
                      : "From: =?UTF-8?B?" + to_base64(name) + "?= <" + address + ">";
}

std::string encode_words(const std::string& text) {
  if (is_ascii_printable(text) && text.find("=?") == std::string::npos && text.size() < 60) {
    return text;
  }
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = std::min(text.size(), at + k_encoded_word_bytes);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    if (!result.empty()) result += "\r\n ";
    result += "=?UTF-8?B?" + to_base64(std::string_view(text).substr(at, end - at)) + "?=";
    at = end;
  }
  return result;
}

// RFC 5322 §3.3, whatever the process's locale.
std::string date_header(Millis now) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = now / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("Date: {}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                     months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string domain_of(const std::string& address) { return address.substr(address.rfind('@') + 1); }

// The part of a smtp(s) URL, or empty.
std::string url_part(const std::string& url, CURLUPart part) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  char* text = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), part, &text, 0) != CURLUE_OK) {
    return {};
  }
  std::string result(text);
  curl_free(text);
  return result;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

struct Slist {
  curl_slist* list = nullptr;
  Slist() = default;
  ~Slist() { curl_slist_free_all(list); }
  Slist(const Slist&) = delete;
  Slist& operator=(const Slist&) = delete;
  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list = longer;
  }
};

// The plain and the HTML form, for the mail program to choose from.
class Alternatives {
 public:
  Alternatives(CURL* curl, const MailMessage& message) : mime_(curl_mime_init(curl)) {
    add(message.text, "text/plain; charset=utf-8");
    if (!message.html.empty()) add(message.html, "text/html; charset=utf-8");
  }
  ~Alternatives() { curl_mime_free(mime_); }
  Alternatives(const Alternatives&) = delete;
  Alternatives& operator=(const Alternatives&) = delete;
  curl_mime* mime() const { return mime_; }

 private:
  void add(const std::string& content, const char* type) {
    curl_mimepart* part = curl_mime_addpart(mime_);
    curl_mime_data(part, content.data(), content.size());
    curl_mime_type(part, type);
    curl_mime_encoder(part, "base64");  // no line too long, no dot at a line's start
  }

  curl_mime* mime_;
};

// libcurl says where the conversation ended only in its error text: "RCPT failed: 550" and
// "DATA failed: 554"; a refusal after the data comes as WEIRD_SERVER_REPLY without words.
DeliveryResult judge(CURLcode code, long reply, const char* words) {
  if (code == CURLE_OK) return {Delivery::sent, ""};
  const std::string_view start = std::string_view(words).substr(0, 11);
  const bool about_message = start == "RCPT failed" || start == "DATA failed" ||
                             (code == CURLE_WEIRD_SERVER_REPLY && start.empty());
  if (about_message && reply >= 500 && reply < 600) {
    return {Delivery::refused, fmt::format("smtp_{}", reply)};
  }
  if (code == CURLE_LOGIN_DENIED) return {Delivery::later, "smtp_login"};
  if (reply >= 400 && reply < 600) return {Delivery::later, fmt::format("smtp_{}", reply)};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Delivery::later, "resolve"};
    case CURLE_COULDNT_CONNECT:
      return {Delivery::later, "connect"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Delivery::later, "timeout"};
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Delivery::later, "tls"};
    default:
      return {Delivery::later, fmt::format("curl_{}", static_cast<int>(code))};
  }
}

}  // namespace

bool is_mail_address(const std::string& address) {
  const std::size_t at = address.find('@');
  if (address.size() > k_max_address || at == std::string::npos || at == 0 || at > 64) return false;
  const std::string_view domain = std::string_view(address).substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.') return false;
  for (char c : domain) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '.') return false;
  }
  constexpr std::string_view k_special = "()<>[]:;@\\,\" ";  // RFC 5321: only in quotes; not taken
  for (char c : address.substr(0, at)) {
    if (c <= 0x20 || c > 0x7e || k_special.find(c) != std::string_view::npos) return false;
  }
  return true;
}

SmtpMailer::SmtpMailer(SmtpOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::string scheme = url_part(options_.url, CURLUPART_SCHEME);
  const std::string host = url_part(options_.url, CURLUPART_HOST);
  if ((scheme != "smtp" && scheme != "smtps") || host.empty()) {
    throw std::runtime_error("mail.url: neither smtp:// nor smtps://");
  }
  const std::size_t open = options_.from.rfind('<');
  const bool named = open != std::string::npos && options_.from.ends_with('>');
  from_address_ =
      named ? options_.from.substr(open + 1, options_.from.size() - open - 2) : options_.from;
  if (!is_mail_address(from_address_)) throw std::runtime_error("mail.from: no mail address");
  std::string name =
      named ? clean_value(std::string_view(options_.from).substr(0, open), k_max_subject) : "";
  while (name.ends_with(' ')) name.pop_back();
  from_header_ = from_header(name, from_address_);
  starttls_ =
      scheme == "smtp" && (options_.starttls == StartTls::always ||
                           (options_.starttls == StartTls::unless_loopback && !is_loopback(host)));
  // The path of the URL is the name we greet with: the sender's domain, not this machine's name.
  url_ = options_.url;
  while (url_.ends_with('/')) url_.pop_back();
  url_ += "/" + domain_of(from_address_);
}

void SmtpMailer::configure(void* handle) const {
  curl_easy_setopt(handle, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  const long security = starttls_ ? CURLUSESSL_ALL : CURLUSESSL_NONE;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, security);
  if (!options_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, options_.password.c_str());
  }
}

DeliveryResult SmtpMailer::send(const MailMessage& message) {
  if (!is_mail_address(message.to)) return {Delivery::refused, "address"};
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw std::bad_alloc();
  Slist headers;
  headers.add(date_header(clock_.now()));
  headers.add(message.from_name.empty()
                  ? from_header_
                  : from_header(clean_value(message.from_name, k_max_subject), from_address_));
  headers.add("To: <" + message.to + ">");
  headers.add("Subject: " + encode_words(clean_value(message.subject, k_max_subject)));
  headers.add("Message-ID: <" + to_hex(sha256(message.key)).substr(0, 32) + "@" +
              domain_of(from_address_) + ">");
  headers.add("Auto-Submitted: auto-generated");       // RFC 3834: no holiday replies, please
  headers.add("Content-Type: multipart/alternative");  // libcurl adds the boundary
  const Alternatives content(curl.get(), message);
  Slist recipients;
  recipients.add("<" + message.to + ">");
  const std::string from = "<" + from_address_ + ">";
  std::array<char, CURL_ERROR_SIZE> words{};
  configure(curl.get());
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.list);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl.get(), CURLOPT_MIMEPOST, content.mime());
  const CURLcode code = curl_easy_perform(curl.get());
  long reply = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
  return judge(code, reply, words.data());
}

}  // namespace beian::notify
