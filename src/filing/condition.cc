#include "filing/condition.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/narrow.h"
#include "base/text.h"
#include "filing/condition_node.h"
#include "filing/date.h"
#include "filing/identity.h"

namespace beian {
namespace {

using Node = Condition::Node;
using NodePtr = std::shared_ptr<const Node>;

bool same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    return a.is_int64() && b.is_int64() ? a.get_int64() == b.get_int64() : a == b;
  }
  return a == b;
}

bool any_scalar(const Node& node, const Facts& facts, Wanted wanted) {
  return any_scalar(std::string_view(node.path), facts, wanted);
}

constexpr auto k_whatever = [](const json::value&) { return true; };

bool equals_one(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    for (const json::value& known : node.values) {
      if (same(value, known)) return true;
    }
    return false;
  });
}

bool matches(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    return value.is_string() && node.pattern.found_in(value.get_string());
  });
}

bool date_is(const Node& node, const Facts& facts) {
  const std::string_view limit = node.date == "$today" ? facts.today : node.date;
  return any_scalar(node, facts, [&](const json::value& value) {
    if (!value.is_string() || !parse_day(value.get_string())) return false;
    const std::string_view date = value.get_string();
    return node.op == Op::before ? date < limit : date > limit;
  });
}

bool compare(const Node& node, std::int64_t value) {
  switch (node.compare) {
    case Compare::at_least:
      return value >= node.number;
    case Compare::at_most:
      return value <= node.number;
    case Compare::more:
      return value > node.number;
    case Compare::less:
      return value < node.number;
    case Compare::equal:
      return value == node.number;
  }
  return false;
}

bool counts(const Node& node, const Facts& facts) {
  std::int64_t count = 0;
  any_value(node.path, facts, [&](const json::value& value) {
    if (value.is_array()) {
      count += static_cast<std::int64_t>(value.get_array().size());
    } else if (!is_absent(&value)) {
      ++count;
    }
    return false;
  });
  return compare(node, count);
}

// Without hyphens, blanks, capitals and the width of brackets: as two phone numbers, or two names,
// are compared.
std::string compared(const json::value& value) {
  if (!value.is_string()) return json::serialize(value);
  std::string text;
  for (char c : to_lower_ascii(narrow_line(value.get_string()))) {
    if (c != '-' && c != ' ') text.push_back(c);
  }
  return text;
}

bool same_somewhere(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    const std::string here = compared(value);
    return any_scalar(node.other, facts,
                      [&](const json::value& other) { return compared(other) == here; });
  });
}

std::int64_t different(const Node& node, const Facts& facts) {
  std::set<std::string> seen;
  for (const std::string& path : node.paths) {
    any_scalar(path, facts, [&](const json::value& value) {
      seen.insert(compared(value));
      return false;
    });
  }
  return static_cast<std::int64_t>(seen.size());
}

bool age_is(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    if (!value.is_string()) return false;
    const auto birth = birth_date(std::string_view(value.get_string()));
    const auto today = parse_day(facts.today);
    return birth && today && *birth <= *today && compare(node, age_on(*birth, *today));
  });
}

bool lies_elsewhere(const Node& node, const Facts& facts) {
  std::string_view province;
  any_scalar(node.other, facts, [&](const json::value& value) {
    if (value.is_string()) province = value.get_string();
    return true;
  });
  return any_scalar(node, facts, [&](const json::value& value) {
    if (!value.is_string()) return false;
    const std::string number = canonical_number(std::string_view(value.get_string()));
    if (number.size() != 18 || province.size() != 6) return false;
    const std::string region = number.substr(static_cast<std::size_t>(node.number), 2);
    const bool digits =
        region[0] >= '0' && region[0] <= '9' && region[1] >= '0' && region[1] <= '9';
    return digits && region != "10" && region != province.substr(0, 2);
  });
}

// Small letters of a text; only one with capitals is copied, into `copy`.
std::string_view in_small_letters(std::string_view text, std::string& copy) {
  if (std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; })) return text;
  copy = to_lower_ascii(text);
  return copy;
}

bool contains_one(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    if (!value.is_string()) return false;
    std::string copy;
    const std::string_view text = in_small_letters(value.get_string(), copy);
    return std::ranges::any_of(node.words, [&](const std::string& word) {
      return text.find(word) != std::string_view::npos;
    });
  });
}

bool length_is(const Node& node, const Facts& facts) {
  if (!any_scalar(node, facts, k_whatever)) return compare(node, 0);
  return any_scalar(node, facts, [&](const json::value& value) {
    return value.is_string() && compare(node, static_cast<std::int64_t>(count_characters(
                                                  std::string_view(value.get_string()))));
  });
}

void collect_words(const Node& node, const Facts& facts, std::vector<std::string>& words) {
  for (const std::string& word : node.words) {
    if (std::ranges::find(words, word) != words.end()) continue;
    const bool there = any_scalar(node, facts, [&](const json::value& value) {
      std::string copy;
      return value.is_string() &&
             in_small_letters(value.get_string(), copy).find(word) != std::string_view::npos;
    });
    if (there) words.push_back(word);
  }
  for (const NodePtr& part : node.parts) collect_words(*part, facts, words);
}

void collect_paths(const Node& node, std::vector<std::string>& paths) {
  for (const std::string* path : {&node.path, &node.other}) {
    if (!path->empty()) paths.push_back(*path);
  }
  paths.insert(paths.end(), node.paths.begin(), node.paths.end());
  for (const NodePtr& part : node.parts) collect_paths(*part, paths);
}

bool evaluate(const Node& node, const Facts& facts) {
  switch (node.op) {
    case Op::always:
      return true;
    case Op::eq:
    case Op::in:
      return equals_one(node, facts);
    case Op::ne:
      return !equals_one(node, facts);
    case Op::present:
      return any_scalar(node, facts, k_whatever);
    case Op::absent:
      return !any_scalar(node, facts, k_whatever);
    case Op::matches:
      return matches(node, facts);
    case Op::before:
    case Op::after:
      return date_is(node, facts);
    case Op::count:
      return counts(node, facts);
    case Op::contains:
      return contains_one(node, facts);
    case Op::length:
      return length_is(node, facts);
    case Op::number:
      return any_scalar(node, facts, [&](const json::value& value) {
        return value.is_int64() && compare(node, value.get_int64());
      });
    case Op::same:
      return same_somewhere(node, facts);
    case Op::distinct:
      return compare(node, different(node, facts));
    case Op::age:
      return age_is(node, facts);
    case Op::elsewhere:
      return lies_elsewhere(node, facts);
    case Op::all:
      for (const NodePtr& part : node.parts) {
        if (!evaluate(*part, facts)) return false;
      }
      return true;
    case Op::any:
      for (const NodePtr& part : node.parts) {
        if (evaluate(*part, facts)) return true;
      }
      return false;
    case Op::not_:
      return !evaluate(*node.parts.front(), facts);
  }
  return false;
}

}  // namespace

Condition::Condition() {
  static const NodePtr always = std::make_shared<Node>();
  node_ = always;
}

Condition Condition::never() { return from_json(json::value(false)); }

Condition Condition::both(const Condition& a, const Condition& b) {
  auto node = std::make_shared<Node>();
  node->op = Op::all;
  node->parts = {a.node_, b.node_};
  Condition condition;
  condition.node_ = node;
  return condition;
}

Condition Condition::either(const Condition& a, const Condition& b) {
  auto node = std::make_shared<Node>();
  node->op = Op::any;
  node->parts = {a.node_, b.node_};
  Condition condition;
  condition.node_ = node;
  return condition;
}

bool Condition::holds(const Facts& facts) const { return evaluate(*node_, facts); }

std::vector<std::string> Condition::words_found(const Facts& facts) const {
  std::vector<std::string> words;
  collect_words(*node_, facts, words);
  return words;
}

std::vector<std::string> Condition::paths() const {
  std::vector<std::string> paths;
  collect_paths(*node_, paths);
  return paths;
}

}  // namespace beian
