// A server on a free port with a handler that tells what reached it.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "http/server.h"
#include "unit/http/raw_client.h"

namespace beian {

// Where handlers of a test wait until it lets them go on.
class Barrier {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options.threads = 2;
    options.route = [](std::string_view, std::string_view path) {
      RouteInfo info;
      info.pattern = path.starts_with("/filings/") ? "/filings/{id}" : "/other";
      info.body_limit = 1000;
      return info;
    };
    options.on_finished = [this](const AccessRecord& record) {
      const std::lock_guard lock(mutex);
      records.push_back(record);
      changed.notify_all();
    };
    handler = [this](const Request& request) {
      {
        const std::lock_guard lock(mutex);
        seen.push_back(request);
      }
      if (request.path == "/wait") barrier.wait();
      Response response;
      response.body = request.method + " " + request.path + " " + request.body;
      return response;
    };
  }
  ~ServerTest() override { barrier.open(); }

  Server& server() {
    if (!server_) server_ = std::make_unique<Server>(options, handler);
    return *server_;
  }
  int port() { return server().port(); }

  std::size_t handled() {
    const std::lock_guard lock(mutex);
    return seen.size();
  }
  AccessRecord next_record() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !records.empty(); });
    AccessRecord record = records.front();
    records.erase(records.begin());
    return record;
  }

  ServerOptions options;
  Handler handler;
  Barrier barrier;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Request> seen;
  std::vector<AccessRecord> records;

 private:
  std::unique_ptr<Server> server_;
};

}  // namespace beian
