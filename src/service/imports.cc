#include "service/imports.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/shown_problem.h"
#include "base/text.h"
#include "documents/table_reader.h"
#include "filing/check.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "service/agencies.h"
#include "service/clients.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/import_columns.h"
#include "store/jobs.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::size_t k_batch = 100;  // drafts in one transaction
constexpr int k_most_listed = 50, k_most_left_out = 500;
// Without these no draft can begin (service/begin.h asks for them too).
constexpr std::array<std::string_view, 5> k_base_columns{
    "organiser.nature", "organiser.certificate_type", "organiser.certificate_number",
    "organiser.province", "sites.domain"};

struct Draft {
  std::vector<std::size_t> rows;  // of the table
  std::string client;
  json::object content;
  bool faulty = false;
};
struct Read {
  std::vector<std::int64_t> numbers;  // as the spreadsheet counts
  std::vector<Draft> drafts;
  std::vector<Problem> problems;  // field: "C7"; params also "column" and "value"
  std::int64_t faulty_rows = 0;
};

// One table against the columns.
class Reading {
 public:
  Reading(const Service& s, const ImportColumns& columns, const documents::Table& table)
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

  Read run(bool with_checks) {
    read_head();
    out_.problems = unknown_;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) out_.numbers.push_back(number_of(i));
    damaged_ = {table_.damaged.begin(), table_.damaged.end()};
    for (std::size_t row = 1; row < table_.rows.size(); ++row) read_row(row);
    if (with_checks)
      for (Draft& draft : out_.drafts)
        if (!draft.faulty) check(draft);
    for (const Draft& draft : out_.drafts)
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
    params.emplace("value", cell_at(row, column).substr(0, 200));
    out_.problems.push_back({documents::cell_name(column, table_.rows[row].number), std::move(code),
                             std::move(params), "", "", hard});
  }

  // A new draft, or one more website in that of the same certificate.
  void read_row(std::size_t row) {
    const std::string key = to_lower_ascii(cell_of(row, "organiser.certificate_type") + "/" +
                                           cell_of(row, "organiser.certificate_number"));
    std::string site = "s1";
    auto known = by_certificate_.find(key);
    const bool further = known != by_certificate_.end();
    if (!further) {
      out_.drafts.push_back({{row}, "", new_content(form_), false});
      known = by_certificate_.emplace(key, out_.drafts.size() - 1).first;
    }
    Draft& draft = out_.drafts[known->second];
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
    for (std::size_t column = 0; column < places_.size(); ++column)
      read_cell(draft, row, column, site, further);
    if (draft.client.empty()) draft.client = cell_of(row, "organiser.name");
    if (draft.client.empty()) draft.client = registrable_of(cell_of(row, "sites.domain"));
    check_base(draft, row, site);
  }

  void read_cell(Draft& draft, std::size_t row, std::size_t column, const std::string& site,
                 bool further) {
    const ImportColumn* place = places_[column];
    const std::string& cell = cell_at(row, column);
    if (place == nullptr || clean_line(cell).empty()) return;
    if (damaged_.contains(documents::cell_name(column, table_.rows[row].number))) {
      add(row, column, "table_digits_lost", true);
      draft.faulty = true;
      return;
    }
    if (place->field == nullptr) {
      if (draft.client.empty()) draft.client = clean_line(cell);
      if (count_characters(draft.client) > 80) {
        add(row, column, "client_name", true, {{"max", "80"}});
        draft.faulty = true;
      }
      return;
    }
    const bool of_site = place->path.starts_with("sites.");
    if (further && !of_site) return;  // its first row says who the organiser is
    const std::string path = of_site ? "sites." + site + place->path.substr(5) : place->path;
    const auto value = columns_.value_of(*place->field, cell, draft.content, site);
    if (!value) {
      const std::string choices = columns_.choices_of(*place->field);
      // A city or county is looked for in the place to the left of it.
      add(row, column, choices.empty() ? "import_place_unknown" : "import_value_unknown", true,
          {{"choices", choices}});
      draft.faulty = true;
    } else if (const auto problem = apply_change(form_, draft.content, path, *value)) {
      add(row, column, problem->code, true, problem->params);
      draft.faulty = true;
    }
  }

  void check_base(Draft& draft, std::size_t row, const std::string& site) {
    for (const std::string_view path : k_base_columns) {
      const std::size_t column = column_of_.at(std::string(path));
      if (!clean_line(cell_at(row, column)).empty()) continue;
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
  void check(Draft& draft) {
    const Day today = shanghai_day(s_.now());
    for (const Problem& problem :
         check_form(form_, s_.reference.catalogue, draft.content, {}, today)) {
      const auto place = locate(draft, problem.field);
      if (!place || clean_line(cell_at(place->first, place->second)).empty()) continue;
      // A draft may be wrong, but not about who and which domain: that is how it begins.
      const bool base = std::ranges::any_of(k_base_columns, [&](std::string_view path) {
        return places_[place->second]->path == path;
      });
      const bool stops = base && problem.hard;
      add(place->first, place->second, problem.code, stops, problem.params);
      draft.faulty = draft.faulty || stops;
    }
  }

  std::optional<std::pair<std::size_t, std::size_t>> locate(const Draft& draft,
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

  const Service& s_;
  const ImportColumns& columns_;
  const documents::Table& table_;
  const Form& form_;
  std::vector<const ImportColumn*> places_;  // by column of the file
  std::map<std::string, std::size_t> column_of_;
  std::vector<Problem> unknown_;
  std::set<std::string> damaged_;
  std::map<std::string, std::size_t> by_certificate_, by_domain_;
  Read out_;
};

documents::Table table_or_refuse(const std::string& file) {
  auto outcome = documents::read_table(file);
  if (!outcome.table) throw Refusal(RefusalCode::invalid, "import_unreadable", outcome.problems);
  if (outcome.table->rows.size() < 2)
    throw Refusal(RefusalCode::invalid, "import_unreadable",
                  {{"", "table_empty", {}, "", "", true}});
  return std::move(*outcome.table);
}

json::object to_json(const Problem& p) {
  json::object params;
  for (const auto& [name, value] : p.params) params[name] = value;
  return {{"cell", p.field}, {"code", p.code}, {"params", std::move(params)}, {"hard", p.hard}};
}

Problem from_json(const json::object& in) {
  Problem p{std::string(in.at("cell").as_string()),
            std::string(in.at("code").as_string()),
            {},
            "",
            "",
            in.at("hard").as_bool()};
  for (const auto& [name, value] : in.at("params").as_object())
    p.params[std::string(name)] = std::string(value.as_string());
  return p;
}

json::object summary(const store::Import& i) {
  const auto time = [](const std::optional<Millis>& at) {
    return at ? json::value(*at) : json::value(nullptr);
  };
  const json::object report = json::parse(i.report).as_object();
  return {{"id", id_to_string(i.id)},
          {"name", i.name},
          {"state", i.state},
          {"rows", i.rows_total},
          {"good", i.rows_good},
          {"done", i.rows_done},
          {"drafts", i.drafts},
          {"skipped", i.skipped},
          {"errors", report.at("errors")},
          {"warnings", report.at("warnings")},
          {"expected_drafts", report.at("drafts")},
          {"created_at", i.created_at},
          {"confirmed_at", time(i.confirmed_at)},
          {"finished_at", time(i.finished_at)}};
}

json::object shown(Service& s, Reader& reader, const store::Import& i, std::string_view locale) {
  json::object out = summary(i);
  const json::object report = json::parse(i.report).as_object();
  json::array problems, left_out;
  for (const json::value& one : report.at("problems").as_array()) {
    const Problem problem = from_json(one.as_object());
    json::object row = shown_problem(problem, s.texts, locale);
    row["cell"] = problem.field;
    for (const char* name : {"column", "value"}) {
      const auto found = problem.params.find(name);
      row[name] = found == problem.params.end() ? "" : found->second;
    }
    problems.push_back(std::move(row));
  }
  for (const store::ImportRow& row : store::left_out_rows(reader, i.id, k_most_left_out)) {
    json::object one = shown_problem({"", row.code, {}, "", "", true}, s.texts, locale);
    one["row"] = row.row;
    left_out.push_back(std::move(one));
  }
  out["problems"] = std::move(problems);
  out["left_out"] = std::move(left_out);
  return out;
}

// Why a draft is not made: empty where it is.
std::string why_not(Service& s, Tx& tx, Id agency, const Draft& draft) {
  const std::string lookup =
      store::certificate_lookup(s.keys, number_at(draft.content, "organiser.certificate_type"),
                                text_at(draft.content, "organiser.certificate_number"));
  if (store::own_open_filing_of_organiser(tx, agency, lookup)) return "import_organiser_open";
  const auto organiser = store::find_organiser(tx, s.keys, lookup);
  if (organiser && !organiser->cancelled) return "import_organiser_filed";
  for (const std::string& key : site_keys(draft.content)) {
    const std::string domain = registrable_of(text_at(draft.content, "sites." + key + ".domain"));
    if (store::own_open_filing_of_domain(tx, agency, domain) ||
        store::active_filing_of_domain(tx, domain))
      return "import_domain_open";
    if (store::find_registered_site(tx, s.keys, domain)) return "import_domain_filed";
  }
  return {};
}

// Returns the draft's filing, or why there is none. Rows done before are left alone.
struct Made {
  std::int64_t rows = 0, drafts = 0, skipped = 0;
};
void make_draft(Service& s, Tx& tx, const store::Import& import, const Read& read,
                const Draft& draft, Made& made) {
  const auto rows = static_cast<std::int64_t>(draft.rows.size());
  store::ImportRow row{read.numbers[draft.rows.front()], std::nullopt, ""};
  row.code = draft.faulty ? "import_faulty_row" : why_not(s, tx, import.agency_id, draft);
  if (row.code.empty()) {
    store::Filing filing;
    filing.account_id = import.agency_id;
    filing.kind = Kind::first_filing;
    filing.province = text_at(draft.content, "organiser.province");
    filing.client_id = client_named(s, tx, import.agency_id, draft.client);
    row.filing = insert_draft(s, tx, filing, draft.content).id;
  }
  const std::optional<Id> filing = row.filing;
  for (const std::size_t at : draft.rows) {
    row.row = read.numbers[at];
    store::insert_import_row(tx, import.id, row);
  }
  made.rows += rows;
  if (filing)
    ++made.drafts;
  else
    made.skipped += rows;
}

}  // namespace

json::object check_import(Service& s, Id agency, Id person, const std::string& name,
                          const std::string& file, std::string_view locale) {
  s.db.read([&](Reader& reader) { require_agency(s, reader, agency); });
  const documents::Table table = table_or_refuse(file);
  const ImportColumns columns(s, locale);
  const Read read = Reading(s, columns, table).run(true);
  json::array problems;
  std::int64_t errors = 0, warnings = 0, drafts = 0;
  for (const Problem& p : read.problems) {
    (p.hard ? errors : warnings) += 1;
    if (problems.size() < k_most_problems_shown) problems.push_back(to_json(p));
  }
  json::array faulty;  // by the first row of the draft
  for (const Draft& draft : read.drafts) {
    drafts += !draft.faulty;
    if (draft.faulty) faulty.push_back(read.numbers[draft.rows.front()]);
  }
  store::Import import;
  import.id = new_id();
  import.agency_id = agency;
  import.name = clean_line(name).substr(0, 200);
  if (!is_utf8(import.name)) import.name = "";
  import.report = json::serialize(json::object{{"errors", errors},
                                               {"warnings", warnings},
                                               {"drafts", drafts},
                                               {"faulty", std::move(faulty)},
                                               { "problems",
                                                 std::move(problems) }});
  import.state = "checked";
  import.rows_total = static_cast<std::int64_t>(table.rows.size()) - 1;
  import.rows_good = import.rows_total - read.faulty_rows;
  import.made_by = person;
  import.created_at = s.now();
  s.db.write([&](Tx& tx) { store::insert_import(tx, s.keys, import, file); });
  return show_import(s, agency, import.id, locale);
}

json::object show_import(Service& s, Id agency, Id id, std::string_view locale) {
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    const auto import = store::find_import(reader, s.keys, agency, id);
    if (!import) throw Refusal(RefusalCode::not_found, "not_found");
    return shown(s, reader, *import, locale);
  });
}

json::array list_imports(Service& s, Id agency) {
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    json::array out;
    for (const store::Import& i : store::list_imports(reader, s.keys, agency, k_most_listed))
      out.push_back(summary(i));
    return out;
  });
}

void confirm_import(Service& s, Id agency, Id id, bool skip_faulty) {
  s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    const auto import = store::find_import(tx, s.keys, agency, id);
    if (!import) throw Refusal(RefusalCode::not_found, "not_found");
    if (import->state == "running" || import->state == "done") return;  // asked twice
    if (import->rows_good == 0) throw Refusal(RefusalCode::conflict, "import_nothing");
    if (import->rows_good < import->rows_total && !skip_faulty)
      throw Refusal(RefusalCode::conflict, "import_faulty");
    store::confirm_import(tx, id, s.now());
    store::put_job(tx, {0, "import_rows", "import/" + id_to_string(id), std::nullopt,
                        id_to_string(id), s.now(), 0, ""});
  });
  s.wake_workers();
}

void drop_import(Service& s, Id agency, Id id) {
  s.db.write([&](Tx& tx) {
    require_agency(s, tx, agency);
    if (!store::drop_import(tx, agency, id)) throw Refusal(RefusalCode::not_found, "not_found");
  });
}

bool run_import(Service& s, Id id, Millis patience) {
  std::string file;
  std::set<std::int64_t> done;
  const auto import = s.db.read([&](Reader& reader) {
    auto found = store::find_any_import(reader, s.keys, id);
    if (found && found->state == "running") {
      file = store::find_import_file(reader, s.keys, id);
      done = store::done_rows(reader, id);
    }
    return found;
  });
  if (!import || import->state != "running") return true;
  const documents::Table table = table_or_refuse(file);
  const ImportColumns columns(s, "zh-CN");
  Read read = Reading(s, columns, table).run(false);
  // What was confirmed is what the preview said, whatever day it is by now.
  std::set<std::int64_t> faulty;
  const json::object report = json::parse(import->report).as_object();
  for (const json::value& row : report.at("faulty").as_array()) faulty.insert(row.as_int64());
  for (Draft& draft : read.drafts) draft.faulty = faulty.contains(read.numbers[draft.rows.front()]);
  std::vector<const Draft*> todo;
  for (const Draft& draft : read.drafts)
    if (!done.contains(read.numbers[draft.rows.front()])) todo.push_back(&draft);
  const Millis until = s.now() + patience;
  for (std::size_t at = 0; at < todo.size(); at += k_batch) {
    const std::size_t end = std::min(at + k_batch, todo.size());
    s.db.write([&](Tx& tx) {
      Made made;
      for (std::size_t i = at; i < end; ++i) make_draft(s, tx, *import, read, *todo[i], made);
      store::advance_import(tx, id, made.rows, made.drafts, made.skipped);
    });
    if (s.now() > until && end < todo.size()) return false;
  }
  s.db.write([&](Tx& tx) { store::finish_import(tx, id, s.now()); });
  return true;
}

}  // namespace beian::service
