#include "base/password_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/refusal.h"

namespace beian {
namespace {

TEST(PasswordWorkers, HashAndVerifyFromManyThreads) {
  PasswordWorkers workers(2, 64, k_cheap_password_cost);
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const std::string password = "password " + std::to_string(i);
      const std::string hash = workers.hash(password);
      if (workers.verify(password, hash) && !workers.verify("another", hash)) ++good;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
}

TEST(PasswordWorkers, AStormIsRefusedAtOnceAndTheQueuedStillAnswered) {
  PasswordWorkers workers(1, 2, PasswordCost{1, 32u << 20});
  std::atomic<int> answered{0}, busy{0}, other{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) {
    threads.emplace_back([&] {
      try {
        workers.hash("x");
        ++answered;
      } catch (const Refusal& refusal) {
        refusal.code() == RefusalCode::too_many&& refusal.reason() == "busy" ? ++busy : ++other;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered + busy, 40);
  EXPECT_GE(answered, 1);
  EXPECT_GE(busy, 1);
  EXPECT_EQ(other, 0);
  EXPECT_FALSE(workers.hash("afterwards").empty());
}

}  // namespace
}  // namespace beian
