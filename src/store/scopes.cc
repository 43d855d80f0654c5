#include "store/scopes.h"

#include <algorithm>

#include "base/json.h"

namespace beian::store {
namespace {

template <typename List, typename One>
bool allows(const List& list, const One& one) {
  return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
}

template <typename List>
std::string in_list(const std::string& column, const List& list, Params& params) {
  if (list.empty()) return "";
  std::string out = " AND " + column + " IN (";
  for (const auto& one : list) {
    params.emplace_back(one);
    out += (&one == &list.front() ? "$" : ", $") + std::to_string(params.size());
  }
  return out + ")";
}

}  // namespace

bool StaffScope::covers(std::string_view province, Id customer) const {
  return allows(provinces, province) && allows(customers, customer);
}

bool StaffScope::covers_province(std::string_view province) const {
  return customers.empty() && allows(provinces, province);
}

StaffScope scope_of(Reader& reader, Id staff) {
  StaffScope out;
  for (const Row& row : reader.query(
           "SELECT kind, value FROM staff_scopes WHERE account_id = $1 ORDER BY kind, value",
           {staff})) {
    if (row.text(0) == "province")
      out.provinces.push_back(row.text(1));
    else if (const auto id = id_from_string(row.text(1)))
      out.customers.push_back(*id);
  }
  return out;
}

void put_scope(Tx& tx, Id staff, const StaffScope& scope) {
  tx.execute("DELETE FROM staff_scopes WHERE account_id = $1", {staff});
  const auto insert = [&](std::string_view kind, const std::string& value) {
    tx.execute(
        "INSERT INTO staff_scopes (account_id, kind, value) VALUES ($1, $2, $3) "
        "ON CONFLICT (account_id, kind, value) DO NOTHING",
        {staff, std::string(kind), value});
  };
  for (const std::string& province : scope.provinces) insert("province", province);
  for (const Id customer : scope.customers) insert("customer", id_to_string(customer));
}

std::string scope_condition(const StaffScope& scope, std::string_view alias, Params& params) {
  const std::string dot = alias.empty() ? "" : std::string(alias) + ".";
  std::string out = in_list(dot + "province", scope.provinces, params);
  out += in_list(dot + "account_id", scope.customers, params);
  return out;
}

std::string to_text(const StaffScope& scope) {
  if (scope.is_whole()) return "";
  json::array provinces, customers;
  for (const std::string& province : scope.provinces) provinces.push_back(json::value(province));
  for (const Id customer : scope.customers)
    customers.push_back(json::value(id_to_string(customer)));
  return json::serialize(
      json::object{{"provinces", std::move(provinces)}, {"customers", std::move(customers)}});
}

StaffScope scope_from_text(const std::string& text) {
  StaffScope out;
  if (text.empty()) return out;
  const json::value value = parse_json(text);
  const json::object& object = as_object(value);
  for (const json::value& province : object.at("provinces").as_array())
    out.provinces.emplace_back(province.as_string());
  for (const json::value& customer : object.at("customers").as_array())
    if (const auto id = id_from_string(std::string(customer.as_string())))
      out.customers.push_back(*id);
  return out;
}

}  // namespace beian::store
