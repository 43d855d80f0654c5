#include "service/dispatch.h"

#include <algorithm>

#include "base/text.h"
#include "documents/labels.h"
#include "filing/check.h"
#include "filing/contact.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/dispatch_parts.h"
#include "service/tell.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_labels = 200;
constexpr std::size_t k_address_shown = 6;  // characters: province and city
constexpr std::string_view k_return_reasons[] = {"address_wrong", "not_reached", "refused",
                                                 "damaged", "other"};

// data/backdrops.json.
const json::object& backdrops_of(const Service& s) {
  static const json::value document = read_json_file(s.config.data_dir + "/backdrops.json");
  return as_object(document);
}

const json::object& kind_named(const Service& s, const std::string& name) {
  for (const json::value& kind : backdrops_of(s).at("kinds").as_array())
    if (get_string(as_object(kind), "kind") == name) return as_object(kind);
  throw Refusal(RefusalCode::invalid, "stock_invalid",
                {{"kind", "backdrop_kind_unknown", {}, "", "", true}});
}

std::int64_t low_of(const Service& s, const std::string& kind) {
  for (const json::value& one : backdrops_of(s).at("kinds").as_array())
    if (get_string(as_object(one), "kind") == kind) return get_int(as_object(one), "low");
  return 0;
}

std::string label_of(const json::object& object, std::string_view locale) {
  return label_in(labels_from_json(object.at("label")), locale);
}

double length(const json::value& pair, std::size_t i) {
  return json::value_to<double>(pair.as_array().at(i));
}

documents::LabelFormat format_named(const Service& s, const std::string& name) {
  for (const json::value& one : backdrops_of(s).at("labels").as_array()) {
    const json::object& f = as_object(one);
    if (get_string(f, "format") != name) continue;
    return {length(f.at("page"), 0),
            length(f.at("page"), 1),
            static_cast<int>(get_int(f, "across")),
            static_cast<int>(get_int(f, "down")),
            length(f.at("first"), 0),
            length(f.at("first"), 1),
            length(f.at("size"), 0),
            length(f.at("size"), 1),
            length(f.at("next"), 0),
            length(f.at("next"), 1)};
  }
  throw Refusal(RefusalCode::invalid, "labels_invalid",
                {{"format", "label_format_unknown", {}, "", "", true}});
}

std::string masked_address(const std::string& address) {
  auto characters = to_code_points(address);
  if (characters.size() > k_address_shown) characters.resize(k_address_shown);
  return from_code_points(characters) + "****";
}

json::value or_null(const std::optional<Millis>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

}  // namespace

store::Order order_of(Service& s, Reader& reader, const Staff& staff, Id id) {
  const auto found = store::find_orders(reader, s.keys, store::scope_of(reader, staff.id), {id});
  if (found.empty()) throw Refusal(RefusalCode::not_found, "not_found");
  return found.front();
}

bool has_ended(const store::Order& order) {
  const auto state = state_from_string(order.filing_state);
  return !state || is_final(*state);
}

void move_backdrop(Service& s, Tx& tx, const Staff& staff, const store::Backdrop& b,
                   const std::string& reason, std::int64_t delta) {
  store::StockMove one;
  one.kind = b.kind;
  one.at = s.now();
  one.by_id = staff.id;
  one.reason = reason;
  one.delta = delta;
  one.backdrop_id = b.id;
  store::move_stock(tx, std::move(one), std::nullopt, low_of(s, b.kind));
}

std::string backdrop_kind_for(const Service& s, const std::string& province) {
  const json::array& kinds = backdrops_of(s).at("kinds").as_array();
  for (const json::value& kind : kinds)
    for (const json::value& one : as_object(kind).at("provinces").as_array())
      if (one.as_string() == province) return get_string(as_object(kind), "kind");
  return get_string(as_object(kinds.at(0)), "kind");
}

void mask_backdrop(json::object& shown) {
  shown["recipient"] = mask_name(get_string(shown, "recipient"));
  shown["phone"] = mask_phone(get_string(shown, "phone"));
  shown["address"] = masked_address(get_string(shown, "address"));
}

json::object show_order(const Service& s, const store::Order& order, bool in_clear) {
  const store::Backdrop& b = order.backdrop;
  json::object out = show_backdrop(s, b);
  if (!in_clear) mask_backdrop(out);
  out["masked"] = !in_clear;
  const json::value kept = parse_json(b.address);
  const json::value* place = as_object(kept).if_contains("place");
  out["place"] = in_clear && place ? *place : json::value(nullptr);
  out["kind"] = b.kind;
  out["printed_at"] = or_null(b.printed_at);
  out["ended_at"] = or_null(b.ended_at);
  out["end_reason"] = b.end_reason;
  out["again_of"] = b.again_of ? json::value(id_to_string(*b.again_of)) : json::value(nullptr);
  out["filing_state"] = order.filing_state;
  out["needed"] = b.state != "requested" || !has_ended(order);
  return out;
}

json::object show_orders(Service& s, const Staff& staff, store::OrderQuery query) {
  json::object out;
  s.db.read([&](Reader& reader) {
    query.scope = store::scope_of(reader, staff.id);
    const auto orders = store::list_orders(reader, s.keys, query);
    json::array shown;
    for (const store::Order& order : orders) shown.push_back(show_order(s, order, false));
    out["backdrops"] = std::move(shown);
    if (query.q.empty() && static_cast<int>(orders.size()) == query.limit)
      out["next"] = std::to_string(orders.back().backdrop.requested_at) + "." +
                    id_to_string(orders.back().backdrop.id);
    json::object counts;
    for (const char* state : {"requested", "posted", "returned"})
      counts[state] = store::count_orders(reader, query.scope, state);
    out["counts"] = std::move(counts);
  });
  return out;
}

json::object reveal_order(Service& s, const Staff& staff, Id backdrop) {
  const store::Order order = s.db.write([&](Tx& tx) {
    store::Order found = order_of(s, tx, staff, backdrop);
    store::insert_look(tx, staff.id, found.backdrop.filing_id, "address", s.now());
    record(s, tx, {"staff", staff.id}, "look.address", subject_filing(found.backdrop.filing_id),
           {{"backdrop", id_to_string(backdrop)}});
    return found;
  });
  return show_order(s, order, true);
}

json::object dispatch_choices(const Service& s, std::string_view locale) {
  json::array formats, kinds, reasons;
  for (const json::value& one : backdrops_of(s).at("labels").as_array()) {
    const json::object& f = as_object(one);
    formats.push_back(json::object{{"format", get_string(f, "format")},
                                   {"label", label_of(f, locale)},
                                   {"each", get_int(f, "across") * get_int(f, "down")}});
  }
  for (const json::value& one : backdrops_of(s).at("kinds").as_array())
    kinds.push_back(json::object{{"kind", get_string(as_object(one), "kind")},
                                 {"label", label_of(as_object(one), locale)}});
  for (const std::string_view reason : k_return_reasons) reasons.push_back(json::value(reason));
  return {{"formats", std::move(formats)},
          {"kinds", std::move(kinds)},
          {"reasons", std::move(reasons)}};
}

std::string print_labels(Service& s, const Staff& staff, const std::vector<Id>& ids,
                         const std::string& format, std::int64_t start) {
  const documents::LabelFormat sheet = format_named(s, format);
  std::vector<Problem> problems;
  if (ids.empty()) problems.push_back({"orders", "labels_none", {}, "", "", true});
  if (ids.size() > k_most_labels)
    problems.push_back(
        {"orders", "labels_too_many", {{"most", std::to_string(k_most_labels)}}, "", "", true});
  const int each = sheet.across * sheet.down;
  if (start < 0 || start >= each)
    problems.push_back(
        {"start", "label_start_invalid", {{"each", std::to_string(each)}}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "labels_invalid", problems);
  const auto orders = s.db.read([&](Reader& reader) {
    return store::find_orders(reader, s.keys, store::scope_of(reader, staff.id), ids);
  });
  if (orders.size() != ids.size()) throw Refusal(RefusalCode::not_found, "not_found");
  std::vector<documents::Label> labels;
  for (const store::Order& order : orders) {
    const json::value address = parse_json(order.backdrop.address);
    const json::object& to = as_object(address);
    labels.push_back({get_string(to, "recipient"), get_string(to, "phone"),
                      get_string(to, "address"), s.config.provider_name,
                      id_to_string(order.backdrop.id)});
  }
  std::string pdf = documents::draw_labels(sheet, labels, static_cast<int>(start));
  s.db.write([&](Tx& tx) {
    for (const store::Order& order : orders) {
      store::mark_printed(tx, order.backdrop.id, s.now());
      store::insert_look(tx, staff.id, order.backdrop.filing_id, "label", s.now());
      record(s, tx, {"staff", staff.id}, "look.label", subject_filing(order.backdrop.filing_id),
             {{"backdrop", id_to_string(order.backdrop.id)}});
    }
  });
  return pdf;
}

void check_parcel(const std::string& carrier, const std::string& number) {
  std::vector<Problem> problems;
  if (carrier.empty()) problems.push_back({"carrier", "required", {}, "", "", true});
  if (number.size() < 4 ||
      number.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") !=
          std::string::npos)
    problems.push_back({"tracking_number", "tracking_invalid", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "backdrop_invalid", problems);
}

void claim_number(Service& s, Tx& tx, const std::string& number, Id backdrop) {
  if (store::claim_tracking(tx, number, backdrop, s.now())) return;
  throw Refusal(RefusalCode::conflict, "tracking_used", {},
                {{"number", number},
                 {"order", id_to_string(store::order_of_tracking(tx, number).value_or(0))}});
}

store::Backdrop post_backdrop(Service& s, const Staff& staff, Id backdrop,
                              const std::string& carrier, const std::string& tracking_number) {
  const std::string by = clean_line(carrier), number = clean_line(tracking_number);
  check_parcel(by, number);
  store::Backdrop posted = s.db.write([&](Tx& tx) {
    const store::Order order = order_of(s, tx, staff, backdrop);
    if (order.backdrop.state == "requested" && has_ended(order))
      throw Refusal(RefusalCode::conflict, "backdrop_not_needed");
    if (!store::post_backdrop(tx, backdrop, by, number, s.now()))
      throw Refusal(RefusalCode::conflict, "backdrop_posted_before");
    claim_number(s, tx, number, backdrop);
    move_backdrop(s, tx, staff, order.backdrop, "posted", -1);
    note_event(s, tx, order.backdrop.filing_id, Actor::staff, staff.id, "backdrop_posted",
               json::serialize(json::object{{"carrier", by}, {"tracking_number", number}}));
    tell_backdrop_posted(s, tx, store::find_filing(tx, s.keys, order.backdrop.filing_id).value(),
                         backdrop, by, number);
    return store::find_backdrop(tx, s.keys, backdrop).value();
  });
  s.wake_workers();
  return posted;
}

store::Backdrop deliver_backdrop(Service& s, const Staff& staff, Id backdrop) {
  return s.db.write([&](Tx& tx) {
    const store::Order order = order_of(s, tx, staff, backdrop);
    if (!store::end_order(tx, backdrop, "posted", "delivered", "", s.now()))
      throw Refusal(RefusalCode::conflict, "backdrop_not_posted");
    note_event(s, tx, order.backdrop.filing_id, Actor::staff, staff.id, "backdrop_delivered");
    return store::find_backdrop(tx, s.keys, backdrop).value();
  });
}

void return_backdrop(Service& s, const Staff& staff, Id backdrop, const std::string& reason,
                     bool restock) {
  if (std::ranges::find(k_return_reasons, reason) == std::end(k_return_reasons))
    throw Refusal(RefusalCode::invalid, "backdrop_invalid",
                  {{"reason", "return_reason_unknown", {}, "", "", true}});
  s.db.write([&](Tx& tx) {
    const store::Order order = order_of(s, tx, staff, backdrop);
    if (!store::end_order(tx, backdrop, "posted", "returned", reason, s.now()))
      throw Refusal(RefusalCode::conflict, "backdrop_not_posted");
    if (restock) move_backdrop(s, tx, staff, order.backdrop, "returned", 1);
    note_event(s, tx, order.backdrop.filing_id, Actor::staff, staff.id, "backdrop_returned",
               json::serialize(json::object{{"reason", reason}}));
    const auto filing = store::find_filing(tx, s.keys, order.backdrop.filing_id).value();
    if (!is_final(filing.state)) tell_backdrop_returned(s, tx, filing, order.backdrop, reason);
  });
  s.wake_workers();
}

store::Backdrop send_backdrop_again(Service& s, const Staff& staff, Id backdrop,
                                    const std::optional<BackdropAddress>& address) {
  if (address) {
    const auto problems = check_backdrop_address(s, *address);
    if (has_hard(problems)) throw Refusal(RefusalCode::invalid, "backdrop_invalid", problems);
  }
  return s.db.write([&](Tx& tx) {
    const store::Order old = order_of(s, tx, staff, backdrop);
    if (old.backdrop.state != "returned")
      throw Refusal(RefusalCode::conflict, "backdrop_not_returned");
    if (has_ended(old)) throw Refusal(RefusalCode::conflict, "backdrop_not_needed");
    const auto latest = store::latest_backdrop(tx, s.keys, old.backdrop.filing_id);
    if (latest && latest->id != backdrop && latest->state != "cancelled")
      throw Refusal(RefusalCode::conflict, "backdrop_ordered");
    store::Backdrop order;
    order.id = new_id();
    order.filing_id = old.backdrop.filing_id;
    order.requested_at = s.now();
    order.address = address ? backdrop_address_text(s, *address) : old.backdrop.address;
    store::insert_backdrop(tx, s.keys, order);
    store::set_order_kind(tx, order.id, old.backdrop.kind, backdrop);
    note_event(s, tx, order.filing_id, Actor::staff, staff.id, "backdrop_again");
    return store::find_backdrop(tx, s.keys, order.id).value();
  });
}

void cancel_backdrop(Service& s, const Staff& staff, Id backdrop) {
  s.db.write([&](Tx& tx) {
    const store::Order order = order_of(s, tx, staff, backdrop);
    if (!store::end_order(tx, backdrop, "requested", "cancelled", "", s.now()))
      throw Refusal(RefusalCode::conflict, "backdrop_posted_before");
    note_event(s, tx, order.backdrop.filing_id, Actor::staff, staff.id, "backdrop_cancelled");
  });
}

json::object show_stock(Service& s, std::string_view locale) {
  json::array kinds, moves;
  s.db.read([&](Reader& reader) {
    const auto stock = store::list_stock(reader);
    for (const json::value& one : backdrops_of(s).at("kinds").as_array()) {
      const std::string kind = get_string(as_object(one), "kind");
      const std::int64_t low = get_int(as_object(one), "low");
      const auto found = std::ranges::find(stock, kind, &store::Stock::kind);
      const bool counted = found != stock.end();
      kinds.push_back(json::object{{"kind", kind},
                                   {"label", label_of(as_object(one), locale)},
                                   {"n", counted ? json::value(found->n) : json::value(nullptr)},
                                   {"low", low},
                                   {"is_low", counted && found->n < low}});
    }
    for (const store::StockMove& m : store::list_moves(reader, 100))
      moves.push_back(
          json::object{{"id", id_to_string(m.id)},
                       {"kind", m.kind},
                       {"at", m.at},
                       {"by", m.by_name},
                       {"reason", m.reason},
                       {"delta", m.delta},
                       {"n", m.n},
                       {"order", m.backdrop_id ? json::value(id_to_string(*m.backdrop_id))
                                               : json::value(nullptr)},
                       {"note", m.note}});
  });
  return {{"kinds", std::move(kinds)}, {"moves", std::move(moves)}};
}

void change_stock(Service& s, const Staff& staff, const std::string& kind,
                  const std::string& reason, std::int64_t n, const std::string& note) {
  const std::int64_t low = get_int(kind_named(s, kind), "low");
  const bool counted = reason == "counted";
  std::vector<Problem> problems;
  if (!counted && reason != "received" && reason != "lost")
    problems.push_back({"reason", "stock_reason_unknown", {}, "", "", true});
  if (n < (counted ? 0 : 1) || n > 1'000'000)
    problems.push_back({"n", "stock_number_invalid", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "stock_invalid", problems);
  s.db.write([&](Tx& tx) {
    store::StockMove one;
    one.kind = kind;
    one.at = s.now();
    one.by_id = staff.id;
    one.reason = reason;
    one.delta = reason == "lost" ? -n : n;
    one.note = clean_line(note);
    if (!store::move_stock(tx, std::move(one), counted ? std::optional(n) : std::nullopt, low))
      throw Refusal(RefusalCode::conflict, "stock_not_counted");
    record(s, tx, {"staff", staff.id}, "dispatch.stock", "",
           {{"kind", kind}, {"reason", reason}, {"n", n}});
  });
}

}  // namespace beian::service
