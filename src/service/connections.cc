#include "service/connections.h"

#include <sys/stat.h>

#include <atomic>
#include <map>

#include "base/opening_hours.h"
#include "base/text.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/line_check.h"
#include "service/line_notes.h"
#include "store/exchange.h"
#include "store/settings.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_longest_poll = 86'400;
// Three addresses and three calls end before a proxy in front gives up (deploy/nginx.conf).
constexpr LinePatience k_patience{std::chrono::seconds(8), std::chrono::seconds(12)};

[[noreturn]] void refuse(const std::string& field, const std::string& code,
                         const std::map<std::string, std::string>& params = {}) {
  throw Refusal(RefusalCode::invalid, "setting_invalid", {{field, code, params, "", "", true}});
}

std::int64_t checked_number(const json::object& in, const std::string& name, std::int64_t most) {
  const std::int64_t value = get_int(in, name);
  if (value < 1 || value > most)
    refuse(name, "setting_range", {{"min", "1"}, {"max", std::to_string(most)}});
  return value;
}

// Whether the file is there and holds something; what it holds is nobody's business here.
bool holds_something(const std::string& path) {
  struct stat found {};
  return !path.empty() && ::stat(path.c_str(), &found) == 0 && found.st_size > 0;
}

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object show_one(const Service& s, const BureauConfig& b, const store::ExchangeNumbers& n,
                      const store::BureauLine& line, std::string_view locale) {
  const LineNow now = line_now(s, b);
  json::object parameters = parameters_of(now.config);
  parameters["paused"] = now.paused;
  const bool held = line.upload_after > s.now();
  return {
      {"province", b.province},
      {"interface_version", b.interface_version},
      {"isp_id", std::to_string(b.isp_id)},
      {"user_name", b.user_name},
      {"addresses",
       json::object{{"upload", b.upload_wsdl}, {"query", b.query_wsdl}, {"verify", b.verify_wsdl}}},
      {"password", holds_something(b.password_file)},
      {"cipher", holds_something(b.key_file) && holds_something(b.iv_file)},
      {"encrypt", b.encrypt},
      {"parameters", std::move(parameters)},
      {"name", "line." + b.province},
      {"last_contact_at", or_null(n.last_contact_at)},
      {"last_error", note_words(s.texts, locale, line.last_error)},
      {"waiting", n.waiting},
      {"to_send", n.to_send},
      {"attention", n.attention},
      {"upload_after", held ? json::value(line.upload_after) : json::value(nullptr)},
      {"upload_hold", held ? json::value(line.upload_hold) : json::value(nullptr)}};
}

// One at a time: each holds a thread that answers requests for up to a minute.
class OneTest {
 public:
  OneTest() {
    if (running_.exchange(true)) throw Refusal(RefusalCode::conflict, "connection_test_runs");
  }
  ~OneTest() { running_ = false; }
  OneTest(const OneTest&) = delete;
  OneTest& operator=(const OneTest&) = delete;

 private:
  static std::atomic<bool> running_;
};
std::atomic<bool> OneTest::running_{false};

}  // namespace

const BureauConfig* configured_line(const Service& s, std::string_view province) {
  for (const BureauConfig& bureau : s.config.bureaus)
    if (bureau.province == province) return &bureau;
  return nullptr;
}

json::object parameters_of(const BureauConfig& b) {
  return {{"paused", false},
          {"poll_seconds", b.poll_seconds},
          {"upload_hours", b.upload_hours},
          {"max_file_mb", b.max_file_mb},
          {"max_records", b.max_records}};
}

json::value checked_parameters(const BureauConfig& configured, const json::value& value) {
  const json::object& in = as_object(value);
  const std::string hours = clean_line(opt_string(in, "upload_hours", 400).value_or(""));
  if (!are_hours(hours)) refuse("upload_hours", "setting_hours");
  return json::object{{"paused", get_bool(in, "paused")},
                      {"poll_seconds", checked_number(in, "poll_seconds", k_longest_poll)},
                      {"upload_hours", hours},
                      {"max_file_mb", checked_number(in, "max_file_mb", configured.max_file_mb)},
                      {"max_records", checked_number(in, "max_records", configured.max_records)}};
}

LineNow line_now(const Service& s, const BureauConfig& configured) {
  LineNow out{configured, false};
  const LiveSettingsPtr live = s.settings.now();
  const auto found = live->changed.find("line." + configured.province);
  if (found == live->changed.end()) return out;
  const json::object& in = as_object(found->second);
  out.paused = get_bool(in, "paused");
  out.config.poll_seconds = static_cast<int>(get_int(in, "poll_seconds"));
  out.config.upload_hours = get_string(in, "upload_hours");
  // Where the configuration allows less than it did when this was changed, it has the last word.
  out.config.max_file_mb =
      std::min(configured.max_file_mb, static_cast<int>(get_int(in, "max_file_mb")));
  out.config.max_records =
      std::min(configured.max_records, static_cast<int>(get_int(in, "max_records")));
  return out;
}

void follow_parameters(Service& s, Tx& tx, const std::string& province) {
  if (store::find_line(tx, province).upload_hold.starts_with("20"))
    store::hold_uploads(tx, province, 0, "");
  wake_line(s, tx, province);
}

json::object show_connections(Service& s, std::string_view locale) {
  json::array out;
  s.db.read([&](Reader& reader) {
    const auto changes = store::current_settings(reader);
    std::map<std::string, store::ExchangeNumbers> numbers;
    for (auto& n : store::exchange_numbers(reader, s.now())) numbers[n.province] = n;
    for (const BureauConfig& b : s.config.bureaus) {
      json::object one =
          show_one(s, b, numbers[b.province], store::find_line(reader, b.province), locale);
      const auto changed = changes.find("line." + b.province);
      one["changed_at"] =
          changed == changes.end() ? json::value(nullptr) : json::value(changed->second.at);
      one["changed_by"] = changed == changes.end() ? "" : changed->second.by_name;
      out.push_back(std::move(one));
    }
  });
  return {{"connections", std::move(out)}};
}

json::object test_connection(Service& s, const Staff& by, const std::string& province,
                             std::string_view locale) {
  const BureauConfig* configured = configured_line(s, province);
  if (!configured) throw Refusal(RefusalCode::not_found, "not_found");
  const OneTest alone;
  bool good = true;
  json::array findings;
  try {
    for (const LineFinding& finding : check_line(*configured, k_patience)) {
      const LineWords words = words_of(s.texts, locale, finding);
      good = good && finding.good;
      findings.push_back(json::object{{"good", finding.good},
                                      {"what", words.what},
                                      {"found", words.found},
                                      {"mend", words.mend}});
    }
  } catch (const std::runtime_error&) {
    // A file of a secret that cannot be read; which one is told without its content.
    const LineWords words =
        words_of(s.texts, locale, {false, "secrets", "secret_unreadable", {}, "secrets"});
    good = false;
    findings.push_back(json::object{
        {"good", false}, {"what", words.what}, {"found", words.found}, {"mend", words.mend}});
  }
  s.db.write([&](Tx& tx) {
    record(s, tx, {"staff", by.id}, "connection.tested", "bureau/" + province, {{"good", good}});
  });
  return {{"good", good}, {"at", s.now()}, {"findings", std::move(findings)}};
}

}  // namespace beian::service
