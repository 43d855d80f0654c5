// SQLite: one writer thread with group commit, and pooled readers.
#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/log.h"
#include "db/engines.h"
#include "db/nesting.h"
#include "db/pool.h"
#include "db/sqlite_connection.h"
#include "db/transaction.h"

namespace beian {
namespace {

constexpr std::size_t k_most_in_group = 64;

// SQLite does not sync the folder entry of a new database file, so it is made here; and only for
// us.
void create_durably(const std::string& path) {
  const auto fail = [&path](const char* what) {
    throw std::runtime_error("database " + path + " " + what + ": " +
                             std::generic_category().message(errno));
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return;
  if (file < 0) fail("cannot be made");
  ::close(file);
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  if (directory >= 0) ::close(directory);
  if (!synced) fail("folder cannot be synced");
}

// One call of `write`, on the stack of the thread that waits for it.
struct Request {
  explicit Request(const std::function<void(Tx&)>& function) : work(function) {}

  void answer() {
    // Under the mutex, so that the waiting thread cannot leave while this one still signals.
    const std::lock_guard lock(mutex);
    answered = true;
    changed.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return answered; });
  }

  const std::function<void(Tx&)>& work;
  std::exception_ptr error;
  std::mutex mutex;
  std::condition_variable changed;
  bool answered = false;
};

class SqliteDb : public Db {
 public:
  SqliteDb(const std::string& path, int readers) : writer_(path, SqliteConnection::Use::write) {
    for (int i = 0; i < readers; ++i) {
      readers_.put(std::make_unique<SqliteConnection>(path, SqliteConnection::Use::read));
    }
    thread_ = std::thread([this] { run_writer(); });
  }

  ~SqliteDb() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    arrived_.notify_all();
    thread_.join();
  }

  Engine engine() const override { return Engine::sqlite; }
  void read_with(const std::function<void(Reader&)>& work) override;
  void write_with(const std::function<void(Tx&)>& work) override;

 private:
  void run_writer();
  Request* take(bool wait);
  void run_group(Request* first);
  bool begin(Request& request);
  void run_one(Request& request);
  void commit(std::vector<Request*>& group);
  void undo_all() noexcept;

  SqliteConnection writer_;  // used by thread_ only, once that runs
  Pool<SqliteConnection> readers_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Request*> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

void SqliteDb::read_with(const std::function<void(Reader&)>& work) {
  const InUse in_use(this);
  auto lease = readers_.take();
  SqliteConnection& connection = *lease;
  connection.run("BEGIN");
  struct Ending {
    SqliteConnection& connection;
    ~Ending() {
      try {
        if (connection.in_transaction()) connection.run("ROLLBACK");
      } catch (const DbError& error) {
        log_error("db_read_end", {{"error", error.what()}});
      }
    }
  } ending{connection};
  ReaderOn<SqliteConnection> reader(connection);
  work(reader);
}

void SqliteDb::write_with(const std::function<void(Tx&)>& work) {
  const InUse in_use(this);
  Request request(work);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw DbError(DbError::Kind::lost, "the database is being closed");
    queue_.push_back(&request);
  }
  arrived_.notify_one();
  request.wait();
  if (request.error) std::rethrow_exception(request.error);
}

void SqliteDb::run_writer() {
  const InUse in_use(this);  // a function that begins another read or write is stopped, not stuck
  while (Request* first = take(/*wait=*/true)) run_group(first);
}

// nullptr: nothing queued, and with `wait` the end.
Request* SqliteDb::take(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (queue_.empty()) return nullptr;
  Request* request = queue_.front();
  queue_.pop_front();
  return request;
}

// One transaction for all that wait, and for what arrives while they run.
void SqliteDb::run_group(Request* first) {
  std::vector<Request*> group;
  for (Request* next = first; next != nullptr;) {
    if (group.empty() && !begin(*next)) return;
    run_one(*next);
    if (!writer_.in_transaction()) {
      // A full disk or an I/O error undid the whole transaction. Only the one that met it is told;
      // the others have been told nothing yet and run again, first in the queue.
      next->answer();
      const std::lock_guard lock(mutex_);
      queue_.insert(queue_.begin(), group.begin(), group.end());
      return;
    }
    group.push_back(next);
    next = group.size() < k_most_in_group ? take(/*wait=*/false) : nullptr;
  }
  commit(group);
  for (Request* request : group) request->answer();
}

bool SqliteDb::begin(Request& request) {
  try {
    writer_.run("BEGIN IMMEDIATE");
    return true;
  } catch (...) {
    request.error = std::current_exception();
    request.answer();
    return false;
  }
}

void SqliteDb::run_one(Request& request) {
  request.error = nullptr;
  TxOn<SqliteConnection> tx(writer_);
  try {
    writer_.run("SAVEPOINT one");
    request.work(tx);
    tx.run_endings();
    tx.rethrow_failure();
    if (writer_.has_open_foreign_keys()) {
      throw DbError(DbError::Kind::foreign_key, "sqlite: a deferred foreign key is not satisfied");
    }
    writer_.run("RELEASE one");
  } catch (...) {
    request.error = std::current_exception();
    if (!writer_.in_transaction()) return;
    try {
      writer_.run("ROLLBACK TO one");
      writer_.run("RELEASE one");
    } catch (const DbError& error) {
      // Without the savepoint undone nothing of the group may be committed.
      log_error("db_rollback", {{"error", error.what()}});
      undo_all();
    }
  }
}

void SqliteDb::commit(std::vector<Request*>& group) {
  try {
    writer_.run("COMMIT");
  } catch (...) {
    for (Request* request : group) {
      if (!request->error) request->error = std::current_exception();
    }
    undo_all();
  }
}

// noexcept: a writer that cannot even roll back must not go on; the next start recovers.
void SqliteDb::undo_all() noexcept {
  if (writer_.in_transaction()) writer_.run("ROLLBACK");
}

}  // namespace

std::unique_ptr<Db> open_sqlite(const std::string& path, int readers) {
  create_durably(path);
  return std::make_unique<SqliteDb>(path, readers);
}

}  // namespace beian
