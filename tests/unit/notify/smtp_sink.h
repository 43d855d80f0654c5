// tests/support/smtp_sink.py as a child of the test.
#pragma once

#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace beian::notify {

struct Received {
  std::string raw;       // as it came over the wire, line ends and all
  std::string envelope;  // the sink's JSON
  // Names as written, values unfolded, in order, of the message's own header.
  std::vector<std::pair<std::string, std::string>> headers() const;
  std::string header(const std::string& name) const;
  // The decoded base64 of the part with this content type.
  std::string part(const std::string& type) const;
};

class SmtpSink {
 public:
  // True when the machine has Python's aiosmtpd.
  static bool is_available();

  explicit SmtpSink(const std::vector<std::string>& options = {});
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  std::string port() const { return port_; }
  std::string url() const { return "smtp://127.0.0.1:" + port_; }
  std::vector<Received> received() const;

 private:
  beian::testing::TempDir folder_;
  int input_ = -1;
  pid_t pid_ = -1;
  std::string port_;
};

// A self-signed certificate for 127.0.0.1 and its key, written to `folder`.
struct Certificate {
  std::string certificate, key;  // paths
};
Certificate make_certificate(const std::string& folder, const std::string& name);

}  // namespace beian::notify
