#include "service/products.h"

#include <algorithm>

#include "base/text.h"
#include "filing/condition.h"
#include "filing/contact.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "filing/product.h"
#include "notify/mail.h"
#include "service/content_access.h"
#include "store/accounts.h"

namespace beian::service {
namespace {

// What the checks of filing/product.h look at. Ownership is a matter of equal e-mail lookups, so
// the ids given there only say whether they are equal.
ProductFacts facts_of(const store::Product& p, bool is_owner, Id account, bool has_slot_already) {
  ProductFacts facts;
  facts.kind = product_kind_from_string(p.kind).value_or(ProductKind::server);
  facts.owner = is_owner ? account : 0;
  facts.ips = p.ips;
  facts.host_name = p.host_name.value_or("");
  facts.term_from = parse_day(p.term_from).value_or(Day{});
  facts.term_until = parse_day(p.term_until).value_or(Day{});
  if (p.ended_at)  // whatever was paid for: it is sold no more
    facts.term_until = std::min(facts.term_until, shanghai_day(*p.ended_at) - std::chrono::days(1));
  facts.slots = p.slots;
  facts.slots_used = p.slots_used - (has_slot_already ? 1 : 0);
  return facts;
}

struct Found {
  std::optional<store::Product> product;
  std::optional<store::ServiceCode> code;
  std::vector<Problem> problems;
};

// A code is looked at first: it stands in for owning the product. So does `holds_slot`: the filing
// came with its slot from the account before (service/transfers.h).
Found find_for(Service& s, Reader& reader, Id account, const std::string& account_lookup,
               const std::optional<Id>& product_id, const std::string& code, Id filing,
               bool holds_slot = false) {
  Found out;
  if (!code.empty()) {
    out.code = store::find_code(reader, code);
    std::optional<ServiceCodeFacts> facts;
    if (out.code)
      facts = ServiceCodeFacts{out.code->for_lookup == account_lookup ? account : 0,
                               out.code->spent_filing, false};
    if (auto problem = check_service_code(facts, account, filing)) {
      out.problems.push_back(*problem);
      return out;
    }
    out.product = store::find_product(reader, out.code->product_id);
  } else if (product_id) {
    out.product = store::find_product(reader, *product_id);
    if (out.product && out.product->owner_lookup != account_lookup && !holds_slot)
      out.product.reset();
  }
  if (!out.product) out.problems.push_back({"", "product_unknown", {}, "", "", true});
  (void)s;
  return out;
}

std::string lookup_of(Service& s, Reader& reader, Id account) {
  const auto found = store::find_account(reader, s.keys, account);
  return found ? store::email_lookup(s.keys, found->email) : std::string();
}

// The product that carries a registered website already; nullopt where none of ours does.
std::optional<Id> product_before(const json::object& content, const std::string& key) {
  return id_from_string(text_at(content, "record.sites." + key + ".access.product"));
}

// Whether this website's access is asked about: a cancellation is about none, a change only where
// the access changes, and what the bureau has passed stands.
bool asks_access(Reader& reader, const store::Filing& filing, const json::object& content,
                 const std::string& key) {
  if (is_cancel(filing.kind)) return false;
  for (const store::FilingSite& site : store::list_sites(reader, filing.id))
    if (site.key == key && site.outcome == "passed") return false;
  if (filing.kind != Kind::change) return true;
  const json::value* changes = value_at(content, "sites." + key + ".change.access");
  return changes && changes->is_bool() && changes->get_bool();
}

struct SiteAccess {
  std::string base;  // "sites.s1.access"
  std::optional<Id> product_id;
  std::string code;
  std::vector<std::string> ips;
};

SiteAccess access_of(const json::object& content, const std::string& key) {
  const std::string base = "sites." + key + ".access";
  return {base, id_from_string(text_at(content, base + ".product")),
          text_at(content, base + ".code"), texts_at(content, base + ".ips")};
}

bool holds_slot(Reader& reader, Id filing, const std::string& key, const SiteAccess& access) {
  return access.product_id && store::has_slot(reader, filing, key, *access.product_id);
}

std::string masked(const std::string& code) {
  return code.substr(0, 4) + "****" + code.substr(code.size() - 2);
}

}  // namespace

ProductAnswer check_product(Service& s, Id account, const ProductQuestion& q) {
  const int given =
      (q.product_id ? 1 : 0) + (q.ip ? 1 : 0) + (q.host_name ? 1 : 0) + (q.code ? 1 : 0);
  if (given != 1) throw Refusal(RefusalCode::invalid, "product_question");
  return s.db.read([&](Reader& reader) {
    const std::string lookup = lookup_of(s, reader, account);
    std::optional<Id> id = q.product_id;
    ProductClaim claim;
    claim.account = account;
    if (q.ip) {
      const std::string typed = clean_line(*q.ip), ip = canonical_ip(typed).value_or(typed);
      if (auto found = store::find_product_by_ip(reader, ip)) id = found->id;
      claim.ips = {ip};
    }
    if (q.host_name) {
      claim.host_name = to_lower_ascii(clean_line(*q.host_name));
      if (auto found = store::find_product_by_host(reader, claim.host_name)) id = found->id;
    }
    const Found found = find_for(s, reader, account, lookup, id, q.code.value_or(""), 0);
    ProductAnswer out{found.product, found.problems, q.code.has_value()};
    if (!found.product) return out;
    claim.by_code = q.code.has_value();
    // The slot of a code was set aside when it was made.
    out.problems = check_product(
        facts_of(*found.product, found.product->owner_lookup == lookup, account, claim.by_code),
        claim, shanghai_day(s.now()));
    return out;
  });
}

std::vector<store::Product> products_of(Service& s, Id account) {
  return s.db.read(
      [&](Reader& reader) { return store::list_products(reader, lookup_of(s, reader, account)); });
}

json::object show_product(Service& s, const store::Product& p, bool with_codes) {
  json::array ips(p.ips.begin(), p.ips.end());
  json::object out{
      {"id", id_to_string(p.id)},   {"instance", p.instance}, {"kind", p.kind},
      {"ips", std::move(ips)},      {"host_name", nullptr},   {"region", p.region},
      {"term_until", p.term_until}, {"slots", p.slots},       {"slots_used", p.slots_used}};
  if (p.host_name) out["host_name"] = *p.host_name;
  if (with_codes) {
    json::array codes;
    for (const auto& code :
         s.db.read([&](Reader& reader) { return store::list_codes(reader, p.id); }))
      codes.push_back(json::object{{"masked", code.masked},
                                   {"state", code.spent_filing ? "spent" : "unspent"}});
    out["codes"] = std::move(codes);
  }
  return out;
}

std::string issue_code(Service& s, Id account, Id product, const std::string& for_email) {
  if (!notify::is_mail_address(clean_line(for_email)))
    throw Refusal(RefusalCode::invalid, "account_invalid",
                  {{"for_email", "email_invalid", {}, "", "", true}});
  // 16 letters and digits without those that look alike; shown once, kept as a hash.
  constexpr std::string_view k_alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
  std::string code;
  for (unsigned char byte : random_bytes(16)) code += k_alphabet[byte % k_alphabet.size()];
  s.db.write([&](Tx& tx) {
    const auto found = store::find_product(tx, product);
    if (!found || found->owner_lookup != lookup_of(s, tx, account))
      throw Refusal(RefusalCode::not_found, "not_found");
    const auto codes = store::list_codes(tx, product);
    const auto unspent =
        std::count_if(codes.begin(), codes.end(), [](const auto& c) { return !c.spent_filing; });
    if (found->slots_used + unspent >= found->slots)
      throw Refusal(RefusalCode::conflict, "product_full");
    store::insert_code(tx, new_id(), code, masked(code), product,
                       store::email_lookup(s.keys, for_email), account, s.now());
  });
  return code;
}

std::vector<Problem> check_products(Service& s, Reader& reader, const store::Filing& filing,
                                    const json::object& content) {
  std::vector<Problem> out;
  const std::string lookup = lookup_of(s, reader, filing.account_id);
  std::map<Id, std::int64_t> taken_here;  // several websites may share a product
  for (const std::string& key : site_keys(content)) {
    if (!asks_access(reader, filing, content, key)) continue;
    const SiteAccess access = access_of(content, key);
    if (!access.product_id && access.code.empty()) continue;  // the form says that one is needed
    const std::string field = access.base + (access.code.empty() ? ".product" : ".code");
    const bool holds = holds_slot(reader, filing.id, key, access);
    Found found = find_for(s, reader, filing.account_id, lookup, access.product_id, access.code,
                           filing.id, holds);
    if (found.product) {
      const bool mine =
          store::has_slot(reader, filing.id, key, found.product->id) ||
          (filing.kind == Kind::change && product_before(content, key) == found.product->id);
      ProductFacts facts =
          facts_of(*found.product, found.product->owner_lookup == lookup, filing.account_id, mine);
      facts.slots_used += taken_here[found.product->id];
      if (!mine) ++taken_here[found.product->id];
      ProductClaim claim{filing.account_id, access.ips, "", !access.code.empty() || holds};
      found.problems = check_product(facts, claim, shanghai_day(s.now()));
    }
    for (Problem& p : found.problems) {
      p.field = p.code.find("ip") == 0 || p.code.find("_ip") != std::string::npos
                    ? access.base + ".ips"
                    : field;
      out.push_back(std::move(p));
    }
  }
  return out;
}

std::vector<Problem> take_slots(Service& s, Tx& tx, const store::Filing& filing,
                                const json::object& content) {
  std::vector<Problem> out;
  const std::string lookup = lookup_of(s, tx, filing.account_id);
  for (const std::string& key : site_keys(content)) {
    if (!asks_access(tx, filing, content, key)) continue;
    const SiteAccess access = access_of(content, key);
    if (filing.kind == Kind::change && access.code.empty() && access.product_id &&
        product_before(content, key) == access.product_id)
      continue;  // its slot stays with the filing that took it
    const Found found = find_for(s, tx, filing.account_id, lookup, access.product_id, access.code,
                                 filing.id, holds_slot(tx, filing.id, key, access));
    const std::string field = access.base + (access.code.empty() ? ".product" : ".code");
    if (!found.product)
      out.push_back({field, "product_unknown", {}, "", "", true});
    else if (!store::take_slot(tx, filing.id, key, found.product->id, s.now()))
      out.push_back({field, "product_full", {}, "", "", true});
    else if (found.code && !store::spend_code(tx, found.code->id, filing.id, key))
      out.push_back({field, "code_spent", {}, "", "", true});
  }
  return out;
}

void give_demo_product(Service& s, const std::string& email) {
  store::Product p;
  p.owner_lookup = store::email_lookup(s.keys, email);
  const auto byte = [&](std::size_t i) {
    return std::to_string(static_cast<unsigned char>(p.owner_lookup[i]));
  };
  const std::string ip = "198.18." + byte(0) + "." + byte(1);
  p.instance = "demo-" + to_hex(p.owner_lookup.substr(0, 4));
  p.kind = "server";
  p.region = "华东 1";
  const Day today = shanghai_day(s.now());
  p.term_from = day_to_string(today);
  p.term_until = day_to_string(add_months(today, 12));
  p.slots = 5;
  p.ips = {ip};
  s.db.write([&](Tx& tx) { store::upsert_product(tx, s.keys, p, email); });
}

}  // namespace beian::service
