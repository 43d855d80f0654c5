#include "service/transfers.h"

#include <algorithm>

#include "base/text.h"
#include "filing/lifecycle.h"
#include "notify/mail.h"
#include "service/account.h"
#include "service/act.h"
#include "service/audit.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/outbox.h"
#include "service/reauth.h"
#include "store/claims.h"
#include "store/registry.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_most_offers = 20;  // in a day
constexpr int k_most_listed = 100, k_most_a_round = 100;

// Between the hands of staff and the bureau nothing changes hands: the bureau's answer names the
// filing, and packages are made from it.
bool is_at_bureau(State state) {
  return state == State::ready || state == State::sending || state == State::sms_pending ||
         state == State::bureau_review;
}

std::optional<std::string> why_not_filing(const store::Filing& filing) {
  if (is_final(filing.state)) return "transfer_ended";
  if (filing.organiser_id) return "transfer_with_organiser";
  if (is_at_bureau(filing.state)) return "transfer_at_bureau";
  return std::nullopt;
}

std::optional<std::string> why_not_organiser(Service& s, Reader& reader,
                                             const store::Organiser& organiser) {
  if (organiser.cancelled) return "transfer_cancelled";
  if (!store::open_filings_about(reader, organiser.id, false).empty() ||
      store::active_filing_of_organiser(reader, organiser.certificate_lookup, 0))
    return "transfer_organiser_in_flight";
  if (!store::open_claims_of(reader, s.keys, organiser.id).empty()) return "transfer_claimed";
  return std::nullopt;
}

void require_transferable(Service& s, Reader& reader, Id account, const std::string& what,
                          Id subject) {
  if (const auto why = why_not_transferable(s, reader, account, what, subject))
    throw Refusal(RefusalCode::conflict, *why);
}

std::string subject_of(const store::Transfer& t) {
  return t.what + "/" + id_to_string(t.subject_id);
}

// What it is called: the organiser's name and number, or the filing's title and domains.
std::string name_of(Service& s, Reader& reader, const store::Transfer& t) {
  // What is another's by now is his to describe.
  if (t.what == "filing" && t.state == "accepted") return id_to_string(t.subject_id);
  if (t.what == "organiser") {
    const auto organiser = store::find_organiser_by_id(reader, s.keys, t.subject_id);
    return organiser ? organiser->number : std::string();
  }
  std::vector<std::string> domains;
  for (const store::FilingSite& site : store::list_sites(reader, t.subject_id))
    if (!site.domain.empty()) domains.push_back(unicode_domain(site.domain));
  return domains.empty() ? id_to_string(t.subject_id) : join(domains, ", ");
}

void tell(Service& s, Tx& tx, Id account, std::string_view notice, const store::Transfer& t) {
  const auto to = store::find_account(tx, s.keys, account);
  if (!to || to->state != "active") return;
  queue_notice(s, tx, *to, "", std::nullopt, notice,
               std::string(notice) + "/" + id_to_string(t.id) + "/" + id_to_string(account),
               {{{"subject", name_of(s, tx, t)}}, {}});
}

// The offer as its receiver's link finds it; nobody else learns that it exists.
store::Transfer offered_to(Service& s, Reader& reader, const store::Account& receiver,
                           const std::string& token) {
  auto found = store::find_transfer_by_token(reader, s.keys, token);
  if (!found ||
      store::email_lookup(s.keys, found->to_email) != store::email_lookup(s.keys, receiver.email))
    throw Refusal(RefusalCode::not_found, "transfer_link");
  return std::move(*found);
}

void require_open(Service& s, const store::Transfer& t) {
  if (t.state != "offered" || t.expires_at <= s.now())
    throw Refusal(RefusalCode::conflict, "transfer_over");
}

std::string shown_state(const Service& s, const store::Transfer& t) {
  return t.state == "offered" && t.expires_at <= s.now() ? "expired" : t.state;
}

void hand_over(Service& s, Tx& tx, const store::Transfer& t, Id receiver) {
  if (t.what == "organiser") {
    const auto drafts =
        store::move_organiser_to(tx, t.subject_id, t.from_account, receiver, s.now());
    if (!drafts) throw Refusal(RefusalCode::stale, "changed_meanwhile");
    for (const Id draft : *drafts)
      note_event(s, tx, draft, Actor::applicant, t.from_account, "handed_over");
    return;
  }
  if (!store::move_filing_to(tx, t.subject_id, t.from_account, receiver, s.now()))
    throw Refusal(RefusalCode::stale, "changed_meanwhile");
  note_event(s, tx, t.subject_id, Actor::applicant, t.from_account, "handed_over");
}

json::array domains_of(Service& s, Reader& reader, const store::Transfer& t) {
  json::array out;
  const auto add = [&](const std::string& domain) {
    if (!domain.empty()) out.push_back(json::value(unicode_domain(domain)));
  };
  if (t.what == "organiser") {
    for (const store::RegisteredSite& site : store::sites_of(reader, s.keys, t.subject_id))
      if (site.state != store::Standing::cancelled) add(site.domain);
  } else {
    for (const store::FilingSite& site : store::list_sites(reader, t.subject_id)) add(site.domain);
  }
  return out;
}

}  // namespace

std::optional<std::string> why_not_transferable(Service& s, Reader& reader, Id account,
                                                const std::string& what, Id subject) {
  if (what == "filing") return why_not_filing(own_filing(s, reader, account, subject));
  const auto organiser = store::find_organiser_by_id(reader, s.keys, subject);
  if (what != "organiser" || !organiser || organiser->account_id != account)
    throw Refusal(RefusalCode::not_found, "not_found");
  return why_not_organiser(s, reader, *organiser);
}

store::Transfer offer_transfer(Service& s, const store::Account& giver, const Offer& offer) {
  if (is_staff(giver.role)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  const std::string email = clean_line(offer.email);
  if (email.size() > 254 || !notify::is_mail_address(email))
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"email", "email_invalid", {}, "", "", true}});
  if (store::email_lookup(s.keys, email) == store::email_lookup(s.keys, giver.email))
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"email", "transfer_to_self", {}, "", "", true}});
  s.db.read([&](Reader& reader) {
    require_transferable(s, reader, giver.id, offer.what, offer.subject);
  });
  prove_oneself(s, giver, offer.password, offer.code);
  store::Transfer t;
  t.id = new_id();
  t.what = offer.what;
  t.subject_id = offer.subject;
  t.from_account = giver.id;
  t.to_email = email;
  t.offered_at = s.now();
  t.expires_at = s.now() + k_offer_days * k_day;
  const std::string token = random_token();
  s.db.write([&](Tx& tx) {
    require_transferable(s, tx, giver.id, offer.what, offer.subject);
    if (const auto open = store::open_transfer_of(tx, s.keys, t.what, t.subject_id)) {
      if (open->expires_at > s.now()) throw Refusal(RefusalCode::conflict, "transfer_open");
      store::end_transfer(tx, open->id, "expired", std::nullopt, s.now());
    }
    if (store::count_offers(tx, giver.id, s.now() - k_day) >= k_most_offers)
      throw Refusal(RefusalCode::too_many, "transfer_offers");
    store::insert_transfer(tx, s.keys, t, token);
    // Written to the address, whoever has it: the same with and without an account.
    const auto known = store::find_account_by_email(tx, s.keys, email);
    queue_mail_to(s, tx, email, known ? known->locale : giver.locale, "transfer_offered",
                  "transfer/" + id_to_string(t.id),
                  {{"token", token}, {"days", std::to_string(k_offer_days)}});
    record(s, tx, {"applicant", giver.id}, "transfer.offered", subject_of(t),
           {{"transfer", id_to_string(t.id)}});
  });
  s.wake_workers();
  return t;
}

void withdraw_transfer(Service& s, Id account, Id id) {
  s.db.write([&](Tx& tx) {
    const auto t = store::find_transfer(tx, s.keys, id);
    if (!t || t->from_account != account) throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::end_transfer(tx, id, "withdrawn", std::nullopt, s.now()))
      throw Refusal(RefusalCode::conflict, "transfer_over");
    record(s, tx, {"applicant", account}, "transfer.withdrawn", subject_of(*t),
           {{"transfer", id_to_string(id)}});
  });
}

json::object show_offer(Service& s, const store::Account& receiver, const std::string& token,
                        std::string_view locale) {
  return s.db.read([&](Reader& reader) {
    const store::Transfer t = offered_to(s, reader, receiver, token);
    const std::string state = shown_state(s, t);
    json::object out{{"what", t.what},  {"state", state},   {"expires_at", t.expires_at},
                     {"from", ""},      {"name", ""},       {"number", ""},
                     {"kind", nullptr}, {"state_name", ""}, {"domains", json::array()}};
    if (state != "offered") return out;
    if (const auto giver = store::find_account(reader, s.keys, t.from_account))
      out["from"] = mask_email(giver->email);
    out["domains"] = domains_of(s, reader, t);
    if (t.what == "organiser") {
      if (const auto o = store::find_organiser_by_id(reader, s.keys, t.subject_id)) {
        out["name"] = o->name;
        out["number"] = o->number;
      }
    } else if (const auto f = store::find_filing(reader, s.keys, t.subject_id)) {
      out["name"] = f->title;
      out["kind"] = to_string(f->kind);
      out["state_name"] = s.texts.render(
          locale, "states", "states." + std::string(to_string(f->state)) + ".applicant");
    }
    return out;
  });
}

store::Transfer accept_transfer(Service& s, const store::Account& receiver,
                                const std::string& token) {
  if (is_staff(receiver.role)) throw Refusal(RefusalCode::forbidden, "role_forbidden");
  const store::Transfer done = s.db.write([&](Tx& tx) {
    const store::Transfer t = offered_to(s, tx, receiver, token);
    if (t.state == "accepted" && t.to_account == receiver.id) return t;  // asked again
    require_open(s, t);
    const auto giver = store::find_account(tx, s.keys, t.from_account);
    if (!giver || giver->state != "active" ||
        !store::end_transfer(tx, t.id, "accepted", receiver.id, s.now()))
      throw Refusal(RefusalCode::conflict, "transfer_over");
    try {
      require_transferable(s, tx, t.from_account, t.what, t.subject_id);
    } catch (const Refusal& refusal) {
      // To the receiver what is not the giver's any more is an offer that is over.
      if (refusal.code() != RefusalCode::not_found) throw;
      throw Refusal(RefusalCode::conflict, "transfer_over");
    }
    hand_over(s, tx, t, receiver.id);
    tell(s, tx, t.from_account, "transfer_accepted", t);
    tell(s, tx, receiver.id, "transfer_received", t);
    record(s, tx, {"applicant", receiver.id}, "transfer.accepted", subject_of(t),
           {{"transfer", id_to_string(t.id)},
            {"from", id_to_string(t.from_account)},
            {"to", id_to_string(receiver.id)}});
    return t;
  });
  s.wake_workers();
  return done;
}

void decline_transfer(Service& s, const store::Account& receiver, const std::string& token) {
  s.db.write([&](Tx& tx) {
    const store::Transfer t = offered_to(s, tx, receiver, token);
    if (t.state == "declined") return;  // asked again
    require_open(s, t);
    if (!store::end_transfer(tx, t.id, "declined", std::nullopt, s.now()))
      throw Refusal(RefusalCode::conflict, "transfer_over");
    tell(s, tx, t.from_account, "transfer_declined", t);
    record(s, tx, {"applicant", receiver.id}, "transfer.declined", subject_of(t),
           {{"transfer", id_to_string(t.id)}});
  });
  s.wake_workers();
}

void expire_transfers(Service& s) {
  const auto ids = s.db.read(
      [&](Reader& reader) { return store::overdue_transfers(reader, s.now(), k_most_a_round); });
  for (const Id id : ids)
    s.db.write([&](Tx& tx) {
      const auto t = store::find_transfer(tx, s.keys, id);
      if (!t || !store::end_transfer(tx, id, "expired", std::nullopt, s.now())) return;
      tell(s, tx, t->from_account, "transfer_expired", *t);
      record(s, tx, {"clock", std::nullopt}, "transfer.expired", subject_of(*t),
             {{"transfer", id_to_string(id)}});
    });
}

json::object show_transfer(Service& s, Reader& reader, const store::Transfer& t) {
  json::object out{{"id", id_to_string(t.id)},
                   {"what", t.what},
                   {"subject_id", id_to_string(t.subject_id)},
                   {"subject", name_of(s, reader, t)},
                   {"email", t.to_email},
                   {"state", shown_state(s, t)},
                   {"offered_at", t.offered_at},
                   {"expires_at", t.expires_at},
                   {"ended_at", nullptr}};
  if (t.ended_at) out["ended_at"] = *t.ended_at;
  return out;
}

json::object show_transfers(Service& s, Id account) {
  return s.db.read([&](Reader& reader) {
    json::array out;
    for (const store::Transfer& t : store::transfers_from(reader, s.keys, account, k_most_listed))
      out.push_back(show_transfer(s, reader, t));
    return json::object{{"transfers", std::move(out)}};
  });
}

}  // namespace beian::service
