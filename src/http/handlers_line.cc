// What crossed the lines to the bureaus, the tasks that came over them, the provider's addresses,
// and the bureaus' code lists.
#include <algorithm>

#include "base/json.h"
#include "http/handlers.h"
#include "service/bureau_tasks.h"
#include "service/code_lists.h"
#include "service/ip_filing.h"
#include "service/line_acts.h"
#include "service/line_notes.h"
#include "store/exchange.h"

namespace beian {
namespace {

using service::Service;
using service::Staff;

constexpr int k_page = 50;
constexpr std::size_t k_max_csv_bytes = 4u << 20;

Staff staff_of(const Context& c) { return {c.me().account, c.me().role}; }
service::Doer doer_of(const Context& c) { return {"staff", c.me().account}; }

Access reviewers() {
  return Access::staff(
      {Role::first_reviewer, Role::photo_reviewer, Role::senior, Role::administrator});
}
Access seniors() { return Access::staff({Role::senior, Role::administrator}); }
Access administrators() { return Access::staff({Role::administrator}); }

Response answer(json::object object) { return json_response(json::serialize(object)); }

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

void add_task_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/tasks", reviewers(), [&s](Context& c) {
    store::TaskQuery query;
    query.kind = c.request.query_or("kind", "");
    query.only_open = c.request.query_or("state", "open") == "open";
    query.before = id_from_string(c.request.query_or("before", "")).value_or(0);
    query.limit = query.only_open ? 200 : k_page;
    json::array tasks;
    json::object counts;
    s.db.read([&](Reader& reader) {
      query.scope = store::scope_of(reader, c.me().account);
      for (const auto& task : store::list_tasks(reader, s.keys, query))
        tasks.push_back(service::show_task_row(task));
      for (const auto& [kind, n] : store::count_open_tasks(reader, query.scope)) counts[kind] = n;
    });
    return answer({{"tasks", std::move(tasks)}, {"open", std::move(counts)}});
  });
  routes.get("/api/v1/desk/tasks/{id}", reviewers(),
             [&s](Context& c) { return answer(service::open_task(s, staff_of(c), c.id("id"))); });
  routes.post("/api/v1/desk/tasks/{id}/answer", reviewers(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::answer_task(s, staff_of(c), c.id("id"), as_object(body));
    return answer(service::open_task(s, staff_of(c), c.id("id")));
  });
  routes.post("/api/v1/desk/tasks/{id}/done", reviewers(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::finish_task(s, staff_of(c), c.id("id"),
                         opt_string(as_object(body), "note", 1000).value_or(""));
    return answer(service::open_task(s, staff_of(c), c.id("id")));
  });
}

json::object show_line(const Service& s, const store::ExchangeNumbers& n,
                       const store::BureauLine& line, std::string_view locale) {
  const bool held = line.upload_after > s.now();
  return {{"province", n.province},
          {"last_sequence", n.last_sequence},
          {"waiting", n.waiting},
          {"to_send", n.to_send},
          {"uploads", n.uploads},
          {"upload_records", n.upload_records},
          {"downloads", n.downloads},
          {"attention", n.attention},
          {"open_tasks", n.open_tasks},
          {"overdue_tasks", n.overdue_tasks},
          {"last_contact_at", or_null(n.last_contact_at)},
          {"last_error", service::note_words(s.texts, locale, line.last_error)},
          {"upload_after", held ? json::value(line.upload_after) : json::value(nullptr)},
          {"upload_hold", held ? json::value(line.upload_hold) : json::value(nullptr)}};
}

json::object show_upload(const Service& s, const store::Upload& u, std::string_view locale) {
  return {{"sequence", u.sequence},
          {"subject", u.subject},
          {"records", u.records},
          {"filing_id", u.filing_id ? json::value(id_to_string(u.filing_id)) : nullptr},
          {"bytes", u.bytes},
          {"state", u.state},
          {"tries", u.tries},
          {"note", service::note_words(s.texts, locale, u.note)},
          {"created_at", u.created_at},
          {"accepted_at", or_null(u.accepted_at)}};
}

json::object show_download(const Service& s, const store::DownloadFile& d,
                           std::string_view locale) {
  return {{"file_name", d.file_name},
          {"contents", d.contents},
          {"note", service::note_words(s.texts, locale, d.note)},
          {"attention", d.attention},
          {"bytes", d.bytes},
          {"received_at", d.received_at}};
}

void add_file_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/lines", Access::staff(), [&s](Context& c) {
    json::array out;
    s.db.read([&](Reader& reader) {
      const store::StaffScope scope = store::scope_of(reader, c.me().account);
      for (const auto& n : store::exchange_numbers(reader, s.now()))
        if (scope.covers_province(n.province))
          out.push_back(show_line(s, n, store::find_line(reader, n.province), c.locale));
    });
    return answer({{"lines", std::move(out)}});
  });
  routes.get("/api/v1/desk/lines/{province}/uploads", Access::staff(), [&s](Context& c) {
    const auto before = id_from_string(c.request.query_or("before", "")).value_or(0);
    json::array out;
    for (const auto& upload : s.db.read([&](Reader& reader) {
           service::require_line(reader, staff_of(c), c.param("province"));
           return store::list_uploads(reader, c.param("province"), before, k_page);
         }))
      out.push_back(show_upload(s, upload, c.locale));
    return answer({{"uploads", std::move(out)}});
  });
  routes.get("/api/v1/desk/lines/{province}/downloads", Access::staff(), [&s](Context& c) {
    const auto before = id_from_string(c.request.query_or("before", "")).value_or(0);
    const bool attention = c.request.query_or("attention", "") == "true";
    json::array out;
    for (const auto& file : s.db.read([&](Reader& reader) {
           service::require_line(reader, staff_of(c), c.param("province"));
           return store::list_downloads(reader, c.param("province"), before, attention, k_page);
         }))
      out.push_back(show_download(s, file, c.locale));
    return answer({{"downloads", std::move(out)}});
  });
  routes.get("/api/v1/desk/lines/{province}/uploads/{sequence}", seniors(), [&s](Context& c) {
    return answer(
        {{"xml", service::readable_upload(s, staff_of(c), c.param("province"), c.id("sequence"))}});
  });
  routes.get("/api/v1/desk/lines/{province}/download", seniors(), [&s](Context& c) {
    return answer({{"xml", service::readable_download(s, staff_of(c), c.param("province"),
                                                      c.request.query_or("name", ""))}});
  });
  routes.post("/api/v1/desk/lines/{province}/uploads/{sequence}/resend", seniors(), Body::json(),
              [&s](Context& c) {
                const std::string& province = c.param("province");
                s.db.write([&](Tx& tx) {
                  service::require_line(tx, staff_of(c), province);
                  if (!service::send_again(s, tx, doer_of(c), province, c.id("sequence")))
                    throw Refusal(RefusalCode::not_found, "nothing_kept");
                });
                s.wake_workers();
                return Response{204, {}, ""};
              });
  routes.post("/api/v1/desk/lines/{province}/replay", seniors(), Body::json(), [&s](Context& c) {
    const std::string& province = c.param("province");
    const json::value body = parse_json(c.request.body);
    const std::string name = get_string(as_object(body), "name", 300);
    s.db.write([&](Tx& tx) {
      service::require_line(tx, staff_of(c), province);
      if (!service::apply_again(s, tx, doer_of(c), province, name))
        throw Refusal(RefusalCode::not_found, "nothing_kept");
    });
    s.wake_workers();
    return Response{204, {}, ""};
  });
}

Response listed_ranges(Service& s, const std::string& province, std::string_view locale) {
  json::array out;
  for (const auto& row : s.db.read(
           [&](Reader& reader) { return store::list_ip_ranges(reader, s.keys, province, 2000); }))
    out.push_back(service::show_ip_range(s, row, locale));
  return answer({{"ip_ranges", std::move(out)}});
}

std::string province_in(const Service& s, const json::object& body) {
  std::string province = get_string(body, "province", 6);
  if (!s.reference.bureaus.find(province))
    throw Refusal(RefusalCode::invalid, "ip_ranges_invalid",
                  {{"province", "required", {}, "", "", true}});
  return province;
}

const json::object& fields_in(const json::object& body) {
  const json::value* fields = body.if_contains("fields");
  if (!fields) throw Refusal(RefusalCode::invalid, "ip_ranges_invalid");
  return as_object(*fields);
}

void add_address_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/ip_ranges", seniors(), [&s](Context& c) {
    return listed_ranges(s, c.request.query_or("province", ""), c.locale);
  });
  routes.post("/api/v1/desk/ip_ranges", seniors(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::save_ip_range(s, doer_of(c), province_in(s, in), 0, fields_in(in));
    return listed_ranges(s, "", c.locale);
  });
  routes.put("/api/v1/desk/ip_ranges/{id}", seniors(), Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    const json::object& in = as_object(body);
    service::save_ip_range(s, doer_of(c), province_in(s, in), c.id("id"), fields_in(in));
    return listed_ranges(s, "", c.locale);
  });
  routes.del("/api/v1/desk/ip_ranges/{id}", seniors(), [&s](Context& c) {
    service::remove_ip_range(s, doer_of(c), c.id("id"));
    return Response{204, {}, ""};
  });
  routes.post("/api/v1/desk/ip_ranges/import", seniors(), Body::json(k_max_csv_bytes + 4096),
              [&s](Context& c) {
                const json::value body = parse_json(c.request.body, k_max_csv_bytes + 4096);
                const json::object& in = as_object(body);
                const int n = service::import_ip_ranges(s, doer_of(c), province_in(s, in),
                                                        get_string(in, "csv", k_max_csv_bytes));
                return answer({{"imported", n}});
              });
}

void add_code_routes(Routes& routes, Service& s) {
  routes.get("/api/v1/desk/codes", seniors(), [&s](Context& c) {
    return answer(s.db.read(
        [&](Reader& reader) { return service::show_code_differences(s, reader, c.locale); }));
  });
  routes.get("/api/v1/desk/codes/{dictionary}", reviewers(), [&s](Context& c) {
    return answer({{"codes", s.db.read([&](Reader& reader) {
                      return service::show_received_codes(reader, c.param("dictionary"));
                    })}});
  });
  routes.post(
      "/api/v1/desk/codes/{dictionary}/accept", administrators(), Body::json(), [&s](Context& c) {
        const json::value body = parse_json(c.request.body);
        std::vector<std::int64_t> codes;
        const json::value* list = as_object(body).if_contains("codes");
        if (list && list->is_array())
          for (const json::value& code : list->get_array())
            if (code.is_int64()) codes.push_back(code.get_int64());
        return answer(
            {{"accepted", service::accept_codes(s, staff_of(c), c.param("dictionary"), codes)}});
      });
}

}  // namespace

void add_line_routes(Routes& routes, Service& s) {
  add_task_routes(routes, s);
  add_file_routes(routes, s);
  add_address_routes(routes, s);
  add_code_routes(routes, s);
}

}  // namespace beian
