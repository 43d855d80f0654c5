// POST /public/query: what the ministry's public site shows of a filing, in the shape of its list
// (a body with unitName, serviceType, pageNum and pageSize). unitName is a name, a number or a
// domain.
#include "base/json.h"
#include "base/refusal.h"
#include "sandbox/china_time.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

constexpr std::int64_t k_largest_page = 40;

json::object entry(const Row& row, const Dictionaries& dictionaries) {
  const auto nature = dictionaries.natures.find(row.opt_integer(8).value_or(0));
  return {{"mainId", std::to_string(row.integer(0))},
          {"mainLicence", row.text(1)},
          {"unitName", row.text(2)},
          {"serviceId", std::to_string(row.integer(3))},
          {"serviceLicence", row.text(4)},
          {"serviceName", row.text(5)},
          {"homeUrl", row.text(6)},
          {"domain", row.text(7)},
          {"natureName", nature == dictionaries.natures.end() ? "" : nature->second.name},
          {"updateRecordTime", china_date(row.integer(9))},
          {"limitAccess", "否"},
          {"contentTypeName", ""},
          {"leaderName", ""},
          {"domainId", std::to_string(row.integer(10))}};
}

}  // namespace

Response Sandbox::Inside::public_query(const Request& request) {
  if (request.method != "POST") return json_response(R"({"code":405,"success":false})", 405);
  try {
    const json::value body = parse_json(request.body);
    const auto& object = as_object(body);
    const auto name = get_string(object, "unitName", 400);
    const auto page = std::max<std::int64_t>(opt_int(object, "pageNum").value_or(1), 1);
    const auto size =
        std::clamp<std::int64_t>(opt_int(object, "pageSize").value_or(10), 1, k_largest_page);
    if (page > 1'000'000) throw Refusal(RefusalCode::invalid, "request_invalid");
    json::array list;
    if (opt_int(object, "serviceType").value_or(1) == 1) {  // websites; nothing else is filed here
      db.read([&](Reader& reader) {
        for (const auto& row : reader.query(
                 "SELECT subjects.id, subjects.number, subjects.name, sites.id, sites.number, "
                 "sites.name, sites.home_url, domains.name, subjects.nature, "
                 "subjects.published_at, domains.id FROM domains "
                 "JOIN sites ON sites.id = domains.site_id "
                 "JOIN subjects ON subjects.id = sites.subject_id "
                 "WHERE subjects.name = $1 OR subjects.number = $1 OR sites.number = $1 "
                 "OR domains.name = $2 ORDER BY domains.id LIMIT $3 OFFSET $4",
                 {name, domain_claim(name), size, (page - 1) * size})) {
          list.push_back(entry(row, setup.dictionaries));
        }
      });
    }
    return json_response(json::serialize(json::object{
        {"code", 200},
        {"success", true},
        {"params", json::object{{"list", list}, {"pageNum", page}, {"pageSize", size}}}}));
  } catch (const Refusal&) {
    return json_response(R"({"code":400,"success":false})", 400);
  }
}

}  // namespace beian::sandbox
