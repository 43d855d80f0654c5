// Orders on the console: the queue, one of them with old beside new, its pictures, the decision,
// and the codes that the SMS check has sent.
#include <charconv>
#include <set>

#include "base/text.h"
#include "sandbox/console_call.h"
#include "sandbox/console_json.h"
#include "sandbox/console_registry.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

Order require_order(Reader& reader, Id id) {
  auto order = find_order(reader, id);
  if (!order) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return std::move(*order);
}

std::int64_t operation_named(const std::string& name) {
  for (std::int64_t value : {1, 2, 3, 4, 5, 6, 7, 35}) {
    if (name == name_of(static_cast<Operation>(value))) return value;
  }
  return 0;
}

Response orders(const ConsoleCall& call) {
  const auto kind = operation_named(call.request.query_or("kind", ""));
  return call.db.read([&](Reader& reader) {
    json::array list;
    const auto found =
        list_orders(reader, call.request.query_or("state", ""),
                    call.request.query_or("province", ""), kind, call.before(), k_console_page);
    for (const auto& order : found) list.push_back(order_json(order));
    json::value next;
    if (found.size() == k_console_page) next = std::to_string(found.back().id);
    return answer(json::object{{"orders", std::move(list)}, {"next", next}});
  });
}

// The registry as it was when the order came, so that it reads the same after the decision.
Target target_before(const Order& order) {
  Target target;
  if (order.before_xml.empty()) return target;
  target.subject = Subject{};
  target.subject->id = order.subject;
  target.subject->filing = from_document(order.before_xml);
  target.site = order.site;
  target.access = order.access;
  return target;
}

// Leaves only the websites of a filing that an order is about.
void keep_named(bureau::PublishedFiling& filing, const Record& record, const Target& target) {
  std::set<Id> named;
  if (target.site != 0) named.insert(target.site);
  if (record.operation == Operation::change) {
    for (const auto& site : record.change().websites) named.insert(site.publication.id);
  }
  if (named.empty()) return;
  std::erase_if(filing.websites,
                [&](const auto& site) { return named.count(site.publication.id) == 0; });
}

// What the order speaks of, as a filing: what is new, what a change or a new access would make of
// the websites it names, what a cancellation would take away.
bureau::PublishedFiling about(const Record& record, const Target& target, Id isp_id) {
  if (record.operation == Operation::new_filing) {
    return {record.filing().organiser, record.filing().websites, ""};
  }
  if (!target.subject) return {};
  auto filing = target.subject->filing;
  if (record.operation == Operation::new_website) filing.websites = record.websites().websites;
  if (record.operation == Operation::change || record.operation == Operation::new_access) {
    apply(filing, record, target, isp_id);
  }
  keep_named(filing, record, target);
  for (auto& site : filing.websites) {
    if (record.operation != Operation::cancel_access) break;
    std::erase_if(site.accesses,
                  [&](const auto& access) { return access.bureau_id != target.access; });
  }
  return filing;
}

// The counterpart of `about` in the registry, for what replaces or adds to something there.
json::value before_json(const Dictionaries& dictionaries, const Record& record,
                        const Target& target) {
  const bool replaces =
      record.operation == Operation::change || record.operation == Operation::new_access;
  if (!target.subject || !replaces) return nullptr;
  auto filing = target.subject->filing;
  keep_named(filing, record, target);
  return published_json(dictionaries, filing);
}

json::value cancellation_json(const Dictionaries& dictionaries, const Record& record) {
  if (record.alone.cancellations.empty()) return nullptr;
  const auto& one = record.cancellation();
  const auto reason = dictionaries.cancel_reasons.find(one.reason);
  return json::object{
      {"reason", one.reason},
      {"reason_name", reason == dictionaries.cancel_reasons.end() ? "?" : reason->second},
      {"text", one.reason_text}};
}

json::array sms_json(Reader& reader, Id order) {
  json::array list;
  for (const auto& row : reader.query(
           "SELECT id, order_id, person, role, mobile, last_six, code, sent_at, expires_at, tries, "
           "verified_at FROM sms_checks WHERE ($1 = 0 OR order_id = $1) ORDER BY id DESC LIMIT $2",
           {order, std::int64_t{k_console_page}})) {
    json::object entry{{"id", std::to_string(row.integer(0))},
                       {"order_id", std::to_string(row.integer(1))},
                       {"person", row.text(2)},
                       {"role", row.text(3)},
                       {"mobile", row.text(4)},
                       {"certificate_last_six", row.text(5)},
                       {"code", row.text(6)},
                       {"sent_at", row.integer(7)},
                       {"expires_at", row.integer(8)},
                       {"tries", row.integer(9)},
                       {"verified_at", nullptr}};
    if (!row.is_null(10)) entry["verified_at"] = row.integer(10);
    list.push_back(std::move(entry));
  }
  return list;
}

Response one_order(const ConsoleCall& call, Id id) {
  return call.db.read([&](Reader& reader) {
    const auto order = require_order(reader, id);
    const auto& dictionaries = call.setup.dictionaries;
    auto object = order_json(order);
    object["filing"] = nullptr;
    object["before"] = nullptr;
    object["cancellation"] = nullptr;
    object["mark"] = order.mark;
    // An order whose characters could not be kept (5008) has no record.
    if (const auto record = record_of(order.xml)) {
      const auto target = target_before(order);
      auto filing = published_json(dictionaries, about(*record, target, order.isp_id));
      filing["attachments"] = attachments_json(record->attachments());
      object["filing"] = std::move(filing);
      object["before"] = before_json(dictionaries, *record, target);
      object["cancellation"] = cancellation_json(dictionaries, *record);
      object["password_given"] = !record->password_hash.empty();
    }
    object["sms"] = sms_json(reader, id);
    object["published"] = nullptr;
    if (order.state == "passed") {
      if (auto subject = subject_json(reader, dictionaries, order.subject)) {
        object["published"] = std::move(*subject);
      }
    }
    return answer(object);
  });
}

Response picture(const ConsoleCall& call, Id id, const std::string& index_text) {
  std::size_t index = 0;
  const auto [end, error] =
      std::from_chars(index_text.data(), index_text.data() + index_text.size(), index);
  const bool is_number = error == std::errc() && end == index_text.data() + index_text.size();
  auto found = call.db.read([&](Reader& reader) -> std::optional<Picture> {
    const auto record = record_of(require_order(reader, id).xml);
    return is_number && record ? picture_at(*record, index) : std::nullopt;
  });
  if (!found) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  Response response{200, {}, std::move(found->bytes)};
  response.with("Content-Type", found->content_type)
      .with("X-Content-Type-Options", "nosniff")
      .with("Cache-Control", "private, no-store");
  return response;
}

void read_codes(const ConsoleCall& call, const json::object& body, Verdict& verdict) {
  const auto* codes = body.if_contains("codes");
  if (codes == nullptr || !codes->is_array()) return;
  for (const auto& code : codes->get_array()) {
    if (!code.is_int64() || call.setup.dictionaries.results.count(code.get_int64()) == 0) {
      refuse_member("codes", "sandbox_code_unknown");
    }
    verdict.codes.push_back(code.get_int64());
  }
}

void read_returned_sites(const json::object& body, Verdict& verdict) {
  const auto* sites = body.if_contains("returned_sites");
  if (sites == nullptr || sites->is_null()) return;
  if (!sites->is_array()) refuse_member("returned_sites", "sandbox_site_unknown");
  for (const auto& site : sites->get_array()) {
    const auto& one = as_object(site);
    verdict.returned_sites.push_back({get_id(one, "isp_id"), get_string(one, "opinion")});
  }
}

Response decide_order(const ConsoleCall& call, Id id, bool pass) {
  const json::value body = call.body();
  const auto& object = as_object(body);
  Verdict verdict;
  verdict.pass = pass;
  verdict.reviewer = opt_string(object, "reviewer").value_or("审核员");
  verdict.phone = opt_string(object, "phone").value_or("");
  verdict.opinion = opt_string(object, "opinion").value_or("");
  read_codes(call, object, verdict);
  if (pass) read_returned_sites(object, verdict);
  if (!pass && verdict.opinion.empty() && verdict.codes.empty()) {
    refuse_member("opinion", "member_missing");
  }
  call.db.write([&](Tx& tx) { decide(tx, call.setup, id, verdict, call.now); });
  return one_order(call, id);
}

}  // namespace

std::optional<Response> orders_route(const ConsoleCall& call) {
  if (call.is("GET", "orders")) return orders(call);
  if (call.is("GET", "orders/*")) return one_order(call, call.id(1));
  if (call.is("GET", "orders/*/attachments/*")) return picture(call, call.id(1), call.parts[3]);
  if (call.is("POST", "orders/*/pass")) return decide_order(call, call.id(1), true);
  if (call.is("POST", "orders/*/return")) return decide_order(call, call.id(1), false);
  if (call.is("GET", "sms")) {
    return call.db.read([](Reader& reader) {
      return answer(json::object{{"sms", sms_json(reader, 0)}});
    });
  }
  return std::nullopt;
}

}  // namespace beian::sandbox
