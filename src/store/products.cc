#include "store/products.h"

#include "base/crypto.h"
#include "store/sealed.h"

namespace beian::store {
namespace {

constexpr std::string_view k_columns =
    "p.id, p.instance, p.kind, p.region, p.host_name, p.term_from, p.term_until, p.slots, "
    "p.slots_used, p.owner_lookup";

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

void upsert_product(Tx& tx, const Product& p) {
  auto row = tx.query_one(
      "INSERT INTO products (id, instance, kind, region, host_name, term_from, term_until, slots, "
      "slots_used, owner_lookup) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) "
      "ON CONFLICT (instance) DO UPDATE SET kind = excluded.kind, region = excluded.region, "
      "host_name = excluded.host_name, term_from = excluded.term_from, "
      "term_until = excluded.term_until, slots = excluded.slots, "
      "owner_lookup = excluded.owner_lookup RETURNING id",
      {p.id != 0 ? p.id : new_id(), p.instance, p.kind, p.region, or_null(p.host_name), p.term_from,
       p.term_until, p.slots, Blob{p.owner_lookup}});
  const Id id = row->integer(0);
  tx.execute("DELETE FROM product_ips WHERE product_id = $1", {id});
  for (const std::string& ip : p.ips)
    tx.execute("INSERT INTO product_ips (ip, product_id) VALUES ($1, $2)", {ip, id});
}

std::optional<Product> find_product(Reader& reader, Id id) {
  return find_where(reader, "WHERE p.id = $1", {id});
}

std::optional<Product> find_product_by_ip(Reader& reader, const std::string& ip) {
  return find_where(reader, "JOIN product_ips i ON i.product_id = p.id WHERE i.ip = $1 LIMIT 1",
                    {ip});
}

std::optional<Product> find_product_by_host(Reader& reader, const std::string& host_name) {
  return find_where(reader, "WHERE p.host_name = $1", {host_name});
}

std::vector<Product> list_products(Reader& reader, const std::string& owner_lookup) {
  std::vector<Product> out;
  for (const Row& row :
       reader.query("SELECT " + std::string(k_columns) +
                        " FROM products p WHERE p.owner_lookup = $1 ORDER BY p.instance",
                    {Blob{owner_lookup}}))
    out.push_back(read_product(reader, row));
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
          "UPDATE products SET slots_used = slots_used + 1 WHERE id = $1 AND slots_used < slots",
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
