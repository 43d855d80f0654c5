#include "documents/child_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "base/log.h"
#include "base/refusal.h"
#include "documents/wire.h"

namespace beian::documents {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Nothing of the environment goes along (it may hold secrets) but what loaders and sanitizers read.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name :
       {"LD_LIBRARY_PATH", "TESSDATA_PREFIX", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  }
  kept.push_back("OMP_THREAD_LIMIT=1");  // with more, tesseract takes five times as long
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// A process of its own group, so that Ctrl-C in a terminal leaves it to its parent, with default
// signals, the socket as input and output, and no other descriptor but standard error.
pid_t spawn(std::vector<std::string> command, int socket) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> variables = environment();
  pid_t pid = -1;
  const int error = posix_spawn(&pid, command.front().c_str(), &files, &attributes,
                                pointers(command).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -1;
}

// Nothing was done: whoever sent it may send it again, and pages do.
[[noreturn]] void refuse() {
  throw Refusal(RefusalCode::unavailable, "image_workers_busy", {}, {{"retry_after", "3"}});
}

}  // namespace

class ChildPool::Child {
 public:
  explicit Child(const std::vector<std::string>& command) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      throw std::runtime_error("child process: no socket pair");
    }
    socket_ = ends[0];
    pid_ = spawn(command, ends[1]);
    ::close(ends[1]);
    if (pid_ < 0) {
      ::close(socket_);
      throw std::runtime_error("child process: cannot start " + command.front());
    }
    fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
  }
  ~Child() {
    ::close(socket_);
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Talk ask(std::string_view request, SteadyClock::time_point deadline, std::string& answer) {
    ++jobs_;
    Talk talk = send_all(request, deadline);
    std::string prefix;
    if (talk == Talk::done) talk = receive(prefix, k_length_bytes, deadline);
    if (talk != Talk::done) return talk;
    const auto length = message_length(prefix);
    return length ? receive(answer, *length, deadline) : Talk::died;
  }

  pid_t pid() const { return pid_; }
  int jobs() const { return jobs_; }

 private:
  Talk wait_for(short event, SteadyClock::time_point deadline) const {
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
      if (left.count() <= 0) return Talk::late;
      pollfd waiting{socket_, event, 0};
      const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
      if (ready > 0) return Talk::done;
      if (ready < 0 && errno != EINTR) return Talk::died;
    }
  }

  Talk send_all(std::string_view bytes, SteadyClock::time_point deadline) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        if (const Talk talk = wait_for(POLLOUT, deadline); talk != Talk::done) return talk;
      } else if (errno != EINTR) {
        return Talk::died;
      }
    }
    return Talk::done;
  }

  // Grows with what arrives, not with what the child says will.
  Talk receive(std::string& to, std::size_t count, SteadyClock::time_point deadline) const {
    std::array<char, 64 << 10> buffer;
    to.clear();
    while (to.size() < count) {
      const ssize_t got =
          ::recv(socket_, buffer.data(), std::min(buffer.size(), count - to.size()), 0);
      if (got > 0) {
        to.append(buffer.data(), static_cast<std::size_t>(got));
      } else if (got == 0) {
        return Talk::died;
      } else if (errno == EAGAIN) {
        if (const Talk talk = wait_for(POLLIN, deadline); talk != Talk::done) return talk;
      } else if (errno != EINTR) {
        return Talk::died;
      }
    }
    return Talk::done;
  }

  int socket_ = -1;
  pid_t pid_ = -1;
  int jobs_ = 0;
};

// A place among the children at work, given back with the child in it (or without, when it died).
class ChildPool::Place {
 public:
  explicit Place(ChildPool& worker) : worker_(worker), child_(worker.take_place()) {}
  ~Place() { worker_.give_back(std::move(child_)); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  Child& child() {
    if (!child_) child_ = worker_.start_child();
    return *child_;
  }
  void discard() { worker_.end_child(std::move(child_)); }

 private:
  ChildPool& worker_;
  std::unique_ptr<Child> child_;
};

ChildPool::ChildPool(ChildPoolOptions options) : options_(std::move(options)) {}
ChildPool::~ChildPool() = default;

std::unique_ptr<ChildPool::Child> ChildPool::take_place() {
  std::unique_lock lock(mutex_);
  if (busy_ >= options_.processes) {
    if (waiting_ >= options_.max_waiting) refuse();
    ++waiting_;
    const bool free =
        freed_.wait_for(lock, options_.wait, [&] { return busy_ < options_.processes; });
    --waiting_;
    if (!free) refuse();
  }
  ++busy_;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Child> child = std::move(idle_.back());
  idle_.pop_back();
  return child;
}

void ChildPool::give_back(std::unique_ptr<Child> child) {
  if (child && child->jobs() >= options_.jobs_per_process) end_child(std::move(child));
  {
    std::lock_guard lock(mutex_);
    --busy_;
    if (child) idle_.push_back(std::move(child));
  }
  freed_.notify_one();
}

std::unique_ptr<ChildPool::Child> ChildPool::start_child() {
  auto child = std::make_unique<Child>(options_.command);
  std::lock_guard lock(mutex_);
  alive_.push_back(child->pid());
  return child;
}

void ChildPool::end_child(std::unique_ptr<Child> child) {
  std::lock_guard lock(mutex_);
  std::erase(alive_, child->pid());
}

ChildPool::Talk ChildPool::ask(std::string_view question,
                               const std::function<bool(std::string_view)>& accept) {
  std::string answer;
  Place place(*this);
  Talk talk = Talk::died;
  for (int attempt = 0; attempt < 2 && talk == Talk::died; ++attempt) {
    talk = place.child().ask(question, SteadyClock::now() + options_.deadline, answer);
    if (talk == Talk::done && accept(answer)) return talk;
    if (talk == Talk::done) talk = Talk::died;
    place.discard();
    log_warn("image_worker_lost", {{"why", talk == Talk::late ? "deadline" : "died"}});
  }
  return talk;
}

std::vector<pid_t> ChildPool::children() const {
  std::lock_guard lock(mutex_);
  return alive_;
}

}  // namespace beian::documents
