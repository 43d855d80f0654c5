// How the messages of interface V3.0 are described: one function for each element ("shape") names
// its parts once, in the ministry's order, with their limits. The shapes_*.h files hold them; a
// visitor makes each use of them: writing XML, reading XML, the structure a schema check demands,
// JSON both ways, and the generator of the tests.
//
// A visitor has these members; `x` is a member of the message.
//   text(name, x, need, low, high)        a string of low to high characters
//   integer(name, x, need, low, high)     std::int64_t, std::uint32_t (an IPv4 address) or
//   std::optional
//                                         of one; a 0 that is neither optional nor allowed is
//                                         absent
//   flag(name, x, need, of_true, strict)  bool or std::optional<bool>; `of_true` is the number that
//                                         means true; strict: anything but 0 and 1 is a fault
//   bytes(name, x, need)                  base64
//   derived(xml, value, low, high)        what others tell already: written, never read
//   either(id, x, text, y, low, high)     one of two elements: the id unless it is 0
//   group(name, order, need, x, shape)    an element for a struct
//   part(name, x, shape)                  a struct whose elements stand among those around it
//   wrap(xml, order, need, shape)         an element without a struct of its own
//   each(name, order, need, x, shape, most)        one element for each of a vector
//   list(wrapper, name, order, x, shape, most)     each() inside an element of its own
//   singles(element, name, x, low, high)  one `element` around each string or id
//   scans(name, x, most)                  base64 elements, at least one
//   numbers(wrapper, need, name, x, high, most)    numbers of 1 to high, inside `wrapper`
//   branch(xml, order, present, shape)    wrap() that keeps the groups it does not know
// An optional wrap(), list() or branch() without content writes nothing.
#pragma once

#include <cstdint>
#include <limits>

namespace beian::bureau::v30 {

enum class Need { never, optional, required };
enum class Order {
  sequence,  // xs:sequence: as they stand
  any,       // xs:all: each once, in any order
  choice,    // xs:choice: one of them
};

inline constexpr std::int64_t k_no_limit = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t k_max_ipv4 = 4294967295;

// An element's name on the wire, in our messages, and, where a problem calls it otherwise, in the
// applicant's form: "" adds nothing to the path, a leading '/' begins a path of its own.
struct Name {
  const char* xml;
  const char* json;
  const char* form = nullptr;
};

inline constexpr int k_many = std::numeric_limits<int>::max();

// For a part() whose problems are told by their path inside it.
constexpr Name whole(const char* json) { return {nullptr, json, ""}; }

inline constexpr Need k_never = Need::never, k_optional = Need::optional,
                      k_required = Need::required;

// What is the same for all visitors.
template <typename Self>
struct Visitor {
  template <typename T, typename Shape>
  void list(const char* wrapper, Name name, Order order, T& x, const Shape& shape,
            int most = k_many) {
    static_cast<Self*>(this)->wrap(wrapper, Order::sequence, k_optional, [&](auto& inner) {
      inner.each(name, order, k_required, x, shape, most);
    });
  }
};

// Whether a number stands for something: 0 is no value of the interface, except where its limits
// allow it.
constexpr bool is_value(std::int64_t number, Need need, std::int64_t low) {
  return number != 0 || (need == k_required && low <= 0);
}

}  // namespace beian::bureau::v30
