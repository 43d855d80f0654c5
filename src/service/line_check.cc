#include "service/line_check.h"

#include <cstdlib>
#include <ctime>
#include <set>

#include "base/file.h"
#include "base/outbound.h"
#include "bureau/client.h"

namespace beian::service {
namespace {

constexpr long k_clock_tolerance_seconds = 120;

std::string host_of(const std::string& url) {
  const auto start = url.find("://");
  if (start == std::string::npos) return {};
  const auto end = url.find_first_of("/?#", start + 3);
  return url.substr(start + 3, end == std::string::npos ? end : end - start - 3);
}

std::string what_to_do(int code) {
  switch (code) {
    case 4:
      return "user_name";
    case 5:
      return "password";
    case 12:
      return "unknown_here";
    case 13:
      return "other_province";
    case 10:
    case 16:
      return "other_proof";
    case 19:
      return "no_right";
    case 901:
    case 902:
      return "maintenance";
    default:
      return "code";
  }
}

class Check {
 public:
  Check(const BureauConfig& bureau, const LinePatience& patience)
      : bureau_(bureau), patience_(patience), outbound_(hosts()) {}

  std::vector<LineFinding> run() {
    for (const auto& [name, url] : {std::pair("upload_wsdl", bureau_.upload_wsdl),
                                    std::pair("query_wsdl", bureau_.query_wsdl),
                                    std::pair("verify_wsdl", bureau_.verify_wsdl)})
      wsdl(name, url);
    if (reached_) calls();
    return std::move(found_);
  }

 private:
  std::vector<std::string> hosts() const {
    return {host_of(bureau_.upload_wsdl), host_of(bureau_.query_wsdl),
            host_of(bureau_.verify_wsdl)};
  }

  void add(bool good, std::string what, std::string found, TextParams params = {},
           std::string mend = "") {
    found_.push_back(
        {good, std::move(what), std::move(found), std::move(params), good ? "" : std::move(mend)});
  }

  void wsdl(const std::string& name, const std::string& url) {
    OutboundRequest request;
    request.method = "GET";
    request.url = url.find('?') == std::string::npos ? url + "?wsdl" : url;
    request.timeout = patience_.address;
    request.max_answer_bytes = 1 << 20;
    OutboundAnswer answer;
    try {
      answer = outbound_.send(request);
    } catch (const std::logic_error& e) {
      return add(false, name, "said", {{"words", e.what()}}, "address");
    }
    if (!answer.reached) return add(false, name, "said", {{"words", answer.error}}, "unreached");
    reached_ = true;
    if (answer.status != 200 || answer.body.find("definitions") == std::string::npos)
      return add(false, name, "no_wsdl",
                 {{"status", std::to_string(answer.status)},
                  {"bytes", std::to_string(answer.body.size())}},
                 "spelling");
    add(true, name, "wsdl", {{"bytes", std::to_string(answer.body.size())}});
    if (!clock_checked_) clock(answer.date);
  }

  // Signs carry no time, but hours of upload and deadlines do.
  void clock(const std::string& date) {
    clock_checked_ = true;
    std::tm parts{};
    if (date.empty() || !::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S", &parts))
      return add(true, "clock", "no_time");
    const long apart = static_cast<long>(::timegm(&parts) - std::time(nullptr));
    add(std::labs(apart) <= k_clock_tolerance_seconds, "clock",
        apart < 0 ? "clock_behind" : "clock_ahead", {{"seconds", std::to_string(std::labs(apart))}},
        "clock");
  }

  void calls() {
    bureau::Connection connection = connection_of(bureau_);
    connection.timeout = patience_.call;
    const bureau::BureauClient client(
        connection, [this](const OutboundRequest& request) { return outbound_.send(request); });
    log_in(client);
    cipher(client);
    const auto status = client.query_status(bureau::k_by_domain, "example.cn");
    if (status.answered(0)) return add(true, "query", "answers");
    fails("query", status);
  }

  void fails(const std::string& what, const bureau::Answer& answer) {
    if (answer.reach == bureau::Reach::answered)
      return add(false, what, "code",
                 {{"code", std::to_string(answer.msg_code)}, {"words", answer.msg}},
                 what_to_do(answer.msg_code));
    if (answer.error.empty()) return add(false, what, "no_answer", {}, "see_wsdl");
    add(false, what, "said", {{"words", answer.error}}, "see_wsdl");
  }

  void log_in(const bureau::BureauClient& client) {
    const auto previous = client.previous_upload();
    if (!previous.answered(0) && !previous.answered(1)) return fails("log_in", previous);
    add(true, "log_in", "sequence", {{"sequence", std::to_string(previous.sequence)}});
    if (!previous.hash.empty() && !previous.file)
      add(false, "cipher_of_uploads", "own_unreadable", {}, "cipher");
  }

  // Looks at the file that waits, if one does; without an acknowledgement it goes on waiting.
  void cipher(const bureau::BureauClient& client) {
    const auto download = client.download();
    if (download.answered(2)) return add(true, "download", "nothing_waits");
    if (download.file) return add(true, "download", "file_readable");
    if (download.reach == bureau::Reach::answered && download.fault != bureau::PackageFault::none)
      return add(false, "download", "file_unreadable",
                 {{"fault", std::to_string(static_cast<int>(download.fault))}}, "cipher");
    fails("download", download);
  }

  const BureauConfig& bureau_;
  const LinePatience patience_;
  const Outbound outbound_;
  std::vector<LineFinding> found_;
  bool reached_ = false, clock_checked_ = false;
};

}  // namespace

bureau::Connection connection_of(const BureauConfig& b) {
  bureau::Connection out;
  out.upload_address = b.upload_wsdl;
  out.query_address = b.query_wsdl;
  out.verify_address = b.verify_wsdl;
  out.isp_id = b.isp_id;
  out.user_name = b.user_name;
  out.password = read_secret_file(b.password_file);
  if (!b.key_file.empty())
    out.cipher = bureau::Cipher{read_secret_file(b.key_file), read_secret_file(b.iv_file)};
  out.version = b.interface_version;
  out.encrypt_uploads = b.encrypt;
  out.max_file_bytes = static_cast<std::size_t>(b.max_file_mb) << 20;
  out.max_records = b.max_records;
  return out;
}

std::vector<LineFinding> check_line(const BureauConfig& bureau, const LinePatience& patience) {
  return Check(bureau, patience).run();
}

LineWords words_of(const Texts& texts, std::string_view locale, const LineFinding& finding) {
  const auto words = [&](const std::string& key) {
    return texts.render(locale, "line_check", key, finding.params);
  };
  return {words("what." + finding.what), words("found." + finding.found),
          finding.mend.empty() ? "" : words("mend." + finding.mend)};
}

}  // namespace beian::service
