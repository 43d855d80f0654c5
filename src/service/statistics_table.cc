// The numbers as tables, for export.
#include <functional>

#include "service/statistics_names.h"
#include "service/statistics_report.h"

namespace beian::service {
namespace {

std::string province_name(const Service& s, const std::string& code, std::string_view locale) {
  const std::string name(s.reference.catalogue.divisions.full_name(code, "", ""));
  return locale == k_locale_zh && !name.empty() ? name : code;
}

// A column of a table: its heading's name in data/texts/*/statistics.json, and the cell of a row.
struct Column {
  std::string heading;
  std::function<std::string(const json::object&)> cell;
};

std::string plain(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_double()) {
    std::string text = std::to_string(value.as_double());
    return text.substr(0, text.find('.') + 3);
  }
  return value.is_null() ? "" : json::serialize(value);
}

Column column(const std::string& name) {
  return {name, [name](const json::object& row) { return plain(row.at(name)); }};
}

Column quantile_column(const std::string& basis, const std::string& name) {
  return {basis + "_" + name, [basis, name](const json::object& row) {
            return plain(row.at(basis).as_object().at(name));
          }};
}

class Columns {
 public:
  Columns(const Service& s, std::string_view locale) : s_(s), locale_(locale) {}

  std::vector<Column> of(const std::string& part) const {
    if (part == "intake") return with({column("day")}, step_totals());
    if (part == "provinces") {
      auto out = with({column("province"), province()}, step_totals());
      for (const TotalName& name : first_totals()) out.push_back(column(name.name));
      return out;
    }
    if (part == "reasons")
      return {worded("by", "states", "actors."),
              column("code"),
              column("text"),
              column("field"),
              column("field_name"),
              column("count")};
    if (part == "steps") {
      std::vector<Column> out{state("step"), column("turn"), column("province"), province()};
      add_waits(out);
      return out;
    }
    if (part == "reviewers") {
      std::vector<Column> out{column("name"),         column("passed"),         column("returned"),
                              column("photo_passed"), column("photo_returned"), column("calls")};
      add_waits(out);
      return out;
    }
    if (part == "messages")
      return {column("channel"), column("notice"),  column("sent"),
              column("waiting"), column("refused"), column("unknown")};
    if (part == "queue") {
      std::vector<Column> out{state("state"), column("turn")};
      for (int i = 0; i < k_bands; ++i)
        out.push_back({"band_" + std::to_string(i), [i](const json::object& row) {
                         return plain(row.at("bands").as_array().at(static_cast<std::size_t>(i)));
                       }});
      return out;
    }
    throw Refusal(RefusalCode::not_found, "not_found");
  }

 private:
  static std::vector<Column> with(std::vector<Column> out, const std::vector<TotalName>& names) {
    for (const TotalName& name : names) out.push_back(column(name.name));
    return out;
  }
  static void add_waits(std::vector<Column>& out) {
    out.push_back(column("count"));
    for (const char* basis : {"elapsed", "working"})
      for (const char* name : {"p50", "p80", "p95"}) out.push_back(quantile_column(basis, name));
  }
  Column province() const {
    return {"province_name", [this](const json::object& row) {
              return province_name(s_, plain(row.at("province")), locale_);
            }};
  }
  Column worded(const std::string& name, const std::string& group,
                const std::string& prefix) const {
    return {name, [=, this](const json::object& row) {
              return s_.texts.render(locale_, group, prefix + plain(row.at(name)));
            }};
  }
  Column state(const std::string& name) const {
    return {name, [this, name](const json::object& row) {
              return s_.texts.render(locale_, "states", "states." + plain(row.at(name)) + ".staff");
            }};
  }

  const Service& s_;
  std::string_view locale_;
};

}  // namespace

Table statistics_table(Service& s, const Staff& staff, const store::Period& period,
                       const std::string& part, std::string_view locale) {
  const Columns all_columns(s, locale);  // their cells look things up in it
  const std::vector<Column> columns = all_columns.of(part);
  const json::object all = show_statistics(s, staff, period, locale);
  const json::array& rows = part == "intake"  ? all.at("series").as_object().at("rows").as_array()
                            : part == "queue" ? all.at("queue").as_object().at("rows").as_array()
                                              : all.at(part).as_array();
  Table out;
  std::vector<std::string>& headings = out.emplace_back();
  for (const Column& one : columns)
    headings.push_back(s.texts.render(locale, "statistics", one.heading));
  for (const json::value& row : rows) {
    std::vector<std::string>& cells = out.emplace_back();
    for (const Column& one : columns) cells.push_back(one.cell(row.as_object()));
  }
  return out;
}

}  // namespace beian::service
