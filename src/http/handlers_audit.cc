// The audit trail: searched, exported, verified.
#include <array>
#include <cstdio>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "filing/date.h"
#include "http/handlers_administration.h"
#include "service/audit.h"
#include "store/accounts.h"

namespace beian {
namespace {

using service::Service;

constexpr int k_export_page = 1000;
constexpr std::int64_t k_most_exported = 200'000;  // entries of one CSV file

Millis time_of(const Context& c, const char* name, Millis otherwise) {
  const std::string text = c.request.query_or(name, "");
  if (text.empty()) return otherwise;
  const auto time = id_from_string(text);
  if (!time) throw Refusal(RefusalCode::invalid, "page_invalid");
  return *time;
}

// For a reader of the table: "2026-11-29 07:03:21", China's time.
std::string shanghai_time(Millis at) {
  const Day day = shanghai_day(at);
  const Millis seconds = (at - shanghai_midnight(day)) / 1000;
  std::array<char, 16> clock{};
  std::snprintf(clock.data(), clock.size(), " %02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return day_to_string(day) + clock.data();
}

// Of whom: an account's number, its address, or a colleague's name.
Id person_of(Service& s, const std::string& typed) {
  if (const auto id = id_from_string(typed)) return *id;
  return s.db.read([&](Reader& reader) {
    if (typed.find('@') != std::string::npos) {
      if (const auto account = store::find_account_by_email(reader, s.keys, typed))
        return account->id;
    } else {
      for (const store::Account& account : store::list_staff(reader, s.keys))
        if (account.display_name == typed) return account.id;
    }
    throw Refusal(RefusalCode::invalid, "audit_person_unknown",
                  {{"actor", "audit_person_unknown", {}, "", "", true}});
  });
}

store::AuditQuery read_audit_query(Service& s, const Context& c) {
  store::AuditQuery query;
  query.act = clean_line(c.request.query_or("act", "")).substr(0, 60);
  // Names of acts only: anything else would be a pattern of LIKE.
  if (query.act.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") != std::string::npos)
    throw Refusal(RefusalCode::invalid, "page_invalid");
  query.subject = clean_line(c.request.query_or("subject", "")).substr(0, 60);
  if (const std::string actor = clean_line(c.request.query_or("actor", "")); !actor.empty())
    query.actor_id = person_of(s, actor.substr(0, 254));
  query.from = time_of(c, "from", 0);
  query.until = time_of(c, "until", INT64_MAX);
  query.before = time_of(c, "before", INT64_MAX);
  return query;
}

// Whom an entry names: its doer, the account it is about, and those in its detail.
std::vector<Id> people_of(const store::AuditEntry& e, const json::object& detail) {
  std::vector<Id> out;
  if (e.actor_id) out.push_back(*e.actor_id);
  if (e.subject.starts_with("account/"))
    if (const auto id = id_from_string(e.subject.substr(8))) out.push_back(*id);
  for (const char* name : {"asked_by", "from", "to", "agency"})
    if (const json::value* value = detail.if_contains(name); value && value->is_string())
      if (const auto id = id_from_string(std::string(value->get_string()))) out.push_back(*id);
  return out;
}

// Colleagues by their names, applicants by their addresses, masked; asked for once each.
class Names {
 public:
  Names(Service& s, Reader& reader) : s_(s), reader_(reader) {}
  const std::string& of(Id id) { return look(id).name; }
  // Empty for whoever is no colleague: what leaves the house names nobody else.
  std::string colleague(Id id) { return look(id).staff ? look(id).name : ""; }

 private:
  struct Known {
    std::string name;
    bool staff = false;
  };
  const Known& look(Id id) {
    const auto [at, fresh] = known_.try_emplace(id);
    if (fresh)
      if (const auto account = store::find_account(reader_, s_.keys, id)) {
        const bool staff = is_staff(account->role);
        at->second = {staff ? account->display_name : mask_email(account->email), staff};
      }
    return at->second;
  }
  Service& s_;
  Reader& reader_;
  std::map<Id, Known> known_;
};

json::object show_entry(const store::AuditEntry& e, Names& names) {
  json::object detail = e.detail.empty() ? json::object{} : as_object(parse_json(e.detail));
  json::object people;
  for (const Id id : people_of(e, detail))
    if (const std::string& name = names.of(id); !name.empty()) people[id_to_string(id)] = name;
  return {{"seq", e.seq},
          {"at", e.at},
          {"actor", e.actor},
          {"actor_id", e.actor_id ? json::value(id_to_string(*e.actor_id)) : json::value(nullptr)},
          {"actor_name", e.actor_id ? names.of(*e.actor_id) : ""},
          {"people", std::move(people)},
          {"act", e.act},
          {"subject", e.subject},
          {"detail", std::move(detail)}};
}

Response list_audit(Service& s, const Context& c) {
  const store::AuditQuery query = read_audit_query(s, c);
  json::object out;
  s.db.read([&](Reader& reader) {
    Names names(s, reader);
    json::array entries;
    const auto rows = store::list_audit(reader, query);
    for (const auto& e : rows) entries.push_back(show_entry(e, names));
    out["entries"] = std::move(entries);
    if (static_cast<int>(rows.size()) == query.limit) out["next"] = rows.back().seq;
    out["head"] = store::to_string(store::audit_head(reader));
  });
  return json_response(json::serialize(out));
}

// A field of CSV; what a spreadsheet would take for a formula is made text (ASVS 1.2.10).
std::string csv_field(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
    text.insert(0, "'");
  std::string out = "\"";
  for (const char ch : text) out += ch == '"' ? std::string("\"\"") : std::string(1, ch);
  return out + "\"";
}

Response export_audit(Service& s, const Context& c) {
  store::AuditQuery query = read_audit_query(s, c);
  query.limit = k_export_page;
  std::string csv =
      "\xEF\xBB\xBF"
      "seq,at,time,actor,actor_id,actor_name,act,subject,detail\r\n";
  std::int64_t count = 0;
  s.db.read([&](Reader& reader) {
    Names names(s, reader);
    for (std::vector<store::AuditEntry> rows; count < k_most_exported;) {
      rows = store::list_audit(reader, query);
      for (const auto& e : rows) {
        csv += std::to_string(e.seq) + "," + std::to_string(e.at) + "," +
               csv_field(shanghai_time(e.at)) + "," + csv_field(e.actor) + "," +
               (e.actor_id ? id_to_string(*e.actor_id) : "") + "," +
               csv_field(e.actor_id ? names.colleague(*e.actor_id) : "") + "," + csv_field(e.act) +
               "," + csv_field(e.subject) + "," + csv_field(e.detail) + "\r\n";
        ++count;
      }
      if (static_cast<int>(rows.size()) < k_export_page) break;
      query.before = rows.back().seq;
    }
  });
  s.db.write([&](Tx& tx) {
    service::record(s, tx, {"staff", c.me().account}, "audit.exported", "", {{"entries", count}});
  });
  Response out{200, {}, std::move(csv)};
  out.with("content-type", "text/csv; charset=utf-8")
      .with("content-disposition", "attachment; filename=\"audit.csv\"")
      .with("cache-control", "no-store");
  return out;
}

}  // namespace

void add_audit_routes(Routes& routes, Service& s) {
  const Access auditors = Access::staff({Role::audit_administrator});
  routes.get("/api/v1/desk/audit", auditors, [&s](Context& c) { return list_audit(s, c); });
  routes.get(
      "/api/v1/desk/audit/export", auditors, [&s](Context& c) { return export_audit(s, c); },
      Pace::costly);
  routes.post(
      "/api/v1/desk/audit/verify", auditors, Body::none(),
      [&s](Context& c) {
        const auto kept = service::kept_audit_head(s.config);
        const store::AuditFinding found =
            s.db.read([&](Reader& reader) { return store::verify_audit(reader, s.keys, kept); });
        s.db.write([&](Tx& tx) {
          service::record(s, tx, {"staff", c.me().account}, "audit.verified", "",
                          {{"entries", found.entries}, {"what", found.what}});
        });
        return json_response(json::serialize(
            json::object{{"entries", found.entries}, {"seq", found.seq}, {"what", found.what}}));
      },
      Pace::costly);
}

}  // namespace beian
