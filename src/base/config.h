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
  std::string interface_version = "V.3.0";  // one of bureau::codec_versions()
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
  std::vector<BureauConfig> bureaus;

  // Throws std::runtime_error naming file, line and key: unknown keys are errors too.
  static Config load(const std::string& path);
};

}  // namespace beian
