#include "base/json.h"
#include "http/handlers.h"
#include "http/security.h"
#include "service/statistics_report.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

store::Period period_of(const Service& s, const Context& c) {
  const auto asked = [&](const char* name) { return c.request.query_or(name, ""); };
  return service::read_period(s, asked("from"), asked("until"), asked("province"), asked("kind"));
}

// A cell that a spreadsheet would take for a formula is text with an apostrophe before it.
std::string csv_cell(const std::string& text) {
  constexpr std::string_view k_formula = "=+-@\t\r";
  std::string out = "\"";
  if (!text.empty() && k_formula.find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

// With a mark at the beginning: without it Excel takes UTF-8 for something else.
std::string csv_of(const service::Table& table) {
  std::string out = "\xEF\xBB\xBF";
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + csv_cell(row[i]);
    out += "\r\n";
  }
  return out;
}

}  // namespace

void add_statistics_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/statistics", Access::staff(), [&s](Context& c) {
    return json_response(
        json::serialize(service::show_statistics(s, staff_of(c), period_of(s, c), c.locale)));
  });
  routes.get("/api/v1/desk/statistics/{part}", Access::staff(), [&s](Context& c) {
    const store::Period period = period_of(s, c);
    const service::Table table =
        service::statistics_table(s, staff_of(c), period, c.param("part"), c.locale);
    Response out = untrusted_content(csv_of(table), "text/csv; charset=utf-8");
    out.with("Content-Disposition", "attachment; filename=\"" + c.param("part") + "-" +
                                        period.from + "-" + period.until + ".csv\"");
    return out;
  });
}

}  // namespace beian
