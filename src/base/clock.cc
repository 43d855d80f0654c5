#include "base/clock.h"

#include <chrono>

namespace beian {

Millis SystemClock::now() const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace beian
