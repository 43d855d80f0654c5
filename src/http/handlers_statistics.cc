#include "base/json.h"
#include "documents/table_writer.h"
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

Response as_file(const service::Table& table, const std::string& name, const std::string& format) {
  const auto known = documents::table_format_from_string(format);
  if (!known) throw Refusal(RefusalCode::not_found, "not_found");
  return untrusted_content(*known == documents::TableFormat::csv
                               ? documents::write_csv(table)
                               : documents::write_xlsx({{"Beian", table, {}}}),
                           std::string(documents::media_type(*known)), name + "." + format);
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
    return as_file(table, c.param("part") + "-" + period.from + "-" + period.until,
                   c.request.query_or("format", "csv"));
  });
}

}  // namespace beian
