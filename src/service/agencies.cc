#include "service/agencies.h"

#include <algorithm>

#include "base/text.h"
#include "notify/mail.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/outbox.h"

namespace beian::service {
namespace {

constexpr int k_most_listed = 500;
constexpr std::size_t k_most_open_invitations = 50, k_most_name = 60, k_most_note = 1000;

Problem defect(std::string field, std::string code,
               std::map<std::string, std::string> params = {}) {
  return {std::move(field), std::move(code), std::move(params), "", "", true};
}

void check_name(const std::string& name, std::vector<Problem>& problems) {
  if (name.empty() || count_characters(name) > k_most_name)
    problems.push_back(defect("name", "agency_name", {{"max", std::to_string(k_most_name)}}));
}

// Its filings so far are its own: they lie in a folder of its own name.
void open_agency(Service& s, Tx& tx, Id agency, const std::string& name) {
  store::put_member(tx, agency, agency, store::MemberRole::owner, s.now());
  store::insert_client(tx, s.keys, {new_id(), agency, name, s.now()});
  store::adopt_filings(tx, agency, store::find_client_by_name(tx, s.keys, agency, name).value());
}

void tell(Service& s, Tx& tx, Id account, std::string_view notice, const notify::Values& values) {
  if (const auto to = store::find_account(tx, s.keys, account))
    queue_mail(s, tx, *to, std::nullopt, notice, "agency/" + id_to_string(new_id()), values);
}

store::MemberRole role_or_refuse(const std::string& name) {
  const auto role = store::member_role_from_string(name);
  if (!role)
    throw Refusal(RefusalCode::invalid, "request_invalid", {defect("role", "choice_unknown")});
  return *role;
}

json::object show_member(const store::Member& m, Id agency, Id person) {
  return {{"id", id_to_string(m.account_id)}, {"email", m.email},
          {"display_name", m.display_name},   {"role", store::to_string(m.role)},
          {"joined_at", m.joined_at},         {"founder", m.account_id == agency},
          {"me", m.account_id == person}};
}

store::Invitation invitation_or_refuse(Service& s, Reader& reader, const std::string& token) {
  auto found = store::find_invitation(reader, s.keys, token, s.now());
  if (!found || !store::is_agency(reader, found->agency_id))
    throw Refusal(RefusalCode::not_found, "agency_invitation_unknown");
  return *found;
}

}  // namespace

void ask_agency(Service& s, Id account, const AgencyWish& wish) {
  const std::string name = clean_line(wish.name), note = clean_line(wish.note);
  std::vector<Problem> problems;
  check_name(name, problems);
  if (count_characters(note) > k_most_note)
    problems.push_back(defect("note", "agency_note", {{"max", std::to_string(k_most_note)}}));
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", problems);
  s.db.write([&](Tx& tx) {
    const auto who = store::find_account(tx, s.keys, account).value();
    if (is_staff(who.role)) throw Refusal(RefusalCode::forbidden, "agency_staff");
    const auto known = store::find_agency(tx, s.keys, account);
    if (known && (known->state == "asked" || known->state == "active"))
      throw Refusal(RefusalCode::conflict, "agency_asked");
    store::Agency agency;
    agency.id = account;
    agency.name = name;
    agency.note = note;
    agency.state = "asked";
    agency.asked_at = s.now();
    store::put_agency(tx, s.keys, agency);
    record(s, tx, {"applicant", account}, "agency.asked", subject_account(account));
    for (const store::Account& one : store::list_staff(tx, s.keys))
      if (one.role == Role::administrator && one.state == "active")
        queue_mail(s, tx, one, std::nullopt, "agency_asked",
                   "agency_asked/" + id_to_string(new_id()), {});
  });
  s.wake_workers();
}

json::object show_agencies_of(Service& s, Reader& reader, Id account) {
  json::object out{{"own", nullptr}, {"memberships", json::array()}};
  if (const auto own = store::find_agency(reader, s.keys, account))
    out["own"] = json::object{{"name", own->name},
                              {"state", own->state},
                              {"asked_at", own->asked_at},
                              {"reason", own->reason}};
  for (const store::Membership& m : store::memberships_of(reader, account))
    out["memberships"].as_array().push_back(json::object{
        {"id", id_to_string(m.agency_id)}, {"name", m.name}, {"role", store::to_string(m.role)}});
  return out;
}

json::array list_agencies(Service& s) {
  return s.db.read([&](Reader& reader) {
    json::array out;
    for (const store::Agency& a : store::list_agencies(reader, s.keys, k_most_listed)) {
      const auto account = store::find_account(reader, s.keys, a.id);
      std::int64_t filings = 0, clients = 0;
      for (const auto& [client, count] : store::count_by_client(reader, a.id)) {
        filings += count.all;
        clients += client != 0;
      }
      json::object row{{"id", id_to_string(a.id)},
                       {"name", a.name},
                       {"note", a.note},
                       {"state", a.state},
                       {"email", account ? account->email : ""},
                       {"asked_at", a.asked_at},
                       {"decided_at", nullptr},
                       {"reason", a.reason},
                       {"clients", clients},
                       {"filings", filings}};
      if (a.decided_at) row["decided_at"] = *a.decided_at;
      out.push_back(std::move(row));
    }
    return out;
  });
}

void decide_agency(Service& s, const Staff& by, Id id, AgencyDecision decision,
                   const std::string& typed) {
  const std::string reason = clean_line(typed);
  const bool accepts = decision == AgencyDecision::accept;
  if (!accepts && (reason.empty() || count_characters(reason) > k_most_note))
    throw Refusal(RefusalCode::invalid, "request_invalid", {defect("reason", "required")});
  const bool ends = decision == AgencyDecision::end;
  s.db.write([&](Tx& tx) {
    const auto agency = store::find_agency(tx, s.keys, id);
    if (!agency) throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::decide_agency(tx, id, ends ? "active" : "asked",
                              accepts ? "active" : (ends ? "ended" : "refused"), by.id, s.now(),
                              accepts ? "" : reason))
      throw Refusal(RefusalCode::conflict, "agency_decided");
    if (accepts) open_agency(s, tx, id, agency->name);
    record(s, tx, {"staff", by.id},
           accepts ? "agency.accepted" : (ends ? "agency.ended" : "agency.refused"),
           subject_account(id));
    tell(s, tx, id, accepts ? "agency_accepted" : (ends ? "agency_ended" : "agency_refused"),
         accepts ? notify::Values{} : notify::Values{{"reason", reason}});
  });
  s.wake_workers();
}

void appoint_agency(Service& s, const Staff& by, const std::string& email,
                    const std::string& typed) {
  const std::string name = clean_line(typed);
  std::vector<Problem> problems;
  check_name(name, problems);
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", problems);
  s.db.write([&](Tx& tx) {
    const auto account = store::find_account_by_email(tx, s.keys, clean_line(email));
    if (!account || account->state != "active" || is_staff(account->role))
      throw Refusal(RefusalCode::invalid, "request_invalid",
                    {defect("email", "agency_account_unknown")});
    if (store::is_agency(tx, account->id)) throw Refusal(RefusalCode::conflict, "agency_decided");
    store::Agency agency;
    agency.id = account->id;
    agency.name = name;
    agency.state = "asked";
    agency.asked_at = s.now();
    store::put_agency(tx, s.keys, agency);
    store::decide_agency(tx, agency.id, "asked", "active", by.id, s.now(), "");
    open_agency(s, tx, agency.id, name);
    record(s, tx, {"staff", by.id}, "agency.appointed", subject_account(agency.id));
    tell(s, tx, agency.id, "agency_accepted", {});
  });
  s.wake_workers();
}

std::set<Scope> scopes_of(store::MemberRole role) {
  switch (role) {
    case store::MemberRole::owner:
      return {Scope::filings_read, Scope::filings_write, Scope::agency_owner};
    case store::MemberRole::editor:
      return {Scope::filings_read, Scope::filings_write};
    case store::MemberRole::viewer:
      break;
  }
  return {Scope::filings_read};
}

store::MemberRole acting_role(Service& s, Id agency, Id person) {
  const auto role =
      s.db.read([&](Reader& reader) { return store::role_in(reader, agency, person); });
  if (!role) throw Refusal(RefusalCode::forbidden, "agency_not_member");
  return *role;
}

store::Agency require_agency(Service& s, Reader& reader, Id account) {
  auto found = store::find_agency(reader, s.keys, account);
  if (!found || found->state != "active") throw Refusal(RefusalCode::forbidden, "agency_none");
  return *found;
}

json::object show_agency(Service& s, Id id, Id person) {
  return s.db.read([&](Reader& reader) {
    const store::Agency agency = require_agency(s, reader, id);
    const auto role = store::role_in(reader, id, person);
    return json::object{{"id", id_to_string(id)},
                        {"name", agency.name},
                        {"role", store::to_string(role.value_or(store::MemberRole::owner))}};
  });
}

json::object show_members(Service& s, Id agency, Id person, bool owner) {
  return s.db.read([&](Reader& reader) {
    require_agency(s, reader, agency);
    json::array members, invitations;
    for (const store::Member& m : store::list_members(reader, s.keys, agency))
      members.push_back(show_member(m, agency, person));
    if (owner)
      for (const store::Invitation& i : store::open_invitations(reader, s.keys, agency, s.now()))
        invitations.push_back(json::object{{"id", id_to_string(i.id)},
                                           {"email", i.email},
                                           {"role", store::to_string(i.role)},
                                           {"expires_at", i.expires_at}});
    return json::object{{"members", std::move(members)}, {"invitations", std::move(invitations)}};
  });
}

void invite_member(Service& s, Id agency, Id person, const std::string& typed,
                   const std::string& role_name) {
  const std::string email = clean_line(typed);
  if (email.size() > 254 || !notify::is_mail_address(email))
    throw Refusal(RefusalCode::invalid, "request_invalid", {defect("email", "email_invalid")});
  const store::MemberRole role = role_or_refuse(role_name);
  s.db.write([&](Tx& tx) {
    const store::Agency known = require_agency(s, tx, agency);
    const auto members = store::list_members(tx, s.keys, agency);
    for (const store::Member& m : members)
      if (store::email_lookup(s.keys, m.email) == store::email_lookup(s.keys, email))
        throw Refusal(RefusalCode::conflict, "agency_member_known");
    const auto open = store::open_invitations(tx, s.keys, agency, s.now());
    if (members.size() >= k_most_members || open.size() >= k_most_open_invitations)
      throw Refusal(RefusalCode::conflict, "agency_members_full");
    // One that is sent again takes the place of the older one.
    for (const store::Invitation& older : open)
      if (store::email_lookup(s.keys, older.email) == store::email_lookup(s.keys, email))
        store::end_invitation(tx, agency, older.id, s.now());
    const std::string token = random_token();
    store::Invitation invitation{
        new_id(), agency, email, role, person, s.now(), s.now() + k_invitation_hours * k_hour};
    store::insert_invitation(tx, s.keys, token, invitation);
    store::Account to;  // perhaps nobody's account yet
    if (const auto account = store::find_account_by_email(tx, s.keys, email)) to = *account;
    to.email = email;
    if (to.locale.empty()) to.locale = "zh-CN";
    queue_mail(
        s, tx, to, std::nullopt, "agency_invited", "agency_invited/" + id_to_string(invitation.id),
        {{"token", token}, {"agency", known.name}, {"hours", std::to_string(k_invitation_hours)}});
    record(s, tx, {"applicant", person}, "agency.invited", subject_account(agency),
           {{"role", store::to_string(role)}});
  });
  s.wake_workers();
}

void take_back_invitation(Service& s, Id agency, Id person, Id invitation) {
  s.db.write([&](Tx& tx) {
    if (!store::end_invitation(tx, agency, invitation, s.now()))
      throw Refusal(RefusalCode::not_found, "not_found");
    record(s, tx, {"applicant", person}, "agency.invitation_ended", subject_account(agency));
  });
}

void change_member(Service& s, Id agency, Id person, Id member, const std::string& role_name) {
  const store::MemberRole role = role_or_refuse(role_name);
  s.db.write([&](Tx& tx) {
    // The agency's own account stays its owner, so that there is always one.
    if (member == agency) throw Refusal(RefusalCode::conflict, "agency_founder");
    if (!store::set_member_role(tx, agency, member, role))
      throw Refusal(RefusalCode::not_found, "not_found");
    record(s, tx, {"applicant", person}, "agency.member_changed", subject_account(member),
           {{"agency", id_to_string(agency)}, {"role", store::to_string(role)}});
  });
}

void remove_member(Service& s, Id agency, Id person, Id member) {
  s.db.write([&](Tx& tx) {
    if (member == agency) throw Refusal(RefusalCode::conflict, "agency_founder");
    if (!store::remove_member(tx, agency, member))
      throw Refusal(RefusalCode::not_found, "not_found");
    record(s, tx, {"applicant", person}, "agency.member_removed", subject_account(member),
           {{"agency", id_to_string(agency)}});
  });
}

json::object show_invitation(Service& s, Id account, const std::string& token) {
  return s.db.read([&](Reader& reader) {
    const store::Invitation found = invitation_or_refuse(s, reader, token);
    const auto agency = store::find_agency(reader, s.keys, found.agency_id).value();
    const auto me = store::find_account(reader, s.keys, account).value();
    const bool mine =
        store::email_lookup(s.keys, me.email) == store::email_lookup(s.keys, found.email);
    return json::object{{"agency", agency.name},
                        {"role", store::to_string(found.role)},
                        {"expires_at", found.expires_at},
                        {"mine", mine},
                        {"email", mine ? found.email : mask_email(found.email)}};
  });
}

void accept_invitation(Service& s, Id account, const std::string& token) {
  s.db.write([&](Tx& tx) {
    const store::Invitation found = invitation_or_refuse(s, tx, token);
    const auto me = store::find_account(tx, s.keys, account).value();
    if (store::email_lookup(s.keys, me.email) != store::email_lookup(s.keys, found.email))
      throw Refusal(RefusalCode::forbidden, "agency_invitation_other", {},
                    {{"email", mask_email(found.email)}});
    if (is_staff(me.role)) throw Refusal(RefusalCode::forbidden, "agency_staff");
    if (!store::end_invitation(tx, found.agency_id, found.id, s.now()))
      throw Refusal(RefusalCode::not_found, "agency_invitation_unknown");
    store::put_member(tx, found.agency_id, account, found.role, s.now());
    record(s, tx, {"applicant", account}, "agency.joined", subject_account(account),
           {{"agency", id_to_string(found.agency_id)}, {"role", store::to_string(found.role)}});
  });
}

}  // namespace beian::service
