#include "sandbox/registry.h"

#include <fmt/format.h>

#include "base/refusal.h"
#include "base/text.h"
#include "bureau/codec_v30.h"
#include "sandbox/china_time.h"

namespace beian::sandbox {
namespace {

constexpr std::string_view k_order_columns =
    "id, province, isp_id, isp_record, state, organiser_name, domains, xml, received_at, "
    "decided_at, codes, opinion, reviewer, subject_id";

Order order_from(const Row& row) {
  Order order;
  order.id = row.integer(0);
  order.province = row.text(1);
  order.isp_id = row.integer(2);
  order.isp_record = row.integer(3);
  order.state = row.text(4);
  order.organiser_name = row.text(5);
  order.domains = row.text(6);
  order.xml = row.blob(7);
  order.received_at = row.integer(8);
  order.decided_at = row.opt_integer(9);
  order.codes = row.text(10);
  order.opinion = row.text(11);
  order.reviewer = row.text(12);
  order.subject = row.opt_integer(13).value_or(0);
  return order;
}

std::string own_id(Id isp_id, Id record) { return fmt::format("{}/{}", isp_id, record); }

}  // namespace

Id next_number(Tx& tx, const std::string& series, Id first) {
  return tx
      .query_one(
          "INSERT INTO counters (name, value) VALUES ($1, $2) "
          "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
          {series, first})
      .value()
      .integer(0);
}

std::optional<Account> find_account(Reader& reader, const std::string& province, Id isp_id) {
  const auto row = reader.query_one(
      "SELECT province, isp_id, name, user_name, password, cipher_key, cipher_iv, last_sequence "
      "FROM providers WHERE province = $1 AND isp_id = $2",
      {province, isp_id});
  if (!row) return std::nullopt;
  return Account{row->text(0),   row->integer(1), row->text(2),
                 row->text(3),   row->text(4),    bureau::Cipher{row->text(5), row->text(6)},
                 row->integer(7)};
}

bool has_account_elsewhere(Reader& reader, const std::string& province, Id isp_id) {
  return reader
      .query_one("SELECT 1 FROM providers WHERE province <> $1 AND isp_id = $2 LIMIT 1",
                 {province, isp_id})
      .has_value();
}

std::string certificate_claim(std::int64_t type, const std::string& number) {
  std::string upper = number;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return fmt::format("{}:{}", type, upper);
}

std::string domain_claim(const std::string& name) { return to_lower_ascii(name); }

std::vector<Claim> claims_of(Id isp_id, const bureau::NewFiling& filing) {
  const auto& certificate = filing.organiser.certificate;
  std::vector<Claim> claims{
      {"certificate", certificate_claim(certificate.type, certificate.number)}};
  for (const auto& site : filing.websites) {
    claims.push_back({"site", own_id(isp_id, site.isp_id)});
    claims.push_back({"site_name", site.name});
    if (!site.home_url.empty()) claims.push_back({"home_url", to_lower_ascii(site.home_url)});
    for (const auto& domain : site.domains) {
      claims.push_back({"domain", domain_claim(domain.name)});
    }
    for (const auto& access : site.accesses) {
      claims.push_back({"access", own_id(isp_id, access.isp_id)});
      for (const auto& ip : access.ips) claims.push_back({"ip", own_id(isp_id, ip.isp_id)});
    }
  }
  return claims;
}

std::optional<bool> held(Reader& reader, const Claim& claim) {
  const auto row = reader.query_one(
      "SELECT MAX(CASE WHEN subject_id IS NULL THEN 0 ELSE 1 END) FROM claims "
      "WHERE kind = $1 AND value = $2",
      {claim.kind, claim.value});
  if (!row || row->is_null(0)) return std::nullopt;
  return row->boolean(0);
}

void take(Tx& tx, const std::vector<Claim>& claims, Id isp_id, Id order) {
  for (const auto& claim : claims) {
    tx.execute("INSERT INTO claims (kind, value, isp_id, order_id) VALUES ($1, $2, $3, $4)",
               {claim.kind, claim.value, isp_id, order});
  }
}

void release(Tx& tx, Id order) { tx.execute("DELETE FROM claims WHERE order_id = $1", {order}); }

void insert_order(Tx& tx, const Order& order, Id upload) {
  tx.execute(
      "INSERT INTO orders (id, province, isp_id, upload_id, isp_record, state, organiser_name, "
      "domains, xml, received_at, decided_at, codes, opinion, reviewer) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {order.id, order.province, order.isp_id, upload, order.isp_record, order.state,
       order.organiser_name, order.domains, Blob{order.xml}, order.received_at,
       order.decided_at ? Value(*order.decided_at) : Value(), order.codes, order.opinion,
       order.reviewer});
}

std::optional<Order> find_order(Reader& reader, Id id) {
  const auto row =
      reader.query_one(fmt::format("SELECT {} FROM orders WHERE id = $1", k_order_columns), {id});
  if (!row) return std::nullopt;
  return order_from(*row);
}

std::vector<Order> list_orders(Reader& reader, const std::string& state,
                               const std::string& province, Id before, int limit) {
  const auto rows =
      reader.query(fmt::format("SELECT {} FROM orders WHERE ($1 = '' OR state = $1) "
                               "AND ($2 = '' OR province = $2) AND ($3 = 0 OR id < $3) "
                               "ORDER BY id DESC LIMIT $4",
                               k_order_columns),
                   {state, province, before, static_cast<std::int64_t>(limit)});
  std::vector<Order> orders;
  for (const auto& row : rows) orders.push_back(order_from(row));
  return orders;
}

std::vector<Id> due_orders(Reader& reader, Millis latest) {
  std::vector<Id> ids;
  for (const auto& row :
       reader.query("SELECT id FROM orders WHERE state = 'pending' AND received_at <= $1 "
                    "ORDER BY id LIMIT 100",
                    {latest})) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

void settle_order(Tx& tx, const Order& order) {
  tx.execute(
      "UPDATE orders SET state = $2, decided_at = $3, codes = $4, opinion = $5, reviewer = $6, "
      "subject_id = $7 WHERE id = $1",
      {order.id, order.state, order.decided_at.value(), order.codes, order.opinion, order.reviewer,
       order.subject == 0 ? Value() : Value(order.subject)});
}

void queue_file(Tx& tx, const Province& province, Id isp_id, const bureau::Download& download,
                Millis now) {
  auto encoded = bureau::v30::encode(download);
  if (!encoded.problems.empty())
    throw Refusal(RefusalCode::invalid, "request_invalid", std::move(encoded.problems));
  const Id number = next_number(tx, "file");
  const std::string name = fmt::format("{}_{}_{}.xml", china_stamp(now), province.path, number);
  tx.execute(
      "INSERT INTO files (id, province, isp_id, name, xml, created_at, served) "
      "VALUES ($1, $2, $3, $4, $5, $6, 0)",
      {number, province.path, isp_id, name, Blob{encoded.xml}, now});
}

namespace {

void insert_site(Tx& tx, Id subject, Id isp_id, const bureau::Website& site) {
  tx.execute(
      "INSERT INTO sites (id, subject_id, number, name, home_url) VALUES ($1, $2, $3, $4, $5)",
      {site.publication.id, subject, site.publication.number, site.name, site.home_url});
  for (const auto& domain : site.domains) {
    tx.execute("INSERT INTO domains (id, site_id, name) VALUES ($1, $2, $3)",
               {domain.bureau_id, site.publication.id, domain_claim(domain.name)});
  }
  for (const auto& access : site.accesses) {
    for (const auto& ip : access.ips) {
      tx.execute("INSERT INTO access_ips (id, isp_id, first, last) VALUES ($1, $2, $3, $4)",
                 {ip.bureau_id, isp_id, static_cast<std::int64_t>(ip.first),
                  static_cast<std::int64_t>(ip.last)});
    }
  }
}

// Ids of the bureau for a site and all inside it; its number is the organiser's with "-n".
void number_site(Tx& tx, bureau::Website& site, Id isp_id, const std::string& number,
                 const bureau::Publication& of_organiser) {
  const auto record = [&](const char* series) { return next_number(tx, series, k_first_record); };
  site.key.clear();
  site.publication = {record("Wzid"), number, of_organiser.first_filed, of_organiser.last_changed};
  for (auto& domain : site.domains) domain.bureau_id = record("Ymid");
  for (auto& access : site.accesses) {
    access.bureau_id = record("Jrid");
    access.provider = isp_id;
    for (auto& ip : access.ips) ip.bureau_id = record("Ipid");
  }
}

}  // namespace

bureau::PublishedFiling publish(Tx& tx, const Province& province, Id isp_id, Id order,
                                const bureau::NewFiling& filing, const std::string& password,
                                const std::string& reviewer, Millis now) {
  const std::string today = china_date(now);
  const int year = china_year(now);
  const Id serial = next_number(tx, fmt::format("number/{}/{}", province.path, year));
  bureau::PublishedFiling published{filing.organiser, filing.websites, ""};
  auto& organiser = published.organiser;
  organiser.publication = {next_number(tx, "Ztid", k_first_record),
                           fmt::format("{}ICP备{}{:06}号", province.prefix, year, serial), today,
                           today};
  organiser.paper_serial = fmt::format("{}{}{:06}", province.code, year, serial);
  organiser.reviewer = reviewer;
  organiser.reviewed = today;
  int n = 0;
  for (auto& site : published.websites) {
    number_site(tx, site, isp_id, fmt::format("{}-{}", organiser.publication.number, ++n),
                organiser.publication);
  }
  bureau::Download document;
  document.published = {published};
  tx.execute(
      "INSERT INTO subjects (id, province, isp_id, number, name, nature, password, xml, "
      "published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {organiser.publication.id, province.path, isp_id, organiser.publication.number,
       organiser.name, organiser.nature ? Value(*organiser.nature) : Value(),
       password.empty() ? Value() : Value(password), Blob{bureau::v30::encode(document).xml}, now});
  for (const auto& site : published.websites) {
    insert_site(tx, organiser.publication.id, isp_id, site);
  }
  tx.execute("UPDATE claims SET subject_id = $2 WHERE order_id = $1",
             {order, organiser.publication.id});
  return published;
}

}  // namespace beian::sandbox
