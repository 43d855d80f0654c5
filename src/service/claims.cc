#include "service/claims.h"

#include <algorithm>

#include "base/text.h"
#include "filing/content.h"
#include "service/account.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "service/registered.h"
#include "store/registry.h"
#include "store/transfers.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_tries_of_account = 5, k_tries_at_number = 30;  // in a day
constexpr std::size_t k_most_words = 500;                               // characters

Problem hard(std::string field, std::string code, TextParams params = {}) {
  return {std::move(field), std::move(code), std::move(params), "", "", true};
}

// The organiser's number, also where a website's was typed: 浙ICP备2026000001号-2.
std::string organiser_part(const std::string& typed) {
  std::string number = clean_line(typed);
  std::erase(number, ' ');
  const auto dash = number.rfind('-');
  const bool of_site = dash != std::string::npos && dash + 1 < number.size() &&
                       number.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  return of_site ? number.substr(0, dash) : number;
}

std::string checked_words(const std::string& text, const char* field) {
  if (!is_utf8(text) || count_characters(text) > k_most_words)
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {hard(field, "words_too_long", {{"max", std::to_string(k_most_words)}})});
  return text;
}

// Counted before it is looked at, so that many at once cannot get past the limit.
void count_try(Service& s, Id account, const std::string& number_lookup) {
  const Millis since = s.now() - k_day;
  s.db.write([&](Tx& tx) {
    if (store::claim_tries_of(tx, account, since) >= k_tries_of_account ||
        store::claim_tries_at(tx, number_lookup, since) >= k_tries_at_number)
      throw Refusal(RefusalCode::too_many, "claim_tries");
    store::note_claim_try(tx, account, number_lookup, s.now());
  });
}

std::optional<store::Organiser> matching(Service& s, const std::string& number,
                                         const ClaimInput& in) {
  const std::string certificate =
      store::certificate_lookup(s.keys, in.certificate_type, in.certificate_number);
  return s.db.read([&](Reader& reader) -> std::optional<store::Organiser> {
    auto found = store::find_organiser_by_number(reader, s.keys, number);
    if (!found || found->cancelled || found->certificate_lookup != certificate) return std::nullopt;
    return found;
  });
}

std::string keep_picture(Service& s, const std::string& file, const char* field) {
  documents::PrepareRequest request;
  request.file = file;
  request.limits = s.limits.image;
  documents::PrepareOutcome outcome = s.images.prepare(request);
  if (!outcome.prepared) {
    for (Problem& p : outcome.problems) p.field = field;
    throw Refusal(RefusalCode::invalid, "material_invalid", outcome.problems);
  }
  return s.blobs.put(outcome.prepared->full);
}

store::Claim known_claim(Service& s, Reader& reader, Id id) {
  auto found = store::find_claim(reader, s.keys, id);
  if (!found) throw Refusal(RefusalCode::not_found, "not_found");
  return std::move(*found);
}

// For staff: what claims an organiser outside their scope is as if it were not there.
store::Claim claim_of(Service& s, Reader& reader, const Staff& staff, Id id) {
  store::Claim claim = known_claim(s, reader, id);
  const store::StaffScope scope = store::scope_of(reader, staff.id);
  if (scope.is_whole()) return claim;
  const auto organiser = store::find_organiser_by_id(reader, s.keys, claim.organiser_id);
  if (!organiser || !scope.covers(organiser->province, organiser->account_id))
    throw Refusal(RefusalCode::not_found, "not_found");
  return claim;
}

// Claim and organiser as somebody looks at them: a decision repeats it.
std::string seen_of(const store::Claim& claim, const store::Organiser& organiser) {
  return std::to_string(claim.version) + "." + std::to_string(organiser.changed_at) + "." +
         id_to_string(organiser.account_id);
}

std::string subject_of(Id claim) { return "claim/" + id_to_string(claim); }

void tell(Service& s, Tx& tx, Id account, std::string_view notice, Id claim,
          notify::Values values) {
  const auto to = store::find_account(tx, s.keys, account);
  if (!to || to->state != "active") return;
  queue_notice(s, tx, *to, "", std::nullopt, notice,
               std::string(notice) + "/" + id_to_string(claim), {std::move(values), {}});
}

json::array sites_masked(Service& s, Reader& reader, Id organiser) {
  json::array out;
  for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, organiser))
    out.push_back(json::object{{"number", site.number},
                               {"domain", unicode_domain(site.domain)},
                               {"state", to_string(site.state)}});
  return out;
}

// An enterprise's name is public, a person's is not.
std::string shown_name(Service& s, Reader& reader, const store::Organiser& organiser) {
  constexpr std::int64_t k_individual = 5;  // dictionary natures
  const json::object record = record_of(s, reader, organiser);
  const std::int64_t nature = number_at(record, "organiser.nature");
  return nature == 0 || nature == k_individual ? mask_name(organiser.name) : organiser.name;
}

json::object show_record_masked(Service& s, Reader& reader, const store::Organiser& organiser) {
  const json::object record = record_of(s, reader, organiser);
  return {{"number", organiser.number},
          {"name", shown_name(s, reader, organiser)},
          {"province", organiser.province},
          {"approved_at", organiser.approved_at},
          {"certificate_type", number_at(record, "organiser.certificate_type")},
          {"certificate_number", mask_id_number(text_at(record, "organiser.certificate_number"))},
          {"principal", mask_name(text_at(record, "principal.name"))},
          {"mobile", mask_phone(text_at(record, "principal.mobile"))},
          {"sites", sites_masked(s, reader, organiser.id)}};
}

// Who has it now, as far as the reviewer needs to know.
json::value show_holder(Service& s, Reader& reader, const store::Organiser& organiser) {
  const auto holder = store::find_account(reader, s.keys, organiser.account_id);
  if (!holder) return nullptr;
  return json::object{{"email", mask_email(holder->email)},
                      {"state", holder->state},
                      {"since", holder->created_at}};
}

// Another account's filing about it: the bureau's answer would give it the organiser again.
bool under_way_elsewhere(Reader& reader, const store::Organiser& organiser, Id claimant) {
  std::vector<Id> all = store::open_filings_about(reader, organiser.id, false);
  if (const auto id = store::active_filing_of_organiser(reader, organiser.certificate_lookup, 0))
    all.push_back(*id);
  return std::ranges::any_of(all, [&](Id id) {
    const auto fresh = store::freshness(reader, id);
    return fresh && fresh->account_id != claimant;
  });
}

// Drafts of others are of no use any more once the organiser is somebody else's.
void end_foreign_drafts(Service& s, Tx& tx, Id organiser, Id owner) {
  for (const Id id : store::open_filings_about(tx, organiser, true)) {
    const auto filing = store::find_filing(tx, s.keys, id);
    if (filing && filing->account_id != owner)
      act(s, tx, *filing, {Action::expire, Actor::clock, std::nullopt, ""});
  }
}

void grant(Service& s, Tx& tx, const store::Claim& claim, const store::Organiser& organiser) {
  if (under_way_elsewhere(tx, organiser, claim.account_id))
    throw Refusal(RefusalCode::conflict, "claim_in_flight");
  const auto claimant = store::find_account(tx, s.keys, claim.account_id);
  if (!claimant || claimant->state != "active")
    throw Refusal(RefusalCode::conflict, "claim_nobody");
  if (!store::give_organiser(tx, organiser.id, organiser.account_id, claim.account_id, s.now()))
    throw Refusal(RefusalCode::stale, "claim_changed");
  end_foreign_drafts(s, tx, organiser.id, claim.account_id);
  if (const auto offer = store::open_transfer_of(tx, s.keys, "organiser", organiser.id))
    store::end_transfer(tx, offer->id, "withdrawn", std::nullopt, s.now());
  tell(s, tx, claim.account_id, "claim_granted", claim.id, {{"number", organiser.number}});
  if (organiser.account_id != 0)
    tell(s, tx, organiser.account_id, "claim_lost", claim.id, {{"number", organiser.number}});
}

}  // namespace

store::Claim make_claim(Service& s, const store::Account& account, const ClaimInput& in) {
  if (is_staff(account.role)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  const std::string number = organiser_part(in.number);
  std::vector<Problem> missing;
  if (number.empty()) missing.push_back(hard("number", "required"));
  if (clean_line(in.certificate_number).empty())
    missing.push_back(hard("certificate_number", "required"));
  if (in.certificate.empty()) missing.push_back(hard("certificate", "required"));
  if (in.proof.empty()) missing.push_back(hard("proof", "required"));
  if (!missing.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", missing);
  store::Claim claim;
  claim.note = checked_words(in.note, "note");
  const std::string lookup = s.keys.lookup(number, "claim.number");
  count_try(s, account.id, lookup);
  const auto organiser = matching(s, number, in);
  if (!organiser)
    throw Refusal(RefusalCode::invalid, "claim_not_matched", {hard("number", "claim_not_matched")});
  if (organiser->account_id == account.id) throw Refusal(RefusalCode::conflict, "claim_yours");
  claim.id = new_id();
  claim.account_id = account.id;
  claim.organiser_id = organiser->id;
  claim.created_at = s.now();
  claim.certificate_key = keep_picture(s, in.certificate, "certificate");
  claim.proof_key = keep_picture(s, in.proof, "proof");
  s.db.write([&](Tx& tx) {
    for (const store::Claim& open : store::open_claims_of(tx, s.keys, organiser->id))
      if (open.account_id == account.id) throw Refusal(RefusalCode::conflict, "claim_open");
    store::forget_claim_try(tx, account.id, lookup);
    store::insert_claim(tx, s.keys, claim);
    record(s, tx, {"applicant", account.id}, "claim.made", subject_of(claim.id),
           {{"organiser", id_to_string(organiser->id)}});
    tell(s, tx, account.id, "claim_received", claim.id, {{"number", organiser->number}});
    if (organiser->account_id != 0)
      tell(s, tx, organiser->account_id, "claim_against", claim.id,
           {{"number", organiser->number}});
    queue_staff_notice(s, tx, std::nullopt, "staff_claim", "staff_claim/" + id_to_string(claim.id),
                       {{{"number", organiser->number}}, {}});
  });
  s.wake_workers();
  return claim;
}

void withdraw_claim(Service& s, Id account, Id id) {
  s.db.write([&](Tx& tx) {
    const store::Claim claim = known_claim(s, tx, id);
    if (claim.account_id != account) throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::end_claim(tx, s.keys, claim, "withdrawn", "", std::nullopt, s.now()))
      throw Refusal(RefusalCode::conflict, "claim_decided");
    record(s, tx, {"applicant", account}, "claim.withdrawn", subject_of(id));
  });
}

json::object show_claim(Service& s, Reader& reader, const store::Claim& claim) {
  const auto organiser = store::find_organiser_by_id(reader, s.keys, claim.organiser_id);
  json::object out{{"id", id_to_string(claim.id)}, {"number", organiser ? organiser->number : ""},
                   {"state", claim.state},         {"created_at", claim.created_at},
                   {"decided_at", nullptr},        {"note", claim.note},
                   {"answer", claim.answer}};
  if (claim.decided_at) out["decided_at"] = *claim.decided_at;
  return out;
}

json::object show_claim_row(Service& s, Reader& reader, const store::Claim& claim) {
  json::object out = show_claim(s, reader, claim);
  const auto organiser = store::find_organiser_by_id(reader, s.keys, claim.organiser_id);
  out["name"] = organiser ? shown_name(s, reader, *organiser) : "";
  out["held"] = organiser && organiser->account_id != 0;
  out["others"] = static_cast<std::int64_t>(
      organiser
          ? std::ranges::count_if(store::open_claims_of(reader, s.keys, organiser->id),
                                  [&](const store::Claim& other) { return other.id != claim.id; })
          : 0);
  out.erase("note");
  out.erase("answer");
  return out;
}

json::object show_claim_at_desk(Service& s, const Staff& staff, Id id) {
  json::object out = s.db.read([&](Reader& reader) {
    const store::Claim claim = claim_of(s, reader, staff, id);
    const auto organiser = store::find_organiser_by_id(reader, s.keys, claim.organiser_id);
    if (!organiser) throw Refusal(RefusalCode::not_found, "not_found");
    json::object shown = show_claim_row(s, reader, claim);
    shown["note"] = claim.note;
    shown["answer"] = claim.answer;
    shown["seen"] = seen_of(claim, *organiser);
    shown["pictures"] = !claim.certificate_key.empty();
    shown["record"] = show_record_masked(s, reader, *organiser);
    shown["holder"] = show_holder(s, reader, *organiser);
    shown["in_flight"] = under_way_elsewhere(reader, *organiser, claim.account_id);
    json::value who = nullptr;
    if (const auto account = store::find_account(reader, s.keys, claim.account_id))
      who = json::object{{"email", account->email},
                         {"since", account->created_at},
                         {"organisers", store::organisers_of(reader, s.keys, account->id).size()}};
    shown["claimant"] = std::move(who);
    return shown;
  });
  s.db.write([&](Tx& tx) { record(s, tx, {"staff", staff.id}, "look.claim", subject_of(id)); });
  return out;
}

std::string read_claim_picture(Service& s, const Staff& staff, Id id, std::string_view which) {
  const std::string key = s.db.read([&](Reader& reader) {
    const store::Claim claim = claim_of(s, reader, staff, id);
    if (which != "certificate" && which != "proof")
      throw Refusal(RefusalCode::not_found, "not_found");
    return which == "proof" ? claim.proof_key : claim.certificate_key;
  });
  if (key.empty()) throw Refusal(RefusalCode::not_found, "not_found");
  s.db.write([&](Tx& tx) {
    record(s, tx, {"staff", staff.id}, "look.claim_picture", subject_of(id), {{"which", which}});
  });
  return s.blobs.get(key);
}

void decide_claim(Service& s, const Staff& staff, Id id, const ClaimDecision& decision) {
  const std::string answer = checked_words(decision.answer, "answer");
  if (!decision.grant && clean_line(answer).empty())
    throw Refusal(RefusalCode::invalid, "request_invalid", {hard("answer", "required")});
  s.db.write([&](Tx& tx) {
    const store::Claim claim = claim_of(s, tx, staff, id);
    const auto organiser = store::find_organiser_by_id(tx, s.keys, claim.organiser_id);
    if (claim.state != "open") throw Refusal(RefusalCode::conflict, "claim_decided");
    if (!organiser || seen_of(claim, *organiser) != decision.seen)
      throw Refusal(RefusalCode::stale, "claim_changed");
    if (decision.grant) {
      grant(s, tx, claim, *organiser);
    } else {
      tell(s, tx, claim.account_id, "claim_refused", claim.id,
           {{"number", organiser->number}, {"reason", answer}});
      if (organiser->account_id != 0)
        tell(s, tx, organiser->account_id, "claim_over", claim.id, {{"number", organiser->number}});
    }
    if (!store::end_claim(tx, s.keys, claim, decision.grant ? "granted" : "refused", answer,
                          staff.id, s.now()))
      throw Refusal(RefusalCode::stale, "claim_changed");
    record(s, tx, {"staff", staff.id}, decision.grant ? "claim.granted" : "claim.refused",
           subject_of(id),
           {{"organiser", id_to_string(organiser->id)},
            {"from", id_to_string(organiser->account_id)},
            {"to", id_to_string(claim.account_id)}});
  });
  s.wake_workers();
}

}  // namespace beian::service
