// Reads a condition from JSON; a fault says what is expected.
#include <functional>
#include <utility>

#include "base/text.h"
#include "filing/condition_node.h"
#include "filing/data.h"
#include "filing/date.h"

namespace beian {
namespace {

using Node = Condition::Node;
using NodePtr = std::shared_ptr<const Node>;
constexpr std::string_view k_where = "condition";
constexpr int k_max_depth = 16;

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
    node.pattern = Pattern(pattern);
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

}  // namespace

Condition Condition::from_json(const json::value& value) {
  Condition condition;
  condition.node_ = parse(value, 0);
  return condition;
}

}  // namespace beian
