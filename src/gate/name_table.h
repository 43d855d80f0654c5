// Filed names with the addresses from which each is filed to be served: built once, never changed,
// read by any thread. A name of up to 27 bytes lies whole in its slot of 32 bytes, two slots in a
// line of the cache, 1.7 slots a name: nine of ten answers cost one access to memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gate/host_name.h"

namespace beian::gate {

// An address as the table keeps it: IPv4 in `low`, IPv6 in both.
struct Address {
  bool known = false;
  bool v6 = false;
  std::uint32_t words[4] = {0, 0, 0, 0};
  // "203.0.113.7", "2001:db8::1", "::ffff:203.0.113.7"; anything else is not known.
  static Address parse(std::string_view text) noexcept;
};

struct FiledName {
  std::string_view name;       // lower case, A-labels
  std::string_view addresses;  // separated by blanks; empty: any
  bool gone = false;           // in a table of changes: filed no longer
};

// What a table's hash is keyed with, so that nobody can file names that fall into one place.
struct Seeds {
  std::uint64_t at[4];
  static Seeds random();
};

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Equal seeds and names: equal hashes.
std::uint64_t hash_of(const Seeds& seeds, const ShortName& key, std::string_view name) noexcept;
// The same of a name of at most 27 bytes.
inline std::uint64_t hash_of_short(const Seeds& seeds, const ShortName& key) noexcept {
  const std::uint64_t hash = mix(key.words[0] ^ seeds.at[0], key.words[1] ^ seeds.at[1]) ^
                             mix(key.words[2] ^ seeds.at[2], key.tail ^ seeds.at[3]);
  return mix(hash, seeds.at[2]);
}

class NameTable {
 public:
  // What stands at a name. A gone one is an answer too: it hides the table below.
  enum class Found { none, gone, filed };
  struct Answer {
    Found found = Found::none;
    std::uint32_t addresses = 0;  // for serves()
  };

  NameTable();
  ~NameTable();
  NameTable(NameTable&&) noexcept;
  NameTable& operator=(NameTable&&) noexcept;

  // `hash` is hash_of of the same name with seeds() of this table.
  Answer find(const ShortName& key, std::string_view name, std::uint64_t hash) const noexcept;
  // The same of a name of at most 27 bytes: nothing is decided while the line is on its way, but
  // where it does not settle the question.
  Answer find_short(const ShortName& key, std::string_view name,
                    std::uint64_t hash) const noexcept {
    if (names_.empty()) return {};
    const Slot* line = names_.line(hash);
    const std::uint64_t first = differs(line[0], key), second = differs(line[1], key);
    if (first != 0 && second != 0 && line[1].tail != 0) [[unlikely]]
      return find(key, name, hash);
    const bool any = static_cast<int>(first == 0) | static_cast<int>(second == 0);
    const std::uint32_t addresses = first == 0 ? line[0].addresses : line[1].addresses;
    const int filed = 1 + static_cast<int>(addresses != k_gone);
    return {static_cast<Found>(any ? filed : 0), any ? addresses : 0};
  }
  // Sends for the line where a name of this hash stands.
  void prefetch(std::uint64_t hash) const noexcept {
    if (!names_.empty()) names_.prefetch(hash);
  }
  // True when a longer name that ends in this one is filed ("com.cn", for "example.com.cn").
  bool has_longer(const ShortName& key, std::string_view name, std::uint64_t hash) const noexcept;
  // Whether a found name is filed for this address.
  bool serves(std::uint32_t addresses, const Address& address) const noexcept;

  void gather() noexcept { names_.gather(); }

  const Seeds& seeds() const { return seeds_; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const;  // all that it holds

 private:
  friend class TableBuilder;
  friend struct SnapshotAccess;

  struct alignas(32) Slot {
    std::uint64_t words[3];
    std::uint32_t tail;       // with the length in its topmost byte: 0 is a free slot
    std::uint32_t addresses;  // 0: any; k_gone; otherwise where its list begins in addresses_
  };
  struct FreeSlots {
    std::size_t bytes;
    FreeSlots() : bytes(0) {}
    explicit FreeSlots(std::size_t all) : bytes(all) {}
    void operator()(Slot* slots) const;
  };
  static std::uint64_t differs(const Slot& slot, const ShortName& key) noexcept {
    return (slot.words[0] ^ key.words[0]) | (slot.words[1] ^ key.words[1]) |
           (slot.words[2] ^ key.words[2]) | (slot.tail ^ key.tail);
  }
  class Slots {
   public:
    void make(std::size_t wanted);  // rounded up to whole lines
    void gather() noexcept;         // into large pages, once it is filled
    Slot* find(const ShortName& key, std::string_view name, std::uint64_t hash,
               const std::string& long_names) const noexcept;
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_.get()[place(hash)]); }
    const Slot* line(std::uint64_t hash) const { return &slots_.get()[place(hash)]; }
    bool empty() const { return count_ == 0; }
    std::span<Slot> all() { return {slots_.get(), count_}; }
    std::span<const Slot> all() const { return {slots_.get(), count_}; }
    std::size_t bytes() const { return slots_.get_deleter().bytes; }

   private:
    std::size_t place(std::uint64_t hash) const {
      return 2 *
             static_cast<std::size_t>((static_cast<unsigned __int128>(hash) * (count_ / 2)) >> 64);
    }
    std::unique_ptr<Slot[], FreeSlots> slots_;
    std::size_t count_ = 0;
  };

  static constexpr std::uint32_t k_gone = 0xFFFFFFFFu;

  void write(Slot& slot, const ShortName& key, std::string_view name, std::uint64_t hash);

  Seeds seeds_{};
  Slots names_, longer_;
  std::string long_names_;                // of more than 27 bytes
  std::vector<std::uint32_t> addresses_;  // lists: how many IPv4 and IPv6, then their words
  std::size_t size_ = 0;
};

// Takes names in any order. Of equal ones the last counts.
class TableBuilder {
 public:
  // `names`: how many will be added at most.
  explicit TableBuilder(std::size_t names, const Seeds& seeds = Seeds::random());
  void add(const FiledName& name);
  NameTable finish();

 private:
  struct Waiting {
    std::string name;
    ShortName key;
    std::uint64_t hash = 0;
    std::uint32_t addresses = 0;
  };
  void put(const Waiting& waiting);
  void flush();
  void note_shorter_names(std::string_view name);
  std::uint32_t list_of(std::string_view addresses);

  NameTable table_;
  std::vector<Waiting> waiting_;  // their places are on the way from memory meanwhile
  std::size_t n_waiting_ = 0;
  std::unordered_map<std::string, std::uint32_t> lists_;
  std::string last_list_;
  std::uint32_t last_list_at_ = 0;
  std::vector<std::string> shorter_;
  std::unordered_map<std::string, bool> shorter_known_;
};

}  // namespace beian::gate
