// The same work from several threads at once; an exception in one of them fails the test instead of
// ending the program.
#pragma once

#include <functional>
#include <future>
#include <vector>

namespace beian::testing {

inline void in_parallel(int threads, const std::function<void(int)>& work) {
  std::vector<std::future<void>> running;
  for (int i = 0; i < threads; ++i) running.push_back(std::async(std::launch::async, work, i));
  for (std::future<void>& one : running) one.wait();
  for (std::future<void>& one : running) one.get();
}

}  // namespace beian::testing
