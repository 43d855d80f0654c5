// Queues, search, what is handed out next, acts on many at once, tables to take away, presence.
#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/shown_problem.h"
#include "base/text.h"
#include "http/handlers.h"
#include "service/bulk.h"
#include "service/presence.h"
#include "service/queue_export.h"
#include "service/search.h"
#include "service/views.h"
#include "store/bureau_tasks.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr int k_page = 50, k_largest_page = 100;
constexpr std::int64_t k_oldest_days = 3650;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }

[[noreturn]] void refuse_filter(const char* name) {
  throw Refusal(RefusalCode::invalid, "queue_filter_invalid",
                {{name, "choice_unknown", {}, "", "", true}});
}

std::optional<std::int64_t> number_of(const Context& c, const char* name, std::int64_t most) {
  const std::string text = c.request.query_or(name, "");
  if (text.empty()) return std::nullopt;
  const auto n = text == "0" ? std::optional<std::int64_t>(0) : id_from_string(text);
  if (!n || *n > most) refuse_filter(name);
  return n;
}

// "due.since.id" of the last row of the page before.
store::QueuePlace read_after(const std::string& text) {
  const auto parts = split(text, '.');
  if (parts.size() != 3) throw Refusal(RefusalCode::invalid, "page_invalid");
  std::array<std::int64_t, 3> n{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto value = id_from_string(parts[i]);
    if (!value) throw Refusal(RefusalCode::invalid, "page_invalid");
    n[i] = *value;
  }
  return {n[0], n[1], n[2]};
}
std::string show_place(const store::QueuePlace& p) {
  return std::to_string(p.due) + "." + std::to_string(p.since) + "." + id_to_string(p.id);
}

// What lies in the scope of one of the staff.
store::QueueFilter filter_of(const store::StaffScope& scope) {
  store::QueueFilter filter;
  filter.provinces = scope.provinces;
  filter.customers = scope.customers;
  return filter;
}

store::QueueFilter read_filter(Service& s, Reader& reader, const Context& c) {
  store::QueueFilter filter = filter_of(store::scope_of(reader, c.me().account));
  if (const std::string province = c.request.query_or("province", ""); !province.empty()) {
    if (!s.reference.catalogue.divisions.is_province(province)) refuse_filter("province");
    // What lies outside one's own provinces is not found, whatever is asked for.
    const bool own = filter.provinces.empty() || std::ranges::count(filter.provinces, province) > 0;
    filter.provinces = {own ? province : "none"};
  }
  if (const std::string kind = c.request.query_or("kind", ""); !kind.empty()) {
    filter.kind = kind_from_string(kind);
    if (!filter.kind) refuse_filter("kind");
  }
  filter.nature = number_of(c, "nature", 1'000'000);
  filter.findings = number_of(c, "findings", 2).value_or(0);
  if (const auto days = number_of(c, "days", k_oldest_days); days && *days > 0)
    filter.since_before = s.now() - *days * 24 * 3'600'000;
  return filter;
}

store::QueueQuery read_query(Service& s, Reader& reader, const Context& c) {
  const auto queue = store::queue_from_string(c.request.query_or("queue", ""));
  if (!queue) throw Refusal(RefusalCode::invalid, "queue_unknown");
  store::QueueQuery query{*queue,
                          c.me().account,
                          read_filter(s, reader, c),
                          store::has_order(*queue, store::QueueOrder::urgent)
                              ? store::QueueOrder::urgent
                              : store::QueueOrder::newest,
                          std::nullopt,
                          k_page};
  if (const std::string order = c.request.query_or("order", ""); !order.empty()) {
    const auto known = store::queue_order_from_string(order);
    if (!known || !store::has_order(*queue, *known)) refuse_filter("order");
    query.order = *known;
  }
  if (const auto limit = number_of(c, "limit", 1'000'000))
    query.limit = static_cast<int>(std::clamp<std::int64_t>(*limit, 1, k_largest_page));
  if (const std::string after = c.request.query_or("after", ""); !after.empty())
    query.after = read_after(after);
  return query;
}

Response list_queue(Service& s, const Context& c) {
  const std::string q = clean_line(c.request.query_or("q", ""));
  json::object out;
  s.db.read([&](Reader& reader) {
    const store::QueueQuery query = read_query(s, reader, c);
    const auto rows = q.empty() ? store::list_queue(reader, s.keys, query)
                                : service::search_filings(
                                      s, reader, q, store::scope_of(reader, query.viewer), k_page);
    json::array shown;
    for (const store::QueueRow& row : rows)
      shown.push_back(service::show_queue_row(s, row, c.locale));
    out["rows"] = std::move(shown);
    if (!q.empty()) {
      out["total"] = rows.size();
      out["at_least"] = static_cast<int>(rows.size()) == k_page;
      return;
    }
    const store::QueueTotal total = store::count_queue(reader, query);
    out["total"] = total.n;
    out["at_least"] = total.at_least;
    if (static_cast<int>(rows.size()) == query.limit)
      out["next"] = show_place(store::place_of(rows.back()));
  });
  return json_response(json::serialize(out));
}

Response count_queues(Service& s, const Context& c) {
  json::array out;
  s.db.read([&](Reader& reader) {
    const store::StaffScope scope = store::scope_of(reader, c.me().account);
    for (const auto& [queue, count] : store::count_queues(reader, c.me().account, scope))
      out.push_back(json::object{{"name", to_string(queue)}, {"count", count}});
    auto tasks = store::count_open_tasks(reader, scope);
    out.push_back(json::object{{"name", "verification_tasks"}, {"count", tasks["verification"]}});
    out.push_back(json::object{{"name", "unfiled_sites"}, {"count", tasks["unfiled_site"]}});
  });
  return json_response(json::serialize(json::object{{"queues", std::move(out)}}));
}

Response export_queue(Service& s, const Context& c) {
  const auto format = documents::table_format_from_string(c.request.query_or("format", "csv"));
  if (!format) refuse_filter("format");
  const store::QueueQuery query =
      s.db.read([&](Reader& reader) { return read_query(s, reader, c); });
  Response out{200, {}, service::export_queue(s, staff_of(c), query, *format, c.locale)};
  const std::string name = std::string(to_string(query.queue)) +
                           (*format == documents::TableFormat::csv ? ".csv" : ".xlsx");
  out.with("content-type", std::string(documents::media_type(*format)))
      .with("content-disposition", "attachment; filename=\"" + name + "\"")
      .with("cache-control", "no-store");
  return out;
}

service::BulkRequest read_bulk(const json::object& in) {
  service::BulkRequest request;
  const auto act = service::bulk_act_from_string(get_string(in, "act", 20));
  if (!act) refuse_filter("act");
  request.act = *act;
  const json::value* items = in.if_contains("filings");
  if (!items || !items->is_array() || items->get_array().size() > service::k_bulk_at_most)
    throw Refusal(RefusalCode::invalid, "bulk_invalid", {},
                  {{"max", std::to_string(service::k_bulk_at_most)}});
  for (const json::value& value : items->get_array()) {
    const json::object& item = as_object(value);
    request.items.push_back({id_from_string(get_string(item, "id", 20)).value_or(0),
                             opt_string(item, "tracking_number", 60).value_or("")});
  }
  request.assignee = id_from_string(opt_string(in, "assignee", 20).value_or("")).value_or(0);
  request.how.take_over = opt_bool(in, "take_over").value_or(false);
  request.how.reason = opt_string(in, "reason", 1000).value_or("");
  request.carrier = opt_string(in, "carrier", 160).value_or("");
  return request;
}

Response do_in_bulk(Service& s, const Context& c) {
  const json::value body = parse_json(c.request.body);
  json::array results;
  for (const service::BulkResult& one :
       service::do_in_bulk(s, staff_of(c), read_bulk(as_object(body)))) {
    json::object shown{
        {"id", id_to_string(one.filing)}, {"done", !one.refusal.has_value()}, {"problem", nullptr}};
    if (one.refusal) {
      const auto& problems = one.refusal->problems();
      Problem whole{"", one.refusal->reason(), one.refusal->params(), "", "", true};
      shown["problem"] =
          shown_problem(problems.size() == 1 ? problems.front() : whole, s.texts, c.locale);
    }
    results.push_back(std::move(shown));
  }
  return json_response(json::serialize(json::object{{"results", std::move(results)}}));
}

}  // namespace

void add_queue_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/queues", Access::staff(),
             [&s](Context& c) { return count_queues(s, c); });
  routes.get("/api/v1/desk/filings", Access::staff(),
             [&s](Context& c) { return list_queue(s, c); });
  routes.get(
      "/api/v1/desk/export", Access::staff(), [&s](Context& c) { return export_queue(s, c); },
      Pace::costly);
  routes.post("/api/v1/desk/bulk", Access::staff(), Body::json(),
              [&s](Context& c) { return do_in_bulk(s, c); });
  routes.post(
      "/api/v1/desk/filings/{id}/presence", Access::staff(), Body::none(), [&s](Context& c) {
        return json_response(json::serialize(service::visit_case(s, staff_of(c), c.id("id"))));
      });
  routes.del("/api/v1/desk/filings/{id}/presence", Access::staff(), [&s](Context& c) {
    service::leave_case(s, staff_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
}

}  // namespace beian
