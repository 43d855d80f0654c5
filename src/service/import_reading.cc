#include "service/import_reading.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "filing/check.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "filing/number.h"
#include "service/content_access.h"
#include "service/rules.h"

namespace beian::service {
namespace {

// Without these no draft can begin (service/begin.h asks for them too).
constexpr std::array<std::string_view, 5> k_base_columns{
    "organiser.nature", "organiser.certificate_type", "organiser.certificate_number",
    "organiser.province", "sites.domain"};

bool is_base(std::string_view path) {
  return std::ranges::find(k_base_columns, path) != k_base_columns.end();
}

// One table against the columns.
class Reading {
 public:
  Reading(Service& s, const ImportColumns& columns, const documents::Table& table)
      : s_(s), columns_(columns), table_(table), form_(s.reference.form) {}

  // Refuses where a column that every row needs is not there, or one is there twice.
  void read_head() {
    std::set<std::string> seen;
    std::vector<Problem> problems;
    const documents::TableRow& head = table_.rows.front();
    for (std::size_t i = 0; i < head.cells.size(); ++i) {
      const ImportColumn* column = columns_.find(head.cells[i]);
      places_.push_back(column);
      if (head.cells[i].empty()) continue;
      const std::string cell = documents::cell_name(i, head.number);
      if (column == nullptr)
        unknown_.push_back(
            {cell, "import_column_unknown", {{"value", head.cells[i]}}, "", "", false});
      else if (!seen.insert(column->path).second)
        problems.push_back({cell, "import_column_twice", {{"value", head.cells[i]}}, "", "", true});
      else
        column_of_[column->path] = i;
    }
    // In the order of the form, wherever a column stands in the table.
    for (const auto& [path, i] : column_of_) {
      order_.push_back(i);
      out_.columns[path] = {i, places_[i]->title};
    }
    std::ranges::sort(order_, {}, [&](std::size_t i) { return places_[i]; });
    for (const std::string_view path : k_base_columns)
      if (!seen.contains(std::string(path)))
        problems.push_back({documents::cell_name(head.cells.size(), head.number),
                            "import_column_missing",
                            {{"column", columns_.find(path)->title}},
                            "",
                            "",
                            true});
    if (!problems.empty()) throw Refusal(RefusalCode::invalid, "import_columns_missing", problems);
  }

  ImportReading run(bool with_checks) {
    read_head();
    out_.problems = unknown_;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) out_.numbers.push_back(number_of(i));
    damaged_ = {table_.damaged.begin(), table_.damaged.end()};
    for (std::size_t row = 1; row < table_.rows.size(); ++row) read_row(row);
    if (with_checks) {
      const RuleSetPtr nation = recent_rules(s_, std::string(k_nation));
      for (ImportDraft& draft : out_.drafts) check(draft, nation->file.rules);
    }
    for (const ImportDraft& draft : out_.drafts)
      if (draft.faulty) out_.faulty_rows += static_cast<std::int64_t>(draft.rows.size());
    return std::move(out_);
  }

 private:
  std::int64_t number_of(std::size_t row) const {
    return static_cast<std::int64_t>(table_.rows[row].number);
  }
  const std::string& cell_at(std::size_t row, std::size_t column) const {
    static const std::string k_none;
    const auto& cells = table_.rows[row].cells;
    return column < cells.size() ? cells[column] : k_none;
  }
  std::string cell_of(std::size_t row, const std::string& path) const {
    const auto found = column_of_.find(path);
    return found == column_of_.end() ? std::string() : clean_line(cell_at(row, found->second));
  }

  void add(std::size_t row, std::size_t column, std::string code, bool hard,
           std::map<std::string, std::string> params = {}) {
    if (column < places_.size() && places_[column] != nullptr)
      params.emplace("column", places_[column]->title);
    const bool secret = column < places_.size() && places_[column] != nullptr &&
                        places_[column]->path == k_password_column;
    params.emplace("value", secret ? "" : cell_at(row, column).substr(0, 200));
    out_.problems.push_back({documents::cell_name(column, table_.rows[row].number), std::move(code),
                             std::move(params), "", "", hard});
  }

  // The draft that a row belongs to by its certificate. A further website's row may leave out the
  // kind of certificate, as it may everything else about the organiser.
  std::optional<std::size_t> known_draft(std::size_t row) const {
    const std::string number = to_lower_ascii(cell_of(row, "organiser.certificate_number"));
    const std::string type = to_lower_ascii(cell_of(row, "organiser.certificate_type"));
    const auto found = by_certificate_.find((number.empty() ? "" : type) + "/" + number);
    if (found == by_certificate_.end()) return std::nullopt;
    return found->second;
  }
  std::size_t begin_draft(std::size_t row) {
    out_.drafts.push_back({{row}, "", false, new_content(form_), false, "", ""});
    const std::size_t at = out_.drafts.size() - 1;
    const std::string number = to_lower_ascii(cell_of(row, "organiser.certificate_number"));
    const std::string type = to_lower_ascii(cell_of(row, "organiser.certificate_type"));
    if (number.empty()) return at;
    by_certificate_.emplace(type + "/" + number, at);
    by_certificate_.emplace("/" + number, at);
    return at;
  }

  // A new draft, or one more website in that of the same certificate.
  void read_row(std::size_t row) {
    const auto known = known_draft(row);
    const bool further = known.has_value();
    ImportDraft& draft = out_.drafts[further ? *known : begin_draft(row)];
    std::string site = "s1";
    if (further) {
      draft.rows.push_back(row);
      const auto added = add_site(form_, draft.content);
      if (!added) {
        add(row, column_of_.at("sites.domain"), "import_too_many_sites", true,
            {{"max", std::to_string(form_.sites_page()->max_sites)}});
        draft.faulty = true;
        return;
      }
      site = *added;
    }
    unread_.clear();
    for (const std::size_t column : order_) read_cell(draft, row, column, site, further);
    if (draft.client.empty()) draft.client = cell_of(row, "organiser.name");
    if (draft.client.empty()) draft.client = registrable_of(cell_of(row, "sites.domain"));
    check_base(draft, row, site, further);
  }

  void read_cell(ImportDraft& draft, std::size_t row, std::size_t column, const std::string& site,
                 bool further) {
    const ImportColumn* place = places_[column];
    const std::string& cell = cell_at(row, column);
    if (place == nullptr || clean_line(cell).empty()) return;
    if (damaged_.contains(documents::cell_name(column, table_.rows[row].number))) {
      add(row, column, "table_digits_lost", true);
      leave(draft, row, column);
      return;
    }
    if (place->field == nullptr) {
      if (const char* code = read_own_column(draft, place->path, clean_line(cell))) {
        add(row, column, code, true, {{"max", "80"}});
        leave(draft, row, column);
      }
      return;
    }
    const bool of_site = place->path.starts_with("sites.");
    if (further && !of_site) return;  // its first row says who the organiser is
    // What it means hangs on a cell that is missing or cannot be read: that one is told, this one
    // when it can be.
    for (const std::string& needed : columns_.needs_of(*place->field))
      if (unread_.contains(needed) || (is_base(needed) && cell_of(row, needed).empty()))
        return leave(draft, row, column);
    const std::string path = of_site ? "sites." + site + place->path.substr(5) : place->path;
    const auto value = columns_.value_of(*place->field, cell, draft.content, site);
    if (!value) {
      const std::string choices = columns_.choices_of(*place->field);
      // A city or county is looked for in the place it belongs to.
      add(row, column, choices.empty() ? "import_place_unknown" : "import_value_unknown", true,
          {{"choices", choices}});
      leave(draft, row, column);
    } else if (const auto problem = apply_change(form_, draft.content, path, *value)) {
      add(row, column, problem->code, true, problem->params);
      leave(draft, row, column);
    }
  }

  // The code of what is wrong, or nullptr.
  const char* read_own_column(ImportDraft& draft, const std::string& path, std::string cell) {
    if (path == k_client_column) {
      if (draft.client.empty()) draft.client = std::move(cell);
      draft.client_typed = true;
      return count_characters(draft.client) > 80 ? "client_name" : nullptr;
    }
    if (path == k_password_column) {
      if (cell.size() > 64) return "import_password_wrong";
      if (draft.password.empty()) draft.password = std::move(cell);
      return nullptr;
    }
    const auto number = parse_filing_number(cell, prefixes_);
    if (!number) return "import_number_invalid";
    if (draft.number.empty()) draft.number = number->organiser_number();
    return nullptr;
  }

  // Nothing more is said of a cell that is told of, or that waits for another one.
  void leave(ImportDraft& draft, std::size_t row, std::size_t column) {
    draft.faulty = true;
    unread_.insert(places_[column]->path);
    silent_.emplace(row, column);
  }

  void check_base(ImportDraft& draft, std::size_t row, const std::string& site, bool further) {
    for (const std::string_view path : k_base_columns) {
      const std::size_t column = column_of_.at(std::string(path));
      if (!clean_line(cell_at(row, column)).empty()) continue;
      if (further && !path.starts_with("sites.")) continue;  // its first row says it
      add(row, column, "required", true);
      draft.faulty = true;
    }
    const std::string domain = registrable_of(text_at(draft.content, "sites." + site + ".domain"));
    if (domain.empty()) return;
    if (const auto [at, is_new] = by_domain_.emplace(domain, row); !is_new) {
      add(row, column_of_.at("sites.domain"), "import_domain_twice", true,
          {{"row", std::to_string(number_of(at->second))}});
      draft.faulty = true;
    }
  }

  // What the form finds wrong in filled cells: certificate numbers, telephones, domains.
  void check(ImportDraft& draft, const std::vector<Rule>& rules) {
    const Day today = shanghai_day(s_.now());
    const Looked looked = look_at(form_, draft.content, today);
    for (const Problem& problem :
         check_form(form_, s_.reference.catalogue, rules, draft.content, {}, today, looked)) {
      const auto place = locate(draft, problem.field);
      if (!place || clean_line(cell_at(place->first, place->second)).empty()) continue;
      if (silent_.contains(*place)) continue;
      // A draft may be wrong, but not about who and which domain: that is how it begins.
      const bool stops = is_base(places_[place->second]->path) && problem.hard;
      add(place->first, place->second, problem.code, stops, problem.params);
      draft.faulty = draft.faulty || stops;
    }
  }

  std::optional<std::pair<std::size_t, std::size_t>> locate(const ImportDraft& draft,
                                                            const std::string& path) const {
    std::string column_path = path;
    std::size_t row = draft.rows.front();
    if (path.starts_with("sites.")) {
      const std::size_t dot = path.find('.', 6);
      if (dot == std::string::npos) return std::nullopt;
      const auto keys = site_keys(draft.content);
      const auto at = std::ranges::find(keys, path.substr(6, dot - 6));
      const auto index = static_cast<std::size_t>(at - keys.begin());
      if (index >= draft.rows.size()) return std::nullopt;
      row = draft.rows[index];
      column_path = "sites" + path.substr(dot);
    }
    // "sites.s1.services.0" belongs to the cell of the whole list.
    while (!column_of_.contains(column_path)) {
      const std::size_t dot = column_path.rfind('.');
      if (dot == std::string::npos) return std::nullopt;
      column_path.resize(dot);
    }
    return std::pair{row, column_of_.at(column_path)};
  }

  Service& s_;
  const ImportColumns& columns_;
  const documents::Table& table_;
  const Form& form_;
  std::vector<const ImportColumn*> places_;  // by column of the file
  std::map<std::string, std::size_t> column_of_;
  std::vector<std::size_t> order_;  // of the columns, as the form asks
  const std::vector<std::string> prefixes_ = s_.reference.bureaus.prefixes();
  std::set<std::string> unread_;                          // paths, in the row that is being read
  std::set<std::pair<std::size_t, std::size_t>> silent_;  // cells: row and column
  std::vector<Problem> unknown_;
  std::set<std::string> damaged_;
  std::map<std::string, std::size_t> by_certificate_, by_domain_;
  ImportReading out_;
};

}  // namespace

documents::Table read_import_table(const std::string& file) {
  auto outcome = documents::read_table(file);
  if (!outcome.table) throw Refusal(RefusalCode::invalid, "import_unreadable", outcome.problems);
  if (outcome.table->rows.size() < 2)
    throw Refusal(RefusalCode::invalid, "import_unreadable",
                  {{"", "table_empty", {}, "", "", true}});
  return std::move(*outcome.table);
}

Problem at_import_cell(const ImportReading& read, const ImportDraft& draft, std::size_t index,
                       std::string_view column, std::string code, bool hard) {
  auto place = read.columns.find(std::string(column));
  if (place == read.columns.end()) place = read.columns.find("organiser.certificate_number");
  const auto& [at, title] = place->second;
  const auto number = static_cast<std::size_t>(read.numbers[draft.rows[index]]);
  return {documents::cell_name(at, number), std::move(code), {{"column", title}}, "", "", hard};
}

ImportReading read_import(Service& s, const ImportColumns& columns, const documents::Table& table,
                          bool checks) {
  return Reading(s, columns, table).run(checks);
}

}  // namespace beian::service
