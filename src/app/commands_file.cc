#include "app/commands_file.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "base/crypto.h"
#include "base/file.h"
#include "base/json.h"
#include "base/outbound.h"
#include "base/text.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_most_picture = 12u << 20;
constexpr int k_tries = 5;  // while nothing answers

struct Options {
  std::string url, token_file, document, filing;
  bool follow = true;
  int every_seconds = 5;
};

struct Answer {
  int status = 0;
  json::value body;
};

// The API as a token sees it.
class Api {
 public:
  Api(const std::string& url, std::string token)
      : base_(url + "/api/v1"), token_(std::move(token)), outbound_({authority_of(url)}) {}

  Answer call(const std::string& method, const std::string& path, const json::value& body,
              const std::string& once = "") const {
    OutboundRequest request;
    request.method = method;
    if (!body.is_null()) request.body = json::serialize(body);
    request.headers = {{"Content-Type", "application/json"}};
    if (!once.empty()) request.headers.emplace_back("Idempotency-Key", once);
    return send(std::move(request), path);
  }

  Answer upload(const std::string& path,
                const std::vector<std::pair<std::string, std::string>>& fields,
                const std::string& name, const std::string& bytes) const {
    const std::string boundary = "beian-" + random_token();
    OutboundRequest request;
    request.headers = {{"Content-Type", "multipart/form-data; boundary=" + boundary}};
    for (const auto& [field, value] : fields)
      request.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field +
                      "\"\r\n\r\n" + value + "\r\n";
    request.body +=
        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
        "\"\r\nContent-Type: image/jpeg\r\n\r\n" + bytes + "\r\n--" + boundary + "--\r\n";
    return send(std::move(request), path);
  }

 private:
  static std::string authority_of(const std::string& url) {
    const auto start = url.find("://");
    if (start == std::string::npos) throw std::runtime_error("--url is no http address: " + url);
    return url.substr(start + 3, url.find('/', start + 3) - start - 3);
  }

  Answer send(OutboundRequest request, const std::string& path) const {
    request.url = base_ + path;
    request.headers.emplace_back("Authorization", "Bearer " + token_);
    request.max_answer_bytes = 4u << 20;
    for (int tried = 1;; ++tried) {
      const OutboundAnswer got = outbound_.send(request);
      const bool passing = !got.reached || got.status == 429 || got.status == 503;
      // What may have arrived is repeated only where that is harmless.
      const bool harmless = !got.sent || got.reached || request.method == "GET" || has_key(request);
      if (!passing || !harmless || tried == k_tries) {
        if (!got.reached) throw std::runtime_error("no answer from " + base_ + ": " + got.error);
        return {got.status, got.body.empty() ? json::value() : parse_json(got.body, 4u << 20)};
      }
      if (tried == 1 && !got.reached)
        std::fprintf(stderr, "no answer from %s (%s), trying again\n", base_.c_str(),
                     got.error.c_str());
      std::this_thread::sleep_for(std::chrono::seconds(1 << tried));
    }
  }
  static bool has_key(const OutboundRequest& request) {
    for (const auto& [name, value] : request.headers)
      if (name == "Idempotency-Key") return true;
    return false;
  }

  const std::string base_, token_;
  const Outbound outbound_;
};

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

// Every defect, one a line: where, what, how to put it right.
void print_problems(const json::object& refused) {
  std::fprintf(stderr, "%s\n", text_in(refused, "title").c_str());
  const json::value* problems = refused.if_contains("problems");
  if (problems == nullptr || !problems->is_array()) return;
  for (bool hard : {true, false}) {
    for (const json::value& item : problems->get_array()) {
      const json::object& one = item.as_object();
      if (one.at("hard").as_bool() != hard) continue;
      std::fprintf(stderr, "  %s%s: %s %s\n", hard ? "" : "(提醒 / reminder) ",
                   text_in(one, "field").c_str(), text_in(one, "message").c_str(),
                   text_in(one, "fix").c_str());
    }
  }
}

class Filer {
 public:
  Filer(const Options& options, const Api& api, json::object document)
      : options_(options), api_(api), document_(std::move(document)), id_(options.filing) {}

  int run() {
    if (id_.empty()) begin();
    try {
      return go_on();
    } catch (const std::exception&) {
      std::fprintf(stderr, "%s", how_to_go_on().c_str());
      throw;
    }
  }

 private:
  int go_on() {
    json::object filing = get();
    if (text_in(filing, "state") == "draft" || turned_back(filing)) {
      answer(filing);
      upload(false);
      filing = get();
      filing = good(api_.call("POST", path("/actions/submit"),
                              json::object{{"version", filing.at("version")}}));
      std::printf("submitted\n");
    }
    std::fflush(stdout);
    return options_.follow ? follow(std::move(filing)) : 0;
  }

  std::string how_to_go_on() const {
    return "correct the document and file it again with --filing " + id_ + "\n";
  }
  std::string path(const std::string& rest = "") const { return "/filings/" + id_ + rest; }
  json::object get() const { return good(api_.call("GET", path(), nullptr)); }

  static json::object good(const Answer& answer) {
    if (answer.status >= 200 && answer.status < 300) return answer.body.as_object();
    if (answer.body.is_object()) print_problems(answer.body.get_object());
    throw std::runtime_error("refused with status " + std::to_string(answer.status));
  }
  static bool turned_back(const json::object& filing) {
    const std::string state = text_in(filing, "state");
    return state == "initial_returned" || state == "bureau_returned";
  }

  // The document's own hash is the key: the same document twice is one filing.
  void begin() {
    const std::string once = "file-" + to_hex(sha256(json::serialize(document_))).substr(0, 40);
    const Answer answer = api_.call("POST", "/filings", document_.at("question"), once);
    if (answer.status == 409) say_what_is_under_way();
    id_ = text_in(good(answer), "id");
    std::printf("filing %s\n", id_.c_str());
    std::fflush(stdout);
  }
  // Another document began it: its owner goes on with that one.
  void say_what_is_under_way() const {
    const Answer found = api_.call("POST", "/determinations", document_.at("question"));
    if (!found.body.is_object()) return;
    const json::object& said = found.body.get_object();
    std::fprintf(stderr, "%s %s\n", text_in(said, "explanation").c_str(),
                 text_in(said, "next_step").c_str());
    if (const std::string id = text_in(said, "filing_id"); !id.empty())
      std::fprintf(stderr, "go on with it: --filing %s\n", id.c_str());
  }

  static json::value at(const json::object& content, const std::string& where) {
    json::value value = content;
    for (const std::string& step : split(where, '.')) {
      if (value.is_array()) {
        json::value found;
        for (const json::value& item : value.get_array())
          if (item.is_object() && text_in(item.get_object(), "key") == step) found = item;
        value = std::move(found);
      } else if (value.is_object() && value.get_object().contains(step)) {
        value = json::value(value.get_object().at(step));
      } else {
        return nullptr;
      }
    }
    return value;
  }

  void answer(json::object filing) {
    const json::object& answers = document_.at("answers").as_object();
    std::set<std::string> sites;
    for (const auto& entry : answers) {
      const std::string key(entry.key());
      if (key.starts_with("sites.")) sites.insert(split(key, '.').at(1));
    }
    while (filing.at("content").as_object().at("sites").as_array().size() < sites.size())
      filing = good(api_.call("POST", path("/sites"), json::object{}));
    const json::object& content = filing.at("content").as_object();
    json::array changes;
    for (const auto& entry : answers) {
      const json::value from = at(content, std::string(entry.key()));
      if (from != entry.value())
        changes.push_back(
            json::object{{"path", entry.key()}, {"from", from}, {"to", entry.value()}});
    }
    for (const std::string& site : sites) name_product(content, answers, site, changes);
    if (!changes.empty())
      good(api_.call("PATCH", path("/content"), json::object{{"changes", std::move(changes)}}));
  }

  // Which product a website is on is plain from its address where nothing is said.
  void name_product(const json::object& content, const json::object& answers,
                    const std::string& site, json::array& changes) const {
    const std::string product = "sites." + site + ".access.product";
    const json::value* ips = answers.if_contains("sites." + site + ".access.ips");
    if (answers.contains(product) || !at(content, product).is_null() || ips == nullptr ||
        !ips->is_array())
      return;
    const json::object mine = good(api_.call("GET", "/products", nullptr));
    for (const json::value& item : mine.at("products").as_array()) {
      const json::value* its = item.as_object().if_contains("ips");
      for (const json::value& ip : ips->get_array()) {
        if (its == nullptr || !its->is_array() || !std::ranges::count(its->get_array(), ip))
          continue;
        changes.push_back(
            json::object{{"path", product}, {"from", nullptr}, {"to", item.as_object().at("id")}});
        return;
      }
    }
    std::fprintf(stderr,
                 "sites.%s.access.ips: 你没有使用这个地址的服务器 / none of your servers has this "
                 "address: %s\n  %s\n",
                 site.c_str(), json::serialize(*ips).c_str(), servers_in(mine).c_str());
  }
  static std::string servers_in(const json::object& products) {
    std::vector<std::string> out;
    for (const json::value& item : products.at("products").as_array()) {
      const json::value* ips = item.as_object().if_contains("ips");
      out.push_back(text_in(item.as_object(), "instance") + " " +
                    (ips == nullptr ? "" : json::serialize(*ips)));
    }
    return out.empty() ? "你还没有服务器 / you have none"
                       : "你的服务器 / yours: " + join(out, ", ");
  }

  // What is there already is not sent again, unless it was returned. The photograph before the
  // backdrop has its own moment.
  void upload(bool verification) {
    const json::value* materials = document_.if_contains("materials");
    if (materials == nullptr) return;
    std::set<std::pair<std::string, std::string>> there;
    const json::object filing = get();
    for (const json::value& item : filing.at("materials").as_array())
      there.emplace(text_in(item.as_object(), "purpose"), text_in(item.as_object(), "site"));
    for (const json::value& item : filing.at("corrections").as_array()) {
      const std::vector<std::string> steps = split(text_in(item.as_object(), "field"), '.');
      if (steps.size() < 2 || steps[steps.size() - 2] != "materials") continue;
      if (item.as_object().at("open").as_bool())
        there.erase({steps.back(), steps.size() == 4 ? steps[1] : ""});
    }
    for (const json::value& item : materials->as_array()) {
      const json::object& one = item.as_object();
      const std::string purpose = text_in(one, "purpose"), site = text_in(one, "site");
      if ((purpose == "verification_photo") != verification || there.contains({purpose, site}))
        continue;
      const fs::path file = fs::path(options_.document).parent_path() / text_in(one, "file");
      std::vector<std::pair<std::string, std::string>> fields{{"purpose", purpose}};
      if (!site.empty()) fields.emplace_back("site", site);
      good(api_.upload(path("/materials"), fields, "picture.jpg",
                       read_file(file.string(), k_most_picture)));
      std::printf("uploaded %s\n", file.filename().string().c_str());
      std::fflush(stdout);
    }
  }

  int follow(json::object filing) {
    std::string before;
    for (;; filing = get()) {
      const std::string state = text_in(filing, "state");
      if (state != before) {
        std::printf("%s %s\n", state.c_str(), text_in(filing, "state_name").c_str());
        std::fflush(stdout);
      }
      before = state;
      if (state == "approved") return print_numbers(filing);
      if (state == "withdrawn" || state == "expired") return 1;
      if (turned_back(filing)) {
        print_corrections(filing);
        std::fprintf(stderr, "%s", how_to_go_on().c_str());
        return 2;
      }
      if (state == "verification" && has_photo()) {
        upload(true);
        filing = get();
        good(api_.call("POST", path("/actions/submit_photo"),
                       json::object{{"version", filing.at("version")}}));
        continue;
      }
      if (state == "verification") {
        std::fprintf(stderr,
                     "a verification_photo is asked for: add it to the document's materials\n");
        return 2;
      }
      std::this_thread::sleep_for(std::chrono::seconds(options_.every_seconds));
    }
  }
  bool has_photo() const {
    const json::value* materials = document_.if_contains("materials");
    if (materials == nullptr) return false;
    for (const json::value& item : materials->as_array())
      if (text_in(item.as_object(), "purpose") == "verification_photo") return true;
    return false;
  }

  static int print_numbers(const json::object& filing) {
    const json::object& result = filing.at("result").as_object();
    std::printf("%s\n", json::serialize(result).c_str());
    return 0;
  }
  static void print_corrections(const json::object& filing) {
    for (const json::value& item : filing.at("corrections").as_array()) {
      const json::object& one = item.as_object();
      if (!one.at("open").as_bool()) continue;
      std::fprintf(stderr, "  %s: %s\n", text_in(one, "field").c_str(),
                   text_in(one, "message").c_str());
    }
  }

  const Options& options_;
  const Api& api_;
  const json::object document_;
  std::string id_;
};

json::value read_document(const std::string& path) {
  const std::string text = read_file(path, 1u << 20);
  json::parser parser;
  json::error_code fault;
  const std::size_t read = parser.write_some(text, fault);
  if (!fault && text.find_first_not_of(" \t\r\n", read) != std::string::npos)
    fault = json::error::extra_data;
  if (!fault) return parser.release();
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(read), '\n');
  throw std::runtime_error(path + ":" + std::to_string(line) + ": is no JSON: " + fault.message());
}

int file_document(Options options) {
  while (options.url.ends_with('/')) options.url.pop_back();
  const json::value document = read_document(options.document);
  if (!document.is_object() || !document.get_object().contains("question") ||
      !document.get_object().contains("answers"))
    throw std::runtime_error(options.document + ": needs \"question\" and \"answers\"");
  const Api api(options.url, read_secret_file(options.token_file));
  return Filer(options, api, document.get_object()).run();
}

}  // namespace

void add_file_command(CLI::App& app, int& status) {
  const auto options = std::make_shared<Options>();
  auto* file = app.add_subcommand(
      "file", "files from a JSON document through the API, and follows the filing to its end");
  file->add_option("--url", options->url, "the platform, https://…")->required();
  file->add_option("--token-file", options->token_file,
                   "file with a token that has filings.read and filings.write")
      ->required();
  file->add_option("--filing", options->filing, "goes on with this one instead of a new one");
  file->add_option("--every", options->every_seconds, "seconds between two looks")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  file->add_flag("!--no-follow", options->follow, "ends when it is submitted");
  file->add_option("document", options->document, "JSON: question, answers, materials")->required();
  file->callback([options, &status] { status = file_document(*options); });
}

}  // namespace beian::app
