#include "bureau/huffman_deflate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <queue>
#include <vector>

namespace beian::bureau {
namespace {

constexpr std::size_t k_block = 256u << 10;  // bytes that share one set of codes
constexpr int k_symbols = 257;               // the literals and the end of a block
constexpr int k_end = 256;
constexpr int k_longest =
    12;  // of a code, in bits: four of them fit beside what waits in the buffer

using Counts = std::array<std::uint32_t, k_symbols>;
using Lengths = std::array<std::uint8_t, k_symbols>;

Counts count(std::string_view block) {
  // Four tables, so that equal neighbours do not wait for each other.
  std::array<std::array<std::uint32_t, 256>, 4> parts{};
  const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
  std::size_t i = 0;
  for (; i + 4 <= block.size(); i += 4) {
    for (std::size_t part = 0; part < 4; ++part) ++parts[part][at[i + part]];
  }
  for (; i < block.size(); ++i) ++parts[0][at[i]];
  Counts counts{};
  for (std::size_t symbol = 0; symbol < 256; ++symbol) {
    for (const auto& part : parts) counts[symbol] += part[symbol];
  }
  counts[k_end] = 1;
  return counts;
}

// How many codes each length would have in Huffman's tree, by symbols from frequent to rare.
std::vector<int> tree_depths(const std::vector<std::uint32_t>& frequent_first) {
  struct Node {
    std::uint64_t weight;
    int id;
    bool operator>(const Node& other) const {
      return weight != other.weight ? weight > other.weight : id > other.id;
    }
  };
  const int leaves = static_cast<int>(frequent_first.size());
  std::priority_queue<Node, std::vector<Node>, std::greater<>> queue;
  for (int i = 0; i < leaves; ++i) queue.push({frequent_first[static_cast<std::size_t>(i)], i});
  std::vector<int> parent(static_cast<std::size_t>(2 * leaves), -1);
  int next = leaves;
  while (queue.size() > 1) {
    const Node one = queue.top();
    queue.pop();
    const Node two = queue.top();
    queue.pop();
    parent[static_cast<std::size_t>(one.id)] = parent[static_cast<std::size_t>(two.id)] = next;
    queue.push({one.weight + two.weight, next++});
  }
  std::vector<int> depths(static_cast<std::size_t>(leaves));
  for (int i = 0; i < leaves; ++i) {
    int depth = 0;
    for (int at = parent[static_cast<std::size_t>(i)]; at >= 0;
         at = parent[static_cast<std::size_t>(at)]) {
      ++depth;
    }
    depths[static_cast<std::size_t>(i)] = std::max(depth, 1);
  }
  return depths;
}

// Code lengths of at most k_longest: what is deeper is lifted, and shorter codes pay for it.
Lengths code_lengths(const Counts& counts) {
  std::vector<int> symbols;
  for (int symbol = 0; symbol < k_symbols; ++symbol) {
    if (counts[static_cast<std::size_t>(symbol)] > 0) symbols.push_back(symbol);
  }
  std::stable_sort(symbols.begin(), symbols.end(), [&](int a, int b) {
    return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
  });
  std::vector<std::uint32_t> weights;
  for (const int symbol : symbols) weights.push_back(counts[static_cast<std::size_t>(symbol)]);
  std::array<int, k_longest + 1> of_length{};
  for (const int depth : tree_depths(weights)) {
    ++of_length[static_cast<std::size_t>(std::min(depth, k_longest))];
  }
  // Kraft's sum in units of the longest code; it must not exceed one whole.
  std::int64_t sum = 0;
  for (int length = 1; length <= k_longest; ++length) {
    sum += static_cast<std::int64_t>(of_length[static_cast<std::size_t>(length)])
           << (k_longest - length);
  }
  while (sum > (1 << k_longest)) {
    int length = k_longest - 1;
    while (of_length[static_cast<std::size_t>(length)] == 0) --length;
    --of_length[static_cast<std::size_t>(length)];
    of_length[static_cast<std::size_t>(length) + 1] += 2;
    --of_length[k_longest];
    --sum;
  }
  Lengths lengths{};
  std::size_t next = 0;
  for (int length = 1; length <= k_longest; ++length) {
    for (int i = of_length[static_cast<std::size_t>(length)]; i > 0; --i) {
      lengths[static_cast<std::size_t>(symbols[next++])] = static_cast<std::uint8_t>(length);
    }
  }
  return lengths;
}

struct Code {
  std::uint16_t bits = 0;  // first bit lowest, as they are written
  std::uint16_t length = 0;
};
using Codes = std::array<Code, k_symbols>;

Codes codes_of(const Lengths& lengths) {
  std::array<int, k_longest + 2> next{};
  for (const auto length : lengths) {
    if (length > 0) ++next[static_cast<std::size_t>(length) + 1];
  }
  for (std::size_t length = 1; length < next.size(); ++length) {
    next[length] = (next[length] + next[length - 1]) << 1;
  }
  Codes codes{};
  for (std::size_t symbol = 0; symbol < codes.size(); ++symbol) {
    const int length = lengths[symbol];
    if (length == 0) continue;
    const int code = next[static_cast<std::size_t>(length)]++;
    unsigned reversed = 0;
    for (int bit = 0; bit < length; ++bit) reversed |= ((code >> bit) & 1u) << (length - 1 - bit);
    codes[symbol] = {static_cast<std::uint16_t>(reversed), static_cast<std::uint16_t>(length)};
  }
  return codes;
}

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out), size_(out.size()) {}

  void put(std::uint64_t bits, int count) {  // at most 48 at a time
    waiting_ |= bits << held_;
    held_ += count;
    flush();
  }

  // Each byte of `block` as its code, four between two writes to memory.
  void put_all(std::string_view block, const Codes& codes) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
    const auto* const end = at + block.size();
    for (; at + 4 <= end; at += 4) {
      for (int i = 0; i < 4; ++i) {
        const Code code = codes[at[i]];
        waiting_ |= static_cast<std::uint64_t>(code.bits) << held_;
        held_ += code.length;
      }
      flush();
    }
    for (; at < end; ++at) put(codes[*at].bits, codes[*at].length);
  }

  // Room for so many bytes more; flush() writes eight at a time.
  void reserve(std::size_t bytes) { out_.resize(size_ + bytes + sizeof waiting_); }

  void finish() {
    const auto rest = static_cast<std::size_t>((held_ + 7) / 8);
    size_ += rest;
    out_.resize(size_);
  }

 private:
  void flush() {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(out_.data() + size_, &waiting_, sizeof waiting_);
    const int whole = held_ >> 3;
    size_ += static_cast<std::size_t>(whole);
    waiting_ = whole == 8 ? 0 : waiting_ >> (whole * 8);
    held_ &= 7;
  }

  std::string& out_;
  std::size_t size_;  // of what is written; the string has room beyond
  std::uint64_t waiting_ = 0;
  int held_ = 0;
};

void write_block(BitWriter& out, std::string_view block, bool last) {
  constexpr std::size_t k_header_bytes = 200;
  out.reserve(k_header_bytes + block.size() * k_longest / 8);
  const Lengths lengths = code_lengths(count(block));
  const Codes codes = codes_of(lengths);
  constexpr int k_dynamic = 2, k_distances = 2;
  out.put(last ? 1 : 0, 1);
  out.put(k_dynamic, 2);
  out.put(k_symbols - 257, 5);
  out.put(k_distances - 1, 5);
  // The lengths 0 to 15 as codes of four bits each; no code for repeated lengths (16, 17, 18).
  constexpr int k_repeats = 3, k_plain = 16;
  out.put(k_repeats + k_plain - 4, 4);
  for (int i = 0; i < k_repeats; ++i) out.put(0, 3);
  for (int i = 0; i < k_plain; ++i) out.put(4, 3);
  constexpr std::array<unsigned, 16> k_reversed = {0, 8, 4, 12, 2, 10, 6, 14,
                                                   1, 9, 5, 13, 3, 11, 7, 15};
  for (const auto length : lengths) out.put(k_reversed[length], 4);
  for (int i = 0; i < k_distances; ++i)
    out.put(k_reversed[1], 4);  // never used; some readers want them
  out.put_all(block, codes);
  out.put(codes[k_end].bits, codes[k_end].length);
}

}  // namespace

void deflate_huffman(std::string_view bytes, std::string& into) {
  BitWriter out(into);
  std::size_t at = 0;
  do {
    const auto block = bytes.substr(at, k_block);
    at += block.size();
    write_block(out, block, at == bytes.size());
  } while (at < bytes.size());
  out.finish();
}

}  // namespace beian::bureau
