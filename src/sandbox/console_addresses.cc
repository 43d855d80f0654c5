// Filed addresses and domains on the console, and the entries officers make in the IP library.
#include "sandbox/console_addresses.h"

#include "base/text.h"
#include "bureau/xml.h"
#include "sandbox/console_call.h"
#include "sandbox/console_json.h"

namespace beian::sandbox {
namespace {

std::string dotted_at(const Row& row, std::size_t column) {
  return dotted(static_cast<std::uint32_t>(row.integer(column)));
}

json::array records_json(Reader& reader) {
  json::array list;
  for (const auto& row : reader.query(
           "SELECT id, province, isp_id, kind, own_id, first, last, manner, unit, user_name, "
           "filed_at FROM ip_records ORDER BY first, kind LIMIT 500")) {
    list.push_back(json::object{{"id", std::to_string(row.integer(0))},
                                {"province", row.text(1)},
                                {"isp_id", std::to_string(row.integer(2))},
                                {"kind", row.text(3)},
                                {"own_id", std::to_string(row.integer(4))},
                                {"first", dotted_at(row, 5)},
                                {"last", dotted_at(row, 6)},
                                {"manner", row.integer(7)},
                                {"unit", std::to_string(row.integer(8))},
                                {"user", row.text(9)},
                                {"filed_at", row.integer(10)}});
  }
  return list;
}

Response ip_library(const ConsoleCall& call) {
  return call.db.read([&](Reader& reader) {
    json::array entered, units;
    for (const auto& row :
         reader.query("SELECT isp_id, first, last FROM ip_library ORDER BY first, isp_id")) {
      entered.push_back(json::object{{"isp_id", std::to_string(row.integer(0))},
                                     {"first", dotted_at(row, 1)},
                                     {"last", dotted_at(row, 2)}});
    }
    for (const auto& unit : call.setup.units) {
      units.push_back(json::object{
          {"id", std::to_string(unit.id)}, {"name", unit.name}, {"carrier", unit.carrier}});
    }
    return answer(json::object{{"records", records_json(reader)},
                               {"entered", std::move(entered)},
                               {"units", std::move(units)}});
  });
}

// Which addresses a provider has filed as its own (checked when check_ip_library is set), entered
// by an officer instead of filed.
Response change_ip_library(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const Id isp_id = get_id(object, "isp_id");
  const std::int64_t first = address_in(object, "first");
  const std::int64_t last = address_in(object, "last");
  if (first > last) refuse_member("last", "sandbox_setting_invalid");
  call.db.write([&](Tx& tx) {
    tx.execute(call.request.method == "DELETE"
                   ? "DELETE FROM ip_library WHERE isp_id = $1 AND first = $2 AND last = $3"
                   : "INSERT INTO ip_library (isp_id, first, last) VALUES ($1, $2, $3) "
                     "ON CONFLICT DO NOTHING",
               {isp_id, first, last});
  });
  return done();
}

Response domains(const ConsoleCall& call) {
  return call.db.read([](Reader& reader) {
    json::array list;
    for (const auto& row : reader.query("SELECT id, isp_id, own_id, name, registrant, expires, "
                                        "filed_at FROM ym_records ORDER BY id DESC LIMIT 200")) {
      list.push_back(json::object{{"id", std::to_string(row.integer(0))},
                                  {"isp_id", std::to_string(row.integer(1))},
                                  {"own_id", std::to_string(row.integer(2))},
                                  {"name", row.text(3)},
                                  {"registrant", row.text(4)},
                                  {"expires", row.text(5)},
                                  {"filed_at", row.integer(6)}});
    }
    return answer(json::object{{"domains", std::move(list)}});
  });
}

}  // namespace

std::uint32_t address_in(const json::object& object, std::string_view member) {
  const auto* value = object.if_contains(member);
  const auto refuse = [&] { refuse_member(std::string(member), "sandbox_address_invalid"); };
  if (value == nullptr) refuse();
  if (value->is_int64()) {
    if (value->get_int64() < 0 || value->get_int64() > 0xffffffff) refuse();
    return static_cast<std::uint32_t>(value->get_int64());
  }
  if (!value->is_string()) refuse();
  const auto parts = split(std::string_view(value->get_string()), '.');
  if (parts.size() != 4) refuse();
  std::uint32_t address = 0;
  for (const auto& part : parts) {
    const auto number = bureau::to_integer(part);
    if (!number || part.size() > 3 || *number < 0 || *number > 255) refuse();
    address = address << 8 | static_cast<std::uint32_t>(*number);
  }
  return address;
}

std::optional<Response> addresses_route(const ConsoleCall& call) {
  if (call.is("GET", "ip_library")) return ip_library(call);
  if (call.is("POST", "ip_library") || call.is("DELETE", "ip_library")) {
    return change_ip_library(call);
  }
  if (call.is("GET", "domains")) return domains(call);
  return std::nullopt;
}

}  // namespace beian::sandbox
