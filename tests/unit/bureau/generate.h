// Messages of every kind, made up of the same shapes the codec writes by: each value within the
// schema's limits, often at their edges; optional parts present or not; names long and rare.
#pragma once

#include <rapidcheck.h>

#include <concepts>
#include <string>
#include <vector>

#include "bureau/shapes.h"

namespace beian::bureau::generate {

using v30::k_many;
using v30::k_never;
using v30::k_no_limit;
using v30::k_required;
using v30::Name;
using v30::Need;
using v30::Order;

// One number of 0 to below `count`; smaller ones are what a failing case shrinks to.
inline std::uint64_t pick(std::uint64_t count) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint64_t>(0, count));
}
inline bool one_in(std::uint64_t count) { return pick(count) == count - 1; }

// A stream of numbers behind one draw: hundreds of draws for each message would take a minute.
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t count) { return next() % count; }

 private:
  std::uint64_t state_;
};

// How rich a message is. Shrinking lowers it first.
struct Richness {
  std::uint64_t seed = 0;
  int most_elements = 3;  // of a vector
  bool optionals = true;  // are present, every second time
  bool edges = true;      // values at the edge of their limits, every eighth time
  bool keys = false;      // websites have one, though it is never sent
  int poisoned = -1;      // the text, counted from 0, that ends with a character beyond GBK
  bool strange = true;    // characters beyond ASCII, and those that XML must escape
};

inline Richness draw() {
  Richness rich;
  rich.most_elements = 1 + static_cast<int>(pick(one_in(20) ? 40 : 4));
  rich.optionals = pick(4) != 0;
  rich.edges = pick(4) != 0;
  rich.strange = pick(4) != 0;
  rich.seed = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  return rich;
}

inline void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    text += static_cast<char>(0xe0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (code & 0x3f));
  }
}

class Generator : public v30::Visitor<Generator> {
 public:
  int texts = 0;  // made so far

  explicit Generator(const Richness& rich) : rich_(rich), random_(rich.seed) {}

  void text(Name, std::string& into, Need need, std::int64_t low, std::int64_t high) {
    if (!wanted(need)) return;
    std::int64_t length = std::max<std::int64_t>(low, 1) + random(12);
    if (rich_.edges && random(8) == 0) length = high == k_no_limit ? 2000 : high;
    length = std::min(length, high);
    const bool strange = rich_.strange && random(2) == 0;
    for (std::int64_t i = 0; i < length; ++i) append_utf8(into, strange ? rare() : plain());
    if (texts++ == rich_.poisoned) into += "𠮷";
  }

  template <std::integral T>
  void integer(Name, T& into, Need need, std::int64_t low, std::int64_t high = k_no_limit) {
    if (wanted(need)) into = static_cast<T>(within(low, high));
  }
  template <typename T>
  void integer(Name, std::optional<T>& into, Need need, std::int64_t low,
               std::int64_t high = k_no_limit) {
    if (wanted(need)) into = static_cast<T>(within(low, high));
  }
  template <typename T>
  void flag(Name, T& into, Need need, int, bool) {
    if (wanted(need)) into = random(2) == 0;
  }
  void bytes(Name, std::string& into, Need) {
    const auto count = 1 + random(rich_.edges && random(20) == 0 ? 3000 : 40);
    for (std::int64_t i = 0; i < count; ++i) into += static_cast<char>(random(256));
  }
  void derived(const char*, std::int64_t, std::int64_t, std::int64_t) {}
  void either(Name, Id& id, Name, std::string& value, std::int64_t low, std::int64_t high) {
    if (random(2) == 0) {
      id = within(1, k_no_limit);
    } else {
      text({}, value, k_required, low, high);
    }
  }
  template <typename T, typename Shape>
  void group(Name, Order, Need, T& into, const Shape& shape) {
    shape(*this, into);
  }
  template <typename T, typename Shape>
  void part(Name, T& into, const Shape& shape) {
    shape(*this, into);
  }
  template <typename Shape>
  void wrap(const char*, Order, Need, const Shape& shape) {
    shape(*this);
  }
  template <typename T, typename Shape>
  void each(Name, Order, Need need, std::vector<T>& into, const Shape& shape, int most = k_many) {
    for (auto count = how_many(need, most); count > 0; --count) {
      shape(*this, into.emplace_back());
      if constexpr (requires { into.back().key; }) {
        if (rich_.keys) into.back().key = "s" + std::to_string(into.size());
      }
    }
  }
  template <typename T, typename Shape>
  void list(const char*, Name name, Order order, std::vector<T>& into, const Shape& shape,
            int most = k_many) {
    each(name, order, Need::optional, into, shape, most);
  }
  void singles(const char*, Name name, std::vector<std::string>& into, std::int64_t low,
               std::int64_t high) {
    for (auto count = how_many(k_required, k_many); count > 0; --count) {
      text(name, into.emplace_back(), k_required, low, high);
    }
  }
  void singles(const char*, Name, std::vector<Id>& into, std::int64_t low, std::int64_t high) {
    for (auto count = how_many(k_required, k_many); count > 0; --count) {
      into.push_back(within(low, high));
    }
  }
  void scans(Name name, std::vector<std::string>& into, int most) {
    for (auto count = how_many(k_required, most); count > 0; --count) {
      bytes(name, into.emplace_back(), k_required);
    }
  }
  void numbers(const char*, Need need, Name, std::vector<std::int64_t>& into, std::int64_t high,
               int most) {
    if (!wanted(need)) return;
    for (auto count = how_many(k_required, most); count > 0; --count) {
      into.push_back(within(1, high));
    }
  }
  template <typename Shape>
  void branch(const char*, Order, bool, const Shape& shape) {
    shape(*this);
  }

 private:
  std::int64_t random(std::uint64_t count) {
    return static_cast<std::int64_t>(random_.below(count));
  }
  bool wanted(Need need) {
    return need == k_required || (need != k_never && rich_.optionals && random(2) == 0);
  }
  std::int64_t how_many(Need need, int most) {
    const auto least = need == k_required ? 1 : 0;
    if (least == 0 && !rich_.optionals) return 0;
    return std::min<std::int64_t>(least + random(static_cast<std::uint64_t>(rich_.most_elements)),
                                  most);
  }
  std::int64_t within(std::int64_t low, std::int64_t high) {
    if (rich_.edges && random(8) == 0) return random(2) == 0 ? low : high;
    return low + random(static_cast<std::uint64_t>(high - low) + (high == k_no_limit ? 0 : 1));
  }
  std::uint32_t plain() { return static_cast<std::uint32_t>('a' + random(26)); }
  std::uint32_t rare() {
    constexpr std::uint32_t k_odd[] = {'&',  '<',    '>',    '"',    '\'',   ' ',    '\n',
                                       '\r', 0x2014, 0x3000, 0xff1b, 0x00b7, 0x9fa5, 0xfa29};
    return random(4) == 0 ? k_odd[random(std::size(k_odd))]
                          : static_cast<std::uint32_t>(0x4e00 + random(0x9fa6 - 0x4e00));
  }

  Richness rich_;
  Stream random_;
};

template <typename T, typename Shape>
T record(const Richness& rich, const Shape& shape) {
  T value{};
  Generator generator(rich);
  shape(generator, value);
  return value;
}

// One to three records, or more in a rich message.
template <typename T, typename Shape>
void fill(std::vector<T>& into, const Shape& shape) {
  for (auto count = 1 + pick(one_in(30) ? 12 : 2); count > 0; --count) {
    into.push_back(record<T>(draw(), shape));
  }
}

struct UploadKind {
  const char* name;
  void (*make)(Upload&);
};

struct DownloadKind {
  const char* name;
  void (*make)(Download&);
};

inline const std::vector<UploadKind>& upload_kinds() {
  namespace shape = v30::shape;
  using shape::IpWay;
  static const std::vector<UploadKind> all = {
      {"ICP/XZBA", [](Upload& u) { fill(u.new_filings, shape::new_filing); }},
      {"ICP/XZWZ", [](Upload& u) { fill(u.new_websites, shape::new_websites); }},
      {"ICP/XZJR", [](Upload& u) { fill(u.new_accesses, shape::new_access); }},
      {"ICP/BGBA", [](Upload& u) { fill(u.changes, shape::change); }},
      {"ICP/HSJG", [](Upload& u) { fill(u.verification_answers, shape::verification_answer); }},
      {"ICP/WBACLJG", [](Upload& u) { fill(u.unfiled_answers, shape::unfiled_answer); }},
      {"ICP/ZXBA", [](Upload& u) { fill(u.cancellations, shape::cancellation); }},
      {"ICP/XZHYD", [](Upload& u) { fill(u.materials, shape::attachment(false)); }},
      {"IP/XZBA/Xzly", [](Upload& u) { fill(u.ip.added.sources, shape::ip_source(IpWay::add)); }},
      {"IP/XZBA/Xzfp",
       [](Upload& u) { fill(u.ip.added.allocations, shape::ip_allocation(IpWay::add)); }},
      {"IP/XZBA/Xzgbjs",
       [](Upload& u) { fill(u.ip.added.broadcasts, shape::ip_broadcast(IpWay::add)); }},
      {"IP/XZBA/Zdip", [](Upload& u) { fill(u.ip.added.own, shape::own_ips(IpWay::add)); }},
      {"IP/XGBA", [](Upload& u) { u.ip.changed = record<IpRecords>(draw(), shape::ip_changed); }},
      {"IP/XGBA/XgZd", [](Upload& u) { fill(u.ip.changed.own, shape::own_ips(IpWay::change)); }},
      {"IP/SCBA", [](Upload& u) { u.ip.deleted = record<IpDeletions>(draw(), shape::ip_deleted); }},
      {"YM", [](Upload& u) { u.domains = record<DomainUpload>(draw(), shape::domain_upload); }},
      {"YM/XZBA",
       [](Upload& u) { fill(u.domains.added, shape::domain_record(k_never, k_required)); }},
  };
  return all;
}

inline const std::vector<DownloadKind>& download_kinds() {
  namespace shape = v30::shape;
  static const std::vector<DownloadKind> all = {
      {"ICP/BASJ", [](Download& d) { fill(d.published, shape::published_filing); }},
      {"ICP/ZXSJ", [](Download& d) { fill(d.cancelled, shape::cancelled_record); }},
      {"ICP/HMDLB",
       [](Download& d) {
         fill(d.blacklisted_organisers, shape::blacklisted_organiser);
         if (one_in(2)) fill(d.blacklisted_websites, shape::blacklisted_website);
       }},
      {"ICP/FFJRHMD", [](Download& d) { fill(d.illegal_accesses, shape::illegal_access); }},
      {"ICP/WBAWZLB", [](Download& d) { fill(d.unfiled_websites, shape::unfiled_website); }},
      {"ICP/BAJG",
       [](Download& d) {
         fill(d.results, shape::result);
         if (one_in(2)) fill(d.decisions, shape::decision);
       }},
      {"ICP/BAJG/GJSHS", [](Download& d) { fill(d.decisions, shape::decision); }},
      {"ICP/HSRW", [](Download& d) { fill(d.verification_tasks, shape::verification_task); }},
      {"ICP/HCJG",
       [](Download& d) { d.inspection = record<Inspection>(draw(), shape::inspection); }},
      {"ICP/XGTZ", [](Download& d) { fill(d.notices, shape::rectification_notice); }},
      {"IP", [](Download& d) { d.ip = record<IpDownload>(draw(), shape::ip_download); }},
      {"YM/BAJG", [](Download& d) { fill(d.domain_results, shape::domain_result); }},
      {"JCDM", [](Download& d) { d.codes = record<CodeLists>(draw(), shape::code_lists); }},
      {"SJTB/ICP", [](Download& d) { fill(d.synchronisation.filings, shape::published_filing); }},
      {"SJTB/IP",
       [](Download& d) { d.synchronisation.ips = record<IpRecords>(draw(), shape::ip_held); }},
      {"SJTB/YM",
       [](Download& d) {
         fill(d.synchronisation.domains, shape::domain_record(k_required, k_required));
       }},
      {"SJTB/JCDM",
       [](Download& d) { d.synchronisation.codes = record<CodeLists>(draw(), shape::code_lists); }},
  };
  return all;
}

}  // namespace beian::bureau::generate
