#include "app/line_check.h"

#include <cstdlib>
#include <ctime>
#include <set>

#include "app/composition.h"
#include "base/file.h"
#include "base/outbound.h"
#include "bureau/client.h"

namespace beian::app {
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
      return "user_name is not what the bureau issued";
    case 5:
      return "the password file does not hold the bureau's password (one line, no blank behind it)";
    case 12:
      return "the bureau does not know this isp_id, or not this machine's address: report the "
             "outgoing IP to it";
    case 13:
      return "isp_id belongs to another province: check the address and isp_id of this bureau";
    case 16:
    case 10:
      return "the bureau wants another way of proving oneself: compare its specification with "
             "docs/bureau.md part 5";
    case 19:
      return "the bureau has not opened the right to report: ask it";
    case 901:
    case 902:
      return "maintenance: try later";
    default:
      return "see docs/bureau.md part 3 for this code";
  }
}

class Check {
 public:
  explicit Check(const BureauConfig& bureau) : bureau_(bureau), outbound_(hosts()) {}

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

  void add(bool good, std::string what, std::string found, std::string mend = "") {
    found_.push_back({good, std::move(what), std::move(found), good ? "" : std::move(mend)});
  }

  void wsdl(const std::string& name, const std::string& url) {
    OutboundRequest request;
    request.method = "GET";
    request.url = url.find('?') == std::string::npos ? url + "?wsdl" : url;
    request.timeout = std::chrono::seconds(20);
    request.max_answer_bytes = 1 << 20;
    OutboundAnswer answer;
    try {
      answer = outbound_.send(request);
    } catch (const std::logic_error& e) {
      return add(false, name, e.what(), "write the whole address with http:// or https://");
    }
    if (!answer.reached)
      return add(false, name, answer.error,
                 "is the address right, does a firewall let this machine out, and does the bureau "
                 "know its IP?");
    reached_ = true;
    if (answer.status != 200 || answer.body.find("definitions") == std::string::npos)
      return add(
          false, name,
          "HTTP " + std::to_string(answer.status) + ", " + std::to_string(answer.body.size()) +
              " bytes that are no WSDL",
          "upper and lower case count in the path (upDownLoad, queryBeianStatus, verifyBamm)");
    add(true, name, std::to_string(answer.body.size()) + " bytes");
    if (!clock_checked_) clock(answer.date);
  }

  // Signs carry no time, but hours of upload and deadlines do.
  void clock(const std::string& date) {
    clock_checked_ = true;
    std::tm parts{};
    if (date.empty() || !::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S", &parts))
      return add(true, "clock", "the bureau's server gives no time");
    const long apart = static_cast<long>(::timegm(&parts) - std::time(nullptr));
    add(std::labs(apart) <= k_clock_tolerance_seconds, "clock",
        "the bureau's is " + std::to_string(std::labs(apart)) + " s " +
            (apart < 0 ? "behind" : "ahead"),
        "set this machine's clock by NTP; if it is right, tell the bureau");
  }

  void calls() {
    bureau::Connection connection;
    connection.upload_address = bureau_.upload_wsdl;
    connection.query_address = bureau_.query_wsdl;
    connection.verify_address = bureau_.verify_wsdl;
    connection.isp_id = bureau_.isp_id;
    connection.user_name = bureau_.user_name;
    connection.password = read_secret_file(bureau_.password_file);
    connection.timeout = std::chrono::seconds(60);
    if (!bureau_.key_file.empty())
      connection.cipher =
          bureau::Cipher{read_secret_file(bureau_.key_file), read_secret_file(bureau_.iv_file)};
    connection.encrypt_uploads = bureau_.encrypt;
    const bureau::BureauClient client(
        connection, [this](const OutboundRequest& request) { return outbound_.send(request); });
    log_in(client);
    cipher(client);
    const auto status = client.query_status(bureau::k_by_domain, "example.cn");
    add(status.answered(0), "query", status.answered(0) ? "answers" : words(status),
        what_to_do(status.msg_code));
  }

  static std::string words(const bureau::Answer& answer) {
    if (answer.reach == bureau::Reach::answered)
      return "code " + std::to_string(answer.msg_code) + " " + answer.msg;
    return answer.error.empty() ? "no answer" : answer.error;
  }

  void log_in(const bureau::BureauClient& client) {
    const auto previous = client.previous_upload();
    const bool good = previous.answered(0) || previous.answered(1);
    add(good, "log-in",
        good
            ? "good; the bureau's last file of ours has number " + std::to_string(previous.sequence)
            : words(previous),
        previous.reach == bureau::Reach::answered ? what_to_do(previous.msg_code)
                                                  : "see the WSDL above");
    if (good && !previous.hash.empty() && !previous.file)
      add(false, "cipher of uploads", "our own last file comes back and cannot be read",
          "key_file and iv_file must be the bureau's, 16 characters each");
  }

  // Looks at the file that waits, if one does; without an acknowledgement it goes on waiting.
  void cipher(const bureau::BureauClient& client) {
    const auto download = client.download();
    if (download.answered(2)) return add(true, "download", "nothing waits");
    if (download.file) return add(true, "download", "a file waits and can be read");
    if (download.reach == bureau::Reach::answered && download.fault != bureau::PackageFault::none)
      return add(false, "download",
                 "a file waits and cannot be read, fault " +
                     std::to_string(static_cast<int>(download.fault)),
                 "key_file and iv_file must be the bureau's, 16 characters each");
    add(false, "download", words(download), what_to_do(download.msg_code));
  }

  const BureauConfig& bureau_;
  const Outbound outbound_;
  std::vector<LineFinding> found_;
  bool reached_ = false, clock_checked_ = false;
};

}  // namespace

std::vector<LineFinding> check_line(const BureauConfig& bureau) { return Check(bureau).run(); }

}  // namespace beian::app
