#include "gate/gate.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace beian::gate {
namespace {

// The first threads have a slot each, later ones share the last.
std::size_t slot_of_this_thread(std::size_t last) {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return std::min(mine, last);
}

// A writer's barrier in every running thread of this process, membarrier(2), so that readers need
// none: a locked instruction would keep the processor from beginning its next access to memory.
// False where the kernel has no such call or a sandbox forbids it; readers then make their own.
bool can_barrier_everywhere() {
  static const bool can =
      ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
  return can;
}

// "203.0.113.7" or "10": a name's last label always has a letter.
bool could_be_a_name(const HostName& host) {
  const std::string_view text = host.text();
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return text.find('.') != std::string_view::npos && !last.empty() &&
         last.find_first_not_of("0123456789") != std::string_view::npos;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::filed:
      return "filed";
    case Verdict::not_filed:
      return "not_filed";
    case Verdict::wrong_address:
      return "wrong_address";
    case Verdict::not_a_name:
      return "not_a_name";
    case Verdict::not_ready:
      return "not_ready";
  }
  return "not_ready";
}

class Gate::Visit {
 public:
  explicit Visit(const Gate& gate) {
    const std::size_t slot = slot_of_this_thread(k_slots - 1);
    shared_ = slot == k_slots - 1;
    inside_ = &gate.readers_[slot].inside[gate.column_.load(std::memory_order_relaxed) & 1];
    add(1);
    // Entered before it looks, whether this thread's barrier makes it so or the writer's.
    if (gate.writer_barrier_)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    else
      std::atomic_thread_fence(std::memory_order_seq_cst);
    state_ = gate.state_.load(std::memory_order_acquire);
  }
  ~Visit() { add(static_cast<std::uint64_t>(-1)); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  const State& state() const { return *state_; }

 private:
  // Nobody else writes to a slot of one's own.
  void add(std::uint64_t n) {
    if (shared_)
      inside_->fetch_add(n, std::memory_order_acq_rel);
    else
      inside_->store(inside_->load(std::memory_order_relaxed) + n, std::memory_order_release);
  }

  bool shared_ = false;
  std::atomic<std::uint64_t>* inside_ = nullptr;
  const State* state_ = nullptr;
};

Gate::Gate(Barrier barrier)
    : writer_barrier_(barrier == Barrier::of_writer_where_possible && can_barrier_everywhere()),
      state_(new State{std::make_shared<NameTable>(), {}}) {}

Gate::~Gate() { delete state_.load(); }

Verdict Gate::ask(std::string_view host, std::string_view address) const noexcept {
  PlainHost plain;
  if (address.empty() && ready() && plain.read(host)) {
    const Visit visit(*this);
    Verdict verdict;
    if (look_up_plain(visit.state(), plain, verdict)) return verdict;
  }
  const HostName name(host);
  if (name.empty()) return Verdict::not_a_name;
  const Visit visit(*this);
  return look_up(visit.state(), name, address);
}

void Gate::ask(std::span<const Question> questions, std::span<Verdict> verdicts) const noexcept {
  constexpr std::size_t k_together = 16;
  std::array<HostName, k_together> hosts;
  while (!questions.empty()) {
    const auto some = questions.first(std::min(k_together, questions.size()));
    const Visit visit(*this);
    for (std::size_t i = 0; i < some.size(); ++i) {
      hosts[i].assign(some[i].host);
      prefetch(visit.state(), hosts[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      verdicts[i] = hosts[i].empty() ? Verdict::not_a_name
                                     : look_up(visit.state(), hosts[i], some[i].address);
    questions = questions.subspan(some.size());
    verdicts = verdicts.subspan(some.size());
  }
}

// Sends for what look_up will look at.
void Gate::prefetch(const State& state, const HostName& host) noexcept {
  std::size_t start = host.last_two_labels();
  bool more = start < host.text().size();
  while (more) {
    const ShortName key = host.short_name(start);
    const std::string_view name = host.from(start);
    const std::uint64_t hash = hash_of(state.names->seeds(), key, name);
    state.names->prefetch(hash);
    more =
        (state.names->has_longer(key, name, hash) || state.changes.has_longer(key, name, hash)) &&
        host.longer(start);
  }
}

// look_up() without an address to look at, of a host whose names are all short; false for others.
// A plain host ends in a letter and has a dot: where it is not filed it still is a name.
inline bool Gate::look_up_plain(const State& state, PlainHost& host, Verdict& verdict) noexcept {
  int filed = 0;
  std::size_t start = host.last_two_labels();
  bool more = true;
  while (more) {
    const std::string_view name = host.from(start);
    if (name.size() > ShortName::k_most) return false;
    const ShortName key = host.short_name(start);
    const std::uint64_t hash = hash_of_short(state.names->seeds(), key);
    NameTable::Answer answer = state.names->find_short(key, name, hash);
    if (const NameTable::Answer later = state.changes.find_short(key, name, hash);
        later.found != NameTable::Found::none)
      answer = later;
    filed |= static_cast<int>(answer.found == NameTable::Found::filed);
    more =
        (state.names->has_longer(key, name, hash) || state.changes.has_longer(key, name, hash)) &&
        host.longer(start);
  }
  verdict = filed ? Verdict::filed : Verdict::not_filed;
  return true;
}

// From two labels on; the longest filed name counts. Further than to the name behind which nothing
// longer is filed it need not look.
Verdict Gate::look_up(const State& state, const HostName& host,
                      std::string_view address) const noexcept {
  const NameTable* table = nullptr;
  std::uint32_t addresses = 0;
  std::size_t start = host.last_two_labels();
  bool more = start < host.text().size();
  while (more) {
    const ShortName key = host.short_name(start);
    const std::string_view name = host.from(start);
    const std::uint64_t hash = hash_of(state.names->seeds(), key, name);
    const NameTable* here = &state.changes;
    NameTable::Answer answer = here->find(key, name, hash);
    if (answer.found == NameTable::Found::none) {
      here = state.names.get();
      answer = here->find(key, name, hash);
    }
    if (answer.found == NameTable::Found::filed) {
      table = here;
      addresses = answer.addresses;
    }
    more =
        (state.names->has_longer(key, name, hash) || state.changes.has_longer(key, name, hash)) &&
        host.longer(start);
  }
  if (table == nullptr) {
    if (!ready()) return Verdict::not_ready;
    return could_be_a_name(host) ? Verdict::not_filed : Verdict::not_a_name;
  }
  if (addresses == 0 || address.empty()) return Verdict::filed;
  const Address at = Address::parse(address);
  return at.known && table->serves(addresses, at) ? Verdict::filed : Verdict::wrong_address;
}

void Gate::load(NameTable names, const std::vector<Change>& changes) {
  const std::lock_guard lock(writing_);
  changed_.clear();
  for (const Change& change : changes) changed_[change.name] = change;
  names.gather();
  auto next = with_changes(std::make_shared<NameTable>(std::move(names)));
  names_ready_.store(true, std::memory_order_release);
  replace(std::move(next));
}

void Gate::change(const std::vector<Change>& changes) {
  const std::lock_guard lock(writing_);
  for (const Change& change : changes) changed_[change.name] = change;
  replace(with_changes(state_.load()->names));
}

std::unique_ptr<const Gate::State> Gate::with_changes(
    std::shared_ptr<const NameTable> names) const {
  auto next = std::make_unique<State>();
  next->names = std::move(names);
  if (changed_.empty()) return next;
  TableBuilder builder(changed_.size(), next->names->seeds());
  for (const auto& [name, change] : changed_) builder.add({name, change.addresses, change.gone});
  next->changes = builder.finish();
  return next;
}

std::shared_ptr<const NameTable> Gate::table() const {
  const std::lock_guard lock(writing_);
  return state_.load()->names;
}

void Gate::replace(std::unique_ptr<const State> next) {
  const std::unique_ptr<const State> former(
      state_.exchange(next.release(), std::memory_order_seq_cst));
  wait_for_readers();
}

void Gate::barrier_everywhere() const {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (writer_barrier_) ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

// A reader may have chosen its column before the turn and entered after the look: so both are
// waited for, one after the other, each while newcomers go to the other.
void Gate::wait_for_readers() {
  for (int turn = 0; turn < 2; ++turn) {
    const std::uint64_t column = column_.fetch_add(1, std::memory_order_seq_cst) & 1;
    barrier_everywhere();
    for (const Readers& slot : readers_)
      while (slot.inside[column].load(std::memory_order_acquire) != 0) std::this_thread::yield();
  }
}

std::size_t Gate::names() const { return Visit(*this).state().names->size(); }

std::size_t Gate::changes() const {
  const std::lock_guard lock(writing_);
  return changed_.size();
}

std::size_t Gate::bytes() const {
  const Visit visit(*this);
  return visit.state().names->bytes() + visit.state().changes.bytes();
}

}  // namespace beian::gate
