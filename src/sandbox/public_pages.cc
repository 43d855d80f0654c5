// What the public may do without a token.
// POST /public/query: what the ministry's public site shows of a filing, in the shape of its list
// (a body with unitName, serviceType, pageNum and pageSize). unitName is a name, a number or a
// domain.
// POST /public/sms {mobile, certificate_last_six, code}: enters the code of the SMS check.
#include "base/json.h"
#include "base/refusal.h"
#include "sandbox/china_time.h"
#include "sandbox/inside.h"
#include "sandbox/sms.h"

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

Response query(Db& db, const Dictionaries& dictionaries, const Request& request) {
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
                 "subjects.changed_at, domains.id FROM domains "
                 "JOIN sites ON sites.id = domains.site_id "
                 "JOIN subjects ON subjects.id = sites.subject_id "
                 "WHERE subjects.name = $1 OR subjects.number = $1 OR sites.number = $1 "
                 "OR domains.name = $2 ORDER BY domains.id LIMIT $3 OFFSET $4",
                 {name, domain_claim(name), size, (page - 1) * size})) {
          list.push_back(entry(row, dictionaries));
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

std::string_view name_of(SmsOutcome outcome) {
  switch (outcome) {
    case SmsOutcome::accepted:
      return "accepted";
    case SmsOutcome::wrong:
      return "wrong";
    case SmsOutcome::returned:
      return "returned";
    case SmsOutcome::unknown:
      break;
  }
  return "unknown";
}

Response sms(Db& db, const Setup& setup, const Request& request, Millis now) {
  try {
    const json::value body = parse_json(request.body);
    const auto& object = as_object(body);
    const auto mobile = get_string(object, "mobile", 20);
    const auto last_six = get_string(object, "certificate_last_six", 20);
    const auto code = get_string(object, "code", 20);
    const auto outcome =
        db.write([&](Tx& tx) { return enter_code(tx, setup, mobile, last_six, code, now); });
    return json_response(json::serialize(
        json::object{{"success", outcome == SmsOutcome::accepted}, {"outcome", name_of(outcome)}}));
  } catch (const Refusal&) {
    return json_response(R"({"code":400,"success":false})", 400);
  }
}

}  // namespace

Response Sandbox::Inside::public_page(const Request& request) {
  const bool is_query = request.path == "/public/query";
  if (!is_query && request.path != "/public/sms") {
    return json_response(R"({"code":404,"success":false})", 404);
  }
  if (request.method != "POST") return json_response(R"({"code":405,"success":false})", 405);
  if (is_query) return query(db, setup.dictionaries, request);
  return sms(db, setup, request, clock.now());
}

}  // namespace beian::sandbox
