// The columns of an import table, made from the form of a first filing, so that template and form
// never differ: a column for each field that fits into a cell, named as the form names it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "filing/form.h"
#include "service/service.h"

namespace beian::service {

// The columns that are no field: whose folder, and of an organiser that is filed already its number
// and, where the bureau still wants it, its filing password.
inline constexpr std::string_view k_client_column = "client", k_number_column = "filed.number",
                                  k_password_column = "filed.password";

struct ImportColumn {
  const Field* field = nullptr;  // none: one of the columns above
  std::string path;              // "client", "organiser.name", "sites.domain"
  std::string title;             // "网站的所有者：证件号码"
};

class ImportColumns {
 public:
  // `locale` of the titles that a template gets. Lives no longer than the service.
  ImportColumns(const Service& s, std::string_view locale);

  const std::vector<ImportColumn>& all() const { return columns_; }
  // By a title in either language, a path or the plain name of its field where that is unique.
  const ImportColumn* find(std::string_view head) const;
  // What a cell says, as the form keeps it; nullopt where it says nothing the field knows.
  // `content` holds what the form asks before it: the kind of certificate depends on the nature.
  std::optional<json::value> value_of(const Field& field, const std::string& cell,
                                      const json::object& content, const std::string& site) const;
  // What may stand in a cell, in words; empty where anything may.
  std::string choices_of(const Field& field) const;
  // The columns whose cells say what this one's may mean: of a certificate's number its type.
  // Empty where it stands alone.
  std::vector<std::string> needs_of(const Field& field) const;

 private:
  std::optional<json::value> choice_of(const Field& field, const std::string& cell,
                                       const json::object& content, const std::string& site) const;
  std::optional<std::string> place_of(const Field& field, const std::string& cell,
                                      const json::object& content, const std::string& site) const;

  const Service& service_;
  const std::string locale_;
  std::vector<ImportColumn> columns_;
  std::map<std::string, std::size_t, std::less<>> by_head_;
  // Divisions by the code of the parent ("" for provinces) and name.
  std::map<std::string, std::map<std::string, std::string>> places_;
};

// The template, ready to be filled in: "csv" or "xlsx" (with a second sheet that explains the
// columns). Refusal{invalid} for another format.
std::string import_template(const Service& s, std::string_view format, std::string_view locale);

}  // namespace beian::service
