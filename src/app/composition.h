// Everything the platform is made of, built in order and undone in reverse. The one place that
// knows all rooms.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/metrics.h"
#include "app/upkeep.h"
#include "base/config.h"
#include "base/outbound.h"
#include "base/outbound_guard.h"
#include "base/texts.h"
#include "documents/inspector.h"
#include "gate/follower.h"
#include "gate/gate.h"
#include "gate/listener.h"
#include "http/router.h"
#include "http/server.h"
#include "notify/mail.h"
#include "notify/sms.h"
#include "notify/webhook.h"
#include "service/service.h"
#include "worker/loop.h"

namespace beian::app {

// Reads data, opens (and migrates) the database, loads the keys. Throws std::runtime_error with
// words for an operator.
class Platform {
 public:
  explicit Platform(Config config);
  ~Platform();

  service::Service& service() { return *service_; }
  const Config& config() const { return config_; }
  // Must be set before start_web for the demo's page to link to the reference bureau.
  void set_console_url(std::string url) { console_url_ = std::move(url); }

  void start_metrics();  // where the configuration wants them
  void start_web();
  int web_port() const { return web_->port(); }
  // On SQLite only one process may work: throws when another does. What a killed one had leased is
  // taken up at once.
  void start_worker();
  // Says so to the proxy (/ready), then web first, so that what it accepted is still worked on;
  // then the worker. Writes down where the audit chain ends.
  void stop();

 private:
  std::map<std::string, bureau::BureauClient> connect_bureaus();
  std::vector<std::string> allowed_hosts() const;

  Config config_;
  SystemClock clock_;
  std::string console_url_;
  Keyring keys_;
  Texts texts_;
  service::Reference reference_;
  documents::MaterialLimits limits_;
  service::Papers papers_;
  Outbound outbound_;
  std::map<std::string, bureau::BureauClient> bureaus_;
  std::unique_ptr<notify::Templates> notices_;
  std::unique_ptr<service::Settings> settings_;
  std::unique_ptr<notify::SmtpMailer> mailer_;
  std::unique_ptr<notify::SmsGateway> sms_;
  notify::WebhookSender hooks_sender_;
  OutboundGuard guard_;
  std::unique_ptr<Db> db_;
  std::unique_ptr<store::Blobs> blobs_;
  std::unique_ptr<PasswordWorkers> passwords_;
  std::unique_ptr<documents::ImageWorker> images_;
  std::unique_ptr<documents::Inspector> inspector_;
  std::unique_ptr<service::Service> service_;
  gate::Gate gate_;
  std::unique_ptr<gate::Follower> gate_follower_;
  std::unique_ptr<gate::Listener> gate_listener_;
  std::unique_ptr<worker::Loop> office_, lines_;  // mail and clocks; the lines to the bureaus
  std::unique_ptr<Upkeep> upkeep_;
  std::unique_ptr<worker::Loop> upkeep_loop_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<worker::Loop> hooks_;     // what customers' programs are told
  std::unique_ptr<worker::Loop> pictures_;  // uploads, looked at
  std::unique_ptr<worker::Loop> lookups_;   // registries and websites, asked
  std::unique_ptr<Problems> problems_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<Server> web_;
  int worker_lock_ = -1;
};

// Defaults that depend on other settings: database, key file, public URL.
Config with_defaults(Config config);

// Whether data may lie there already; a database on PostgreSQL always may.
bool database_exists(const Config& config);

// The account that this program runs under owns `folder`, and nobody else may look in.
void make_private_folder(const std::string& folder);

}  // namespace beian::app
