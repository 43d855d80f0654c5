// What the operator's monitoring asks for, on an address and port of its own (metrics.port):
// /metrics in Prometheus' text form, /health (the process answers) and /ready (the database does,
// too, and the process is not stopping). Nothing in it is about a person.
#pragma once

#include <atomic>
#include <memory>

#include "http/server.h"
#include "service/service.h"

namespace beian::app {

class Metrics {
 public:
  explicit Metrics(service::Service& service);
  ~Metrics();

  // Begins to listen; 0 is any free port.
  void start(const std::string& address, int port);
  int port() const;
  // From now on /ready says 503, so that a proxy sends nobody here any more.
  void drain() { draining_ = true; }
  void stop();

  // For ServerOptions::on_finished of the web server: counts it, and writes the log's line.
  void observe(const AccessRecord& record);

 private:
  Response answer(const Request& request);
  struct Numbers;
  service::Service& service_;
  std::unique_ptr<Numbers> numbers_;
  std::unique_ptr<Server> server_;
  std::atomic<bool> draining_{false};
};

}  // namespace beian::app
