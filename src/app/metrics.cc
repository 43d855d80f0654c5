#include "app/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <filesystem>

#include "app/backup.h"
#include "base/log.h"
#include "filing/vocabulary.h"
#include "store/audit.h"
#include "store/counters.h"
#include "store/exchange.h"

namespace beian::app {
namespace {

namespace pm = prometheus;

const pm::Histogram::BucketBoundaries k_seconds{0.002, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                0.25,  0.5,   1,    2.5,   10};

constexpr State k_states[] = {
    State::draft,         State::initial_review,  State::initial_returned, State::verification,
    State::photo_review,  State::ready,           State::sending,          State::sms_pending,
    State::bureau_review, State::bureau_returned, State::approved,         State::withdrawn,
    State::expired};

// A stranger's words are not to become the names of a million counters.
std::string known_method(const std::string& method) {
  for (const char* known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
    if (method == known) return method;
  return "other";
}

std::int64_t count(Reader& reader, const char* sql, const Params& params = {}) {
  const auto row = reader.query_one(sql, params);
  return row ? row->opt_integer(0).value_or(0) : 0;
}

}  // namespace

struct Metrics::Numbers {
  pm::Registry registry;
  pm::Family<pm::Counter>& requests = pm::BuildCounter()
                                          .Name("beian_http_requests_total")
                                          .Help("Answered requests by route and status")
                                          .Register(registry);
  pm::Family<pm::Histogram>& seconds = pm::BuildHistogram()
                                           .Name("beian_http_request_seconds")
                                           .Help("From the first byte in to the last byte out")
                                           .Register(registry);

  void set(const char* name, const char* help, double value, const pm::Labels& labels = {}) {
    pm::BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
  }
  // At each scrape: what stands in the database now.
  void look(service::Service& s);
  void look_at_backups(const std::string& folder);
};

void Metrics::Numbers::look(service::Service& s) {
  const Millis now = s.now();
  s.db.read([&](Reader& reader) {
    for (const State state : k_states)
      set("beian_filings", "Filings by state",
          static_cast<double>(store::count_state(reader, state)),
          {{"state", std::string(to_string(state))}});
    set("beian_jobs_waiting", "Jobs that are due",
        static_cast<double>(count(
            reader, "SELECT COUNT(*) FROM jobs WHERE run_at <= $1 AND lease_until <= $1", {now})));
    set("beian_jobs_failing", "Jobs whose last try did not work",
        static_cast<double>(count(reader, "SELECT COUNT(*) FROM jobs WHERE attempts > 0")));
    const auto oldest = count(
        reader, "SELECT MIN(run_at) FROM jobs WHERE run_at <= $1 AND lease_until <= $1", {now});
    set("beian_oldest_job_seconds", "How long the oldest due job has waited",
        oldest == 0 ? 0 : static_cast<double>(now - oldest) / 1000);
    set("beian_overdue_filings", "Filings beyond the time their step should take",
        static_cast<double>(store::count_list(reader, store::k_list_overdue)));
    set("beian_audit_entries", "Entries of the audit chain",
        static_cast<double>(store::audit_head(reader).seq));
    for (const BureauConfig& bureau : s.config.bureaus) {
      const store::BureauLine line = store::find_line(reader, bureau.province);
      const pm::Labels labels{{"province", bureau.province}};
      set("beian_bureau_waiting", "Filings on their way to the bureau or awaiting its answer",
          static_cast<double>(store::count_waiting(reader, bureau.province)), labels);
      set("beian_bureau_contact_seconds", "Since the last good contact with the bureau; -1: never",
          line.last_contact_at ? static_cast<double>(now - *line.last_contact_at) / 1000 : -1,
          labels);
      set("beian_bureau_failing", "1 while the last contact with the bureau failed",
          line.last_error && !line.last_error->empty() ? 1 : 0, labels);
    }
    for (const store::ExchangeNumbers& n : store::exchange_numbers(reader, now)) {
      const pm::Labels labels{{"province", n.province}};
      const auto line = [&](const char* name, const char* help, std::int64_t value) {
        set(name, help, static_cast<double>(value), labels);
      };
      line("beian_bureau_to_send", "Filings not sent yet", n.to_send);
      line("beian_bureau_uploads", "Files the bureau took", n.uploads);
      line("beian_bureau_upload_records", "Records in those files", n.upload_records);
      line("beian_bureau_upload_bytes", "Bytes of those files before packing", n.upload_bytes);
      line("beian_bureau_downloads", "Files fetched", n.downloads);
      line("beian_bureau_attention", "Fetched files with something to look at", n.attention);
      line("beian_bureau_failures", "Failed rounds in a row", n.failures);
      line("beian_bureau_troubles", "Failed rounds ever", n.troubles);
      line("beian_bureau_tasks_open", "Tasks of the bureau that are open", n.open_tasks);
      line("beian_bureau_tasks_overdue", "Open tasks beyond their deadline", n.overdue_tasks);
    }
  });
  const auto space = std::filesystem::space(s.config.var_dir);
  set("beian_disk_free_bytes", "Room left where the data lies",
      static_cast<double>(space.available));
  look_at_backups(s.config.backup.folder);
}

void Metrics::Numbers::look_at_backups(const std::string& folder) {
  if (folder.empty()) return;
  std::vector<std::string> copies;
  double age = 0;
  try {
    copies = list_backups(folder);
    if (!copies.empty())
      age = std::chrono::duration<double>(
                std::filesystem::file_time_type::clock::now() -
                std::filesystem::last_write_time(copies.back() + "/manifest.json"))
                .count();
  } catch (const std::filesystem::filesystem_error& error) {
    // A disk that is not there holds no copies; everything else is told all the same.
    log_warn("backup_folder", {{"what", error.what()}});
    copies.clear();
  }
  set("beian_backups", "Complete copies", static_cast<double>(copies.size()));
  if (!copies.empty()) set("beian_backup_age_seconds", "Since the newest complete copy", age);
}

Metrics::Metrics(service::Service& service)
    : service_(service), numbers_(std::make_unique<Numbers>()) {}
Metrics::~Metrics() { stop(); }

void Metrics::start(const std::string& address, int port) {
  ServerOptions options;
  options.address = address;
  options.port = port;
  options.threads = 2;
  options.on_finished = [](const AccessRecord&) {};
  server_ = std::make_unique<Server>(std::move(options),
                                     [this](const Request& request) { return answer(request); });
}

int Metrics::port() const { return server_->port(); }

void Metrics::stop() {
  if (server_) server_->stop();
}

void Metrics::observe(const AccessRecord& r) {
  log_info("request", {{"method", r.method},
                       {"route", r.route},
                       {"status", std::to_string(r.status)},
                       {"ms", std::to_string(r.millis)},
                       {"bytes", std::to_string(r.bytes)},
                       {"request_id", r.request_id}});
  numbers_->requests
      .Add({{"method", known_method(r.method)},
            {"route", r.route},
            {"status", std::to_string(r.status)}})
      .Increment();
  numbers_->seconds.Add({{"route", r.route}}, k_seconds)
      .Observe(static_cast<double>(r.millis) / 1000);
}

Response Metrics::answer(const Request& request) {
  const auto text = [](int status, std::string words) {
    Response out{status, {}, std::move(words)};
    out.with("content-type", "text/plain; charset=utf-8").with("cache-control", "no-store");
    return out;
  };
  if (request.method != "GET") return text(405, "GET only\n");
  if (request.path == "/health") return text(200, "alive\n");
  try {
    if (request.path == "/ready") {
      if (draining_) return text(503, "stopping\n");
      service_.db.read([](Reader& reader) { reader.query("SELECT 1"); });
      return text(200, "ready\n");
    }
    if (request.path == "/metrics") {
      numbers_->look(service_);
      return text(200, pm::TextSerializer().Serialize(numbers_->registry.Collect()))
          .with("content-type", "text/plain; version=0.0.4; charset=utf-8");
    }
  } catch (const std::exception& error) {
    log_error("metrics", {{"what", error.what()}});
    return text(503, "the database does not answer\n");
  }
  return text(404, "/metrics, /health, /ready\n");
}

}  // namespace beian::app
