#include "service/staff.h"

#include <algorithm>

#include "base/text.h"
#include "notify/mail.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/outbox.h"

namespace beian::service {
namespace {

constexpr std::size_t k_most_in_scope = 200;

store::Account staff_account(Service& s, Reader& reader, const Staff& by, Id id) {
  const auto account = store::find_account(reader, s.keys, id);
  if (!account || !is_staff(account->role)) throw Refusal(RefusalCode::not_found, "not_found");
  if (id == by.id) throw Refusal(RefusalCode::conflict, "grant_self");
  return *account;
}

void invite(Service& s, Tx& tx, const store::Account& account) {
  const std::string token = random_token();
  store::insert_token(tx, token, account.id, "reset", s.now() + k_invitation_hours * k_hour);
  queue_mail(s, tx, account, std::nullopt, "staff_invited", "invited/" + id_to_string(new_id()),
             {{"token", token}, {"hours", std::to_string(k_invitation_hours)}});
}

store::Account new_colleague(Service& s, Tx& tx, const std::string& email,
                             const std::string& name) {
  store::Account account;
  account.id = new_id();
  account.email = email;
  account.password_hash = "!";  // no password verifies against it; the invitation sets one
  account.display_name = name;
  account.state = "invited";
  account.locale = "zh-CN";
  account.consent = std::string(k_privacy_notice);
  account.created_at = s.now();
  store::insert_account(tx, s.keys, account);
  return account;
}

std::vector<std::string> addresses_of(Service& s, Reader& reader, const store::StaffScope& scope) {
  std::vector<std::string> out;
  for (const Id customer : scope.customers) {
    const auto account = store::find_account(reader, s.keys, customer);
    out.push_back(account ? account->email : "");
  }
  return out;
}

// What was typed, as a scope; what does not exist is named by its place in the list.
store::StaffScope read_scope(Service& s, Reader& reader, const GrantRequest& request) {
  store::StaffScope scope;
  std::vector<Problem> problems;
  if (!has_scope(request.role) && !(request.provinces.empty() && request.customers.empty()))
    problems.push_back({"provinces", "scope_useless", {}, "", "", true});
  for (const std::string& province : request.provinces) {
    if (!s.reference.bureaus.find(province))
      problems.push_back({"provinces", "choice_unknown", {{"value", province}}, "", "", true});
    else if (std::find(scope.provinces.begin(), scope.provinces.end(), province) ==
             scope.provinces.end())
      scope.provinces.push_back(province);
  }
  for (const std::string& email : request.customers) {
    const auto account = store::find_account_by_email(reader, s.keys, clean_line(email));
    if (!account || account->role != Role::applicant)
      problems.push_back(
          {"customers", "customer_unknown", {{"value", clean_line(email)}}, "", "", true});
    else if (std::find(scope.customers.begin(), scope.customers.end(), account->id) ==
             scope.customers.end())
      scope.customers.push_back(account->id);
  }
  if (request.provinces.size() > k_most_in_scope || request.customers.size() > k_most_in_scope)
    problems.push_back(
        {"customers", "scope_too_long", {{"max", std::to_string(k_most_in_scope)}}, "", "", true});
  std::sort(scope.provinces.begin(), scope.provinces.end());
  std::sort(scope.customers.begin(), scope.customers.end());
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "grant_invalid", problems);
  return scope;
}

}  // namespace

bool has_scope(Role role) {
  return role == Role::first_reviewer || role == Role::photo_reviewer || role == Role::dispatcher ||
         role == Role::senior;
}

std::vector<StaffRow> list_staff(Service& s) {
  return s.db.read([&](Reader& reader) {
    std::vector<StaffRow> out;
    for (store::Account& account : store::list_staff(reader, s.keys)) {
      StaffRow row{account,
                   store::has_second_factor(reader, account.id),
                   0,
                   store::scope_of(reader, account.id),
                   {}};
      row.customers = addresses_of(s, reader, row.scope);
      for (const auto& session : store::list_sessions(reader, account.id, s.now()))
        row.last_seen_at = std::max(row.last_seen_at, session.last_seen_at);
      out.push_back(std::move(row));
    }
    return out;
  });
}

std::vector<OpenGrant> open_grants(Service& s) {
  return s.db.read([&](Reader& reader) {
    std::vector<OpenGrant> out;
    for (store::RoleGrant& grant : store::open_role_grants(reader, s.keys)) {
      auto customers = addresses_of(s, reader, grant.scope);
      out.push_back({std::move(grant), std::move(customers)});
    }
    return out;
  });
}

Id ask_grant(Service& s, const Staff& by, const GrantRequest& request) {
  const std::string email = clean_line(request.email), name = clean_line(request.display_name);
  std::vector<Problem> problems;
  if (email.size() > 254 || !notify::is_mail_address(email))
    problems.push_back({"email", "email_invalid", {}, "", "", true});
  if (name.size() > 200) problems.push_back({"display_name", "required", {}, "", "", true});
  if (!is_staff(request.role)) problems.push_back({"role", "choice_unknown", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "grant_invalid", problems);
  return s.db.write([&](Tx& tx) {
    const store::StaffScope scope = read_scope(s, tx, request);
    auto account = store::find_account_by_email(tx, s.keys, email);
    if (!account) {
      if (name.empty())
        throw Refusal(RefusalCode::invalid, "grant_invalid",
                      {{"display_name", "required", {}, "", "", true}});
      account = new_colleague(s, tx, email, name);
    }
    if (account->id == by.id) throw Refusal(RefusalCode::conflict, "grant_self");
    if (account->role == request.role && account->state == "active" &&
        store::scope_of(tx, account->id) == scope)
      throw Refusal(RefusalCode::conflict, "grant_same");
    for (const store::RoleGrant& open : store::open_role_grants(tx, s.keys))
      if (open.account_id == account->id) throw Refusal(RefusalCode::conflict, "grant_open");
    store::RoleGrant grant;
    grant.id = new_id();
    grant.account_id = account->id;
    grant.role = to_string(request.role);
    grant.scope = scope;
    grant.asked_by = by.id;
    grant.asked_at = s.now();
    store::insert_role_grant(tx, grant);
    record(s, tx, {"staff", by.id}, "grant.asked", subject_account(account->id),
           {{"role", grant.role},
            {"before", to_string(account->role)},
            {"scope", store::to_text(scope)}});
    return grant.id;
  });
}

namespace {

void record_decision(Service& s, Tx& tx, const Staff& by, const store::RoleGrant& grant,
                     bool granted) {
  record(s, tx, {"staff", by.id}, granted ? "grant.granted" : "grant.refused",
         subject_account(grant.account_id),
         {{"role", grant.role},
          {"before", grant.previous_role},
          {"scope", store::to_text(grant.scope)},
          {"asked_by", id_to_string(grant.asked_by)}});
}

// What was asked for somebody, or by him, before he was locked out: agreed to later it would let
// him in again.
void refuse_grants_of(Service& s, Tx& tx, const Staff& by, Id account) {
  for (const store::RoleGrant& grant : store::open_role_grants(tx, s.keys))
    if ((grant.account_id == account || grant.asked_by == account) &&
        store::decide_role_grant(tx, grant.id, "refused", by.id, s.now()))
      record_decision(s, tx, by, grant, false);
}

}  // namespace

void decide_grant(Service& s, const Staff& by, Id id, bool granted) {
  s.db.write([&](Tx& tx) {
    const auto grant = store::find_role_grant(tx, s.keys, id);
    if (!grant) throw Refusal(RefusalCode::not_found, "not_found");
    if (grant->account_id == by.id) throw Refusal(RefusalCode::conflict, "grant_self");
    // Whoever asked may take it back, but not agree with himself.
    if (granted && grant->asked_by == by.id)
      throw Refusal(RefusalCode::forbidden, "grant_own_request");
    if (!store::decide_role_grant(tx, id, granted ? "granted" : "refused", by.id, s.now()))
      throw Refusal(RefusalCode::conflict, "grant_decided");
    record_decision(s, tx, by, *grant, granted);
    if (!granted) return;
    const auto account = store::find_account(tx, s.keys, grant->account_id).value();
    store::set_role(tx, account.id, role_from_string(grant->role).value());
    store::put_scope(tx, account.id, grant->scope);
    store::end_all_sessions(tx, account.id);  // a right changes at once, not at the next log-in
    if (account.state == "active") return;
    store::set_account_state(tx, account.id, "active");
    if (account.state == "invited") invite(s, tx, account);
  });
  s.wake_workers();
}

void disable_staff(Service& s, const Staff& by, Id id) {
  s.db.write([&](Tx& tx) {
    staff_account(s, tx, by, id);
    store::set_account_state(tx, id, "disabled");
    store::end_all_sessions(tx, id);
    record(s, tx, {"staff", by.id}, "staff.disabled", subject_account(id));
    refuse_grants_of(s, tx, by, id);
  });
}

void reset_second_factor(Service& s, const Staff& by, Id id) {
  s.db.write([&](Tx& tx) {
    staff_account(s, tx, by, id);
    store::remove_second_factor(tx, id);
    store::end_all_sessions(tx, id);
    record(s, tx, {"staff", by.id}, "staff.second_factor_reset", subject_account(id));
  });
}

}  // namespace beian::service
