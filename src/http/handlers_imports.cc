#include "base/json.h"
#include "documents/table_writer.h"
#include "http/handlers.h"
#include "http/multipart.h"
#include "service/import_columns.h"
#include "service/imports.h"

namespace beian {

void add_import_routes(Routes& routes, service::Service& s) {
  constexpr std::size_t k_table_bytes = 13u << 20;  // a table of 12 MiB and its form
  const Access read_access = Access::account(Scope::filings_read);
  const Access write_access = Access::account(Scope::filings_write);
  routes.get("/api/v1/agency/import_template", read_access, [&s](Context& c) {
    const std::string format = c.request.query_or("format", "xlsx");
    Response response;
    response.body = service::import_template(s, format, c.locale);
    response
        .with(
            "Content-Type",
            std::string(documents::media_type(documents::table_format_from_string(format).value())))
        .with("Content-Disposition", "attachment; filename=\"beian-import." + format + "\"");
    return response;
  });
  routes.get("/api/v1/agency/imports", read_access, [&s](Context& c) {
    return json_response(
        json::serialize(json::object{{"imports", service::list_imports(s, c.me().account)}}));
  });
  routes.post(
      "/api/v1/agency/imports", write_access, Body::multipart(k_table_bytes),
      [&s](Context& c) {
        const std::vector<Part> parts = parse_multipart(c.request);
        const Part& file = get_part(parts, "file");
        const Identity& me = c.me();
        return json_response(json::serialize(service::check_import(
                                 s, me.account, me.member != 0 ? me.member : me.account,
                                 std::string(file.filename), std::string(file.bytes), c.locale)),
                             201);
      },
      Pace::costly);
  routes.get("/api/v1/agency/imports/{id}", read_access, [&s](Context& c) {
    return json_response(
        json::serialize(service::show_import(s, c.me().account, c.id("id"), c.locale)));
  });
  routes.post("/api/v1/agency/imports/{id}/confirm", write_access, Body::json(), [&s](Context& c) {
    const json::value body = parse_json(c.request.body);
    service::confirm_import(s, c.me().account, c.id("id"),
                            opt_bool(as_object(body), "skip_faulty").value_or(false));
    return json_response(
        json::serialize(service::show_import(s, c.me().account, c.id("id"), c.locale)));
  });
  routes.del("/api/v1/agency/imports/{id}", write_access, [&s](Context& c) {
    service::drop_import(s, c.me().account, c.id("id"));
    return Response{204, {}, ""};
  });
}

}  // namespace beian
