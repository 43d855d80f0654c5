#include "app/composition.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "app/account.h"
#include "app/backup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "db/schema.h"
#include "http/handlers.h"
#include "http/once.h"
#include "http/security.h"
#include "http/static_files.h"
#include "notify/sms_aliyun.h"
#include "notify/sms_tencent.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/code_lists.h"
#include "service/import_asking.h"
#include "service/imports.h"
#include "service/line_check.h"
#include "worker/clocks.h"
#include "worker/domains.h"
#include "worker/exchange.h"
#include "worker/hooks.h"
#include "worker/inspections.h"
#include "worker/outbox.h"

namespace beian::app {
namespace {

namespace fs = std::filesystem;

constexpr int k_password_threads = 2;

// "host:port" of a URL, as Outbound compares it.
std::string host_of(const std::string& url) {
  const auto start = url.find("://");
  if (start == std::string::npos) return {};
  const auto end = url.find_first_of("/?#", start + 3);
  std::string host = url.substr(start + 3, end == std::string::npos ? end : end - start - 3);
  if (const auto at = host.rfind('@'); at != std::string::npos) host.erase(0, at + 1);
  return host;
}

// The payload is "<import>/<row>".
worker::Done ask_for_import(service::Service& s, const store::Job& job) {
  const auto parts = split(job.payload, '/');
  const auto import = parts.size() == 2 ? id_from_string(parts[0]) : std::nullopt;
  if (!import) return {};
  return {std::nullopt, service::answer_import_question(s, *import, std::atoll(parts[1].c_str()))};
}

std::unique_ptr<notify::SmtpMailer> make_mailer(const MailConfig& mail, const Clock& clock) {
  if (mail.url.empty()) return nullptr;
  notify::SmtpOptions options;
  options.url = mail.url;
  options.user = mail.user;
  if (!mail.password_file.empty()) options.password = read_secret_file(mail.password_file);
  options.from = mail.from;
  return std::make_unique<notify::SmtpMailer>(std::move(options), clock);
}

std::unique_ptr<notify::SmsGateway> make_sms(const SmsConfig& sms, const Outbound& outbound,
                                             const Clock& clock) {
  if (sms.url.empty()) return nullptr;
  const std::string secret = read_secret_file(sms.secret_file);
  if (sms.kind == "aliyun")
    return std::make_unique<notify::AliyunSmsGateway>(outbound, sms, secret, clock);
  if (sms.kind == "tencent")
    return std::make_unique<notify::TencentSmsGateway>(outbound, sms, secret, clock);
  return std::make_unique<notify::HttpSmsGateway>(outbound, sms.url, secret, clock);
}

// Whoever sends a picture or a password waits in a request thread for one of `at_work` that answer.
// A quarter of the threads, at least one, stays free of them for everybody else: how many may wait
// beside those being answered. The others are refused at once, and told when to come again.
int threads_that_may_wait(int threads, int at_work) {
  return std::max(0, threads - at_work - std::max(1, threads / 4));
}

std::string node_name() {
  return "node-" + std::to_string(getpid()) + "-" + to_hex(random_bytes(4));
}

}  // namespace

bool database_exists(const Config& config) {
  constexpr std::string_view k_sqlite = "sqlite:";
  const std::string& database = config.database;
  return !database.starts_with(k_sqlite) || fs::exists(database.substr(k_sqlite.size()));
}

void make_private_folder(const std::string& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

Config with_defaults(Config config) {
  if (config.database.empty()) config.database = "sqlite:" + config.var_dir + "/beian.db";
  if (config.key_file.empty()) config.key_file = config.var_dir + "/keys/beian.key";
  if (config.http.public_url.empty())
    config.http.public_url =
        "http://" + config.http.address + ":" + std::to_string(config.http.port);
  while (config.http.public_url.ends_with('/')) config.http.public_url.pop_back();
  if (config.provider_name.empty()) config.provider_name = "备案";
  return config;
}

Platform::Platform(Config config)
    : config_(with_defaults(std::move(config))),
      keys_([&] {
        require_service_account(config_);
        make_private_folder(config_.var_dir);
        make_private_folder(fs::path(config_.key_file).parent_path().string());
        // A key may be made only where nothing was ever sealed: a restored database with a
        // forgotten key must not start with another one. For PostgreSQL the operator makes it
        // (make-key).
        return Keyring::load(config_.key_file, !database_exists(config_));
      }()),
      texts_(Texts::load(config_.data_dir)),
      reference_(service::Reference::load(config_.data_dir)),
      limits_(documents::MaterialLimits::load(config_.data_dir + "/limits.json")),
      papers_(service::Papers::load(config_.data_dir)),
      outbound_(allowed_hosts()),
      bureaus_(connect_bureaus()),
      hooks_sender_(config_.webhooks.allow_private),
      guard_(config_.domains.test_hosts, config_.demo) {
  if (!config_.domains.bootstrap.empty()) {
    const json::value table = read_json_file(config_.domains.bootstrap);
    reference_.registries =
        Registries::from_json(read_json_file(config_.data_dir + "/domains.json"), &table);
  }
  for (const std::string& fault : reference_.rules->faults())
    log_warn("rule_file_faulty", {{"what", fault}});
  notices_ = std::make_unique<notify::Templates>(config_.data_dir + "/texts", config_.provider_name,
                                                 config_.http.public_url);
  settings_ = std::make_unique<service::Settings>(config_, reference_, *notices_);
  mailer_ = make_mailer(config_.mail, clock_);
  sms_ = make_sms(config_.sms, outbound_, clock_);
  if (!config_.demo && (!mailer_ || !sms_))
    throw std::runtime_error("mail.url and sms.url must be configured outside demo mode");
  db_ = open_database(config_.database, config_.http.threads);
  const std::string migrations = config_.data_dir + "/../migrations";
  if (const Schema schema = look_at_schema(*db_, migrations); schema.pending > 0) {
    log_info("migrations_pending",
             {{"schema", schema.newest}, {"files", std::to_string(schema.pending)}});
    log_info("backup_before_migration",
             {{"file", backup_before_migration(config_, schema.newest)}});
  }
  if (const int applied = migrate(*db_, migrations); applied > 0)
    log_info("migrated", {{"files", std::to_string(applied)}});
  service::overlay_accepted_codes(reference_, *db_);
  settings_->refresh(*db_);
  blobs_ = std::make_unique<store::Blobs>(config_.var_dir + "/blobs", keys_);
  passwords_ = std::make_unique<PasswordWorkers>(
      k_password_threads,
      std::max(1, threads_that_may_wait(config_.http.threads, k_password_threads)));
  documents::ChildPoolOptions images = documents::image_worker_options();
  if (config_.http.threads <= images.processes) images.processes = 1;
  images.max_waiting = threads_that_may_wait(config_.http.threads, images.processes);
  images_ = std::make_unique<documents::ImageWorker>(std::move(images));
  inspector_ = std::make_unique<documents::Inspector>(
      documents::Thresholds::load(config_.data_dir + "/documents/checks.json"));
  service_ = std::make_unique<service::Service>(service::Service{
      *db_, keys_, clock_, config_, reference_, texts_, *notices_, *settings_, *passwords_, *blobs_,
      *images_, limits_, *inspector_, papers_, bureaus_, [this] {
        if (office_) office_->wake();
        if (lines_) lines_->wake();
        if (hooks_) hooks_->wake();
        if (lookups_) lookups_->wake();
        if (gate_follower_) gate_follower_->look_now();
        if (pictures_) pictures_->wake();
      }});
}

Platform::~Platform() { stop(); }

void Platform::start_metrics() {
  if (config_.metrics.port == 0) return;
  metrics_ = std::make_unique<Metrics>(*service_);
  metrics_->start(config_.metrics.address, config_.metrics.port);
}

std::vector<std::string> Platform::allowed_hosts() const {
  std::vector<std::string> out;
  for (const BureauConfig& b : config_.bureaus)
    for (const std::string& url : {b.upload_wsdl, b.query_wsdl, b.verify_wsdl})
      out.push_back(host_of(url));
  if (!config_.sms.url.empty()) out.push_back(host_of(config_.sms.url));
  return out;
}

std::map<std::string, bureau::BureauClient> Platform::connect_bureaus() {
  std::map<std::string, bureau::BureauClient> out;
  for (const BureauConfig& b : config_.bureaus) {
    const bureau::Connection connection = service::connection_of(b);
    out.emplace(b.province,
                bureau::BureauClient(connection, [this](const OutboundRequest& request) {
                  return outbound_.send(request);
                }));
  }
  return out;
}

void Platform::start_web() {
  gate::FollowerOptions following;
  following.snapshot = config_.var_dir + "/gate.snapshot";
  gate_follower_ = std::make_unique<gate::Follower>(*db_, gate_, following);
  if (config_.gate.port != 0)
    gate_listener_ = std::make_unique<gate::Listener>(
        gate_,
        gate::ListenerOptions{config_.gate.address, config_.gate.port, config_.gate.threads});
  problems_ = std::make_unique<Problems>(texts_);
  Routes routes;
  add_public_routes(routes, *service_, BEIAN_VERSION, console_url_);
  add_account_routes(routes, *service_);
  add_filing_routes(routes, *service_);
  add_operation_routes(routes, *service_);
  add_administration_routes(routes, *service_);
  add_registry_routes(routes, *service_);
  add_claim_routes(routes, *service_);
  add_sheet_routes(routes, *service_);
  add_domain_routes(routes, *service_);
  add_desk_routes(routes, *service_);
  add_dispatch_routes(routes, *service_);
  add_statistics_routes(routes, *service_);
  add_queue_routes(routes, *service_);
  add_line_routes(routes, *service_);
  add_rule_routes(routes, *service_);
  add_agency_routes(routes, *service_);
  add_client_link_routes(routes, *service_);
  add_import_routes(routes, *service_);
  add_token_routes(routes, *service_);
  add_webhook_routes(routes, *service_);
  add_message_routes(routes, *service_);
  add_colleague_routes(routes, *service_);
  add_gate_routes(routes, [this](std::string_view host, std::string_view address) {
    return std::string(to_string(gate_.ask(host, address)));
  });
  RouterOptions options;
  options.public_url = config_.http.public_url;
  options.demo = config_.demo;
  options.identify_token = [this](const std::string& token) {
    return identify_token(*service_, token);
  };
  options.once = [this](const Identity& who, const Request& request,
                        const std::function<Response()>& work) {
    return answer_once(*service_, who, request, work);
  };
  options.identify = [this](const Request& request) {
    settings_->refresh_sometimes(*db_, service_->now());
    return identify(*service_, request);
  };
  auto pages = std::make_shared<StaticFiles>(StaticFiles::load(config_.web_dir));
  options.pages = [pages](const Request& request) { return pages->serve(request); };
  router_ = std::make_unique<Router>(std::move(routes), std::move(options), *problems_);
  ServerOptions server;
  server.address = config_.http.address;
  server.port = config_.http.port;
  server.threads = config_.http.threads;
  server.trusted_proxies = config_.http.trusted_proxies;
  server.common_headers = security_headers(config_.http.public_url);
  server.route = [this](std::string_view method, std::string_view path) {
    return router_->info(method, path);
  };
  if (metrics_)
    server.on_finished = [this](const AccessRecord& record) { metrics_->observe(record); };
  server.refuse = [this](int status, const Request& seen) { return router_->refuse(status, seen); };
  web_ = std::make_unique<Server>(
      std::move(server), [this](const Request& request) { return router_->handle(request); });
}

void Platform::start_worker() {
  if (config_.database.starts_with("sqlite:")) {
    worker_lock_ =
        ::open((config_.var_dir + "/worker.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (worker_lock_ < 0 || ::flock(worker_lock_, LOCK_EX | LOCK_NB) != 0)
      throw std::runtime_error("another worker runs on " + config_.var_dir);
    db_->write([](Tx& tx) { store::release_leases(tx, "node-"); });
  }
  worker::plant_standing_jobs(*service_);
  const worker::Channels channels{mailer_.get(), sms_.get()};
  service::Service& s = *service_;
  const std::string node = node_name();
  using Works = std::map<std::string, worker::Work>;
  Works office;
  office["send_message"] = [&s, channels](const store::Job& job) {
    return worker::send_message(s, channels, job);
  };
  office["clocks"] = [&s](const store::Job& job) { return worker::tend_clocks(s, job); };
  office["index_filings"] = [&s](const store::Job& job) { return worker::index_filings(s, job); };
  office["announce_expiries"] = [&s](const store::Job& job) {
    return worker::announce_expiries(s, job);
  };
  office["import_rows"] = [&s](const store::Job& job) -> worker::Done {
    const Id import = id_from_string(job.payload).value_or(0);
    if (service::run_import(s, import, service::k_minute)) return {};
    return {s.now(), ""};
  };
  office["sweep_blobs"] = [&s](const store::Job& job) { return worker::sweep_blobs(s, job); };
  office_ = std::make_unique<worker::Loop>(s, node, std::move(office));

  Works lines;
  lines["bureau_exchange"] = [&s](const store::Job& job) { return worker::exchange(s, job); };
  lines["import_question"] = [&s](const store::Job& job) { return ask_for_import(s, job); };
  lines_ = std::make_unique<worker::Loop>(s, node, std::move(lines));

  upkeep_ = std::make_unique<Upkeep>(s);
  upkeep_->plant();
  upkeep_loop_ = std::make_unique<worker::Loop>(s, node, upkeep_->works());

  Works hooks;
  hooks["send_webhook"] = [&s, this](const store::Job& job) {
    return worker::send_webhook(s, hooks_sender_, job);
  };
  hooks_ = std::make_unique<worker::Loop>(s, node, std::move(hooks));

  Works pictures;
  pictures["inspect_material"] = [&s](const store::Job& job) {
    return worker::look_at_material(s, job);
  };
  pictures_ = std::make_unique<worker::Loop>(s, node, std::move(pictures));

  if (config_.domains.lookups) {
    Works lookups;
    lookups["check_domain"] = [&s, this](const store::Job& job) {
      return worker::check_domain(s, guard_, job);
    };
    lookups["patrol_domains"] = [&s](const store::Job& job) {
      return worker::patrol_domains(s, job);
    };
    lookups_ = std::make_unique<worker::Loop>(s, node, std::move(lookups));
    lookups_->start(2);
  }
  office_->start(1);
  lines_->start(2);
  hooks_->start(2);
  pictures_->start(1);
  upkeep_loop_->start(1);
}

void Platform::stop() {
  gate_listener_.reset();
  if (metrics_) metrics_->drain();
  if (web_) web_->stop();
  if (office_) office_->stop();
  if (lines_) lines_->stop();
  if (pictures_) pictures_->stop();
  if (hooks_) hooks_->stop();
  if (lookups_) lookups_->stop();
  if (upkeep_loop_) upkeep_loop_->stop();
  if (metrics_) metrics_->stop();
  if (service_ && (web_ || office_)) {
    try {
      service::keep_audit_head(*service_);
    } catch (const std::exception& error) {
      log_error("audit_head", {{"what", error.what()}});
    }
  }
  web_.reset();
  office_.reset();
  if (worker_lock_ >= 0) ::close(std::exchange(worker_lock_, -1));
}

}  // namespace beian::app
