#include "base/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <stdexcept>

#include "base/file.h"
#include "base/opening_hours.h"
#include "base/text.h"

namespace beian {
namespace {

// How many letters must be put in, taken out or replaced to make one word of the other.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// Reads the keys of one table into members and remembers which it knew; whatever is left at the end
// is a mistake, most often a misspelt key that would otherwise silently keep its default.
class Table {
 public:
  Table(std::vector<ConfigProblem>& problems, const toml::table& table, std::string name)
      : problems_(problems), table_(table), name_(std::move(name)) {}

  void read(const char* key, std::string& into) {
    if (const toml::node* node = take(key)) {
      const auto value = node->value_exact<std::string>();
      if (!value) return fail(*node, key, "must be a text in quotes");
      into = *value;
    }
  }

  void read(const char* key, bool& into) {
    if (const toml::node* node = take(key)) {
      const auto value = node->value_exact<bool>();
      if (!value) return fail(*node, key, "must be true or false");
      into = *value;
    }
  }

  template <typename Integer>
  void read(const char* key, Integer& into, std::int64_t least, std::int64_t most) {
    if (const toml::node* node = take(key)) {
      const auto value = node->value_exact<std::int64_t>();
      if (!value || *value < least || *value > most) {
        return fail(
            *node, key,
            "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
      }
      into = static_cast<Integer>(*value);
    }
  }

  void read(const char* key, std::vector<std::string>& into) {
    if (const toml::node* node = take(key)) {
      const toml::array* array = node->as_array();
      if (array == nullptr) return fail(*node, key, "must be a list of texts");
      for (const toml::node& item : *array) {
        const auto value = item.value_exact<std::string>();
        if (!value) return fail(item, key, "must be a list of texts");
        into.push_back(*value);
      }
    }
  }

  // The table under `key` (empty when absent), read by `reader`.
  template <typename Reader>
  void read_table(const char* key, Reader reader) {
    if (const toml::node* node = take(key)) {
      if (!node->is_table()) return fail(*node, key, "must be a table");
      Table inner(problems_, *node->as_table(), qualified(key));
      reader(inner);
      inner.finish();
    }
  }

  template <typename Reader>
  void read_tables(const char* key, Reader reader) {
    if (const toml::node* node = take(key)) {
      const toml::array* array = node->as_array();
      const std::string why = "must be written as [[" + qualified(key) + "]]";
      if (array == nullptr) return fail(*node, key, why);
      for (const toml::node& item : *array) {
        if (!item.is_table()) return fail(item, key, why);
        Table inner(problems_, *item.as_table(), qualified(key));
        reader(inner);
        inner.finish();
      }
    }
  }

  // For conditions beyond a key's type.
  void require(bool good, const char* key, const std::string& why) const {
    if (good) return;
    const toml::node* node = table_.get(key);
    fail(node != nullptr ? *node : static_cast<const toml::node&>(table_), key, why);
  }

  void finish() const {
    for (const auto& [key, node] : table_) {
      if (!known_.contains(std::string(key.str()))) {
        const std::string nearest = nearest_key(key.str());
        fail(node, std::string(key.str()),
             "is not a known key" + (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
      }
    }
  }

 private:
  // The known key that is at most two letters away.
  std::string nearest_key(std::string_view key) const {
    std::string nearest;
    std::size_t least = 3;
    for (const std::string& known : known_) {
      const std::size_t distance = edits(key, known);
      if (distance < least && distance * 2 < known.size()) {
        least = distance;
        nearest = known;
      }
    }
    return nearest;
  }

  const toml::node* take(const char* key) {
    known_.insert(key);
    return table_.get(key);
  }

  std::string qualified(const std::string& key) const {
    return name_.empty() ? key : name_ + "." + key;
  }

  void fail(const toml::node& node, const std::string& key, const std::string& why) const {
    const auto at = node.source().begin;
    problems_.push_back(
        {static_cast<int>(at.line), static_cast<int>(at.column), qualified(key), why});
  }

  std::vector<ConfigProblem>& problems_;
  const toml::table& table_;
  std::string name_;
  std::set<std::string> known_;
};

toml::table parse(const std::string& path, std::vector<ConfigProblem>& problems) {
  const std::string text = read_file(path, 1 << 20);
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    problems.push_back({static_cast<int>(at.line), static_cast<int>(at.column), "",
                        std::string(error.description())});
    return {};
  }
}

bool is_province(const std::string& code) {
  return code.size() == 6 && code.ends_with("0000") &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

BureauConfig read_bureau(Table& table) {
  BureauConfig bureau;
  table.read("province", bureau.province);
  table.require(is_province(bureau.province), "province", "must be a province's six digits");
  table.read("upload_wsdl", bureau.upload_wsdl);
  table.read("query_wsdl", bureau.query_wsdl);
  table.read("verify_wsdl", bureau.verify_wsdl);
  table.read("isp_id", bureau.isp_id, 0, std::numeric_limits<std::int64_t>::max());
  table.read("user_name", bureau.user_name);
  table.read("password_file", bureau.password_file);
  table.read("key_file", bureau.key_file);
  table.read("iv_file", bureau.iv_file);
  table.read("interface_version", bureau.interface_version);
  table.read("encrypt", bureau.encrypt);
  table.read("poll_seconds", bureau.poll_seconds, 1, 86'400);
  table.read("upload_hours", bureau.upload_hours);
  table.require(are_hours(bureau.upload_hours), "upload_hours",
                "must be like \"09:00-11:30,13:30-17:00\"");
  table.read("max_file_mb", bureau.max_file_mb, 1, 50);
  table.read("max_records", bureau.max_records, 1, 1000);
  return bureau;
}

void read_http(Table& table, HttpConfig& http) {
  table.read("address", http.address);
  table.read("port", http.port, 0, 65'535);
  table.read("threads", http.threads, 1, 256);
  table.read("public_url", http.public_url);
  table.read("trusted_proxies", http.trusted_proxies);
}

void read_sms(Table& table, SmsConfig& sms) {
  table.read("kind", sms.kind);
  static const std::set<std::string> k_kinds{"http", "aliyun", "tencent"};
  table.require(k_kinds.contains(sms.kind), "kind", "must be http, aliyun or tencent");
  table.read("url", sms.url);
  table.read("secret_file", sms.secret_file);
  table.read("access_id", sms.access_id);
  table.read("sign_name", sms.sign_name);
  table.read("app_id", sms.app_id);
  table.read("region", sms.region);
  table.read_tables("templates", [&](Table& inner) {
    SmsTemplate one;
    inner.read("notice", one.notice);
    inner.require(!one.notice.empty(), "notice", "must name a notice");
    inner.read("id", one.id);
    inner.require(!one.id.empty(), "id", "must be the template's id");
    inner.read("values", one.values);
    sms.templates.push_back(std::move(one));
  });
  const bool signs = sms.kind != "http" && !sms.url.empty();
  table.require(!signs || !sms.access_id.empty(), "access_id", "is needed for this kind");
  table.require(!signs || !sms.sign_name.empty(), "sign_name", "is needed for this kind");
  table.require(sms.kind != "tencent" || sms.url.empty() || !sms.app_id.empty(), "app_id",
                "is needed for this kind");
}

}  // namespace

Config Config::examine(const std::string& path, std::vector<ConfigProblem>& problems) {
  const toml::table root = parse(path, problems);
  Config config;
  Table table(problems, root, "");
  table.read("data_dir", config.data_dir);
  table.read("var_dir", config.var_dir);
  table.read("database", config.database);
  table.read("key_file", config.key_file);
  table.read("web_dir", config.web_dir);
  table.read("provider_name", config.provider_name);
  table.read("log_level", config.log_level);
  static const std::set<std::string> k_levels{"debug", "info", "warn", "error"};
  table.require(k_levels.contains(config.log_level), "log_level",
                "must be debug, info, warn or error");
  table.read("demo", config.demo);
  table.read_table("http", [&](Table& inner) { read_http(inner, config.http); });
  table.read_table("mail", [&](Table& inner) {
    inner.read("url", config.mail.url);
    inner.read("user", config.mail.user);
    inner.read("password_file", config.mail.password_file);
    inner.read("from", config.mail.from);
  });
  table.read_table("sms", [&](Table& inner) { read_sms(inner, config.sms); });
  table.read_table("domains", [&](Table& inner) {
    inner.read("lookups", config.domains.lookups);
    inner.read("bootstrap", config.domains.bootstrap);
    inner.read("patrol_days", config.domains.patrol_days, 0, 365);
    inner.read("test_hosts", config.domains.test_hosts);
  });
  table.read_table("webhooks", [&](Table& inner) {
    inner.read("allow_private", config.webhooks.allow_private);
  });
  table.read_table("gate", [&](Table& inner) {
    inner.read("address", config.gate.address);
    inner.read("port", config.gate.port, 0, 65'535);
    inner.read("threads", config.gate.threads, 1, 64);
  });
  table.read_tables("bureaus", [&](Table& inner) { config.bureaus.push_back(read_bureau(inner)); });
  table.read_table("staff", [&](Table& inner) {
    inner.read("second_factor", config.staff.second_factor);
    const std::string& wanted = config.staff.second_factor;
    inner.require(wanted.empty() || wanted == "required" || wanted == "optional", "second_factor",
                  "must be \"required\" or \"optional\"");
  });
  table.read_table("metrics", [&](Table& inner) {
    inner.read("address", config.metrics.address);
    inner.read("port", config.metrics.port, 0, 65'535);
  });
  table.read_table("backup", [&](Table& inner) {
    inner.read("folder", config.backup.folder);
    inner.read("every_hours", config.backup.every_hours, 0, 744);
    inner.read("keep", config.backup.keep, 1, 10'000);
  });
  table.finish();
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });

  if (config.database.empty()) config.database = "sqlite:" + config.var_dir + "/beian.db";
  if (config.key_file.empty()) config.key_file = config.var_dir + "/keys/beian.key";
  return config;
}

std::pair<int, int> Config::locate(const std::string& path, const std::string& key) {
  std::vector<ConfigProblem> ignored;
  const toml::table root = parse(path, ignored);
  const auto node = root.at_path(key);
  if (!node) return {0, 0};
  const auto at = node.node()->source().begin;
  return {static_cast<int>(at.line), static_cast<int>(at.column)};
}

Config Config::load(const std::string& path) {
  std::vector<ConfigProblem> problems;
  Config config = examine(path, problems);
  if (problems.empty()) return config;
  std::string words;
  for (const ConfigProblem& p : problems)
    words += (words.empty() ? "" : "\n") + path + ":" + std::to_string(p.line) + ":" +
             std::to_string(p.column) + ": " + p.key + (p.key.empty() ? "" : " ") + p.why;
  throw std::runtime_error(words);
}

}  // namespace beian
