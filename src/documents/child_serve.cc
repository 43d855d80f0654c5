// The child's side of documents/child_pool.h.
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "documents/child_pool.h"
#include "documents/wire.h"

namespace beian::documents {
namespace {

bool read_exactly(char* to, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::read(STDIN_FILENO, to, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool read_message(std::string& message) {
  char prefix[k_length_bytes];
  if (!read_exactly(prefix, sizeof prefix)) return false;
  const auto length = message_length({prefix, sizeof prefix});
  if (!length) return false;
  message.resize(*length);
  return read_exactly(message.data(), message.size());
}

void bound_processor_time(int seconds) {
  const itimerval timer{{0, 0}, {seconds, 0}};
  setitimer(ITIMER_PROF, &timer, nullptr);  // SIGPROF ends the process
}

}  // namespace

void serve_parent(const std::function<std::string(const std::string&)>& answer,
                  int processor_seconds) {
  std::string question;
  while (read_message(question)) {
    bound_processor_time(processor_seconds);
    const std::string packed = answer(question);
    bound_processor_time(0);
    if (!write_all(packed)) return;
  }
}

}  // namespace beian::documents
