// What officers give out, on the console, and what came back.
#include "sandbox/assignments.h"
#include "sandbox/console_addresses.h"
#include "sandbox/console_call.h"
#include "sandbox/inside.h"
#include "sandbox/tasks.h"

namespace beian::sandbox {
namespace {

constexpr std::size_t k_longest = 1024;

std::string text(const json::object& object, std::string_view key) {
  return opt_string(object, key, k_longest * 4).value_or("");
}

Line line_in(const ConsoleCall& call, const json::object& object) {
  return {province_at(call.setup, get_string(object, "province")).path, get_id(object, "isp_id")};
}

Sighting sighting_in(const ConsoleCall& call, const json::object& object) {
  return {line_in(call, object), get_string(object, "domain", 255), address_in(object, "ip"),
          opt_int(object, "times").value_or(1), text(object, "remark")};
}

// POST tasks/{kind}
Response give(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const auto& kind = call.parts.at(1);
  call.db.write([&](Tx& tx) {
    const auto subject = [&] { return get_id(object, "subject_id"); };
    const auto site = [&] { return opt_id(object, "site_id").value_or(0); };
    if (kind == "verification") {
      give_verification(tx, call.setup, subject(), text(object, "remark"), call.now);
    } else if (kind == "notice") {
      give_notice(tx, call.setup, subject(), site(), text(object, "text"), call.now);
    } else if (kind == "finding") {
      Finding finding{get_string(object, "finding"), subject(), site(), text(object, "reason"), 0};
      if (finding.kind == "present_but_unfiled") finding.resolved_ip = address_in(object, "ip");
      give_finding(tx, call.setup, finding, call.now);
    } else if (kind == "unfiled") {
      give_unfiled(tx, call.setup, sighting_in(call, object), call.now);
    } else if (kind == "illegal_access") {
      give_illegal_access(tx, call.setup, sighting_in(call, object), call.now);
    } else if (kind == "ip_finding") {
      give_ip_finding(
          tx, call.setup,
          {line_in(call, object), get_string(object, "finding"), address_in(object, "first"),
           address_in(object, "last"), text(object, "remark")},
          call.now);
    } else {
      throw Refusal(RefusalCode::not_found, "sandbox_no_address");
    }
  });
  return done();
}

Response tasks(const ConsoleCall& call) {
  return call.db.read([&](Reader& reader) {
    json::array list;
    const auto found =
        list_tasks(reader, call.request.query_or("kind", ""), call.before(), k_console_page);
    for (const auto& task : found) list.push_back(task_json(task));
    json::value next;
    if (found.size() == k_console_page) next = std::to_string(found.back().id);
    return answer(json::object{{"tasks", std::move(list)}, {"next", next}});
  });
}

Response blacklist(const ConsoleCall& call) {
  return call.db.read([](Reader& reader) {
    json::array list;
    for (const auto& row : reader.query("SELECT kind, value FROM blacklist ORDER BY 1, 2")) {
      list.push_back(json::object{{"kind", row.text(0)}, {"value", row.text(1)}});
    }
    return answer(json::object{{"blacklist", std::move(list)}});
  });
}

std::string province_or_all(const ConsoleCall& call, const json::object& object) {
  const auto path = text(object, "province");
  return path.empty() ? path : province_at(call.setup, path).path;
}

// kind "domain": value is the name. kind "certificate": value is "<type>:<number>".
Response change_blacklist_entry(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const Listing listing{get_string(object, "kind"), get_string(object, "value", 255),
                        opt_string(object, "name", 255).value_or(""), province_or_all(call, object),
                        call.request.method == "DELETE"};
  call.db.write([&](Tx& tx) { change_blacklist(tx, call.setup, listing, call.now); });
  return done();
}

Response dictionaries(const ConsoleCall& call) {
  return call.db.read([&](Reader& reader) {
    json::array lists;
    for (const auto& name : code_list_names()) {
      json::array entries;
      for (const auto& row : code_rows(reader, call.setup.dictionaries, name)) {
        entries.push_back(json::object{{"id", row.id},
                                       {"name", row.name},
                                       {"valid", row.valid},
                                       {"changed", row.changed},
                                       {"parent", row.parent}});
      }
      lists.push_back(json::object{{"list", name}, {"entries", std::move(entries)}});
    }
    return answer(json::object{{"lists", std::move(lists)}});
  });
}

Response change_dictionary(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const CodeChange change{get_string(object, "list"), get_int(object, "id"),
                          get_string(object, "name", 512), opt_bool(object, "valid").value_or(true),
                          opt_int(object, "parent").value_or(0)};
  const auto province = province_or_all(call, object);
  call.db.write([&](Tx& tx) { give_codes(tx, call.setup, change, province, call.now); });
  return done();
}

Response start_synchronisation(const ConsoleCall& call) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  const auto line = line_in(call, object);
  const auto what = get_string(object, "what");
  const auto records =
      call.db.write([&](Tx& tx) { return synchronise(tx, call.setup, line, what, call.now); });
  return answer(json::object{{"records", static_cast<std::int64_t>(records)}});
}

}  // namespace

std::optional<Response> tasks_route(const ConsoleCall& call) {
  if (call.is("GET", "tasks")) return tasks(call);
  if (call.is("POST", "tasks/*")) return give(call);
  if (call.is("GET", "blacklist")) return blacklist(call);
  if (call.is("POST", "blacklist") || call.is("DELETE", "blacklist")) {
    return change_blacklist_entry(call);
  }
  if (call.is("GET", "dictionaries")) return dictionaries(call);
  if (call.is("POST", "dictionaries")) return change_dictionary(call);
  if (call.is("POST", "synchronise")) return start_synchronisation(call);
  return std::nullopt;
}

}  // namespace beian::sandbox
