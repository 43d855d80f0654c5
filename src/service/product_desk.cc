#include "service/product_desk.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "documents/table_reader.h"
#include "filing/contact.h"
#include "filing/domain_name.h"
#include "filing/product.h"
#include "notify/mail.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "store/accounts.h"
#include "store/products.h"

namespace beian::service {
namespace {

constexpr int k_page = 50, k_most_shown = 200;
constexpr std::size_t k_most_ips = 256, k_most_text = 100, k_most_note = 500;
constexpr std::int64_t k_most_slots = 1000;
constexpr auto k_ends_soon = std::chrono::days(30);
constexpr std::array<const char*, 9> k_columns = {"instance",   "kind",   "ips",
                                                  "host_name",  "region", "term_from",
                                                  "term_until", "slots",  "owner_email"};

Problem wrong(const std::string& field, const std::string& code,
              const std::map<std::string, std::string>& params = {}) {
  return {field, code, params, "", "", true};
}

bool is_short(const std::string& text) { return count_characters(text) <= k_most_text; }

void check_place(const ProductWish& wish, store::Product& out, std::vector<Problem>& problems) {
  for (const std::string& typed : wish.ips) {
    const std::string text = clean_line(typed);
    if (text.empty()) continue;
    const auto ip = canonical_ip(text);
    if (!ip)
      problems.push_back(wrong("ips", "ip_syntax", {{"ip", text.substr(0, 64)}}));
    else if (std::ranges::find(out.ips, *ip) == out.ips.end())
      out.ips.push_back(*ip);
  }
  std::ranges::sort(out.ips);
  if (out.ips.size() > k_most_ips)
    problems.push_back(wrong("ips", "product_ips_many", {{"max", std::to_string(k_most_ips)}}));
  if (const std::string host = to_lower_ascii(clean_line(wish.host_name)); !host.empty()) {
    if (!parse_host(host)) problems.push_back(wrong("host_name", "product_host_syntax"));
    out.host_name = host;
  }
  if (out.kind == "server" && out.ips.empty() && problems.empty())
    problems.push_back(wrong("ips", "required"));
  if (out.kind == "virtual_host" && !out.host_name)
    problems.push_back(wrong("host_name", "required"));
}

void check_term(const ProductWish& wish, store::Product& out, std::vector<Problem>& problems) {
  out.term_from = clean_line(wish.term_from);
  out.term_until = clean_line(wish.term_until);
  const auto from = parse_day(out.term_from), until = parse_day(out.term_until);
  if (!from) problems.push_back(wrong("term_from", "date_invalid"));
  if (!until) problems.push_back(wrong("term_until", "date_invalid"));
  if (from && until && *until < *from)
    problems.push_back(wrong("term_until", "product_term_backwards"));
}

// Whatever is wrong with it by itself.
std::vector<Problem> check_wish(const Service& s, const ProductWish& wish, store::Product& out) {
  std::vector<Problem> problems;
  out.kind = clean_line(wish.kind);
  check_place(wish, out, problems);
  out.instance = clean_line(wish.instance);
  out.region = clean_line(wish.region);
  if (out.instance.empty()) problems.push_back(wrong("instance", "required"));
  if (!product_kind_from_string(out.kind))
    problems.push_back(wrong("kind", "product_kind_unknown"));
  for (const auto& [field, text] : {std::pair("instance", out.instance), {"region", out.region}})
    if (!is_short(text))
      problems.push_back(wrong(field, "setting_too_long", {{"max", std::to_string(k_most_text)}}));
  check_term(wish, out, problems);
  if (wish.slots < 1 || wish.slots > k_most_slots)
    problems.push_back(
        wrong("slots", "setting_range", {{"min", "1"}, {"max", std::to_string(k_most_slots)}}));
  out.slots = wish.slots;
  const std::string owner = clean_line(wish.owner_email);
  if (owner.size() > 254 || !notify::is_mail_address(owner))
    problems.push_back(wrong("owner_email", "email_invalid"));
  out.owner_lookup = store::email_lookup(s.keys, owner);
  return problems;
}

// What is wrong with it beside the others. `before` is the product that it is to become.
std::vector<Problem> check_beside(Reader& reader, const store::Product& wanted,
                                  const std::optional<store::Product>& before) {
  std::vector<Problem> out;
  const Id own = before ? before->id : 0;
  if (before && wanted.slots < before->slots_used)
    out.push_back(
        wrong("slots", "product_slots_in_use", {{"used", std::to_string(before->slots_used)}}));
  if (wanted.host_name)
    if (const auto other = store::find_product_by_host(reader, *wanted.host_name);
        other && other->id != own)
      out.push_back(wrong("host_name", "product_host_taken", {{"instance", other->instance}}));
  // Hosts of one machine share its addresses; a server's are its own.
  if (wanted.kind == "server")
    for (const std::string& ip : wanted.ips)
      if (const auto other = store::find_product_by_ip(reader, ip);
          other && other->id != own && other->kind == "server")
        out.push_back(
            wrong("ips", "product_ip_taken", {{"ip", ip}, {"instance", other->instance}}));
  return out;
}

json::value shown(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::object plain(const store::Product& p, const std::string& owner) {
  return {{"kind", p.kind},
          {"ips", json::array(p.ips.begin(), p.ips.end())},
          {"host_name", shown(p.host_name)},
          {"region", p.region},
          {"term_from", p.term_from},
          {"term_until", p.term_until},
          {"slots", p.slots},
          {"owner", owner.empty() ? "" : mask_email(owner)}};
}

// {"slots": [1, 5]}: what differs; of somebody new, everything.
json::object differences(Service& s, Reader& reader, const std::optional<store::Product>& before,
                         const store::Product& after, const std::string& owner) {
  const json::object now = plain(after, owner);
  json::object old;
  if (before) old = plain(*before, store::owner_of(reader, s.keys, *before));
  json::object out;
  for (const auto& [name, value] : now) {
    const json::value* was = old.if_contains(name);
    const bool other_owner =
        name == "owner" && before && before->owner_lookup != after.owner_lookup;
    if (!was || *was != value || other_owner)
      out[name] = json::array{was ? *was : json::value(nullptr), value};
  }
  return out;
}

void keep_change(Service& s, Tx& tx, const Staff* by, const store::Product& product,
                 const std::string& act, const json::object& changes, const std::string& note) {
  store::ProductChange change;
  change.id = new_id();
  change.product_id = product.id;
  change.act = act;
  change.changes = json::serialize(changes);
  change.note = note;
  if (by) change.by_id = by->id;
  change.at = s.now();
  store::insert_product_change(tx, change);
  json::array fields;
  for (const auto& one : changes) fields.push_back(json::value(one.key()));
  record(s, tx, by ? Doer{"staff", by->id} : Doer{"operator", std::nullopt}, "product." + act,
         "product/" + id_to_string(product.id),
         {{"instance", product.instance}, {"fields", std::move(fields)}});
}

// Returns what was done: added, changed, opened, or nothing where all is as it was.
std::string put(Service& s, Tx& tx, const Staff* by, store::Product& wanted,
                const std::optional<store::Product>& before, const std::string& owner,
                const std::string& note) {
  const json::object changes = differences(s, tx, before, wanted, owner);
  if (before && !before->ended_at && changes.empty()) return "";
  if (before) wanted.id = before->id;
  wanted.id = store::upsert_product(tx, s.keys, wanted, owner);
  const std::string act = !before ? "added" : before->ended_at ? "opened" : "changed";
  keep_change(s, tx, by, wanted, act, changes, note);
  return act;
}

std::string checked_note(const std::string& typed) {
  std::string note = clean_line(typed);
  if (count_characters(note) > k_most_note)
    throw Refusal(RefusalCode::invalid, "product_invalid",
                  {wrong("note", "setting_too_long", {{"max", std::to_string(k_most_note)}})});
  return note;
}

[[noreturn]] void refuse(std::vector<Problem> problems) {
  throw Refusal(RefusalCode::invalid, "product_invalid", std::move(problems));
}

store::Product read_for_change(Reader& reader, Id id, std::int64_t version) {
  const auto found = store::find_product(reader, id);
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  if (found->version != version) throw Refusal(RefusalCode::stale, "product_changed_meanwhile");
  return *found;
}

json::object show_row(const store::Product& p, const std::string& owner) {
  json::object out = plain(p, owner);
  out["id"] = id_to_string(p.id);
  out["version"] = p.version;
  out["instance"] = p.instance;
  out["slots_used"] = p.slots_used;
  out["ended_at"] = p.ended_at ? json::value(*p.ended_at) : json::value(nullptr);
  return out;
}

std::string ends_before(const Service& s) {
  return day_to_string(shanghai_day(s.now()) + k_ends_soon);
}

store::ProductQuery query_of(const Service& s, const ProductSearch& search) {
  static const std::set<std::string> states = {"", "sold", "full", "ending", "ended"};
  if (!states.contains(search.state) || search.text.size() > 300 || search.after.size() > 400)
    throw Refusal(RefusalCode::invalid, "page_invalid");
  store::ProductQuery out;
  const std::string text = clean_line(search.text);
  if (const auto ip = canonical_ip(text))
    out.ip = *ip;
  else if (notify::is_mail_address(text))
    out.owner_lookup = store::email_lookup(s.keys, text);
  else
    out.text = text;
  out.state = search.state;
  out.ending = ends_before(s);
  out.after = search.after;
  out.limit = k_page + 1;
  return out;
}

}  // namespace

json::object list_products_of_all(Service& s, const ProductSearch& search) {
  const store::ProductQuery query = query_of(s, search);
  return s.db.read([&](Reader& reader) {
    json::array rows;
    json::value next = nullptr;
    std::string last;
    for (const store::Product& p : store::query_products(reader, query)) {
      if (rows.size() == k_page) {
        next = last;
        break;
      }
      rows.push_back(show_row(p, store::owner_of(reader, s.keys, p)));
      last = p.instance;
    }
    const store::ProductCounts n = store::count_products(reader, query.ending);
    return json::object{
        {"products", std::move(rows)},
        {"next", std::move(next)},
        {"counts",
         json::object{
             {"sold", n.sold}, {"full", n.full}, {"ending", n.ending}, {"ended", n.ended}}}};
  });
}

json::object open_product(Service& s, const Staff& by, Id id) {
  return s.db.write([&](Tx& tx) {
    const auto found = store::find_product(tx, id);
    if (!found) throw Refusal(RefusalCode::not_found, "not_found");
    const std::string owner = store::owner_of(tx, s.keys, *found);
    json::object out = show_row(*found, owner);
    out["owner_email"] = owner;
    json::array sites, codes, changes;
    for (const store::TakenSlot& slot : store::list_slots(tx, id, k_most_shown))
      sites.push_back(json::object{{"filing_id", id_to_string(slot.filing_id)},
                                   {"domain", unicode_domain(slot.domain)},
                                   {"taken_at", slot.taken_at}});
    for (const store::ServiceCode& code : store::list_codes(tx, id))
      codes.push_back(json::object{{"masked", code.masked},
                                   {"state", code.spent_filing ? "spent" : "unspent"}});
    for (const store::ProductChange& c : store::list_product_changes(tx, id, k_most_shown))
      changes.push_back(json::object{{"act", c.act},
                                     {"changes", parse_json(c.changes)},
                                     {"note", c.note},
                                     {"by_name", c.by_name},
                                     {"at", c.at}});
    out["sites"] = std::move(sites);
    out["codes"] = std::move(codes);
    out["history"] = std::move(changes);
    record(s, tx, {"staff", by.id}, "look.product", "product/" + id_to_string(id));
    return out;
  });
}

Id add_product(Service& s, const Staff& by, const ProductWish& wish) {
  store::Product wanted;
  auto problems = check_wish(s, wish, wanted);
  return s.db.write([&](Tx& tx) {
    if (!wanted.instance.empty() && store::find_product_of_instance(tx, wanted.instance))
      problems.push_back(wrong("instance", "product_instance_taken"));
    std::ranges::move(check_beside(tx, wanted, std::nullopt), std::back_inserter(problems));
    if (!problems.empty()) refuse(problems);
    put(s, tx, &by, wanted, std::nullopt, clean_line(wish.owner_email), "");
    return wanted.id;
  });
}

void change_product(Service& s, const Staff& by, Id id, std::int64_t version,
                    const ProductWish& wish, const std::string& typed_note) {
  const std::string note = checked_note(typed_note);
  s.db.write([&](Tx& tx) {
    const store::Product before = read_for_change(tx, id, version);
    ProductWish whole = wish;
    whole.instance = before.instance;
    store::Product wanted;
    auto problems = check_wish(s, whole, wanted);
    std::ranges::move(check_beside(tx, wanted, before), std::back_inserter(problems));
    if (!problems.empty()) refuse(std::move(problems));
    if (put(s, tx, &by, wanted, before, clean_line(wish.owner_email), note).empty())
      throw Refusal(RefusalCode::conflict, "product_same");
  });
}

void end_product(Service& s, const Staff& by, Id id, std::int64_t version,
                 const std::string& typed_note) {
  const std::string note = checked_note(typed_note);
  s.db.write([&](Tx& tx) {
    const store::Product before = read_for_change(tx, id, version);
    if (before.ended_at) throw Refusal(RefusalCode::conflict, "product_ended_before");
    store::end_product(tx, id, s.now());
    keep_change(s, tx, &by, before, "ended", {}, note);
  });
}

namespace {

ProductWish wish_of(const std::vector<std::string>& cells) {
  const auto cell = [&](std::size_t i) { return i < cells.size() ? clean_line(cells[i]) : ""; };
  ProductWish out;
  out.instance = cell(0);
  out.kind = cell(1);
  out.ips = split(cell(2), ';');
  out.host_name = cell(3);
  out.region = cell(4);
  out.term_from = cell(5);
  out.term_until = cell(6);
  out.slots = id_from_string(cell(7)).value_or(0);
  out.owner_email = cell(8);
  return out;
}

struct ImportRow {
  std::string line, owner;
  store::Product product;
};

std::vector<ImportRow> read_rows(const Service& s, const documents::Table& table,
                                 std::vector<Problem>& problems) {
  std::vector<ImportRow> out;
  std::set<std::string> instances;
  for (const documents::TableRow& row : table.rows) {
    if (&row == &table.rows.front() && to_lower_ascii(clean_line(row.cells[0])) == k_columns[0])
      continue;
    const std::string line = std::to_string(row.number);
    if (row.cells.size() > k_columns.size()) {
      problems.push_back(wrong(line, "product_columns"));
      continue;
    }
    const ProductWish wish = wish_of(row.cells);
    ImportRow& one = out.emplace_back(line, clean_line(wish.owner_email), store::Product());
    for (Problem& problem : check_wish(s, wish, one.product)) {
      problem.field = line + "." + problem.field;
      problems.push_back(std::move(problem));
    }
    if (!instances.insert(one.product.instance).second)
      problems.push_back(wrong(line + ".instance", "product_instance_twice"));
  }
  return out;
}

}  // namespace

ProductImport import_products(Service& s, const Staff* by, std::string_view file) {
  ProductImport out;
  documents::TableOutcome read = documents::read_table(file);
  out.problems = std::move(read.problems);
  if (!read.table) return out;
  std::vector<ImportRow> rows = read_rows(s, *read.table, out.problems);
  if (rows.empty() && out.problems.empty())
    out.problems.push_back(wrong("1", "product_table_empty"));
  if (!out.problems.empty()) return out;
  const auto take = [&](Tx& tx) {
    out = {};
    for (ImportRow& row : rows) {
      const auto before = store::find_product_of_instance(tx, row.product.instance);
      for (Problem& problem : check_beside(tx, row.product, before)) {
        problem.field = row.line + "." + problem.field;
        out.problems.push_back(std::move(problem));
      }
      if (!out.problems.empty()) continue;  // go on looking, change nothing
      const std::string done = put(s, tx, by, row.product, before, row.owner, "");
      ++(done.empty() ? out.same : done == "added" ? out.added : out.changed);
    }
    if (!out.problems.empty()) throw Refusal(RefusalCode::invalid, "products_invalid");
  };
  try {
    s.db.write(take);
  } catch (const Refusal&) {
    if (out.problems.empty()) throw;
    out.added = out.changed = out.same = 0;
  }
  return out;
}

}  // namespace beian::service
