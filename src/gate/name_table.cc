#include "gate/name_table.h"

#include <arpa/inet.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "base/crypto.h"
#include "base/text.h"

namespace beian::gate {
namespace {

constexpr std::size_t k_huge_page = 2u << 20;
constexpr std::size_t k_together = 16;  // names whose places are fetched from memory at once

std::uint32_t length_in(std::uint32_t tail) { return tail >> 24; }

}  // namespace

Seeds Seeds::random() {
  Seeds seeds;
  const std::string bytes = random_bytes(sizeof seeds.at);
  std::memcpy(seeds.at, bytes.data(), sizeof seeds.at);
  for (std::uint64_t& seed : seeds.at) seed |= 1;
  return seeds;
}

std::uint64_t hash_of(const Seeds& seeds, const ShortName& key, std::string_view name) noexcept {
  if (name.size() <= ShortName::k_most) return hash_of_short(seeds, key);
  std::uint64_t hash = mix(key.words[0] ^ seeds.at[0], key.words[1] ^ seeds.at[1]) ^
                       mix(key.words[2] ^ seeds.at[2], key.tail ^ seeds.at[3]);
  for (std::size_t i = ShortName::k_most; i < name.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, name.data() + i, std::min<std::size_t>(8, name.size() - i));
    hash = mix(hash ^ seeds.at[0], word ^ seeds.at[1]);
  }
  return mix(hash, seeds.at[2]);
}

Address Address::parse(std::string_view text) noexcept {
  Address address;
  char zeroed[INET6_ADDRSTRLEN + 1] = {};
  if (text.empty() || text.size() > INET6_ADDRSTRLEN) return address;
  std::memcpy(zeroed, text.data(), text.size());
  if (::inet_pton(AF_INET, zeroed, address.words) == 1) {
    address.known = true;
  } else if (::inet_pton(AF_INET6, zeroed, address.words) == 1) {
    address.known = true;
    const bool mapped =
        address.words[0] == 0 && address.words[1] == 0 && address.words[2] == htonl(0xFFFF);
    if (mapped)
      address.words[0] = address.words[3];
    else
      address.v6 = true;
  }
  return address;
}

NameTable::NameTable() = default;
NameTable::~NameTable() = default;
NameTable::NameTable(NameTable&&) noexcept = default;
NameTable& NameTable::operator=(NameTable&&) noexcept = default;

void NameTable::FreeSlots::operator()(Slot* slots) const { ::munmap(slots, bytes); }

// Fresh from the system: zeros without being written, and in large pages where there are such.
void NameTable::Slots::make(std::size_t wanted) {
  const std::size_t count = (wanted + 1) & ~std::size_t{1};
  std::size_t bytes = count * sizeof(Slot);
  if (bytes >= k_huge_page) bytes = (bytes + k_huge_page - 1) / k_huge_page * k_huge_page;
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  if (bytes >= k_huge_page) ::madvise(memory, bytes, MADV_HUGEPAGE);
  slots_ = std::unique_ptr<Slot[], FreeSlots>(static_cast<Slot*>(memory), FreeSlots(bytes));
  count_ = count;
}

// The kernel gives large pages only while it has free ones at hand; asked for by name it makes some
// (MADV_COLLAPSE, Linux 6.1). Without them each answer also waits for the place of its page. Where
// it cannot, all goes on as it is.
void NameTable::Slots::gather() noexcept {
  constexpr int k_collapse = 25;
  if (bytes() >= k_huge_page) ::madvise(slots_.get(), bytes(), k_collapse);
}

// The name's slot, or the free one where it would stand. Both slots of a line are compared before
// anything is decided: nearly every filed name stands in its first line, so the processor rarely
// guesses wrong and begins with the next question while this line is still on its way from memory.
NameTable::Slot* NameTable::Slots::find(const ShortName& key, std::string_view name,
                                        std::uint64_t hash,
                                        const std::string& long_names) const noexcept {
  // Of a long name its hash, where it lies and its length stand in place of its first bytes.
  const auto is_long = [&](const Slot& slot) {
    return length_in(slot.tail) == 255 && slot.words[0] == hash && slot.words[2] == name.size() &&
           std::memcmp(long_names.data() + slot.words[1], name.data(), name.size()) == 0;
  };
  const bool is_short = name.size() <= ShortName::k_most;
  for (std::size_t at = place(hash);; at = at + 2 == count_ ? 0 : at + 2) {
    Slot* const line = &slots_.get()[at];
    const bool first = is_short ? differs(line[0], key) == 0 : is_long(line[0]);
    const bool second = is_short ? differs(line[1], key) == 0 : is_long(line[1]);
    if (static_cast<int>(first) | static_cast<int>(second)) return line + (first ? 0 : 1);
    if (line[1].tail == 0) return line + (line[0].tail == 0 ? 0 : 1);
  }
}

void NameTable::write(Slot& slot, const ShortName& key, std::string_view name, std::uint64_t hash) {
  if (name.size() <= ShortName::k_most) {
    std::copy(std::begin(key.words), std::end(key.words), slot.words);
    slot.tail = key.tail;
    return;
  }
  slot.words[0] = hash;
  slot.words[1] = long_names_.size();
  slot.words[2] = name.size();
  slot.tail = 255u << 24;
  long_names_ += name;
}

NameTable::Answer NameTable::find(const ShortName& key, std::string_view name,
                                  std::uint64_t hash) const noexcept {
  if (names_.empty()) return {};
  const Slot* slot = names_.find(key, name, hash, long_names_);
  if (slot->tail == 0) return {};
  if (slot->addresses == k_gone) return {Found::gone, 0};
  return {Found::filed, slot->addresses};
}

bool NameTable::has_longer(const ShortName& key, std::string_view name,
                           std::uint64_t hash) const noexcept {
  return !longer_.empty() && longer_.find(key, name, hash, long_names_)->tail != 0;
}

bool NameTable::serves(std::uint32_t addresses, const Address& address) const noexcept {
  if (addresses == 0) return true;
  const std::uint32_t* at = addresses_.data() + addresses;
  const std::uint32_t v4 = *at & 0xFFFF, v6 = *at >> 16;
  ++at;
  if (!address.v6) return std::find(at, at + v4, address.words[0]) != at + v4;
  at += v4;
  for (std::uint32_t i = 0; i < v6; ++i, at += 4)
    if (std::equal(at, at + 4, address.words)) return true;
  return false;
}

std::size_t NameTable::bytes() const {
  return names_.bytes() + longer_.bytes() + long_names_.capacity() +
         addresses_.capacity() * sizeof(std::uint32_t);
}

TableBuilder::TableBuilder(std::size_t names, const Seeds& seeds) : waiting_(k_together) {
  table_.seeds_ = seeds;
  table_.names_.make(names + names / 10 * 7 + 8);
  table_.addresses_.push_back(0);  // 0 means any
}

void TableBuilder::add(const FiledName& name) {
  if (name.name.empty() || name.name.size() > HostName::k_most) return;
  Waiting& next = waiting_[n_waiting_];
  next.name.assign(name.name);
  next.key = short_name_of(name.name);
  next.hash = hash_of(table_.seeds_, next.key, name.name);
  next.addresses = name.gone ? NameTable::k_gone : list_of(name.addresses);
  table_.names_.prefetch(next.hash);
  if (++n_waiting_ == waiting_.size()) flush();
}

void TableBuilder::flush() {
  for (std::size_t i = 0; i < n_waiting_; ++i) put(waiting_[i]);
  n_waiting_ = 0;
}

void TableBuilder::put(const Waiting& waiting) {
  NameTable::Slot* slot =
      table_.names_.find(waiting.key, waiting.name, waiting.hash, table_.long_names_);
  slot->addresses = waiting.addresses;
  if (slot->tail != 0) return;
  ++table_.size_;
  note_shorter_names(waiting.name);
  table_.write(*slot, waiting.key, waiting.name, waiting.hash);
}

// "example.com.cn" tells that "com.cn" is not where looking ends.
void TableBuilder::note_shorter_names(std::string_view name) {
  const std::size_t last = name.rfind('.');
  std::size_t dot = name.find('.');
  while (dot != std::string_view::npos && dot < last) {
    const std::string shorter(name.substr(dot + 1));
    if (!shorter_known_.emplace(shorter, true).second) return;  // and so are those in it
    shorter_.push_back(shorter);
    dot = name.find('.', dot + 1);
  }
}

std::uint32_t TableBuilder::list_of(std::string_view addresses) {
  if (addresses.empty()) return 0;
  if (addresses == last_list_) return last_list_at_;  // sites of one customer stand together
  last_list_.assign(addresses);
  const auto [known, fresh] =
      lists_.emplace(last_list_, static_cast<std::uint32_t>(table_.addresses_.size()));
  last_list_at_ = known->second;
  if (!fresh) return last_list_at_;
  std::vector<std::uint32_t> v4, v6;
  for (const std::string& text : split(addresses, ' ')) {
    const Address address = Address::parse(text);
    if (!address.known) return known->second = last_list_at_ = 0;  // cannot be compared: any
    if (address.v6)
      v6.insert(v6.end(), address.words, address.words + 4);
    else
      v4.push_back(address.words[0]);
  }
  if (v4.size() > 0xFFFF || v6.size() / 4 > 0xFFFF) throw std::length_error("addresses of a name");
  auto& all = table_.addresses_;
  all.push_back(static_cast<std::uint32_t>(v4.size() | ((v6.size() / 4) << 16)));
  all.insert(all.end(), v4.begin(), v4.end());
  all.insert(all.end(), v6.begin(), v6.end());
  return last_list_at_;
}

NameTable TableBuilder::finish() {
  flush();
  table_.longer_.make(shorter_.size() * 2 + 8);
  for (const std::string& name : shorter_) {
    const ShortName key = short_name_of(name);
    const std::uint64_t hash = hash_of(table_.seeds_, key, name);
    table_.write(*table_.longer_.find(key, name, hash, table_.long_names_), key, name, hash);
  }
  table_.long_names_.shrink_to_fit();
  table_.addresses_.shrink_to_fit();
  return std::move(table_);
}

}  // namespace beian::gate
