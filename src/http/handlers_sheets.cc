#include "http/handlers.h"
#include "http/security.h"
#include "service/sheets.h"

namespace beian {

void add_sheet_routes(Routes& routes, service::Service& s) {
  routes.get(
      "/api/v1/filings/{id}/sheets/{kind}", Access::account(Scope::filings_read), [&s](Context& c) {
        const std::string kind = c.param("kind");
        const Id id = c.id("id");
        std::string pdf = is_staff(c.me().role) ? service::print_sheet_as_staff(
                                                      s, {c.me().account, c.me().role}, id, kind)
                                                : service::print_sheet(s, c.me().account, id, kind);
        return untrusted_content(std::move(pdf), "application/pdf",
                                 kind + "-" + id_to_string(id) + ".pdf");
      });
  routes.get("/api/v1/desk/filings/{id}/materials/{material}/copy", Access::staff(),
             [&s](Context& c) {
               const Id material = c.id("material");
               return untrusted_content(service::download_material_as_staff(
                                            s, {c.me().account, c.me().role}, c.id("id"), material),
                                        "image/jpeg", "beian-" + id_to_string(material) + ".jpg");
             });
}

}  // namespace beian
