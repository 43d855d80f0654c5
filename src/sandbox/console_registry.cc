#include "sandbox/console_registry.h"

#include "sandbox/console_call.h"
#include "sandbox/console_json.h"
#include "sandbox/officers.h"

namespace beian::sandbox {
namespace {

Response registry(const ConsoleCall& call) {
  const auto wanted = call.request.query_or("q", "");
  return call.db.read([&](Reader& reader) {
    const auto rows = reader.query(
        "SELECT id, province, number, name, published_at, cancelled_at, isp_id FROM subjects "
        "WHERE ($1 = '' OR number = $1 OR name = $1 OR id IN (SELECT sites.subject_id FROM sites "
        "LEFT JOIN domains ON domains.site_id = sites.id "
        "WHERE domains.name = $2 OR sites.number = $1)) "
        "AND ($3 = 0 OR id < $3) ORDER BY id DESC LIMIT $4",
        {wanted, domain_claim(wanted), call.before(), std::int64_t{k_console_page}});
    json::array list;
    for (const auto& row : rows) {
      list.push_back(json::object{{"id", std::to_string(row.integer(0))},
                                  {"province", row.text(1)},
                                  {"number", row.text(2)},
                                  {"name", row.text(3)},
                                  {"published_at", row.integer(4)},
                                  {"cancelled", !row.is_null(5)},
                                  {"isp_id", std::to_string(row.integer(6))}});
    }
    json::value next;
    if (rows.size() == k_console_page) next = std::to_string(rows.back().integer(0));
    return answer(json::object{{"subjects", std::move(list)}, {"next", next}});
  });
}

Response one_subject(const ConsoleCall& call, Id id) {
  auto object = call.db.read(
      [&](Reader& reader) { return subject_json(reader, call.setup.dictionaries, id); });
  if (!object) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return answer(*object);
}

std::string text(const json::object& object, std::string_view key, std::size_t longest = 512) {
  return opt_string(object, key, longest).value_or("");
}

// POST registry {province, websites: [{domain, name?}], name?, nature?, certificate_type?,
// certificate_number?, mobile?}
Response seed(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  Seed seed;
  seed.province = get_string(object, "province");
  seed.name = text(object, "name", 255);
  seed.nature = opt_int(object, "nature");
  seed.certificate_type = opt_int(object, "certificate_type");
  seed.certificate_number = text(object, "certificate_number", 255);
  seed.mobile = text(object, "mobile", 128);
  const auto* sites = object.if_contains("websites");
  if (sites != nullptr && sites->is_array()) {
    for (const auto& site : sites->get_array()) {
      const auto& one = as_object(site);
      seed.websites.push_back({text(one, "name"), get_string(one, "domain", 128)});
    }
  }
  const Id id = call.db.write([&](Tx& tx) { return plant(tx, call.setup, seed, call.now); });
  return one_subject(call, id);
}

Response foreign_access(const ConsoleCall& call, Id id) {
  const json::value body = call.body();
  const Id site = get_id(as_object(body), "site_id");
  call.db.write([&](Tx& tx) { add_foreign_access(tx, call.setup, id, site, call.now); });
  return one_subject(call, id);
}

Response foreign_change(const ConsoleCall& call, Id id) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  ForeignChange change;
  change.name = text(object, "name", 255);
  change.address = text(object, "address");
  change.principal = text(object, "principal", 128);
  change.mobile = text(object, "mobile", 128);
  change.email = text(object, "email", 128);
  change.site = opt_id(object, "site_id").value_or(0);
  change.site_name = text(object, "site_name");
  change.home_url = text(object, "home_url", 255);
  call.db.write([&](Tx& tx) { change_from_outside(tx, call.setup, id, change, call.now); });
  return one_subject(call, id);
}

Response cancel(const ConsoleCall& call, Id id) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const auto reason = text(object, "reason", 255);
  const Id site = opt_id(object, "site_id").value_or(0);
  call.db.write([&](Tx& tx) {
    cancel_by_force(tx, call.setup, id, site, reason.empty() ? "管局强制注销" : reason, call.now);
  });
  return one_subject(call, id);
}

json::array in_flight_json(Reader& reader, Id id) {
  json::array list;
  for (const auto& order : orders_in_flight(reader, id)) list.push_back(order_json(order));
  return list;
}

}  // namespace

std::optional<json::object> subject_json(Reader& reader, const Dictionaries& dictionaries, Id id) {
  const auto subject = find_subject(reader, id);
  if (!subject) return std::nullopt;
  auto object = published_json(dictionaries, subject->filing);
  object["id"] = std::to_string(id);
  object["province"] = subject->province;
  object["isp_id"] = std::to_string(subject->home);
  object["cancelled"] = subject->cancelled;
  object["filing_password"] = nullptr;
  if (!subject->password.empty()) object["filing_password"] = subject->password;
  object["in_flight"] = in_flight_json(reader, id);
  return object;
}

std::optional<Response> registry_route(const ConsoleCall& call) {
  if (call.is("GET", "registry")) return registry(call);
  if (call.is("POST", "registry")) return seed(call);
  if (call.is("GET", "registry/*")) return one_subject(call, call.id(1));
  if (call.is("POST", "registry/*/access")) return foreign_access(call, call.id(1));
  if (call.is("POST", "registry/*/change")) return foreign_change(call, call.id(1));
  if (call.is("POST", "registry/*/cancel")) return cancel(call, call.id(1));
  return std::nullopt;
}

}  // namespace beian::sandbox
