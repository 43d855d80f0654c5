// Paths into a filing's content, as forms and rules write them: "organiser.name",
// "sites.s1.domain". A path that begins with '.' is relative to the website at hand; one that
// begins with '$' names what is known about the filing beside its content ("$kind", "$sites_total";
// "$.domain_until" of the website at hand). `*` stands for every element of a list; elements of the
// `sites` list are named by their "key", those of other lists by position. Paths are walked as they
// are written: thousands are asked in one check, and nothing is allocated for one.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace beian {

namespace json = boost::json;

// What a condition is asked of. The texts it is made from have to outlive it.
struct Facts {
  // today: YYYY-MM-DD in China; item: "sites.s1" for the website at hand, else empty; known: what
  // '$' paths lead into, nothing where it is null.
  Facts(const json::object& content, std::string_view today, std::string_view item = "",
        const json::object* known = nullptr);

  const json::object& content;
  std::string_view today;
  std::string_view item;
  const json::object* known;
  // The website at hand, in the content and in what is known; null where there is none.
  const json::value* site = nullptr;
  const json::value* known_site = nullptr;
};

// "sites.s1" + ".domain" -> "sites.s1.domain"; other paths stay as they are.
std::string absolute_path(std::string_view path, std::string_view item);

// The values at an absolute path; empty where there is none.
std::vector<const json::value*> values_at(const json::object& content, std::string_view path);
// The single value at a path without `*`, or nullptr.
const json::value* value_at(const json::object& content, std::string_view path);
// The same of any path, relative and '$' ones too; of several values the first.
const json::value* value_of(std::string_view path, const Facts& facts);
// Missing, null, "" and [] are all absent.
bool is_absent(const json::value* value);

// A callback, without owning it: true ends the walk.
class Wanted {
 public:
  template <typename Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, Wanted>)
      Wanted(Callable&& callable)  // NOLINT: a callback is meant to become one
      : callable_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* to, const json::value& value) {
          return static_cast<bool>((*static_cast<std::remove_reference_t<Callable>*>(to))(value));
        }) {}
  bool operator()(const json::value& value) const { return call_(callable_, value); }

 private:
  void* callable_;
  bool (*call_)(void*, const json::value&);
};

// Is one of the values at a path, of any kind, the wanted one? They are shown in order.
bool any_value(std::string_view path, const Facts& facts, Wanted wanted);
// The same; a list counts as its elements, and what is absent is not shown.
bool any_scalar(std::string_view path, const Facts& facts, Wanted wanted);

}  // namespace beian
