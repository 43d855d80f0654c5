#include "service/imports.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/shown_problem.h"
#include "base/text.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "service/act.h"
#include "service/agencies.h"
#include "service/clients.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/import_asking.h"
#include "service/import_reading.h"
#include "store/jobs.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::size_t k_batch = 100;  // drafts in one transaction
constexpr int k_most_listed = 50, k_most_left_out = 500;

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

// Row and column of a cell, for the order in which one mends a table: "AB12" is {12, 28}.
std::pair<std::size_t, std::size_t> place_of(const std::string& cell) {
  std::size_t column = 0, row = 0;
  for (const char c : cell) {
    if (c >= 'A' && c <= 'Z') column = 26 * column + static_cast<std::size_t>(c - 'A' + 1);
    if (c >= '0' && c <= '9') row = 10 * row + static_cast<std::size_t>(c - '0');
  }
  return {row, column};
}

// In the language of whoever reads it, which need not be that of whoever uploaded it.
void translate(const ImportColumns& columns, Problem& problem) {
  const auto column = problem.params.find("column");
  if (column == problem.params.end()) return;
  const ImportColumn* known = columns.find(column->second);
  if (known == nullptr) return;
  column->second = known->title;
  if (const auto choices = problem.params.find("choices");
      known->field != nullptr && choices != problem.params.end())
    choices->second = columns.choices_of(*known->field);
}

json::object shown(Service& s, Reader& reader, const store::Import& i, std::string_view locale) {
  json::object out = summary(i);
  const json::object report = json::parse(i.report).as_object();
  json::array problems, left_out;
  const json::array& kept = report.at("problems").as_array();
  std::optional<ImportColumns> columns;
  if (!kept.empty()) columns.emplace(s, locale);
  for (const json::value& one : kept) {
    Problem problem = from_json(one.as_object());
    translate(*columns, problem);
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
    one["domain"] = row.domain;
    one["client_id"] = nullptr;
    if (row.client) one["client_id"] = id_to_string(*row.client);
    left_out.push_back(std::move(one));
  }
  const json::value* asked = report.if_contains("asked");
  out["asked_drafts"] = asked ? *asked : json::value(0);
  out["asking"] = store::count_import_questions(reader, i.id);
  out["problems"] = std::move(problems);
  out["left_out"] = std::move(left_out);
  return out;
}

// Why no first filing begins, and at which website: empty where one does.
struct Obstacle {
  std::string code;
  std::optional<std::size_t> site;  // none: the organiser
};
Obstacle obstacle_of(Service& s, Reader& reader, Id agency, const ImportDraft& draft) {
  const std::string lookup =
      store::certificate_lookup(s.keys, number_at(draft.content, "organiser.certificate_type"),
                                text_at(draft.content, "organiser.certificate_number"));
  if (store::own_open_filing_of_organiser(reader, agency, lookup))
    return {"import_organiser_open", {}};
  const auto organiser = store::find_organiser(reader, s.keys, lookup);
  if (organiser && !organiser->cancelled) return {"import_other_account", {}};
  const auto keys = site_keys(draft.content);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string domain =
        registrable_of(text_at(draft.content, "sites." + keys[i] + ".domain"));
    if (store::own_open_filing_of_domain(reader, agency, domain) ||
        store::active_filing_of_domain(reader, domain))
      return {"import_domain_open", i};
    if (store::find_registered_site(reader, s.keys, domain)) return {"import_domain_conflict", i};
  }
  return {};
}

// What the registry tells of the drafts before anything is made.
struct Outlook {
  std::int64_t drafts = 0, asked = 0;
};
Outlook look_ahead(Service& s, Id agency, ImportReading& read) {
  Outlook out;
  for (ImportDraft& draft : read.drafts) {
    if (draft.faulty) continue;
    const auto tell = [&](const Obstacle& found, std::string_view column, bool hard) {
      read.problems.push_back(
          at_import_cell(read, draft, found.site.value_or(0), column, found.code, hard));
    };
    s.db.read([&](Reader& reader) {
      if (!asks_bureau(s, reader, agency, draft)) {
        const Obstacle found = obstacle_of(s, reader, agency, draft);
        if (found.code.empty())
          ++out.drafts;
        else
          tell(found, found.site ? "sites.domain" : "organiser.certificate_number", false);
        return;
      }
      if (draft.password.empty() &&
          policy_of(s, text_at(draft.content, "organiser.province")).filing_password) {
        tell({"import_password_needed", {}}, k_password_column, true);
        draft.faulty = true;
        read.faulty_rows += static_cast<std::int64_t>(draft.rows.size());
        return;
      }
      ++out.drafts;
      ++out.asked;
    });
  }
  return out;
}

// One batch, within its transaction.
class Making {
 public:
  Making(Service& s, Tx& tx, const store::Import& import, const ImportReading& read)
      : s_(s), tx_(tx), import_(import), read_(read) {}

  void make(const ImportDraft& draft) {
    if (!draft.faulty && asks_bureau(s_, tx_, import_.agency_id, draft)) {
      ask_about_import(s_, tx_, import_.id, draft, read_.numbers);
      asked_ = true;
      return;
    }
    const auto rows = static_cast<std::int64_t>(draft.rows.size());
    store::ImportRow row;
    row.code =
        draft.faulty ? "import_faulty_row" : obstacle_of(s_, tx_, import_.agency_id, draft).code;
    if (row.code.empty()) row.filing = insert(draft);
    for (const std::size_t at : draft.rows) {
      row.row = read_.numbers[at];
      store::insert_import_row(tx_, import_.id, row);
    }
    rows_ += rows;
    if (row.filing)
      ++drafts_;
    else
      skipped_ += rows;
  }
  bool asked() const { return asked_; }
  void note() const { store::advance_import(tx_, import_.id, rows_, drafts_, skipped_); }

 private:
  Id insert(const ImportDraft& draft) {
    store::Filing filing;
    filing.account_id = import_.agency_id;
    filing.kind = Kind::first_filing;
    filing.province = text_at(draft.content, "organiser.province");
    filing.client_id = client(draft.client);
    return insert_draft(s_, tx_, filing, draft.content, import_.made_by).id;
  }
  Id client(const std::string& name) {
    const auto [known, is_new] = clients_.try_emplace(name, 0);
    if (is_new) known->second = client_named(s_, tx_, import_.agency_id, name);
    return known->second;
  }

  Service& s_;
  Tx& tx_;
  const store::Import& import_;
  const ImportReading& read_;
  std::map<std::string, Id> clients_;
  std::int64_t rows_ = 0, drafts_ = 0, skipped_ = 0;
  bool asked_ = false;
};

}  // namespace

json::object check_import(Service& s, Id agency, Id person, const std::string& name,
                          const std::string& file, std::string_view locale) {
  s.db.read([&](Reader& reader) { require_agency(s, reader, agency); });
  const documents::Table table = read_import_table(file);
  const ImportColumns columns(s, locale);
  ImportReading read = read_import(s, columns, table, true);
  const Outlook outlook = look_ahead(s, agency, read);
  std::ranges::stable_sort(read.problems, {}, [](const Problem& p) { return place_of(p.field); });
  json::array problems;
  std::int64_t errors = 0, warnings = 0;
  for (const Problem& p : read.problems) {
    (p.hard ? errors : warnings) += 1;
    if (problems.size() < k_most_problems_shown) problems.push_back(to_json(p));
  }
  json::array faulty;  // by the first row of the draft
  for (const ImportDraft& draft : read.drafts)
    if (draft.faulty) faulty.push_back(read.numbers[draft.rows.front()]);
  store::Import import;
  import.id = new_id();
  import.agency_id = agency;
  import.name = clean_line(name).substr(0, 200);
  if (!is_utf8(import.name)) import.name = "";
  import.report = json::serialize(json::object{{"errors", errors},
                                               {"warnings", warnings},
                                               {"drafts", outlook.drafts},
                                               {"asked", outlook.asked},
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
  if (file.empty()) return true;  // all looked at: only questions wait
  const documents::Table table = read_import_table(file);
  const ImportColumns columns(s, "zh-CN");
  ImportReading read = read_import(s, columns, table, false);
  // What was confirmed is what the preview said, whatever day it is by now.
  std::set<std::int64_t> faulty;
  const json::object report = json::parse(import->report).as_object();
  for (const json::value& row : report.at("faulty").as_array()) faulty.insert(row.as_int64());
  for (ImportDraft& draft : read.drafts)
    draft.faulty = faulty.contains(read.numbers[draft.rows.front()]);
  std::vector<const ImportDraft*> todo;
  for (const ImportDraft& draft : read.drafts)
    if (!done.contains(read.numbers[draft.rows.front()])) todo.push_back(&draft);
  const Millis until = s.now() + patience;
  for (std::size_t at = 0; at < todo.size(); at += k_batch) {
    const std::size_t end = std::min(at + k_batch, todo.size());
    const bool asked = s.db.write([&](Tx& tx) {
      Making making(s, tx, *import, read);
      for (std::size_t i = at; i < end; ++i) making.make(*todo[i]);
      making.note();
      return making.asked();
    });
    if (asked) s.wake_workers();
    if (s.now() > until && end < todo.size()) return false;
  }
  s.db.write([&](Tx& tx) {
    store::drop_import_file(tx, id);
    store::finish_import(tx, id, s.now());
  });
  return true;
}

}  // namespace beian::service
