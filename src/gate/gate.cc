#include "gate/gate.h"

#include <thread>

namespace beian::gate {
namespace {

std::size_t slot_of_this_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine;
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
  explicit Visit(const Gate& gate)
      : inside_(gate.readers_[slot_of_this_thread() % k_slots]
                    .inside[gate.column_.load(std::memory_order_relaxed) & 1]) {
    inside_.fetch_add(1, std::memory_order_seq_cst);
    state_ = gate.state_.load(std::memory_order_seq_cst);
  }
  ~Visit() { inside_.fetch_sub(1, std::memory_order_release); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  const State& state() const { return *state_; }

 private:
  std::atomic<std::uint64_t>& inside_;
  const State* state_;
};

Gate::Gate() : state_(new State{std::make_shared<NameTable>(), {}}) {}

Gate::~Gate() { delete state_.load(); }

Verdict Gate::ask(std::string_view host, std::string_view address) const noexcept {
  const HostName name(host);
  if (name.empty()) return Verdict::not_a_name;
  const Visit visit(*this);
  return look_up(visit.state(), name, address);
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
    const std::uint64_t hash = hash_of(key, name);
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

void Gate::load(NameTable names) {
  const std::lock_guard lock(writing_);
  auto next = std::make_unique<State>();
  next->names = std::make_shared<NameTable>(std::move(names));
  changed_.clear();
  names_ready_.store(true, std::memory_order_release);
  replace(std::move(next));
}

void Gate::change(const std::vector<Change>& changes) {
  const std::lock_guard lock(writing_);
  for (const Change& change : changes) changed_[change.name] = change;
  TableBuilder builder(changed_.size());
  for (const auto& [name, change] : changed_) builder.add({name, change.addresses, change.gone});
  auto next = std::make_unique<State>();
  next->names = state_.load()->names;
  next->changes = builder.finish();
  replace(std::move(next));
}

void Gate::replace(std::unique_ptr<const State> next) {
  const std::unique_ptr<const State> former(
      state_.exchange(next.release(), std::memory_order_seq_cst));
  wait_for_readers();
}

// A reader may have chosen its column before the turn and entered after the look: so both are
// waited for, one after the other, each while newcomers go to the other.
void Gate::wait_for_readers() {
  for (int turn = 0; turn < 2; ++turn) {
    const std::uint64_t column = column_.fetch_add(1, std::memory_order_seq_cst) & 1;
    for (const Readers& slot : readers_)
      while (slot.inside[column].load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
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
