#include "service/kind_checks.h"

#include <algorithm>

#include "filing/check.h"
#include "filing/condition.h"
#include "filing/content.h"
#include "filing/date.h"
#include "filing/kind.h"
#include "service/content_access.h"
#include "service/domain_changes.h"
#include "store/registry.h"

namespace beian::service {
namespace {

Problem hard(std::string field, std::string code, TextParams params = {}) {
  return {std::move(field), std::move(code), std::move(params), "", "", true};
}

bool is_no(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  return value && value->is_bool() && !value->get_bool();
}

bool is_yes(const json::object& content, std::string_view path) {
  const json::value* value = value_at(content, path);
  return value && value->is_bool() && value->get_bool();
}

// A registered certificate that has run out is changed before anything is added to the filing.
void check_record(const json::object& content, const std::string& today,
                  std::vector<Problem>& out) {
  const std::string until = text_at(content, "record.principal.certificate_until");
  if (!until.empty() && until != "long" && until < today)
    out.push_back(hard("confirm.current", "record_certificate_expired", {{"until", until}}));
  if (is_no(content, "confirm.current")) out.push_back(hard("confirm.current", "record_outdated"));
}

bool chose_something(const json::object& content) {
  bool chosen = is_yes(content, "change.organiser") || is_yes(content, "change.principal");
  for (const std::string& key : site_keys(content))
    for (const char* part : {".change.site", ".change.domain", ".change.access", ".change.manager"})
      chosen = chosen || is_yes(content, "sites." + key + part);
  return chosen;
}

bool same(const json::object& a, const json::object& b, const char* name) {
  const json::value* of_a = a.if_contains(name);
  const json::value* of_b = b.if_contains(name);
  return of_a && of_b ? *of_a == *of_b : is_absent(of_a) && is_absent(of_b);
}

bool same_site(const json::object& completed, const json::object& record, const std::string& key) {
  const json::value* now = value_at(completed, "sites." + key);
  const json::value* before = value_at(record, "sites." + key);
  if (!now || !before) return false;
  json::object a = now->get_object(), b = before->get_object();
  a.erase("change");
  b.erase("change");
  // The manager who is the principal is written out in one and may not be in the other.
  if (same(a, b, "manager_same") && is_yes(a, "manager_same")) {
    a.erase("manager");
    b.erase("manager");
  }
  return a == b;
}

void check_change(const Form& form, const json::object& content, const std::string& today,
                  std::vector<Problem>& out) {
  if (!chose_something(content)) {
    out.push_back(hard("change.organiser", "nothing_chosen"));
    return;
  }
  const json::object completed = completed_content(form, content, today);
  const json::object* record = record_of(content);
  if (!record) return;
  bool same_all = same(completed, *record, "organiser") && same(completed, *record, "principal");
  for (const std::string& key : site_keys(content))
    same_all = same_all && same_site(completed, *record, key);
  if (same_all) out.push_back(hard("change.organiser", "nothing_changed"));
}

// A new website's domain is filed by nobody yet, a changed one by no other website.
bool is_filed_as_another(Service& s, Reader& reader, const store::Filing& filing,
                         const store::FilingSite& site, bool adds) {
  if (!adds && filing.kind != Kind::change) return false;
  const auto filed = store::find_registered_site(reader, s.keys, site.domain);
  return filed && (adds || filed->id != site.registered_id);
}

// The registered website of a change, a cancellation or a new access is still there to be so.
void check_registered(Service& s, Reader& reader, const store::Filing& filing,
                      const store::FilingSite& site, std::vector<Problem>& out) {
  if (!site.registered_id) return;
  const auto registered = store::find_site(reader, s.keys, *site.registered_id);
  const std::string field = "sites." + site.key + ".domain";
  if (!registered || registered->state == store::Standing::cancelled)
    out.push_back(hard(field, "site_cancelled"));
  else if (filing.kind == Kind::cancel_access && registered->state != store::Standing::served)
    out.push_back(hard(field, "access_cancelled"));
  else if (filing.kind == Kind::new_access && registered->state == store::Standing::served)
    out.push_back(hard(field, "access_here"));
}

}  // namespace

std::vector<Problem> check_kind(Service& s, const store::Filing& filing,
                                const json::object& content) {
  std::vector<Problem> out;
  const std::string today = day_to_string(shanghai_day(s.now()));
  if (filing.kind == Kind::new_website || filing.kind == Kind::new_access)
    check_record(content, today, out);
  if (filing.kind == Kind::change)
    check_change(s.reference.form_of(filing.kind), content, today, out);
  if (filing.kind == Kind::change)
    for (Problem& p : check_domain_changes(s, filing, content)) out.push_back(std::move(p));
  if (is_cancel(filing.kind) && is_no(content, "confirm.consequences"))
    out.push_back(hard("confirm.consequences", "consequences_not_agreed"));
  return out;
}

std::vector<Problem> check_others(Service& s, Reader& reader, const store::Filing& filing) {
  std::vector<Problem> out;
  const bool adds = filing.kind == Kind::first_filing || filing.kind == Kind::new_website;
  for (const store::FilingSite& site : store::list_sites(reader, filing.id)) {
    if (site.outcome == "passed") continue;  // filed by this very filing
    const std::string field = "sites." + site.key + ".domain";
    const auto other = store::active_filing_of_domain(reader, site.domain);
    if (other && *other != filing.id)
      out.push_back(hard(field, "domain_in_flight"));
    else if (is_filed_as_another(s, reader, filing, site, adds))
      out.push_back(hard(field, "domain_filed"));
    check_registered(s, reader, filing, site, out);
  }
  if (store::active_filing_of_organiser(reader, filing.organiser_lookup, filing.id))
    out.push_back(hard(begins_with_domain(filing.kind) ? "organiser.certificate_number" : "",
                       "organiser_in_flight"));
  if (filing.organiser_id) {
    const auto organiser = store::find_organiser_by_id(reader, s.keys, *filing.organiser_id);
    if (!organiser || organiser->cancelled)
      out.push_back(hard("", "organiser_cancelled"));
    else if (organiser->account_id != filing.account_id)
      out.push_back(hard("", "organiser_moved"));
  }
  return out;
}

}  // namespace beian::service
