// The demo: platform, worker and reference bureau in one process on loopback, with secrets made at
// the first start and passwords of the staff made anew at each.
#pragma once

#include <string>

#include "base/config.h"

namespace beian::app {

struct DemoOptions {
  Config config;           // from --config, or defaults
  std::string sandbox_db;  // default <var>/sandbox.db
  int console_port = 8090;
  std::string applicant;  // e-mail of an account with a product, made when given (for tests)
};

// Runs until SIGINT or SIGTERM. Returns the exit status.
int run_demo(DemoOptions options);

// Only the reference bureau. Prints the communication parameters of each province.
int run_sandbox(const std::string& data_dir, const std::string& var_dir, const std::string& address,
                int port);

// Blocks these signals in every thread made later, so that wait_for_stop() gets them.
void block_stop_signals();
int wait_for_stop();

}  // namespace beian::app
