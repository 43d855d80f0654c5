#include "sandbox/orders.h"

#include <fmt/format.h>

namespace beian::sandbox {
namespace {

constexpr std::string_view k_columns =
    "id, province, isp_id, isp_record, state, organiser_name, domains, received_at, decided_at, "
    "codes, opinion, reviewer, subject_id, operation, mark, site_id, access_id, waiting_since, "
    "site_results";

Order order_from(const Row& row) {
  Order order;
  order.id = row.integer(0);
  order.province = row.text(1);
  order.isp_id = row.integer(2);
  order.isp_record = row.integer(3);
  order.state = row.text(4);
  order.organiser_name = row.text(5);
  order.domains = row.text(6);
  order.received_at = row.integer(7);
  order.decided_at = row.opt_integer(8);
  order.codes = row.text(9);
  order.opinion = row.text(10);
  order.reviewer = row.text(11);
  order.subject = row.opt_integer(12).value_or(0);
  order.operation = static_cast<Operation>(row.integer(13));
  order.mark = row.text(14);
  order.site = row.opt_integer(15).value_or(0);
  order.access = row.opt_integer(16).value_or(0);
  order.waiting_since = row.opt_integer(17).value_or(order.received_at);
  order.site_results = row.text(18);
  return order;
}

std::vector<Order> orders_from(const std::vector<Row>& rows) {
  std::vector<Order> orders;
  for (const auto& row : rows) orders.push_back(order_from(row));
  return orders;
}

Value or_null(Id id) { return id == 0 ? Value() : Value(id); }

}  // namespace

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::new_filing:
      return "new_filing";
    case Operation::new_website:
      return "new_website";
    case Operation::new_access:
      return "new_access";
    case Operation::change:
      return "change";
    case Operation::cancel_access:
      return "cancel_access";
    case Operation::cancel_organiser:
      return "cancel_organiser";
    case Operation::cancel_website:
      return "cancel_website";
    case Operation::material:
      break;
  }
  return "material";
}

void insert_order(Tx& tx, const Order& order, Id upload) {
  tx.execute(
      "INSERT INTO orders (id, province, isp_id, upload_id, isp_record, state, organiser_name, "
      "domains, xml, received_at, decided_at, codes, opinion, reviewer, operation, mark, "
      "subject_id, site_id, access_id, before_xml, waiting_since) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
      {order.id,
       order.province,
       order.isp_id,
       upload,
       order.isp_record,
       order.state,
       order.organiser_name,
       order.domains,
       Blob{order.xml},
       order.received_at,
       order.decided_at ? Value(*order.decided_at) : Value(),
       order.codes,
       order.opinion,
       order.reviewer,
       static_cast<std::int64_t>(order.operation),
       order.mark,
       or_null(order.subject),
       or_null(order.site),
       or_null(order.access),
       order.before_xml.empty() ? Value() : Value(Blob{order.before_xml}),
       order.waiting_since});
}

std::optional<Order> find_order(Reader& reader, Id id) {
  const auto row = reader.query_one(
      fmt::format("SELECT {}, xml, before_xml FROM orders WHERE id = $1", k_columns), {id});
  if (!row) return std::nullopt;
  auto order = order_from(*row);
  order.xml = row->blob(19);
  order.before_xml = row->opt_blob(20).value_or("");
  return order;
}

std::vector<Order> list_orders(Reader& reader, const std::string& state,
                               const std::string& province, std::int64_t operation, Id before,
                               int limit) {
  return orders_from(
      reader.query(fmt::format("SELECT {} FROM orders WHERE ($1 = '' OR state = $1) "
                               "AND ($2 = '' OR province = $2) AND ($3 = 0 OR operation = $3) "
                               "AND ($4 = 0 OR id < $4) ORDER BY id DESC LIMIT $5",
                               k_columns),
                   {state, province, operation, before, static_cast<std::int64_t>(limit)}));
}

std::vector<Order> orders_in_flight(Reader& reader, Id subject) {
  return orders_from(reader.query(fmt::format("SELECT {} FROM orders WHERE subject_id = $1 "
                                              "AND state IN ('pending', 'sms_pending') ORDER BY id",
                                              k_columns),
                                  {subject}));
}

std::vector<Id> due_orders(Reader& reader, Millis latest) {
  std::vector<Id> ids;
  for (const auto& row :
       reader.query("SELECT id FROM orders WHERE state = 'pending' AND waiting_since <= $1 "
                    "ORDER BY id LIMIT 100",
                    {latest})) {
    ids.push_back(row.integer(0));
  }
  return ids;
}

void settle_order(Tx& tx, const Order& order) {
  tx.execute(
      "UPDATE orders SET state = $2, decided_at = $3, codes = $4, opinion = $5, reviewer = $6, "
      "subject_id = $7, site_results = $8 WHERE id = $1",
      {order.id, order.state, order.decided_at.value(), order.codes, order.opinion, order.reviewer,
       or_null(order.subject), order.site_results});
}

void wait_for_officer(Tx& tx, Id order, Millis now) {
  tx.execute(
      "UPDATE orders SET state = 'pending', waiting_since = $2 "
      "WHERE id = $1 AND state = 'sms_pending'",
      {order, now});
}

}  // namespace beian::sandbox
