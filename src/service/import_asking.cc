#include "service/import_asking.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "filing/content.h"
#include "filing/kind.h"
#include "service/account.h"
#include "service/begin.h"
#include "service/clients.h"
#include "service/content_access.h"
#include "service/proof.h"
#include "store/agencies.h"
#include "store/jobs.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr Millis k_asked_at_most = k_day;

struct Question {
  std::vector<std::int64_t> rows;  // one for each website
  std::string client;
  bool client_typed = false;
  std::string number, password;
  json::object content;  // in the shape of a first filing
};

std::string text_of(const Question& q) {
  json::array rows;
  for (const std::int64_t row : q.rows) rows.push_back(row);
  return json::serialize(json::object{{"rows", std::move(rows)},
                                      {"client", q.client},
                                      {"client_typed", q.client_typed},
                                      {"number", q.number},
                                      {"password", q.password},
                                      {"content", q.content}});
}

Question question_in(const std::string& text) {
  const json::value parsed = json::parse(text);
  const json::object& in = parsed.as_object();
  Question q;
  for (const json::value& row : in.at("rows").as_array()) q.rows.push_back(row.as_int64());
  q.client = text_at(in, "client");
  q.client_typed = in.at("client_typed").as_bool();
  q.number = text_at(in, "number");
  q.password = text_at(in, "password");
  q.content = in.at("content").as_object();
  return q;
}

// Why nothing begins for a domain.
std::string code_of(const KindDecision& decision) {
  switch (decision.outcome) {
    case Outcome::already_filed_here:
      return "import_domain_filed";
    case Outcome::other_account:
      return "import_other_account";
    case Outcome::conflict:
      return "import_domain_conflict";
    case Outcome::in_flight:
      return "import_in_flight";
    default:
      return {};
  }
}

std::string code_of(const Refusal& refusal) {
  if (refusal.reason() == "filing_password_needed") return "import_password_needed";
  if (refusal.reason() == "filing_password_wrong") return "import_password_wrong";
  // A problem that says it without holes to fill.
  for (const Problem& problem : refusal.problems())
    if (problem.hard && problem.params.empty()) return problem.code;
  return "import_faulty_row";
}

bool comes_later(const Refusal& refusal) {
  return refusal.code() == RefusalCode::unavailable || refusal.code() == RefusalCode::too_many;
}

// What the row says of the website, where the kind's form asks it; of the organiser only where
// nothing is registered here.
void take_answers(const Form& form, const json::object& from, const std::string& from_site,
                  json::object& to, const std::string& to_site) {
  const json::value* here = value_at(to, "record.here");
  const bool known = here && here->is_bool() && here->get_bool();
  for (const Page& page : form.pages)
    for (const Field& field : page.fields) {
      const bool of_site = field.path.starts_with('.');
      if (!of_site && known) continue;
      const auto path = [&](const std::string& site) {
        return of_site ? "sites." + site + field.path : field.path;
      };
      const json::value* value = value_at(from, path(from_site));
      // Read as the same field of a first filing: what a form cannot hold it does not get.
      if (value) (void)apply_change(form, to, path(to_site), *value);
    }
}

class Asking {
 public:
  Asking(Service& s, const store::Import& import, const store::ImportQuestion& asked)
      : s_(s),
        import_(import),
        asked_(asked),
        by_(import.agency_id, import.made_by),
        question_(question_in(asked.text)) {
    input_ = {"", number_at(question_.content, "organiser.nature"),
              number_at(question_.content, "organiser.certificate_type"),
              text_at(question_.content, "organiser.certificate_number"),
              text_at(question_.content, "organiser.province")};
  }

  // All is asked before the password is tried, and that once: whatever has to be asked again, no
  // try is spent twice.
  std::string run() {
    const auto sites = site_keys(question_.content);
    const bool over = s_.now() >= asked_.created_at + k_asked_at_most;
    for (std::size_t i = 0; i < question_.rows.size(); ++i) {
      rows_.push_back({question_.rows[i],
                       std::nullopt,
                       "",
                       text_at(question_.content, "sites." + sites[i] + ".domain"),
                       {}});
      found_.push_back(look_at(rows_[i]));
      const bool silent = found_[i] && found_[i]->decision.outcome == Outcome::bureau_unreachable;
      if (silent && !over) return "bureau_unreachable";
      if (silent) rows_[i].code = "import_bureau_silent";
    }
    const Proof proof = prove();
    if (!proof.later.empty() && !over) return proof.later;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].code.empty()) continue;
      if (needs_proof(*found_[i]) && !proof.refused.empty())
        rows_[i].code = proof.refused;
      else
        begin(i, sites[i], *found_[i], needs_proof(*found_[i]) ? proof.hash : "");
    }
    write();
    return {};
  }

 private:
  struct Begun {
    Beginning beginning;
    std::vector<std::size_t> rows;  // places in rows_
  };
  struct Proof {
    std::string hash;     // empty where none is wanted
    std::string refused;  // a row's code
    std::string later;    // why it cannot be tried now
  };
  static bool needs_proof(const Determined& d) { return d.decision.kind != Kind::first_filing; }

  // What the determination says, or nullopt with the row's code.
  std::optional<Determined> look_at(store::ImportRow& row) {
    try {
      input_.domain = row.domain;
      Determined d = determine(s_, by_.account, input_);
      row.code = code_of(d.decision);
      if (row.code.empty()) row.code = doubt_about(d.decision);
      return d;
    } catch (const Refusal& refusal) {
      row.code = code_of(refusal);
      return std::nullopt;
    }
  }

  // Said to be filed under a number that the bureau does not know, or not as this organiser's.
  std::string doubt_about(const KindDecision& decision) const {
    if (!decision.kind) return {};
    if (decision.kind == Kind::first_filing)
      return question_.number.empty() && question_.password.empty() ? "" : "import_number_unknown";
    const bool differs = !question_.number.empty() && question_.number != decision.organiser_number;
    return differs ? "import_number_differs" : "";
  }

  Proof prove() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].code.empty() || !needs_proof(*found_[i])) continue;
      try {
        return {prove_password(s_, input_.province, found_[i]->decision.organiser_number,
                               question_.password),
                "", ""};
      } catch (const Refusal& refusal) {
        if (!comes_later(refusal)) return {"", code_of(refusal), ""};
        const bool silent = refusal.code() == RefusalCode::unavailable;
        return {"", silent ? "import_bureau_silent" : "import_password_locked", refusal.reason()};
      }
    }
    return {};
  }

  void begin(std::size_t i, const std::string& site, const Determined& d,
             const std::string& proof) {
    const Form& form = s_.reference.form_of(d.decision.kind.value());
    const auto known = std::ranges::find_if(begun_, [&](const Begun& one) {
      return one.beginning.filing.kind == d.decision.kind &&
             one.beginning.filing.kind != Kind::new_access;
    });
    std::string to;
    if (known == begun_.end()) {
      begun_.push_back({beginning_of(s_, by_, input_, d, proof), {i}});
      to = site_keys(begun_.back().beginning.content).front();
      take_answers(form, question_.content, site, begun_.back().beginning.content, to);
      return;
    }
    const auto added = add_site(form, known->beginning.content);
    if (!added) {
      rows_[i].code = "import_too_many_sites_here";
      return;
    }
    known->rows.push_back(i);
    take_answers(form, question_.content, site, known->beginning.content, *added);
  }

  // Drafts, rows and the end of the question in one transaction.
  void write() {
    s_.db.write([&](Tx& tx) {
      if (!store::remove_import_question(tx, import_.id, asked_.row)) return;
      std::int64_t drafts = 0, skipped = 0;
      for (Begun& one : begun_) {
        if (is_under_way(tx, one)) continue;
        store::Filing& filing = one.beginning.filing;
        if (const auto client = folder(tx, filing)) filing.client_id = client;
        const Id id = insert_beginning(s_, tx, by_, one.beginning).id;
        for (const std::size_t i : one.rows) rows_[i].filing = id;
        ++drafts;
      }
      for (store::ImportRow& row : rows_) {
        if (!row.filing) {  // begun by hand, it begins in the client's folder
          row.client = client_named(s_, tx, by_.account, question_.client);
          ++skipped;
        }
        store::insert_import_row(tx, import_.id, row);
      }
      store::advance_import(tx, import_.id, static_cast<std::int64_t>(rows_.size()), drafts,
                            skipped);
      store::finish_import(tx, import_.id, s_.now());
    });
  }

  // Somebody may have begun it while the bureau was asked.
  bool is_under_way(Tx& tx, const Begun& one) {
    bool any = false;
    for (const std::size_t i : one.rows)
      any =
          any || store::own_open_filing_of_domain(tx, by_.account, registrable_of(rows_[i].domain));
    if (any)
      for (const std::size_t i : one.rows) rows_[i].code = "import_in_flight";
    return any;
  }

  // The folder that the table names, else that of the organiser's latest filing, else a new one.
  std::optional<Id> folder(Tx& tx, const store::Filing& filing) {
    if (!question_.client_typed && filing.organiser_id &&
        store::client_of_organiser(tx, by_.account, *filing.organiser_id))
      return std::nullopt;
    return client_named(s_, tx, by_.account, question_.client);
  }

  Service& s_;
  const store::Import& import_;
  const store::ImportQuestion& asked_;
  const By by_;
  const Question question_;
  DeterminationInput input_;
  std::vector<store::ImportRow> rows_;
  std::vector<std::optional<Determined>> found_;
  std::vector<Begun> begun_;
};

}  // namespace

bool asks_bureau(Service& s, Reader& reader, Id agency, const ImportDraft& draft) {
  if (!draft.number.empty() || !draft.password.empty()) return true;
  const auto organiser = store::find_organiser(
      reader, s.keys,
      store::certificate_lookup(s.keys, number_at(draft.content, "organiser.certificate_type"),
                                text_at(draft.content, "organiser.certificate_number")));
  return organiser && !organiser->cancelled && organiser->account_id == agency;
}

void ask_about_import(Service& s, Tx& tx, Id import, const ImportDraft& draft,
                      const std::vector<std::int64_t>& numbers) {
  Question q{{}, draft.client, draft.client_typed, draft.number, draft.password, draft.content};
  for (const std::size_t row : draft.rows) q.rows.push_back(numbers[row]);
  store::insert_import_question(tx, s.keys, import, {q.rows.front(), text_of(q), s.now()});
  const std::string name = id_to_string(import) + "/" + std::to_string(q.rows.front());
  store::put_job(tx, {0, "import_question", "import/" + name, std::nullopt, name, s.now(), 0, ""});
}

std::string answer_import_question(Service& s, Id id, std::int64_t row) {
  std::optional<store::ImportQuestion> asked;
  const auto import = s.db.read([&](Reader& reader) {
    asked = store::find_import_question(reader, s.keys, id, row);
    return store::find_any_import(reader, s.keys, id);
  });
  if (!asked || !import) return {};
  return Asking(s, *import, *asked).run();
}

}  // namespace beian::service
