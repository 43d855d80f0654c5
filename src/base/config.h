// The one configuration file (TOML), read once at start. deploy/beian.toml documents every key.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace beian {

struct HttpConfig {
  std::string address = "127.0.0.1";
  int port = 8080;
  int threads = 16;
  std::string public_url;                    // as users type it; links in mails start with it
  std::vector<std::string> trusted_proxies;  // whose X-Forwarded-For is believed
};

struct MailConfig {
  std::string url;  // smtp://host:port or smtps://…; empty: the demo inbox
  std::string user, password_file, from;
};

// A text that the gateway's operator has approved, for one of our notices.
struct SmsTemplate {
  std::string notice;
  std::string id;
  std::vector<std::string> values;  // of the notice, in the order of the template's blanks
};

struct SmsConfig {
  std::string kind = "http";  // http, aliyun, tencent
  std::string url;            // empty: the demo inbox
  std::string secret_file;
  std::string access_id;  // AccessKeyId, SecretId
  std::string sign_name;  // as approved, without its brackets
  std::string app_id;     // Tencent: SmsSdkAppId
  std::string region = "ap-guangzhou";
  std::vector<SmsTemplate> templates;
};

struct WebhookConfig {
  bool allow_private = false;  // addresses inside one's own network, and http
};

// The gate's own listener, for web servers in front of the websites (docs/gate.md).
struct GateConfig {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: the gate answers below /api only
  int threads = 1;
};

struct BureauConfig {
  std::string province;  // "330000"
  std::string upload_wsdl, query_wsdl, verify_wsdl;
  std::int64_t isp_id = 0;
  std::string user_name, password_file, key_file, iv_file;
  bool encrypt = true;
  int poll_seconds = 60;
};

struct Config {
  std::string data_dir = "data";  // forms, rules, texts: read-only
  std::string var_dir = "var";    // database, uploads, keys
  std::string database;  // "sqlite:<path>" or "postgresql://…"; default sqlite:<var_dir>/beian.db
  std::string key_file;  // default <var_dir>/keys/beian.key
  std::string web_dir = "web/dist";
  std::string provider_name;  // 接入服务商 as shown to applicants
  std::string log_level = "info";
  bool demo = false;
  HttpConfig http;
  MailConfig mail;
  SmsConfig sms;
  GateConfig gate;
  WebhookConfig webhooks;
  std::vector<BureauConfig> bureaus;

  // Throws std::runtime_error naming file, line and key: unknown keys are errors too.
  static Config load(const std::string& path);
};

}  // namespace beian
