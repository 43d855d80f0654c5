// Tracking numbers as carriers hand them over: a table.
#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "documents/table_reader.h"
#include "service/dispatch.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_rows = 5000;

struct ColumnWords {
  const char* name;
  std::array<std::string_view, 7> words;
};
constexpr ColumnWords k_columns[] = {
    {"order",
     {"订单号", "幕布订单号", "客户订单号", "备案订单号", "order", "order_id", "order number"}},
    {"carrier", {"快递公司", "承运商", "物流公司", "快递", "carrier", "courier", "快递名称"}},
    {"tracking_number",
     {"运单号", "快递单号", "物流单号", "单号", "tracking_number", "tracking number", "tracking"}},
};

std::map<std::string, std::size_t> read_headings(const std::vector<std::string>& row) {
  std::map<std::string, std::size_t> out;
  std::vector<Problem> missing;
  for (const ColumnWords& column : k_columns) {
    for (std::size_t i = 0; i < row.size() && !out.contains(column.name); ++i) {
      const std::string heading = to_lower_ascii(clean_line(row[i]));
      if (std::ranges::find(column.words, heading) != column.words.end()) out[column.name] = i;
    }
    if (!out.contains(column.name))
      missing.push_back({column.name,
                         "tracking_heading_missing",
                         {{"heading", std::string(column.words.front())}},
                         "",
                         "",
                         true});
  }
  if (!missing.empty()) throw Refusal(RefusalCode::invalid, "tracking_table_invalid", missing);
  return out;
}

struct Outcome {
  bool posted = false;
  std::string reason;  // of the refusal; empty: done
  std::vector<Problem> problems;
  TextParams params;
};

Outcome post_row(Service& s, const Staff& staff, const std::string& order,
                 const std::string& carrier, const std::string& number) {
  const auto id = id_from_string(order);
  if (!id) return {false, "tracking_order_invalid", {}, {}};
  try {
    post_backdrop(s, staff, *id, carrier, number);
    return {true, "", {}, {}};
  } catch (const Refusal& refusal) {
    // Read in twice, a table does nothing the second time.
    if (refusal.reason() == "backdrop_posted_before") {
      const auto there =
          s.db.read([&](Reader& reader) { return store::find_backdrop(reader, s.keys, *id); });
      if (there && there->tracking_number == number) return {};
    }
    if (refusal.code() == RefusalCode::not_found) return {false, "tracking_order_unknown", {}, {}};
    return {false, refusal.reason(), refusal.problems(),
            TextParams(refusal.params().begin(), refusal.params().end())};
  }
}

}  // namespace

json::object post_by_table(Service& s, const Staff& staff, std::string_view file,
                           std::string_view locale) {
  documents::TableLimits limits;
  limits.rows = k_most_rows + 1;
  documents::TableOutcome read = documents::read_table(file, limits);
  if (!read.table)
    throw Refusal(RefusalCode::invalid, "tracking_table_invalid", std::move(read.problems));
  const std::vector<documents::TableRow>& table = read.table->rows;
  if (table.empty())
    throw Refusal(RefusalCode::invalid, "tracking_table_invalid",
                  {{"file", "tracking_table_empty", {}, "", "", true}});
  const auto headings = read_headings(table.front().cells);
  const auto cell = [&](const std::vector<std::string>& row, const std::string& name) {
    const std::size_t i = headings.at(name);
    std::string text = i < row.size() ? clean_line(row[i]) : "";
    // Spreadsheets are kept from rounding long numbers by an apostrophe or ="…".
    if (text.starts_with('\'')) text.erase(0, 1);
    if (text.starts_with("=\"") && text.ends_with('"') && text.size() > 2)
      text = text.substr(2, text.size() - 3);
    return text;
  };
  std::int64_t posted = 0, done = 0, failed = 0;
  json::array rows;
  for (std::size_t i = 1; i < table.size(); ++i) {
    const std::string order = cell(table[i].cells, "order"),
                      number = cell(table[i].cells, "tracking_number");
    if (order.empty() && number.empty()) continue;
    const Outcome outcome = post_row(s, staff, order, cell(table[i].cells, "carrier"), number);
    if (outcome.posted) ++posted;
    if (!outcome.posted && outcome.reason.empty()) ++done;
    if (outcome.reason.empty()) continue;
    ++failed;
    const std::string code =
        outcome.problems.empty() ? outcome.reason : outcome.problems.front().code;
    const auto said = [&](const char* part) {
      return s.texts.render(locale, "problems", code + "." + part, outcome.params);
    };
    rows.push_back(json::object{{"line", static_cast<std::int64_t>(table[i].number)},
                                {"order", order},
                                {"tracking_number", number},
                                {"message", said("message")},
                                {"fix", said("fix")}});
  }
  return {{"posted", posted}, {"done", done}, {"failed", failed}, {"rows", std::move(rows)}};
}

}  // namespace beian::service
