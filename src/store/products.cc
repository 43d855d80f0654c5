#include "store/products.h"

#include "base/crypto.h"
#include "base/text.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "p.id, p.instance, p.kind, p.region, p.host_name, p.term_from, p.term_until, p.slots, "
    "p.slots_used, p.owner_lookup, p.owner_sealed, p.ended_at, p.version";

Product read_product(Reader& reader, const Row& row) {
  Product p;
  p.id = row.integer(0);
  p.instance = row.text(1);
  p.kind = row.text(2);
  p.region = row.text(3);
  p.host_name = row.opt_text(4);
  p.term_from = row.text(5);
  p.term_until = row.text(6);
  p.slots = row.integer(7);
  p.slots_used = row.integer(8);
  p.owner_lookup = row.blob(9);
  p.owner_sealed = row.opt_blob(10).value_or("");
  p.ended_at = row.opt_integer(11);
  p.version = row.integer(12);
  for (const Row& ip :
       reader.query("SELECT ip FROM product_ips WHERE product_id = $1 ORDER BY ip", {p.id}))
    p.ips.push_back(ip.text(0));
  return p;
}

std::optional<Product> find_where(Reader& reader, std::string_view rest, Params params) {
  auto row = reader.query_one(
      "SELECT " + std::string(k_columns) + " FROM products p " + std::string(rest), params);
  if (!row) return std::nullopt;
  return read_product(reader, *row);
}

}  // namespace

Id upsert_product(Tx& tx, const Keyring& keys, const Product& p, const std::string& owner_email) {
  auto row = tx.query_one(
      "INSERT INTO products (id, instance, kind, region, host_name, term_from, term_until, slots, "
      "slots_used, owner_lookup) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) "
      "ON CONFLICT (instance) DO UPDATE SET kind = excluded.kind, region = excluded.region, "
      "host_name = excluded.host_name, term_from = excluded.term_from, "
      "term_until = excluded.term_until, slots = excluded.slots, "
      "owner_lookup = excluded.owner_lookup, ended_at = NULL, version = products.version + 1 "
      "RETURNING id",
      {p.id != 0 ? p.id : new_id(), p.instance, p.kind, p.region, or_null(p.host_name), p.term_from,
       p.term_until, p.slots, Blob{p.owner_lookup}});
  const Id id = row->integer(0);
  tx.execute("UPDATE products SET owner_sealed = $2 WHERE id = $1",
             {id, seal_optional(keys, owner_email, "products.owner", id)});
  tx.execute("DELETE FROM product_ips WHERE product_id = $1", {id});
  for (const std::string& ip : p.ips)
    tx.execute("INSERT INTO product_ips (ip, product_id) VALUES ($1, $2)", {ip, id});
  return id;
}

std::string owner_of(Reader& reader, const Keyring& keys, const Product& p) {
  if (!p.owner_sealed.empty()) return unseal(keys, p.owner_sealed, "products.owner", p.id);
  const auto row = reader.query_one("SELECT id, email_sealed FROM accounts WHERE email_lookup = $1",
                                    {Blob{p.owner_lookup}});
  return row ? unseal(keys, row->blob(1), "accounts.email", row->integer(0)) : std::string();
}

void end_product(Tx& tx, Id product, Millis now) {
  tx.execute(
      "UPDATE products SET ended_at = $2, version = version + 1 WHERE id = $1 AND ended_at IS NULL",
      {product, now});
}

std::optional<Product> find_product(Reader& reader, Id id) {
  return find_where(reader, "WHERE p.id = $1", {id});
}

std::optional<Product> find_product_of_instance(Reader& reader, const std::string& instance) {
  return find_where(reader, "WHERE p.instance = $1", {instance});
}

std::optional<Product> find_product_by_ip(Reader& reader, const std::string& ip) {
  return find_where(reader,
                    "JOIN product_ips i ON i.product_id = p.id WHERE i.ip = $1 AND p.ended_at IS "
                    "NULL ORDER BY p.instance LIMIT 1",
                    {ip});
}

std::optional<Product> find_product_by_host(Reader& reader, const std::string& host_name) {
  return find_where(reader, "WHERE p.host_name = $1 AND p.ended_at IS NULL", {host_name});
}

std::vector<Product> list_products(Reader& reader, const std::string& owner_lookup) {
  std::vector<Product> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM products p WHERE p.owner_lookup = $1 AND p.ended_at IS NULL ORDER "
                        "BY p.instance",
                    {Blob{owner_lookup}}))
    out.push_back(read_product(reader, row));
  return out;
}

namespace {

// A part of a text, whatever its case; what is typed stands for itself.
std::string like_of(const std::string& text) {
  std::string out = "%";
  for (const char c : to_lower_ascii(text)) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out + "%";
}

std::string condition_of(const ProductQuery& q, Params& params) {
  std::string out;
  const auto add = [&](const std::string& before, Value value, const std::string& behind = "") {
    params.push_back(std::move(value));
    out += " AND " + before + "$" + std::to_string(params.size()) + behind;
  };
  if (!q.text.empty()) {
    params.emplace_back(like_of(q.text));
    const std::string place = " LIKE $" + std::to_string(params.size()) + " ESCAPE '!'";
    out += " AND (lower(p.instance)" + place + " OR lower(p.region)" + place +
           " OR lower(COALESCE(p.host_name, ''))" + place + ")";
  }
  if (!q.ip.empty()) add("p.id IN (SELECT product_id FROM product_ips WHERE ip = ", q.ip, ")");
  if (!q.owner_lookup.empty()) add("p.owner_lookup = ", Blob{q.owner_lookup});
  if (!q.after.empty()) add("p.instance > ", q.after);
  if (q.state == "ended") out += " AND p.ended_at IS NOT NULL";
  if (q.state == "sold" || q.state == "full" || q.state == "ending")
    out += " AND p.ended_at IS NULL";
  if (q.state == "full") out += " AND p.slots_used >= p.slots";
  if (q.state == "ending") add("p.term_until < ", q.ending);
  return out;
}

}  // namespace

std::vector<Product> query_products(Reader& reader, const ProductQuery& query) {
  Params params;
  const std::string condition = condition_of(query, params);
  params.emplace_back(std::int64_t{query.limit});
  std::vector<Product> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) + " FROM products p WHERE 1 = 1" +
                        condition + " ORDER BY p.instance LIMIT $" + std::to_string(params.size()),
                    params))
    out.push_back(read_product(reader, row));
  return out;
}

ProductCounts count_products(Reader& reader, const std::string& ending) {
  const auto row = reader.query_one(
      "SELECT COUNT(CASE WHEN ended_at IS NULL THEN 1 END), "
      "COUNT(CASE WHEN ended_at IS NULL AND slots_used >= slots THEN 1 END), "
      "COUNT(CASE WHEN ended_at IS NULL AND term_until < $1 THEN 1 END), "
      "COUNT(ended_at) FROM products",
      {ending});
  return {row->integer(0), row->integer(1), row->integer(2), row->integer(3)};
}

void insert_product_change(Tx& tx, const ProductChange& c) {
  tx.execute(
      "INSERT INTO product_changes (id, product_id, act, changes, note, by_id, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {c.id, c.product_id, c.act, c.changes, c.note, or_null(c.by_id), c.at});
}

std::vector<ProductChange> list_product_changes(Reader& reader, Id product, int limit) {
  std::vector<ProductChange> out;
  for (const Row& row : reader.query(
           "SELECT c.id, c.product_id, c.act, c.changes, c.note, c.by_id, a.display_name, c.at "
           "FROM product_changes c LEFT JOIN accounts a ON a.id = c.by_id "
           "WHERE c.product_id = $1 ORDER BY c.id DESC LIMIT $2",
           {product, std::int64_t{limit}}))
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4),
                   row.opt_integer(5), row.opt_text(6).value_or(""), row.integer(7)});
  return out;
}

std::vector<TakenSlot> list_slots(Reader& reader, Id product, int limit) {
  std::vector<TakenSlot> out;
  for (const Row& row : reader.query(
           "SELECT s.filing_id, s.site_key, COALESCE(f.domain, ''), s.taken_at FROM slots s LEFT "
           "JOIN filing_sites f ON f.filing_id = s.filing_id AND f.site_key = s.site_key "
           "WHERE s.product_id = $1 ORDER BY s.taken_at DESC, s.filing_id, s.site_key LIMIT $2",
           {product, std::int64_t{limit}}))
    out.push_back({row.integer(0), row.text(1), row.text(2), row.integer(3)});
  return out;
}

void insert_code(Tx& tx, Id id, const std::string& code, const std::string& masked, Id product,
                 const std::string& for_lookup, Id issued_by, Millis now) {
  tx.execute(
      "INSERT INTO service_codes (id, code_hash, masked, product_id, for_lookup, issued_by, "
      "issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {id, Blob{sha256(code)}, masked, product, Blob{for_lookup}, issued_by, now});
}

std::optional<ServiceCode> find_code(Reader& reader, const std::string& code) {
  auto row = reader.query_one(
      "SELECT id, masked, product_id, for_lookup, spent_filing FROM service_codes WHERE code_hash "
      "= $1",
      {Blob{sha256(code)}});
  if (!row) return std::nullopt;
  return ServiceCode{row->integer(0), row->text(1), row->integer(2), row->blob(3),
                     row->opt_integer(4)};
}

std::vector<ServiceCode> list_codes(Reader& reader, Id product) {
  std::vector<ServiceCode> out;
  for (const Row& row :
       reader.query("SELECT id, masked, product_id, for_lookup, spent_filing FROM service_codes "
                    "WHERE product_id = $1 ORDER BY id",
                    {product}))
    out.push_back({row.integer(0), row.text(1), row.integer(2), row.blob(3), row.opt_integer(4)});
  return out;
}

bool take_slot(Tx& tx, Id filing, const std::string& site, Id product, Millis now) {
  if (has_slot(tx, filing, site, product)) return true;
  tx.execute(
      "UPDATE products SET slots_used = slots_used - 1 WHERE id = "
      "(SELECT product_id FROM slots WHERE filing_id = $1 AND site_key = $2)",
      {filing, site});
  tx.execute("DELETE FROM slots WHERE filing_id = $1 AND site_key = $2", {filing, site});
  if (tx.execute(
          "UPDATE products SET slots_used = slots_used + 1 WHERE id = $1 AND slots_used < slots "
          "AND ended_at IS NULL",
          {product}) == 0)
    return false;
  tx.execute(
      "INSERT INTO slots (filing_id, site_key, product_id, taken_at) VALUES ($1, $2, $3, $4)",
      {filing, site, product, now});
  return true;
}

bool spend_code(Tx& tx, Id code, Id filing, const std::string& site) {
  return tx.execute(
             "UPDATE service_codes SET spent_filing = $2, spent_site = $3 WHERE id = $1 AND "
             "(spent_filing IS NULL OR (spent_filing = $2 AND spent_site = $3))",
             {code, filing, site}) == 1;
}

void release_slot(Tx& tx, Id filing, const std::string& site) {
  tx.execute(
      "UPDATE products SET slots_used = slots_used - 1 WHERE id = "
      "(SELECT product_id FROM slots WHERE filing_id = $1 AND site_key = $2)",
      {filing, site});
  tx.execute("DELETE FROM slots WHERE filing_id = $1 AND site_key = $2", {filing, site});
  tx.execute(
      "UPDATE service_codes SET spent_filing = NULL, spent_site = NULL WHERE spent_filing = $1 AND "
      "spent_site = $2",
      {filing, site});
}

void release_slots(Tx& tx, Id filing) {
  for (const Row& row : tx.query(
           "SELECT site_key FROM slots WHERE filing_id = $1 AND NOT EXISTS (SELECT 1 FROM "
           "filing_sites f WHERE f.filing_id = $1 AND f.site_key = slots.site_key AND f.outcome = "
           "'passed')",
           {filing}))
    release_slot(tx, filing, row.text(0));
}

std::optional<Id> slot_product(Reader& reader, Id filing, const std::string& site) {
  auto row = reader.query_one("SELECT product_id FROM slots WHERE filing_id = $1 AND site_key = $2",
                              {filing, site});
  if (!row) return std::nullopt;
  return row->integer(0);
}

bool has_slot(Reader& reader, Id filing, const std::string& site, Id product) {
  return reader
      .query_one("SELECT 1 FROM slots WHERE filing_id = $1 AND site_key = $2 AND product_id = $3",
                 {filing, site, product})
      .has_value();
}

}  // namespace beian::store
