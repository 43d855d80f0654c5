#include "gate/follower.h"

#include <deque>
#include <exception>

#include "base/log.h"
#include "gate/snapshot.h"
#include "store/gate.h"

namespace beian::gate {
namespace {

constexpr int k_changes_at_once = 1000;
constexpr auto k_pause_after_trouble = std::chrono::seconds(1);

void add_page(TableBuilder& builder, std::string_view page) {
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    const std::size_t blank = line.find(' ');
    builder.add({line.substr(0, blank), line.substr(std::min(blank + 1, line.size()))});
    page.remove_prefix(std::min(end + 1, page.size()));
  }
}

}  // namespace

// The database is read by one thread while another puts what came into the table: how many there
// are is told before by a count, and a few more may have come since.
NameTable read_names(Db& db, const std::atomic<bool>* stop) {
  const std::int64_t count =
      db.read([](Reader& reader) { return store::count_gate_names(reader); });
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<std::string> pages;
  std::exception_ptr trouble;
  bool complete = false;
  std::int64_t seen = 0;
  const std::int64_t most = count + count / 16 + 1000;
  std::thread reading([&] {
    try {
      store::each_gate_page(db, [&](std::string page, std::int64_t names) {
        if ((seen += names) > most) throw std::runtime_error("the registry grows too quickly");
        if (stop != nullptr && *stop) throw Stopped();
        const std::lock_guard lock(mutex);
        pages.push_back(std::move(page));
        arrived.notify_one();
      });
    } catch (...) {
      trouble = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    complete = true;
    arrived.notify_one();
  });
  TableBuilder builder(static_cast<std::size_t>(most));
  for (;;) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return complete || !pages.empty(); });
    if (pages.empty()) break;
    const std::string page = std::move(pages.front());
    pages.pop_front();
    lock.unlock();
    add_page(builder, page);
  }
  reading.join();
  if (trouble) std::rethrow_exception(trouble);
  return builder.finish();
}

Follower::Follower(Db& db, Gate& gate, FollowerOptions options)
    : db_(db), gate_(gate), options_(options), thread_([this] { run(); }) {}

Follower::~Follower() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Follower::look_now() {
  {
    const std::lock_guard lock(mutex_);
    told_ = true;
  }
  changed_.notify_all();
}

bool Follower::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [this] { return stopping_ || told_; });
  told_ = false;
  return !stopping_;
}

void Follower::run() {
  bool in_trouble = false;
  std::chrono::milliseconds pause{0};
  while (wait(pause)) {
    try {
      look();
      if (in_trouble) log_info("gate_follows_again");
      in_trouble = false;
      pause = options_.look_every;
    } catch (const Stopped&) {
      return;
    } catch (const std::exception& e) {
      if (!in_trouble) log_error("gate_cannot_look", {{"what", e.what()}});
      in_trouble = true;
      pause = k_pause_after_trouble;
    }
  }
}

void Follower::look() {
  if (!gate_.ready() && !start_from_snapshot()) take(read());
  const std::vector<Gate::Change> changes = changes_after(position_);
  if (!changes.empty()) gate_.change(changes);
  if (!reading_.valid() && due())
    reading_ = std::async(std::launch::async, [this] { return read(); });
  if (reading_.valid() && reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
    take(reading_.get());
}

bool Follower::due() const {
  return !read_at_ || gate_.changes() > options_.most_changes ||
         std::chrono::steady_clock::now() - *read_at_ > options_.read_all_every;
}

// What is ahead of the database was taken from another one.
bool Follower::start_from_snapshot() {
  if (options_.snapshot.empty()) return false;
  const auto begun = std::chrono::steady_clock::now();
  auto kept = open_snapshot(options_.snapshot);
  if (!kept ||
      kept->position > db_.read([](Reader& reader) { return store::gate_position(reader); }))
    return false;
  position_ = kept->position;
  const std::vector<Gate::Change> changes = changes_after(position_);
  gate_.load(std::move(kept->names), changes);
  log_info("gate_ready_from_snapshot",
           {{"names", std::to_string(gate_.names())},
            {"changes", std::to_string(changes.size())},
            {"millis", std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::steady_clock::now() - begun)
                                          .count())}});
  return true;
}

Follower::Reading Follower::read() const {
  const auto begun = std::chrono::steady_clock::now();
  const std::int64_t position =
      db_.read([](Reader& reader) { return store::gate_position(reader); });
  NameTable names = read_names(db_, &stopping_);
  return {std::move(names), position,
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                begun)};
}

void Follower::take(Reading reading) {
  std::int64_t position = reading.position;
  const std::vector<Gate::Change> changes = changes_after(position);
  gate_.load(std::move(reading.names), changes);
  position_ = position;
  read_at_ = std::chrono::steady_clock::now();
  log_info("gate_ready", {{"names", std::to_string(gate_.names())},
                          {"bytes", std::to_string(gate_.bytes())},
                          {"millis", std::to_string(reading.took.count())}});
  keep_snapshot(reading.position);
}

void Follower::keep_snapshot(std::int64_t position) const {
  if (options_.snapshot.empty() || gate_.names() < options_.snapshot_from) return;
  try {
    save_snapshot(options_.snapshot, *gate_.table(), position);
  } catch (const std::exception& e) {
    log_warn("gate_snapshot_not_kept", {{"what", e.what()}});
  }
}

std::vector<Gate::Change> Follower::changes_after(std::int64_t& position) const {
  std::vector<Gate::Change> changes;
  for (bool more = true; more;) {
    const store::GateChanges seen = db_.read(
        [&](Reader& reader) { return store::gate_changes(reader, position, k_changes_at_once); });
    for (const store::GateName& name : seen.names)
      changes.push_back({name.domain, name.addresses, !name.filed});
    position = seen.position;
    more = seen.more;
  }
  return changes;
}

}  // namespace beian::gate
