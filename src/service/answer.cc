#include "service/answer.h"

#include <algorithm>

#include "base/text.h"
#include "bureau/package.h"
#include "filing/content.h"
#include "filing/lifecycle.h"
#include "service/act.h"
#include "service/content_access.h"
#include "store/cases.h"
#include "store/exchange.h"
#include "store/filings.h"
#include "store/gate.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_passed = 1001, k_refused = 1002, k_bad_file = 5001;

bool at_the_bureau(State state) {
  return state == State::sending || state == State::sms_pending || state == State::bureau_review;
}

struct Answering {
  Service& s;
  Tx& tx;
  const std::string& province;
  Id isp_id;
  std::vector<std::string> notes;
};

// A filing of this province by the id we gave it. Only with the bureau is it the bureau's to
// decide.
std::optional<store::Filing> filing_at(Answering& a, Id id) {
  auto filing = store::find_filing(a.tx, a.s.keys, id);
  if (!filing || filing->province != a.province) {
    a.notes.push_back("unknown record " + id_to_string(id));
    return std::nullopt;
  }
  return filing;
}

// A package that was accepted says so itself, even when its acknowledgement was lost.
store::Filing received(Answering& a, store::Filing filing) {
  if (filing.state != State::sending) return filing;
  return act(a.s, a.tx, filing, {Action::bureau_received, Actor::bureau, std::nullopt, ""});
}

// The fields of the filing that a result code is about (data): with a leading dot, of every website
// whose answer the bureau's words name, or of all when they name none.
std::vector<std::string> fields_of(const Answering& a, const store::Filing& filing,
                                   const bureau::ResultCode& code) {
  const DictionaryEntry* entry =
      a.s.reference.catalogue.dictionaries.find("result_codes", code.code);
  if (!entry) return {""};
  const auto field = entry->texts.find("field");
  if (field == entry->texts.end()) return {""};
  if (!field->second.starts_with('.')) return {field->second};
  const json::object content = parse_content(filing.content);
  std::vector<std::string> all, named;
  for (const std::string& key : site_keys(content)) {
    all.push_back("sites." + key + field->second);
    const std::string answer = text_at(content, all.back());
    if (!answer.empty() && code.text.find(answer) != std::string::npos) named.push_back(all.back());
  }
  return named.empty() ? all : named;
}

void reject(Answering& a, const store::Filing& at, const std::vector<bureau::ResultCode>& codes,
            const std::string& opinion) {
  if (!at_the_bureau(at.state)) {
    a.notes.push_back("refusal for " + id_to_string(at.id) + " ignored in " +
                      std::string(to_string(at.state)));
    return;
  }
  const store::Filing filing = received(a, at);
  json::array listed;
  const auto put = [&](const std::string& field, const std::string& code, const std::string& text) {
    store::insert_correction(
        a.tx, a.s.keys,
        {0, filing.id, field, code.empty() ? std::nullopt : std::optional(code), text, "bureau",
         std::nullopt, "open", a.s.now()});
  };
  for (const bureau::ResultCode& code : codes) {
    listed.push_back(code.code);
    if (code.code == k_refused && !opinion.empty()) continue;
    for (const std::string& field : fields_of(a, filing, code))
      put(field, "bureau_" + std::to_string(code.code), code.text);
  }
  if (!opinion.empty()) put("", "", opinion);
  act(a.s, a.tx, filing,
      {Action::bureau_rejected, Actor::bureau, std::nullopt,
       json::serialize(json::object{{"codes", listed}})});
  a.notes.push_back("refused " + id_to_string(filing.id));
}

// The whole file was refused: only its name tells which filing it carried.
std::optional<Id> filing_of_file(Answering& a, const bureau::Result& result) {
  for (const bureau::ResultCode& code : result.codes) {
    const auto sequence = bureau::sequence_of_file_name(a.isp_id, code.text);
    if (code.code != k_bad_file || !sequence) continue;
    if (const auto upload = store::find_upload(a.tx, a.s.keys, a.province, *sequence))
      return upload->filing_id;
  }
  return std::nullopt;
}

void apply_result(Answering& a, const bureau::Result& result, const bureau::Download& download) {
  std::optional<Id> id = id_from_string(result.mark);
  if (!id) id = filing_of_file(a, result);
  const auto filing = id ? filing_at(a, *id) : std::nullopt;
  if (!filing) {
    a.notes.push_back("result without a filing of ours");
    return;
  }
  const bool passed = std::any_of(result.codes.begin(), result.codes.end(),
                                  [](const auto& code) { return code.code == k_passed; });
  if (passed) {
    received(a, *filing);
    a.notes.push_back("passed " + id_to_string(filing->id));
    return;  // the numbers come with the publication
  }
  // The officer's words: of the decision in the same file, else of the result itself.
  std::string opinion = result.remark;
  for (const bureau::Decision& d : download.decisions)
    if (d.record == filing->id && !d.passed) opinion = d.opinion;
  reject(a, *filing, result.codes, opinion);
}

void apply_decision(Answering& a, const bureau::Decision& decision,
                    const bureau::Download& download) {
  const bool in_results =
      std::any_of(download.results.begin(), download.results.end(),
                  [&](const auto& result) { return result.mark == id_to_string(decision.record); });
  if (in_results) return;
  const auto filing = filing_at(a, decision.record);
  if (!filing) return;
  if (decision.passed)
    received(a, *filing);
  else
    reject(a, *filing, {{k_refused, ""}}, decision.opinion);
}

void keep_registry(Answering& a, const store::Filing& filing,
                   const bureau::PublishedFiling& published) {
  store::Organiser organiser;
  organiser.id = new_id();
  organiser.certificate_lookup = filing.organiser_lookup;
  organiser.number = published.organiser.publication.number;
  organiser.bureau_id = published.organiser.publication.id;
  organiser.province = filing.province;
  organiser.account_id = filing.account_id;
  organiser.name = published.organiser.name;
  organiser.approved_at = a.s.now();
  const Id organiser_id = store::put_organiser(a.tx, a.s.keys, organiser);
  const json::object content = parse_content(filing.content);
  for (const store::FilingSite& site : store::list_sites(a.tx, filing.id)) {
    const auto match = std::find_if(published.websites.begin(), published.websites.end(),
                                    [&](const auto& w) { return w.isp_id == site.isp_site_id; });
    if (match == published.websites.end() || match->publication.number.empty()) continue;
    store::set_site_number(a.tx, filing.id, site.key, match->publication.number);
    const Id domain = match->domains.empty() ? 0 : match->domains.front().bureau_id;
    const Id access = match->accesses.empty() ? 0 : match->accesses.front().bureau_id;
    store::put_registered_site(
        a.tx, {new_id(), organiser_id, site.domain, match->publication.number,
               match->publication.id, domain, access, filing.id, site.key, a.s.now()});
    store::open_gate(a.tx, site.domain, texts_at(content, "sites." + site.key + ".access.ips"));
  }
}

void apply_publication(Answering& a, const bureau::PublishedFiling& published) {
  if (published.organiser.isp_id == 0) {
    a.notes.push_back("publication of another provider's filing");
    return;
  }
  const auto found = filing_at(a, published.organiser.isp_id);
  if (!found) return;
  if (published.organiser.publication.number.empty()) {
    a.notes.push_back("publication without a number for " + id_to_string(found->id));
    return;
  }
  if (at_the_bureau(found->state)) {
    store::Filing filing = received(a, *found);
    keep_registry(a, filing, published);
    store::set_result(a.tx, a.s.keys, filing.id, published.organiser.publication.number, "",
                      a.s.now());
    filing = store::find_filing(a.tx, a.s.keys, filing.id).value();
    act(a.s, a.tx, filing, {Action::bureau_approved, Actor::bureau, std::nullopt, ""});
    a.notes.push_back("published " + id_to_string(filing.id));
  } else if (found->state == State::approved) {
    keep_registry(a, *found, published);
    a.notes.push_back("publication repeated for " + id_to_string(found->id));
  } else {
    a.notes.push_back("publication for " + id_to_string(found->id) + " ignored in " +
                      std::string(to_string(found->state)));
  }
}

}  // namespace

std::string apply_download(Service& s, Tx& tx, const std::string& province, Id isp_id,
                           const bureau::Download& download) {
  Answering a{s, tx, province, isp_id, {}};
  for (const bureau::Result& result : download.results) apply_result(a, result, download);
  for (const bureau::Decision& decision : download.decisions) apply_decision(a, decision, download);
  for (const bureau::PublishedFiling& published : download.published)
    apply_publication(a, published);
  for (const bureau::RawGroup& group : download.others)
    a.notes.push_back("kept for an operator: " + group.name);
  return join(a.notes, "; ");
}

}  // namespace beian::service
