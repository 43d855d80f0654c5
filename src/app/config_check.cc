#include "app/config_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "app/account.h"
#include "app/command_line.h"
#include "app/composition.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "bureau/client.h"
#include "filing/registration.h"
#include "http/client_address.h"
#include "service/line_check.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path == nullptr ? "/usr/bin" : path, ':'))
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

class Check {
 public:
  explicit Check(std::string path) : path_(std::move(path)) {}

  ConfigReport run() {
    Config config = Config::examine(path_, report_.problems);
    if (config.data_dir == "data") config.data_dir = default_root() + "/data";
    if (config.web_dir == "web/dist") config.web_dir = default_root() + "/web/dist";
    // A file that is no TOML at all has one mistake, and no missing keys.
    const bool is_read = report_.problems.empty() || !report_.problems.front().key.empty();
    if (is_read) look(config);
    // In the file's order; what is not in it comes last.
    const auto place = [](const ConfigProblem& p) {
      return std::pair(p.line == 0 ? INT_MAX : p.line, p.column);
    };
    std::stable_sort(report_.problems.begin(), report_.problems.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return std::move(report_);
  }

 private:
  ConfigProblem problem(const std::string& key, const std::string& why) const {
    const auto [line, column] = Config::locate(path_, key);
    return {line, column, key, why};
  }
  void advise(bool good, const std::string& key, const std::string& why) {
    if (!good) report_.notes.push_back(problem(key, why));
  }
  void require(bool good, const std::string& key, const std::string& why) {
    if (good) return;
    for (const ConfigProblem& known : report_.problems)
      if (known.key == key) return;  // its type is wrong already
    report_.problems.push_back(problem(key, why));
  }

  // Private to the service, and readable by its account, whoever runs this command.
  void secret(const std::string& file, const std::string& key) {
    if (file.empty()) return;
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
      return require(false, key, "names a file that is not there: write the secret into " + file);
    require((status.st_mode & 027) == 0, key,
            "names a file that others may read or change: chmod 600 " + file);
    if (account_ && !may_read(*account_, file))
      return require(false, key,
                     "names a file that the account " + account_->name + " cannot read: chown " +
                         account_->name + " " + file);
    try {
      read_secret_file(file);
    } catch (const std::exception& error) {
      require(false, key, std::string("cannot be used: ") + error.what());
    }
  }
  void address(const std::string& url, const std::string& key,
               std::initializer_list<const char*> schemes) {
    std::string words;
    for (const char* scheme : schemes) {
      words += (words.empty() ? "" : " or ") + std::string(scheme);
      if (url.starts_with(scheme) && url.size() > std::string(scheme).size()) return;
    }
    require(false, key, "must begin with " + words + " and name a host");
  }
  void listens(const std::string& ip, int port, const std::string& table) {
    require(parse_ip(ip).has_value(), table + ".address",
            "must be an address of this machine in digits, such as 127.0.0.1 or ::1");
    if (port == 0) return;
    const auto [first, is_new] = ports_.emplace(port, table);
    require(is_new, table + ".port", "is taken already by " + first->second + ".port");
  }

  void look(const Config& c) {
    account_ = service_account(c);
    require(fs::exists(c.data_dir + "/forms"), "data_dir",
            "names no folder with forms: where the program's data/ is, e.g. /usr/share/beian/data");
    require(fs::exists(c.web_dir + "/index.html"), "web_dir",
            "names no folder with the pages: where web/dist is, e.g. /usr/share/beian/web/dist");
    require(c.demo || !c.provider_name.empty(), "provider_name",
            "must be the access provider's name as applicants know it");
    look_at_storage(c);
    look_at_web(c);
    if (!c.demo || !c.mail.url.empty()) {
      address(c.mail.url, "mail.url", {"smtps://", "smtp://"});
      require(c.mail.from.find('@') != std::string::npos, "mail.from",
              "must be an address that mail comes from");
    }
    require(c.mail.user.empty() || !c.mail.password_file.empty(), "mail.password_file",
            "must name the file of the password when mail.user is set");
    if (!c.demo || !c.sms.url.empty()) {
      address(c.sms.url, "sms.url", {"https://", "http://"});
      require(!c.sms.secret_file.empty(), "sms.secret_file", "must name the file of the secret");
    }
    secret(c.mail.password_file, "mail.password_file");
    secret(c.sms.secret_file, "sms.secret_file");
    look_at_templates(c);
    if (!c.domains.bootstrap.empty()) {
      try {
        const json::value table = read_json_file(c.domains.bootstrap);
        Registries::from_json(read_json_file(c.data_dir + "/domains.json"), &table);
      } catch (const std::exception& error) {
        require(false, "domains.bootstrap", std::string("cannot be used: ") + error.what());
      }
    }
    std::set<std::string> provinces;
    for (std::size_t i = 0; i < c.bureaus.size(); ++i) {
      const std::string at = "bureaus[" + std::to_string(i) + "].";
      require(provinces.insert(c.bureaus[i].province).second, at + "province",
              "has a part of its own above already");
      look(c.bureaus[i], at);
    }
  }

  void look_at_storage(const Config& c) {
    const bool is_sqlite = c.database.starts_with("sqlite:");
    require(is_sqlite || c.database.starts_with("postgresql://"), "database",
            "must begin with sqlite: or postgresql://");
    advise(is_sqlite || is_installed("pg_dump"), "database",
           "needs pg_dump for copies, also before an upgrade: apt-get install postgresql-client");
    static const std::regex k_with_password("postgresql://[^/@]*:[^/@]+@.*");
    advise(
        !std::regex_match(c.database, k_with_password), "database",
        "should hold no password, which other users would see: ~/.pgpass of the account, or peer");
    if (fs::exists(c.key_file)) {
      require(!account_ || may_read(*account_, c.key_file), "key_file",
              "cannot be read by the account " + (account_ ? account_->name : "") + ": chown " +
                  (account_ ? account_->name : "") + " " + c.key_file);
    } else if (is_sqlite) {
      require(!database_exists(c), "key_file",
              "is not there while " + c.database.substr(7) +
                  " is: put the key of this database back; without it the data cannot be read");
    } else {
      require(false, "key_file", "is not there: beian make-key --config " + path_);
    }
    require(c.backup.every_hours == 0 || !c.backup.folder.empty(), "backup.folder",
            "must name a folder when backup.every_hours is set");
    require(c.backup.folder.empty() || c.backup.folder != c.var_dir, "backup.folder",
            "must not be var_dir itself; best is another disk");
    const fs::path key = c.key_file;
    require(c.backup.folder.empty() || key.parent_path() != fs::path(c.backup.folder), "key_file",
            "must not lie among the backups");
    struct stat status {};
    if (account_ && ::stat(c.backup.folder.c_str(), &status) == 0)
      require(status.st_uid == account_->uid, "backup.folder",
              "must belong to the account " + account_->name + ": chown " + account_->name + " " +
                  c.backup.folder);
  }

  void look_at_web(const Config& c) {
    if (!c.http.public_url.empty())
      address(c.http.public_url, "http.public_url", {"https://", "http://"});
    // On this machine alone a service may be tried without TLS; elsewhere sessions would be
    // readable.
    static const std::regex k_this_machine(R"(http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?)");
    const bool tried_here = std::regex_match(c.http.public_url, k_this_machine);
    require(c.demo || tried_here || c.http.public_url.starts_with("https://"), "http.public_url",
            "must be the https:// address that users type: without it cookies are not Secure");
    advise(c.demo || !tried_here, "http.public_url",
           "is this machine only: before others use it, set the https:// address that users type");
    static const std::regex k_with_path(R"(https?://[^/]+/.*[^/].*)");
    require(!std::regex_match(c.http.public_url, k_with_path), "http.public_url",
            "must end with the host: the pages are at its root");
    listens(c.http.address, c.http.port, "http");
    if (c.metrics.port != 0) listens(c.metrics.address, c.metrics.port, "metrics");
    if (c.gate.port != 0) listens(c.gate.address, c.gate.port, "gate");
    try {
      TrustedProxies{c.http.trusted_proxies};
    } catch (const std::exception&) {
      require(false, "http.trusted_proxies",
              "must be addresses or networks in digits, such as 127.0.0.1 or 10.1.0.0/16");
    }
  }

  void look_at_templates(const Config& c) {
    const std::string file = c.data_dir + "/texts/zh-CN/notices.json";
    if (c.sms.templates.empty() || !fs::exists(file)) return;
    const json::value texts = read_json_file(file);
    const json::object& notices = texts.at("notices").as_object();
    for (std::size_t i = 0; i < c.sms.templates.size(); ++i)
      require(notices.contains(c.sms.templates[i].notice),
              "sms.templates[" + std::to_string(i) + "].notice",
              "names no notice: they are in " + file);
  }

  void look(const BureauConfig& b, const std::string& at) {
    address(b.upload_wsdl, at + "upload_wsdl", {"https://", "http://"});
    address(b.query_wsdl, at + "query_wsdl", {"https://", "http://"});
    address(b.verify_wsdl, at + "verify_wsdl", {"https://", "http://"});
    require(b.isp_id > 0, at + "isp_id", "must be the provider's number at this bureau");
    require(!b.user_name.empty(), at + "user_name", "must be the name the bureau gave");
    require(!b.password_file.empty(), at + "password_file", "must name the file of the password");
    require(!b.encrypt || !b.key_file.empty(), at + "key_file",
            "must name the file of the packages' key while encrypt is true");
    require(!b.encrypt || !b.iv_file.empty(), at + "iv_file",
            "must name the file of the packages' IV while encrypt is true");
    const std::size_t before = report_.problems.size();
    secret(b.password_file, at + "password_file");
    secret(b.key_file, at + "key_file");
    secret(b.iv_file, at + "iv_file");
    if (report_.problems.size() != before || b.password_file.empty()) return;
    const auto versions = bureau::codec_versions();
    if (std::find(versions.begin(), versions.end(), b.interface_version) == versions.end())
      return require(false, at + "interface_version",
                     "must be " + std::string(versions.front()) + ", the version there is");
    try {
      bureau::BureauClient(service::connection_of(b), nullptr);
    } catch (const std::exception& error) {
      require(false, at + "key_file", std::string("or the IV cannot be used: ") + error.what());
    }
  }

  std::string path_;
  ConfigReport report_;
  std::optional<Account> account_;
  std::map<int, std::string> ports_;  // which table listens there
};

}  // namespace

ConfigReport check_config(const std::string& path) { return Check(path).run(); }

std::string to_string(const ConfigProblem& p, const std::string& path, const std::string& kind) {
  const std::string words = kind + p.key + (p.key.empty() ? "" : " ") + p.why;
  if (p.line == 0) return path + ": " + words + " (it is not in the file)";
  return path + ":" + std::to_string(p.line) + ":" + std::to_string(p.column) + ": " + words;
}

}  // namespace beian::app
