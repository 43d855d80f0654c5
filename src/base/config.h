// The one configuration file (TOML), read once at start. deploy/beian.toml documents every key.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
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

// Looking up domains and home pages outside (docs/domains.md). Off: nothing is contacted.
struct DomainsConfig {
  bool lookups = false;   // RDAP, WHOIS, DNS, home pages
  std::string bootstrap;  // IANA's dns.json, in place of the table in data/domains.json
  int patrol_days = 7;    // a served website is looked at again after so many; 0: never
  // For tests: "host=address:port" is reached there. In demo mode nothing else is.
  std::vector<std::string> test_hosts;
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
  std::string interface_version = "V.3.0";  // one of bureau::codec_versions()
  bool encrypt = true;
  int poll_seconds = 60;
  std::string upload_hours;  // "09:00-11:30,13:30-17:00", China time; empty: always
  int max_file_mb = 50;      // of the data file before it is packed; interface V3.0 allows 50
  int max_records = 1000;    // in one file; interface V3.0 allows 1000
};

struct StaffConfig {
  // "required": staff without a second factor may do nothing but enrol one. "optional": whoever has
  // one is asked for it. Empty: required, in demo mode optional.
  std::string second_factor;
};

struct MetricsConfig {
  std::string address = "127.0.0.1";
  int port = 0;  // of /metrics, /health and /ready; 0: none
};

struct BackupConfig {
  std::string
      folder;  // of the copies made by hand, before migrations and by the clock; empty: none
  int every_hours = 0;  // 0: only when asked for and before migrations
  int keep = 35;        // copies beyond these are removed, the oldest first
};

// One mistake in a configuration file.
struct ConfigProblem {
  int line = 0, column = 0;
  std::string key, why;  // why: what it must be
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
  DomainsConfig domains;
  std::vector<BureauConfig> bureaus;
  StaffConfig staff;
  MetricsConfig metrics;
  BackupConfig backup;

  // Throws std::runtime_error naming file, line, column and key of each mistake: unknown keys are
  // mistakes too.
  static Config load(const std::string& path);
  // The same without throwing for what stands in the file: everything found, in the file's order.
  // What is wrong keeps its default. Throws std::runtime_error when the file cannot be read.
  static Config examine(const std::string& path, std::vector<ConfigProblem>& problems);
  // Where a key stands ("http.port", "bureaus[1].iv_file"): line and column, 0 when it does not.
  static std::pair<int, int> locate(const std::string& path, const std::string& key);
};

}  // namespace beian
