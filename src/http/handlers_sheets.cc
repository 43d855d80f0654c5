#include "http/handlers.h"
#include "http/security.h"
#include "service/sheets.h"

namespace beian {
namespace {

Response as_download(std::string bytes, std::string type, const std::string& name) {
  Response out = untrusted_content(std::move(bytes), std::move(type));
  out.with("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return out;
}

}  // namespace

void add_sheet_routes(Routes& routes, service::Service& s) {
  routes.get(
      "/api/v1/filings/{id}/sheets/{kind}", Access::account(Scope::filings_read), [&s](Context& c) {
        const std::string kind = c.param("kind");
        const Id id = c.id("id");
        std::string pdf = is_staff(c.me().role) ? service::print_sheet_as_staff(
                                                      s, {c.me().account, c.me().role}, id, kind)
                                                : service::print_sheet(s, c.me().account, id, kind);
        return as_download(std::move(pdf), "application/pdf",
                           kind + "-" + id_to_string(id) + ".pdf");
      });
  routes.get("/api/v1/desk/filings/{id}/materials/{material}/copy", Access::staff(),
             [&s](Context& c) {
               const Id material = c.id("material");
               return as_download(service::download_material_as_staff(
                                      s, {c.me().account, c.me().role}, c.id("id"), material),
                                  "image/jpeg", "beian-" + id_to_string(material) + ".jpg");
             });
}

}  // namespace beian
