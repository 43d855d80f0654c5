// PostgreSQL: a pool of connections; each write is a READ COMMITTED transaction, run again after a
// deadlock or serialization failure, each read one snapshot.
#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/log.h"
#include "db/engines.h"
#include "db/nesting.h"
#include "db/pool.h"
#include "db/postgres_connection.h"
#include "db/transaction.h"

namespace beian {
namespace {

constexpr int k_most_attempts = 10;

// A place in the pool; its connection is made when first needed and again after a loss.
struct Slot {
  std::unique_ptr<PostgresConnection> connection;
};

// Grows with each attempt, with chance in it so that two that collided do not collide again.
void pause_before_retry(DbError::Kind kind, int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int base = kind == DbError::Kind::lost ? 50 : 2;
  const int most = std::min(base << attempt, 1000);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::uniform_int_distribution<int>(most / 2, most)(random)));
}

class PostgresDb : public Db {
 public:
  PostgresDb(std::string address, int readers) : address_(std::move(address)) {
    for (int i = 0; i < readers; ++i) {
      read_slots_.put(std::make_unique<Slot>());
      write_slots_.put(std::make_unique<Slot>());
    }
    connection_of(*read_slots_.take());
  }

  Engine engine() const override { return Engine::postgresql; }
  void read_with(const std::function<void(Reader&)>& work) override;
  void write_with(const std::function<void(Tx&)>& work) override;

 private:
  PostgresConnection& connection_of(Slot& slot);
  PostgresConnection& begin(Slot& slot, const char* statement);
  void write_once(Slot& slot, const std::function<void(Tx&)>& work, bool& committing);
  void end(Slot& slot, const char* statement) noexcept;

  std::string address_;
  Pool<Slot> read_slots_, write_slots_;
};

PostgresConnection& PostgresDb::connection_of(Slot& slot) {
  if (slot.connection != nullptr && !slot.connection->is_good()) slot.connection.reset();
  if (slot.connection == nullptr) slot.connection = std::make_unique<PostgresConnection>(address_);
  return *slot.connection;
}

// A pooled connection may have died while it was idle: that is seen here, before any work is done.
PostgresConnection& PostgresDb::begin(Slot& slot, const char* statement) {
  for (int attempt = 1;; ++attempt) {
    try {
      PostgresConnection& connection = connection_of(slot);
      connection.run(statement);
      return connection;
    } catch (const DbError& error) {
      slot.connection.reset();
      if (error.kind() != DbError::Kind::lost || attempt == k_most_attempts) throw;
      log_warn("db_reconnect", {{"attempt", std::to_string(attempt)}});
      if (attempt > 1) pause_before_retry(error.kind(), attempt);
    }
  }
}

void PostgresDb::end(Slot& slot, const char* statement) noexcept {
  try {
    if (slot.connection != nullptr) slot.connection->run(statement);
  } catch (const DbError&) {
    slot.connection.reset();  // closing it ends the transaction, too
  }
}

void PostgresDb::read_with(const std::function<void(Reader&)>& work) {
  const InUse in_use(this);
  auto slot = read_slots_.take();
  PostgresConnection& connection = begin(*slot, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  ReaderOn<PostgresConnection> reader(connection);
  try {
    work(reader);
  } catch (...) {
    end(*slot, "ROLLBACK");
    throw;
  }
  end(*slot, "COMMIT");
}

void PostgresDb::write_once(Slot& slot, const std::function<void(Tx&)>& work, bool& committing) {
  PostgresConnection& connection = begin(slot, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  TxOn<PostgresConnection> tx(connection);
  try {
    try {
      work(tx);
      tx.run_endings();
    } catch (...) {
      tx.rethrow_failure();  // what the database said decides whether to try again
      throw;
    }
    tx.rethrow_failure();
    committing = true;
    if (connection.run("COMMIT") != "COMMIT") {
      throw DbError(DbError::Kind::other, "postgresql: the commit was turned into a rollback");
    }
  } catch (...) {
    end(slot, "ROLLBACK");
    throw;
  }
}

void PostgresDb::write_with(const std::function<void(Tx&)>& work) {
  const InUse in_use(this);
  auto slot = write_slots_.take();
  for (int attempt = 1;; ++attempt) {
    bool committing = false;
    try {
      write_once(*slot, work, committing);
      return;
    } catch (const DbError& error) {
      const bool again = error.kind() == DbError::Kind::busy ||
                         (error.kind() == DbError::Kind::lost && !committing);
      if (!again || attempt == k_most_attempts) throw;
      log_warn("db_write_again", {{"attempt", std::to_string(attempt)}});
      pause_before_retry(error.kind(), attempt);
    }
  }
}

}  // namespace

std::unique_ptr<Db> open_postgresql(const std::string& address, int readers) {
  return std::make_unique<PostgresDb>(address, readers);
}

}  // namespace beian
