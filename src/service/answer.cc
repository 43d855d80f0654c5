#include "service/answer.h"

#include <algorithm>

#include "base/text.h"
#include "filing/content.h"
#include "filing/kind.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/answer_target.h"
#include "service/content_access.h"
#include "service/registered.h"
#include "store/cases.h"
#include "store/exchange.h"
#include "store/filings.h"
#include "store/gate.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_passed = 1001, k_refused = 1002;

bool at_the_bureau(State state) {
  return state == State::sending || state == State::sms_pending || state == State::bureau_review;
}

// A package that was accepted says so itself, even when its acknowledgement was lost.
store::Filing received(Answering& a, store::Filing filing) {
  if (filing.state != State::sending) return filing;
  return act(a.s, a.tx, filing, {Action::bureau_received, Actor::bureau, std::nullopt, ""});
}

// The fields of the filing that a result code is about (data): with a leading dot, of every website
// whose answer the bureau's words name, or of all when they name none.
std::vector<std::string> fields_of(const Answering& a, const store::Filing& filing,
                                   const std::vector<std::string>& sites,
                                   const bureau::ResultCode& code) {
  const DictionaryEntry* entry =
      a.s.reference.catalogue.dictionaries.find("result_codes", code.code);
  if (!entry) return {""};
  const auto field = entry->texts.find("field");
  if (field == entry->texts.end()) return {""};
  if (!field->second.starts_with('.')) return {field->second};
  const json::object content = parse_content(filing.content);
  std::vector<std::string> all, named;
  for (const std::string& key : sites) {
    all.push_back("sites." + key + field->second);
    const std::string answer = text_at(content, all.back());
    if (!answer.empty() && code.text.find(answer) != std::string::npos) named.push_back(all.back());
  }
  return named.empty() ? all : named;
}

std::vector<store::FilingSite> undecided(Answering& a, const Target& at) {
  std::vector<store::FilingSite> out;
  for (store::FilingSite& site : store::list_sites(a.tx, at.filing.id))
    if (!site.outcome && (at.site.empty() || at.site == site.key)) out.push_back(std::move(site));
  return out;
}

void put_correction(Answering& a, const store::Filing& filing, const std::string& field,
                    const std::string& code, const std::string& text) {
  store::insert_correction(a.tx, a.s.keys,
                           {0, filing.id, field, code.empty() ? std::nullopt : std::optional(code),
                            text, "bureau", std::nullopt, "open", a.s.now()});
}

// A field of the form these words can stand at; else they are about the filing as a whole.
std::string placed(const Answering& a, const store::Filing& filing, const std::string& field) {
  return a.s.reference.form_of(filing.kind).field(field) ? field : std::string();
}

// The bureau's reasons, at the fields they are about. Returns the codes.
json::array note_reasons(Answering& a, const Target& at,
                         const std::vector<bureau::ResultCode>& codes, const std::string& opinion) {
  std::vector<std::string> sites;
  for (const store::FilingSite& site : store::list_sites(a.tx, at.filing.id))
    if (site.outcome != "passed" && (at.site.empty() || at.site == site.key))
      sites.push_back(site.key);
  json::array listed;
  for (const bureau::ResultCode& code : codes) {
    listed.push_back(code.code);
    if (code.code == k_refused && !opinion.empty()) continue;
    std::vector<std::string> fields;
    for (const std::string& field : fields_of(a, at.filing, sites, code))
      if (const std::string place = placed(a, at.filing, field);
          std::find(fields.begin(), fields.end(), place) == fields.end())
        fields.push_back(place);
    for (const std::string& field : fields)
      put_correction(a, at.filing, field, "bureau_" + std::to_string(code.code), code.text);
  }
  if (opinion.empty()) return listed;
  // Of several websites the words belong to this one.
  const bool one_of_several = !at.site.empty() && store::list_sites(a.tx, at.filing.id).size() > 1;
  const std::string name = "sites." + at.site + ".name";
  put_correction(a, at.filing, one_of_several ? placed(a, at.filing, name) : "", "", opinion);
  return listed;
}

store::Filing step(Answering& a, const store::Filing& filing, Action action,
                   const std::string& detail = "") {
  return act(a.s, a.tx, filing, {action, Actor::bureau, std::nullopt, detail});
}

void approve(Answering& a, const store::Filing& filing) {
  store::set_result(a.tx, a.s.keys, filing.id, filing.organiser_number.value_or(""), "", a.s.now());
  step(a, store::find_filing(a.tx, a.s.keys, filing.id).value(), Action::bureau_approved);
  a.notes.push_back({"approved", {{"id", id_to_string(filing.id)}}});
}

// What is cancelled ends in the registry as soon as the bureau has said so.
void end_cancelled(Answering& a, const store::Filing& filing,
                   const std::vector<store::FilingSite>& sites) {
  if (filing.kind == Kind::cancel_organiser && filing.organiser_id)
    if (const auto organiser = store::find_organiser_by_id(a.tx, a.s.keys, *filing.organiser_id))
      end_organiser(a.s, a.tx, *organiser);
  for (const store::FilingSite& site : sites) {
    const auto registered =
        site.registered_id ? store::find_site(a.tx, a.s.keys, *site.registered_id) : std::nullopt;
    if (!registered) continue;
    if (filing.kind == Kind::cancel_website) end_site(a.s, a.tx, *registered);
    if (filing.kind == Kind::cancel_access) end_access(a.s, a.tx, *registered);
  }
}

bool adds_websites(Kind kind) { return kind == Kind::first_filing || kind == Kind::new_website; }

// When every website has its answer the filing has one: returned when one of them was refused,
// approved when all passed and nothing more has to come (numbers come with the publication).
void settle(Answering& a, const store::Filing& filing, const std::string& detail) {
  bool refused = false, complete = true;
  for (const store::FilingSite& site : store::list_sites(a.tx, filing.id)) {
    if (!site.outcome) return;
    refused = refused || site.outcome == "refused";
    complete = complete && site.number.has_value();
  }
  if (refused) {
    if (!at_the_bureau(filing.state)) return;  // returned before
    step(a, filing, Action::bureau_rejected, detail);
    a.notes.push_back({"refused", {{"id", id_to_string(filing.id)}}});
  } else if (is_cancel(filing.kind) || filing.kind == Kind::change) {
    if (filing.kind == Kind::change) keep_change(a.s, a.tx, filing);
    approve(a, filing);
  } else if (complete && adds_websites(filing.kind)) {
    approve(a, filing);
  }
}

void refuse(Answering& a, const Target& at, const std::vector<bureau::ResultCode>& codes,
            const std::string& opinion) {
  if (!at_the_bureau(at.filing.state)) {
    a.notes.push_back({"refusal_ignored", {{"id", id_to_string(at.filing.id)}}});
    return;
  }
  const Target now{received(a, at.filing), at.site};
  const auto sites = undecided(a, now);
  const json::array listed = note_reasons(a, now, codes, opinion);
  const std::string detail = json::serialize(json::object{{"codes", listed}});
  for (const store::FilingSite& site : sites)
    store::set_site_outcome(a.tx, now.filing.id, site.key, "refused");
  if (!store::list_sites(a.tx, now.filing.id).empty()) return settle(a, now.filing, detail);
  step(a, now.filing, Action::bureau_rejected, detail);
  a.notes.push_back({"refused", {{"id", id_to_string(now.filing.id)}}});
}

void pass(Answering& a, const Target& at) {
  a.notes.push_back({"passed", {{"id", id_to_string(at.filing.id)}}});
  if (!at_the_bureau(at.filing.state)) return;
  const store::Filing filing = received(a, at.filing);
  const auto sites = undecided(a, {filing, at.site});
  for (const store::FilingSite& site : sites)
    store::set_site_outcome(a.tx, filing.id, site.key, "passed");
  // Where no website is concerned (a change of the organiser) there is nothing more to wait for.
  if (is_cancel(filing.kind)) end_cancelled(a, filing, sites);
  settle(a, filing, "");
}

bool says_passed(const bureau::Result& result) {
  return std::any_of(result.codes.begin(), result.codes.end(),
                     [](const auto& code) { return code.code == k_passed; });
}

// A file carries results, an officer's decisions, or both for the same thing. What names a website
// is taken first: a result about the filing as a whole then counts for the rest.
void apply_answers(Answering& a, const bureau::Download& download) {
  struct Answer {
    Target at;
    bool passed;
    std::vector<bureau::ResultCode> codes;
    std::string opinion;
  };
  std::vector<Answer> results, decisions;
  for (const bureau::Result& result : download.results) {
    if (auto at = target_of(a, result))
      results.push_back({std::move(*at), says_passed(result), result.codes, result.remark});
    else
      a.notes.push_back({"foreign_result"});
  }
  for (const bureau::Decision& decision : download.decisions)
    if (auto at = target_of(a, decision))
      decisions.push_back({std::move(*at), decision.passed, {{k_refused, ""}}, decision.opinion});
  // The officer's words belong to the codes of the same thing.
  for (Answer& result : results)
    for (auto decision = decisions.begin(); decision != decisions.end();) {
      const bool same = decision->at.filing.id == result.at.filing.id &&
                        (decision->at.site == result.at.site || decision->at.site.empty() ||
                         store::list_sites(a.tx, result.at.filing.id).size() < 2);
      if (same && !decision->passed && !result.passed) result.opinion = decision->opinion;
      decision = same ? decisions.erase(decision) : decision + 1;
    }
  const auto apply = [&](const Answer& answer) {
    const auto filing = filing_at(a, answer.at.filing.id);  // as it is by now
    if (!filing) return;
    if (answer.passed)
      pass(a, {*filing, answer.at.site});
    else
      refuse(a, {*filing, answer.at.site}, answer.codes, answer.opinion);
  };
  for (const Answer& answer : decisions) apply(answer);
  for (const Answer& answer : results)
    if (!answer.at.site.empty()) apply(answer);
  for (const Answer& answer : results)
    if (answer.at.site.empty()) apply(answer);
}

// The filings of ours that a publication brings numbers to, or was brought about by. A change is
// not among them: other providers' changes are published as well, so its result alone decides it.
std::vector<store::Filing> filings_of(Answering& a, const bureau::PublishedFiling& published) {
  std::vector<store::Filing> out;
  const auto add = [&](std::optional<Id> id) {
    if (!id || std::any_of(out.begin(), out.end(), [&](const auto& f) { return f.id == *id; }))
      return;
    auto filing = store::find_filing(a.tx, a.s.keys, *id);
    if (filing && filing->province == a.province) out.push_back(std::move(*filing));
  };
  for (const bureau::Website& website : published.websites) {
    if (website.isp_id != 0) add(store::filing_of_site(a.tx, website.isp_id));
    for (const bureau::Access& access : website.accesses)
      if (access.isp_id != 0)
        add(store::at_bureau_by_access(a.tx, Kind::new_access, access.isp_id));
  }
  if (published.organiser.isp_id != 0) add(published.organiser.isp_id);
  return out;
}

// Numbers of the filing's websites; true when none is missing.
bool take_numbers(Answering& a, const store::Filing& filing,
                  const bureau::PublishedFiling& published) {
  bool complete = true;
  for (const store::FilingSite& site : store::list_sites(a.tx, filing.id)) {
    const auto match = std::find_if(
        published.websites.begin(), published.websites.end(), [&](const bureau::Website& w) {
          return w.isp_id == site.isp_site_id ||
                 std::any_of(w.accesses.begin(), w.accesses.end(), [&](const auto& access) {
                   return access.isp_id == site.isp_access_id;
                 });
        });
    const bool has = match != published.websites.end() && !match->publication.number.empty();
    if (has) {
      store::set_site_number(a.tx, filing.id, site.key, match->publication.number);
      store::set_site_outcome(a.tx, filing.id, site.key, "passed");
    }
    complete = complete && (has || (site.outcome == "passed" && site.number));
  }
  return complete;
}

void confirm(Answering& a, const store::Filing& at, const bureau::PublishedFiling& published) {
  const bool open = at_the_bureau(at.state) || at.state == State::bureau_returned;
  store::set_result_number(a.tx, at.id, published.organiser.publication.number);
  const bool complete = take_numbers(a, at, published);
  if (!open) return;
  if (adds_websites(at.kind)) {
    settle(a, received(a, store::find_filing(a.tx, a.s.keys, at.id).value()), "");
    return;
  }
  const store::Filing filing = received(a, store::find_filing(a.tx, a.s.keys, at.id).value());
  if (complete) approve(a, filing);
}

void apply_publication(Answering& a, const bureau::PublishedFiling& published) {
  const std::string& number = published.organiser.publication.number;
  if (number.empty()) {
    a.notes.push_back({"published_numberless"});
    return;
  }
  const std::vector<store::Filing> filings = filings_of(a, published);
  const Id organiser = keep_published(a.s, a.tx, a.province, a.isp_id, published, filings);
  a.notes.push_back({"published", {{"number", number}}});
  for (const store::Filing& filing : filings) {
    store::set_organiser(a.tx, filing.id, organiser);
    confirm(a, filing, published);
  }
}

}  // namespace

LineNotes apply_download(Service& s, Tx& tx, const std::string& province, Id isp_id,
                         const bureau::Download& download) {
  Answering a{s, tx, province, isp_id, {}};
  apply_answers(a, download);
  for (const bureau::PublishedFiling& published : download.published)
    apply_publication(a, published);
  for (const bureau::RawGroup& group : download.others)
    a.notes.push_back({"kept_group", {{"group", group.name}}});
  return a.notes;
}

}  // namespace beian::service
