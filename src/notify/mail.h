// Mail to applicants and staff. An interface, because demo mode delivers to an inbox page.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "notify/delivery.h"

namespace beian::notify {

struct MailMessage {
  std::string to;              // one ASCII address, no name
  std::string subject;         // UTF-8; line ends and controls become blanks
  std::string text;            // UTF-8
  std::string html;            // UTF-8; may be empty
  std::string key;             // our idempotency key: equal keys give equal Message-IDs
  std::string from_name = {};  // shown as the sender's name; empty: the one of SmtpOptions::from
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual DeliveryResult send(const MailMessage& message) = 0;
};

// For smtp:// addresses: whether the conversation must turn to TLS with a valid certificate before
// anything is said. `never` is for a relay inside the operator's own network.
enum class StartTls { unless_loopback, always, never };

struct SmtpOptions {
  std::string url;             // smtp://host:port or smtps://host:port
  std::string user, password;  // both empty: no log-in
  std::string from;            // "no-reply@example.cn" or "备案平台 <no-reply@example.cn>"
  StartTls starttls = StartTls::unless_loopback;
  std::string ca_file;  // empty: the system's
  std::chrono::milliseconds timeout{30'000};
};

// SMTP over libcurl, one conversation for each message. Thread-safe.
class SmtpMailer : public Mailer {
 public:
  // Throws std::runtime_error when the options make no sense (naming the option, not its value).
  SmtpMailer(SmtpOptions options, const Clock& clock);

  // 5xx for this message is `refused`; 4xx, no connection, refused log-in and an unfinished
  // conversation are `later` (the receiver can tell a repeat by its Message-ID).
  DeliveryResult send(const MailMessage& message) override;

 private:
  void configure(void* handle) const;  // of libcurl

  SmtpOptions options_;
  std::string url_, from_address_, from_header_;
  bool starttls_ = false;
  const Clock& clock_;
};

// True for one plain ASCII address that is safe in an envelope and a header.
bool is_mail_address(const std::string& address);

}  // namespace beian::notify
