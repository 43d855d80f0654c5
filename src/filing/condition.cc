#include "filing/condition.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <functional>
#include <set>
#include <utility>

#include "base/text.h"
#include "filing/data.h"
#include "filing/date.h"
#include "filing/identity.h"

namespace beian {
namespace {

enum class Op {
  always,
  eq,
  ne,
  in,
  present,
  absent,
  matches,
  before,
  after,
  count,
  contains,
  length,
  number,
  same,
  distinct,
  age,
  elsewhere,
  all,
  any,
  not_
};
enum class Compare { at_least, at_most, more, less, equal };

constexpr int k_max_depth = 16;
// Longer answers are compared by their beginning: no pattern of ours needs more, and a pattern
// never gets to spend its time on a megabyte.
constexpr std::size_t k_max_matched = 2000;

std::wstring to_wide(std::string_view text) {
  std::wstring wide;
  for (char32_t point : to_code_points(text.substr(0, k_max_matched * 4))) {
    if (wide.size() == k_max_matched) break;
    wide.push_back(static_cast<wchar_t>(point));
  }
  return wide;
}

int hex_digit(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'a' && c <= U'f') return static_cast<int>(c - U'a' + 10);
  if (c >= U'A' && c <= U'F') return static_cast<int>(c - U'A' + 10);
  return -1;
}

// Patterns are written as JavaScript has them; its \u4e00, which Boost reads otherwise, becomes the
// character itself.
std::wstring pattern_text(std::string_view text) {
  const std::vector<char32_t> points = to_code_points(text);
  std::wstring pattern;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] == U'\\' && i + 1 < points.size()) {
      int code = points[i + 1] == U'u' && i + 5 < points.size() ? 0 : -1;
      for (std::size_t k = i + 2; code >= 0 && k < i + 6; ++k) {
        const int digit = hex_digit(points[k]);
        code = digit < 0 ? -1 : code * 16 + digit;
      }
      if (code >= 0) {
        pattern.push_back(static_cast<wchar_t>(code));
        i += 5;
        continue;
      }
      pattern.push_back(static_cast<wchar_t>(points[i++]));
    }
    pattern.push_back(static_cast<wchar_t>(points[i]));
  }
  return pattern;
}

}  // namespace

struct Condition::Node {
  Op op = Op::always;
  std::string path;
  std::string other;                // same, elsewhere
  std::vector<std::string> paths;   // distinct
  std::vector<std::string> words;   // contains, in small letters
  std::vector<json::value> values;  // eq, ne, in: what to compare with
  boost::wregex pattern;
  std::string date;  // YYYY-MM-DD or $today
  Compare compare = Compare::equal;
  std::int64_t number = 0;
  std::vector<std::shared_ptr<const Node>> parts;
};

namespace {

using Node = Condition::Node;
using NodePtr = std::shared_ptr<const Node>;
constexpr std::string_view k_where = "condition";

NodePtr parse(const json::value& value, int depth);

std::string operand_path(const json::value& value) {
  const std::string path = data::text(value, k_where);
  if (path.empty() || path.size() > 100) data::fault(k_where, "a path is expected");
  return path;
}

// The two or three members of ["path", …].
const json::array& operands(const json::value& value, std::size_t count) {
  const json::array& list = data::array(value, k_where);
  if (list.size() != count) data::fault(k_where, "wrong number of operands");
  return list;
}

Compare parse_compare(const std::string& text) {
  if (text == ">=") return Compare::at_least;
  if (text == "<=") return Compare::at_most;
  if (text == ">") return Compare::more;
  if (text == "<") return Compare::less;
  if (text == "=" || text == "==") return Compare::equal;
  data::fault(k_where, "unknown comparison \"" + text + "\"");
}

void parse_parts(Node& node, const json::value& value, int depth) {
  for (const json::value& part : data::array(value, k_where)) {
    node.parts.push_back(parse(part, depth + 1));
  }
}

void parse_eq(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  node.values.push_back(list[1]);
}

void parse_in(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  for (const json::value& one : data::array(list[1], k_where)) node.values.push_back(one);
}

void parse_matches(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  const std::string pattern = data::text(list[1], k_where);
  try {
    node.pattern.assign(pattern_text(pattern));
  } catch (const boost::regex_error& error) {
    data::fault(k_where, "bad pattern " + pattern + ": " + error.what());
  }
}

void parse_date(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  node.date = data::text(list[1], k_where);
  if (node.date != "$today" && !parse_day(node.date)) data::fault(k_where, "a date is expected");
}

void parse_count(Node& node, const json::value& value) {
  const json::array& list = operands(value, 3);
  node.path = operand_path(list[0]);
  node.compare = parse_compare(data::text(list[1], k_where));
  node.number = data::integer(list[2], k_where);
}

void parse_contains(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  for (const json::value& word : data::array(list[1], k_where)) {
    node.words.push_back(to_lower_ascii(data::text(word, k_where)));
    if (node.words.back().empty()) data::fault(k_where, "a word is empty");
  }
}

void parse_same(Node& node, const json::value& value) {
  const json::array& list = operands(value, 2);
  node.path = operand_path(list[0]);
  node.other = operand_path(list[1]);
}

void parse_distinct(Node& node, const json::value& value) {
  const json::array& list = operands(value, 3);
  for (const json::value& path : data::array(list[0], k_where)) {
    node.paths.push_back(operand_path(path));
  }
  node.compare = parse_compare(data::text(list[1], k_where));
  node.number = data::integer(list[2], k_where);
}

void parse_elsewhere(Node& node, const json::value& value) {
  const json::array& list = operands(value, 3);
  node.path = operand_path(list[0]);
  node.number = data::integer(list[1], k_where);
  if (node.number < 0 || node.number > 16)
    data::fault(k_where, "a position from 0 to 16 is expected");
  node.other = operand_path(list[2]);
}

NodePtr parse(const json::value& value, int depth) {
  if (depth > k_max_depth) data::fault(k_where, "nested too deep");
  auto node = std::make_shared<Node>();
  if (value.is_bool()) {
    node->op = value.get_bool() ? Op::always : Op::any;  // `any` of nothing never holds
    return node;
  }
  const json::object& object = data::object(value, k_where);
  if (object.size() != 1) data::fault(k_where, "exactly one operator is expected");
  const std::string_view name = object.begin()->key();
  const json::value& operand = object.begin()->value();
  using Reader = std::function<void(Node&, const json::value&)>;
  const Reader path_only = [](Node& n, const json::value& v) { n.path = operand_path(v); };
  const Reader parts = [depth](Node& n, const json::value& v) { parse_parts(n, v, depth); };
  const std::pair<std::string_view, std::pair<Op, Reader>> operators[] = {
      {"always", {Op::always, [](Node&, const json::value&) {}}},
      {"eq", {Op::eq, parse_eq}},
      {"ne", {Op::ne, parse_eq}},
      {"in", {Op::in, parse_in}},
      {"present", {Op::present, path_only}},
      {"absent", {Op::absent, path_only}},
      {"matches", {Op::matches, parse_matches}},
      {"before", {Op::before, parse_date}},
      {"after", {Op::after, parse_date}},
      {"count", {Op::count, parse_count}},
      {"contains", {Op::contains, parse_contains}},
      {"length", {Op::length, parse_count}},
      {"number", {Op::number, parse_count}},
      {"same", {Op::same, parse_same}},
      {"distinct", {Op::distinct, parse_distinct}},
      {"age", {Op::age, parse_count}},
      {"elsewhere", {Op::elsewhere, parse_elsewhere}},
      {"all", {Op::all, parts}},
      {"any", {Op::any, parts}},
      {"not",
       {Op::not_,
        [depth](Node& n, const json::value& v) { n.parts.push_back(parse(v, depth + 1)); }}},
  };
  for (const auto& [known, meaning] : operators) {
    if (known != name) continue;
    node->op = meaning.first;
    meaning.second(*node, operand);
    return node;
  }
  data::fault(k_where, "unknown operator \"" + std::string(name) + "\"");
}

bool same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    return a.is_int64() && b.is_int64() ? a.get_int64() == b.get_int64() : a == b;
  }
  return a == b;
}

// Content, or with '$' what is known beside it.
std::vector<const json::value*> values_of(const std::string& path, const Facts& facts) {
  if (!path.starts_with('$')) return values_at(facts.content, absolute_path(path, facts.item));
  if (!facts.known) return {};
  return values_at(*facts.known, absolute_path(std::string_view(path).substr(1), facts.item));
}

// The values a path leads to; a list counts as its elements.
std::vector<const json::value*> scalars(const std::string& path, const Facts& facts) {
  std::vector<const json::value*> found;
  for (const json::value* value : values_of(path, facts)) {
    if (value->is_array()) {
      for (const json::value& element : value->get_array()) found.push_back(&element);
    } else {
      found.push_back(value);
    }
  }
  std::erase_if(found, [](const json::value* value) { return is_absent(value); });
  return found;
}

// Whether one of the values a path leads to is wanted. Nearly every path leads to one value at
// most, for which nothing need be put together.
template <typename Wanted>
bool any_scalar(const Node& node, const Facts& facts, Wanted&& wanted) {
  const std::string_view path = node.path;
  if (path.find('*') != std::string_view::npos) {
    for (const json::value* value : scalars(node.path, facts)) {
      if (wanted(*value)) return true;
    }
    return false;
  }
  const json::value* value = nullptr;
  if (path.starts_with('.'))
    value = value_at(facts.content, absolute_path(path, facts.item));
  else if (!path.starts_with('$'))
    value = value_at(facts.content, path);
  else if (facts.known)
    value = value_at(*facts.known, absolute_path(path.substr(1), facts.item));
  if (is_absent(value)) return false;
  if (const json::array* list = value->if_array())
    return std::ranges::any_of(
        *list, [&](const json::value& one) { return !is_absent(&one) && wanted(one); });
  return wanted(*value);
}

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
    if (!value.is_string()) return false;
    try {
      return boost::regex_search(to_wide(value.get_string()), node.pattern);
    } catch (const std::runtime_error&) {
      return false;  // the pattern took too long on this text
    }
  });
}

bool date_is(const Node& node, const Facts& facts) {
  const std::string& limit = node.date == "$today" ? facts.today : node.date;
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
  for (const json::value* value : values_of(node.path, facts)) {
    if (value->is_array()) {
      count += static_cast<std::int64_t>(value->get_array().size());
    } else if (!is_absent(value)) {
      ++count;
    }
  }
  return compare(node, count);
}

// Without hyphens, blanks and capitals: as two phone numbers are compared.
std::string compared(const json::value& value) {
  if (!value.is_string()) return json::serialize(value);
  std::string text;
  for (char c : to_lower_ascii(value.get_string())) {
    if (c != '-' && c != ' ') text.push_back(c);
  }
  return text;
}

bool same_somewhere(const Node& node, const Facts& facts) {
  const auto others = scalars(node.other, facts);
  return any_scalar(node, facts, [&](const json::value& value) {
    return std::ranges::any_of(
        others, [&](const json::value* other) { return compared(value) == compared(*other); });
  });
}

std::int64_t different(const Node& node, const Facts& facts) {
  std::set<std::string> seen;
  for (const std::string& path : node.paths) {
    for (const json::value* value : scalars(path, facts)) seen.insert(compared(*value));
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
  const auto provinces = scalars(node.other, facts);
  if (provinces.empty() || !provinces.front()->is_string()) return false;
  const std::string_view province = provinces.front()->get_string();
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

bool contains_word(const json::value& value, const std::string& word) {
  return value.is_string() && to_lower_ascii(value.get_string()).find(word) != std::string::npos;
}

bool contains_one(const Node& node, const Facts& facts) {
  return any_scalar(node, facts, [&](const json::value& value) {
    if (!value.is_string()) return false;
    const std::string text = to_lower_ascii(value.get_string());
    return std::ranges::any_of(
        node.words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
  });
}

bool length_is(const Node& node, const Facts& facts) {
  const auto found = scalars(node.path, facts);
  if (found.empty()) return compare(node, 0);
  return any_scalar(node, facts, [&](const json::value& value) {
    return value.is_string() && compare(node, static_cast<std::int64_t>(count_characters(
                                                  std::string_view(value.get_string()))));
  });
}

void collect_words(const Node& node, const Facts& facts, std::vector<std::string>& words) {
  for (const std::string& word : node.words) {
    if (std::ranges::find(words, word) != words.end()) continue;
    if (any_scalar(node, facts, [&](const json::value& v) { return contains_word(v, word); }))
      words.push_back(word);
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
      return any_scalar(node, facts, [](const json::value&) { return true; });
    case Op::absent:
      return !any_scalar(node, facts, [](const json::value&) { return true; });
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

Condition Condition::from_json(const json::value& value) {
  Condition condition;
  condition.node_ = parse(value, 0);
  return condition;
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
