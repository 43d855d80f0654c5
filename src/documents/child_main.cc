// The child's side of documents/child.h.
#include <malloc.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <string>

#include "base/log.h"
#include "documents/child.h"
#include "documents/confine.h"
#include "documents/decoders.h"
#include "documents/wire.h"

namespace beian::documents {
namespace {

// The parent's deadline ends a child that hangs; this one ends it when the parent is gone.
constexpr int k_processor_seconds = 30;

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

PrepareOutcome answer(const std::string& message) {
  PrepareOutcome outcome;
  const auto request = unpack_request(message);
  if (!request) {
    outcome.problems.push_back(image_problem("image_damaged"));
    return outcome;
  }
  try {
    return prepare(*request);
  } catch (const std::exception&) {  // out of the memory this process may have
    outcome.problems.push_back(image_problem("image_too_heavy"));
    return outcome;
  }
}

// One request and its answer; false when the parent is gone.
bool serve_one() {
  std::string message;
  if (!read_message(message)) return false;
  bound_processor_time(k_processor_seconds);
  const std::string packed = pack(answer(message));
  bound_processor_time(0);
  return write_all(packed);
}

}  // namespace

int image_worker_main() {
  // Pixels go straight back to the system when freed: an idle child holds no picture.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  if (!confine_to_decoding()) log_warn("image_worker_partly_confined");
  while (serve_one()) malloc_trim(0);
  return 0;
}

}  // namespace beian::documents
