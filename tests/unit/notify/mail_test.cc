#include "notify/mail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "base/crypto.h"
#include "smtp_sink.h"

namespace beian::notify {
namespace {

constexpr Millis k_now = 1'768'444'205'000;  // 2026-01-15 02:30:05 UTC, a Thursday

class Mail : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!SmtpSink::is_available()) GTEST_SKIP() << "python3-aiosmtpd is not installed";
  }

  SmtpOptions options_for(const SmtpSink& sink) const {
    SmtpOptions options;
    options.url = sink.url();
    options.from = "备案平台 <no-reply@provider.example>";
    options.timeout = std::chrono::seconds(10);
    return options;
  }

  static MailMessage message_to(const std::string& to) {
    return {to, "您的备案已通过", "正文\n第二行\n", "<p>正文</p>", "mail/7"};
  }

  ManualClock clock_{k_now};
};

// Joins RFC 2047 words back into text.
std::string decode_words(std::string text) {
  std::string result;
  constexpr std::string_view k_start = "=?UTF-8?B?";
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.compare(at, k_start.size(), k_start) == 0) {
      const std::size_t end = text.find("?=", at);
      result += from_base64(text.substr(at + k_start.size(), end - at - k_start.size()));
      at = end + 2;
      if (text.compare(at, k_start.size() + 1, " =?UTF-8?B?") == 0) ++at;
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::vector<std::string> header_names(const Received& received) {
  std::vector<std::string> names;
  for (const auto& header : received.headers()) names.push_back(header.first);
  std::sort(names.begin(), names.end());
  return names;
}

const std::vector<std::string> k_expected_headers = {
    "Auto-Submitted", "Content-Type", "Date",    "From",
    "Message-ID",     "Mime-Version", "Subject", "To"};

TEST_F(Mail, ArrivesWholeInBothForms) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  const DeliveryResult result = mailer.send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::sent) << result.reason;
  ASSERT_EQ(sink.received().size(), 1u);
  const Received mail = sink.received()[0];
  EXPECT_EQ(header_names(mail), k_expected_headers);
  EXPECT_EQ(decode_words(mail.header("Subject")), "您的备案已通过");
  EXPECT_EQ(decode_words(mail.header("From")), "备案平台 <no-reply@provider.example>");
  EXPECT_EQ(mail.header("To"), "<lisi@example.cn>");
  EXPECT_EQ(mail.header("Date"), "Thu, 15 Jan 2026 02:30:05 +0000");
  EXPECT_TRUE(mail.header("Content-Type").starts_with("multipart/alternative; boundary="));
  EXPECT_EQ(mail.part("text/plain; charset=utf-8"), "正文\n第二行\n");
  EXPECT_EQ(mail.part("text/html; charset=utf-8"), "<p>正文</p>");
  EXPECT_EQ(mail.envelope, R"({"from": "no-reply@provider.example", "to": ["lisi@example.cn"], )"
                           R"("hello": "provider.example", "tls": false, "login": false})");
}

TEST_F(Mail, EqualKeysGiveEqualMessageIds) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  MailMessage message = message_to("lisi@example.cn");
  mailer.send(message);
  mailer.send(message);
  message.key = "mail/8";
  mailer.send(message);
  const auto mails = sink.received();
  ASSERT_EQ(mails.size(), 3u);
  EXPECT_TRUE(mails[0].header("Message-ID").ends_with("@provider.example>"));
  EXPECT_EQ(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
  EXPECT_NE(mails[0].header("Message-ID"), mails[2].header("Message-ID"));
}

TEST_F(Mail, NothingInASubjectMakesAHeader) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  using namespace std::string_literals;
  const std::vector<std::string> attempts = {
      "x\r\nBcc: victim@example.com",
      "x\nBcc: victim@example.com",
      "x\rBcc: victim@example.com",
      "x\r\n Bcc: victim@example.com",
      "x\r\n\r\n<html>body",
      "x\0\r\nBcc: victim@example.com"s,
      "x\u2028Bcc: victim@example.com",
      "x\u2029Bcc: victim@example.com",
      "x\u0085Bcc: victim@example.com",
      "x\x0b\x0c\x1b[31mBcc: victim@example.com",
      "x%0d%0aBcc: victim@example.com",
      "=?UTF-8?B?eA0KQmNjOiB2aWN0aW1AZXhhbXBsZS5jb20=?=",
      "\xff\xfe\r\nBcc: victim@example.com",
      "网站\r\nBcc: victim@example.com\r\n",
  };
  for (const std::string& attempt : attempts) {
    MailMessage message = message_to("lisi@example.cn");
    message.subject = attempt;
    EXPECT_EQ(mailer.send(message).outcome, Delivery::sent) << attempt;
  }
  const auto mails = sink.received();
  ASSERT_EQ(mails.size(), attempts.size());
  for (std::size_t i = 0; i < mails.size(); ++i) {
    SCOPED_TRACE(attempts[i]);
    EXPECT_EQ(header_names(mails[i]), k_expected_headers);
    EXPECT_EQ(mails[i].part("text/plain; charset=utf-8"), "正文\n第二行\n");
    EXPECT_EQ(mails[i].envelope.find("victim"), std::string::npos);
    const std::string subject = decode_words(mails[i].header("Subject"));
    EXPECT_EQ(subject.find_first_of("\r\n"), std::string::npos);
    if (attempts[i].starts_with("=?")) {
      EXPECT_EQ(subject, attempts[i]);  // shown, not decoded
    }
  }
}

TEST_F(Mail, NothingInASenderNameMakesAHeader) {
  SmtpSink sink;
  SmtpOptions options = options_for(sink);
  options.from = "甲\r\nBcc: victim@example.com\r\nX: <no-reply@provider.example>";
  SmtpMailer mailer(options, clock_);
  EXPECT_EQ(mailer.send(message_to("lisi@example.cn")).outcome, Delivery::sent);
  ASSERT_EQ(sink.received().size(), 1u);
  EXPECT_EQ(header_names(sink.received()[0]), k_expected_headers);
}

TEST_F(Mail, BadAddressesAreRefusedBeforeAnyConversation) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  for (const std::string& to :
       {std::string("a@example.cn\r\nBcc: victim@example.com"),
        std::string("a@example.cn, b@example.cn"),
        std::string("a@example.cn> SIZE=1\r\nRCPT TO:<b@example.cn"), std::string("<a@example.cn>"),
        std::string("a b@example.cn"), std::string("张三@example.cn"), std::string("a@示例.cn"),
        std::string("a@b@example.cn"), std::string("a@"), std::string("@example.cn"),
        std::string(""), std::string("a\0@example.cn", 13), std::string(65, 'a') + "@example.cn",
        "a@" + std::string(260, 'b') + ".cn"}) {
    const DeliveryResult result = mailer.send(message_to(to));
    EXPECT_EQ(result.outcome, Delivery::refused) << to;
    EXPECT_EQ(result.reason, "address") << to;
  }
  EXPECT_TRUE(sink.received().empty());
  EXPECT_TRUE(is_mail_address("first.last+tag@mail.example.com.cn"));
}

TEST_F(Mail, ABodyCannotEndTheConversation) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  MailMessage message = message_to("lisi@example.cn");
  message.text = "一\r\n.\r\nMAIL FROM:<x@example.cn>\r\n..\r\n" + std::string(5000, 'x');
  message.html.clear();
  EXPECT_EQ(mailer.send(message).outcome, Delivery::sent);
  ASSERT_EQ(sink.received().size(), 1u);
  EXPECT_EQ(sink.received()[0].part("text/plain; charset=utf-8"), message.text);
  EXPECT_EQ(sink.received()[0].raw.find("text/html"), std::string::npos);
}

TEST_F(Mail, LongSubjectsAreFoldedAndKept) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  MailMessage message = message_to("lisi@example.cn");
  message.subject.clear();
  for (int i = 0; i < 60; ++i) message.subject += i % 7 == 0 ? "备a" : "案";
  EXPECT_EQ(mailer.send(message).outcome, Delivery::sent);
  ASSERT_EQ(sink.received().size(), 1u);
  EXPECT_EQ(decode_words(sink.received()[0].header("Subject")), message.subject);
  std::size_t start = 0;
  const std::string raw = sink.received()[0].raw;
  for (std::size_t end = raw.find("\r\n"); end != std::string::npos;
       end = raw.find("\r\n", start)) {
    EXPECT_LE(end - start, 100u);
    start = end + 2;
  }
}

struct Answer {
  const char* to;
  Delivery outcome;
  const char* reason;
};

TEST_F(Mail, TellsPermanentFromPassingTrouble) {
  SmtpSink sink;
  SmtpMailer mailer(options_for(sink), clock_);
  for (const Answer& answer : {Answer{"rcpt550@example.cn", Delivery::refused, "smtp_550"},
                               Answer{"rcpt450@example.cn", Delivery::later, "smtp_450"},
                               Answer{"data554@example.cn", Delivery::refused, "smtp_554"},
                               Answer{"data451@example.cn", Delivery::later, "smtp_451"}}) {
    const DeliveryResult result = mailer.send(message_to(answer.to));
    EXPECT_EQ(result.outcome, answer.outcome) << answer.to;
    EXPECT_EQ(result.reason, answer.reason) << answer.to;
  }
}

TEST_F(Mail, ASenderThatIsRefusedIsOurTroubleNotTheirs) {
  SmtpSink sink;
  SmtpOptions options = options_for(sink);
  options.from = "sender550@provider.example";
  const DeliveryResult result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::later);
  EXPECT_EQ(result.reason, "smtp_550");
}

TEST_F(Mail, NoServerOrASilentOneMeansLater) {
  std::string closed;
  {
    SmtpSink sink;
    SmtpOptions options = options_for(sink);
    options.timeout = std::chrono::milliseconds(300);
    EXPECT_EQ(SmtpMailer(options, clock_).send(message_to("hang@example.cn")).outcome,
              Delivery::later);
    closed = sink.url();
  }
  SmtpOptions options;
  options.url = closed;
  options.from = "no-reply@provider.example";
  const DeliveryResult result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::later);
  EXPECT_EQ(result.reason, "connect");
}

TEST_F(Mail, LogsInWhenItHasAPassword) {
  SmtpSink sink({"--login", "robot", "s3cret"});
  SmtpOptions options = options_for(sink);
  DeliveryResult result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::later);  // 530 at MAIL: ours to mend
  options.user = "robot";
  options.password = "wrong";
  result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::later);
  EXPECT_EQ(result.reason, "smtp_login");
  options.password = "s3cret";
  result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::sent) << result.reason;
  ASSERT_EQ(sink.received().size(), 1u);
  EXPECT_NE(sink.received()[0].envelope.find("\"login\": true"), std::string::npos);
}

TEST_F(Mail, TlsIsOnlyWithACertificateThatHolds) {
  beian::testing::TempDir folder;
  const Certificate right = make_certificate(folder.path(), "right");
  const Certificate other = make_certificate(folder.path(), "other");
  struct Case {
    const char* option;
    std::string scheme;
    StartTls starttls;
  };
  for (const Case& each : {Case{"--tls", "smtps://127.0.0.1:", StartTls::unless_loopback},
                           Case{"--starttls", "smtp://127.0.0.1:", StartTls::always}}) {
    SCOPED_TRACE(each.option);
    SmtpSink sink({each.option, right.certificate, right.key});
    SmtpOptions options = options_for(sink);
    options.url = each.scheme + sink.port();
    options.starttls = each.starttls;
    options.ca_file = other.certificate;
    DeliveryResult result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
    EXPECT_EQ(result.outcome, Delivery::later);
    EXPECT_EQ(result.reason, "tls");
    options.ca_file = right.certificate;
    result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
    EXPECT_EQ(result.outcome, Delivery::sent) << result.reason;
    ASSERT_EQ(sink.received().size(), 1u);
    EXPECT_NE(sink.received()[0].envelope.find("\"tls\": true"), std::string::npos);
  }
}

TEST_F(Mail, AServerWithoutStartTlsGetsNothing) {
  SmtpSink sink;
  SmtpOptions options = options_for(sink);
  options.starttls = StartTls::always;
  const DeliveryResult result = SmtpMailer(options, clock_).send(message_to("lisi@example.cn"));
  EXPECT_EQ(result.outcome, Delivery::later);
  EXPECT_EQ(result.reason, "tls");
  EXPECT_TRUE(sink.received().empty());
}

TEST(MailOptions, OddOnesAreNamedWithoutTheirValues) {
  const ManualClock clock(k_now);
  const auto fault = [&](const std::string& url, const std::string& from) -> std::string {
    SmtpOptions options;
    options.url = url;
    options.from = from;
    try {
      SmtpMailer mailer(options, clock);
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  EXPECT_TRUE(fault("http://user:pass@127.0.0.1", "a@example.cn").starts_with("mail.url"));
  EXPECT_EQ(fault("http://user:pass@127.0.0.1", "a@example.cn").find("pass"), std::string::npos);
  EXPECT_TRUE(fault("127.0.0.1:25", "a@example.cn").starts_with("mail.url"));
  EXPECT_TRUE(fault("smtp://127.0.0.1:25", "nobody").starts_with("mail.from"));
  EXPECT_TRUE(fault("smtp://127.0.0.1:25", "名 <a@example.cn\r\n>").starts_with("mail.from"));
  EXPECT_EQ(fault("smtp://127.0.0.1:25", "名 <a@example.cn>"), "");
}

}  // namespace
}  // namespace beian::notify
