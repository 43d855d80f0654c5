// "May this host be served from this address?" In mainland China a domain without a filing must not
// be: 《互联网信息服务管理办法》 (2000, amended 2024) art. 4;
// 《非经营性互联网信息服务备案管理办法》 (MIIT order 33 of 2005) art. 5 and 18. The answer comes
// from memory and waits for nothing: not for a lock, not for the database, not for a change that is
// just being made.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/name_table.h"
#include "gate/plain_host.h"

namespace beian::gate {

enum class Verdict {
  filed,          // here, and for this address
  not_filed,      // no filing of ours ends this name
  wrong_address,  // filed, but to be served from other addresses
  not_a_name,     // an address, or nothing that could be a host name
  not_ready,      // the names have not been read yet
};
std::string_view to_string(Verdict verdict);

class Gate {
 public:
  struct Change {
    std::string name, addresses;
    bool gone = false;
  };

  // Whose barrier keeps a reader's mark before its look: the writer makes one in every thread, for
  // which the kernel must have membarrier(2), or each reader makes his own, which costs him more.
  enum class Barrier { of_writer_where_possible, of_readers };

  explicit Gate(Barrier barrier = Barrier::of_writer_where_possible);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // `host` as in an HTTP request; a subdomain is filed with its domain. `address`: of the machine
  // that would serve it; empty when it is not to be looked at. Any thread; never waits.
  Verdict ask(std::string_view host, std::string_view address = {}) const noexcept;
  // Many at once, for whoever has many in hand (a log, a list): an answer costs one access to
  // memory, and those of several questions are under way together. `verdicts` has room for each.
  struct Question {
    std::string_view host, address;
  };
  void ask(std::span<const Question> questions, std::span<Verdict> verdicts) const noexcept;

  // From one thread at a time; returns when no reader sees the former state any more.
  void load(NameTable names, const std::vector<Change>& changes = {});  // in place of everything
  void change(const std::vector<Change>& changes);

  std::shared_ptr<const NameTable> table() const;  // of the last load
  std::size_t names() const;                       // in it
  std::size_t changes() const;                     // since then
  std::size_t bytes() const;
  bool ready() const { return names_ready_.load(std::memory_order_acquire); }

 private:
  struct State {
    std::shared_ptr<const NameTable> names;
    NameTable changes;
  };
  // Readers mark themselves in one of two columns; whoever replaced the state waits until both have
  // been seen empty (as in "sleepable RCU", McKenney 2006). A slot to each thread on a cache line
  // of its own; the last is for all threads beyond them.
  struct alignas(64) Readers {
    std::array<std::atomic<std::uint64_t>, 2> inside{};
  };
  static constexpr std::size_t k_slots = 64;
  class Visit;

  std::unique_ptr<const State> with_changes(std::shared_ptr<const NameTable> names) const;
  void replace(std::unique_ptr<const State> next);
  void wait_for_readers();
  void barrier_everywhere() const;
  Verdict look_up(const State& state, const HostName& host,
                  std::string_view address) const noexcept;
  static bool look_up_plain(const State& state, PlainHost& host, Verdict& verdict) noexcept;
  static void prefetch(const State& state, const HostName& host) noexcept;

  const bool writer_barrier_;
  std::atomic<const State*> state_;
  std::atomic<std::uint64_t> column_{0};
  mutable std::array<Readers, k_slots> readers_;
  std::atomic<bool> names_ready_{false};
  mutable std::mutex writing_;
  std::map<std::string, Change> changed_;  // since the last load; guarded by writing_
};

}  // namespace beian::gate
