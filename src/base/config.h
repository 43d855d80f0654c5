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

struct SmsConfig {
  std::string url;  // HTTP gateway; empty: the demo inbox
  std::string secret_file;
};

struct BureauConfig {
  std::string province;  // "330000"
  std::string upload_wsdl, query_wsdl, verify_wsdl;
  std::int64_t isp_id = 0;
  std::string user_name, password_file, key_file, iv_file;
  bool encrypt = true;
  int poll_seconds = 60;
  std::string upload_hours;  // "09:00-11:30,13:30-17:00", China time; empty: always
  int max_file_mb = 50;      // of the data file before it is packed; interface V3.0 allows 50
  int max_records = 1000;    // in one file; interface V3.0 allows 1000
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
  std::vector<BureauConfig> bureaus;

  // Throws std::runtime_error naming file, line and key: unknown keys are errors too.
  static Config load(const std::string& path);
};

}  // namespace beian
