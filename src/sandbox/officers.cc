#include "sandbox/officers.h"

#include <fmt/format.h>

#include "base/refusal.h"
#include "base/text.h"
#include "sandbox/checks.h"
#include "sandbox/code_lists.h"
#include "sandbox/identity.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

constexpr std::size_t k_most_websites = 20;
// TEST-NET-3 (RFC 5737): nobody's addresses.
constexpr std::uint32_t k_foreign_network = 0xcb007100;

[[noreturn]] void refuse(const std::string& field, const std::string& code,
                         std::map<std::string, std::string> params = {}) {
  throw Refusal(RefusalCode::invalid, "request_invalid",
                {Problem{field, code, std::move(params), "", "", true}});
}

void require_none(const std::vector<bureau::ResultCode>& codes) {
  if (codes.empty()) return;
  std::vector<std::string> words;
  for (const auto& code : codes) words.push_back(fmt::format("{} {}", code.code, code.text));
  refuse("", "sandbox_codes", {{"codes", join(words, "；")}});
}

Subject require_subject(Reader& reader, Id id) {
  auto subject = find_subject(reader, id);
  if (!subject) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  if (subject->cancelled) throw Refusal(RefusalCode::conflict, "sandbox_subject_cancelled");
  return std::move(*subject);
}

void tell(Tx& tx, const Province& province, const std::vector<News>& news, Millis now) {
  for (const auto& one : news) queue_file(tx, province, one.isp_id, one.download, now);
}

Id absent_provider(Tx& tx, const Province& province, const std::set<Id>& taken, Millis now) {
  for (const auto id : k_absent_providers) {
    if (taken.count(id) > 0) continue;
    return ensure_account(tx, province.path, id,
                          id == k_absent_providers[0] ? "其他接入商甲" : "其他接入商乙",
                          k_role_absent, now)
        .isp_id;
  }
  throw Refusal(RefusalCode::conflict, "sandbox_no_provider_left");
}

bureau::Access foreign_access(Tx& tx, const Dictionaries& dictionaries) {
  bureau::Access access;
  access.isp_id = next_number(tx, "foreign");
  access.locations = {dictionaries.locations.begin()->first};
  access.methods = {dictionaries.methods.begin()->first};
  const auto ip =
      k_foreign_network + 1 + static_cast<std::uint32_t>(next_number(tx, "foreign_ip") % 250);
  access.ips = {{next_number(tx, "foreign"), 0, ip, ip}};
  return access;
}

bureau::Person person(Tx& tx, const Seed& seed) {
  bureau::Person person;
  person.name = "测试甲";
  person.office_phone = "010-00000000";
  person.mobile = seed.mobile.empty() ? "13000000000" : seed.mobile;
  person.email = "a@example.com";
  person.certificate_type = 2;
  person.certificate_number = invented_citizen_number(next_number(tx, "foreign_person"));
  return person;
}

bureau::Organiser organiser(Tx& tx, const Province& province, const Seed& seed) {
  const Id serial = next_number(tx, "foreign_organiser");
  bureau::Organiser organiser;
  organiser.isp_id = next_number(tx, "foreign");
  organiser.name = seed.name.empty() ? fmt::format("示例主办单位{}有限公司", serial) : seed.name;
  organiser.nature = seed.nature.value_or(4);
  organiser.investor = organiser.name;
  organiser.address = {province.code, province.code + 100, std::nullopt, "示例路1号"};
  organiser.certificate = {
      seed.certificate_type.value_or(1),
      seed.certificate_number.empty() ? invented_credit_code(serial) : seed.certificate_number,
      "示例路1号"};
  organiser.principal = person(tx, seed);
  return organiser;
}

// A website that a force from above takes away can not be worked on any more.
void give_orders_back(Tx& tx, const Setup& setup, Id subject, Id site, Millis now) {
  for (const auto& order : orders_in_flight(tx, subject)) {
    if (site != 0 && order.site != site) continue;
    Verdict verdict;
    verdict.by_machine = true;
    verdict.codes = {site == 0 ? 1049 : 1050};
    verdict.opinion = "备案已被管局注销";
    settle(tx, setup, order.id, verdict, now);
  }
}

}  // namespace

Id plant(Tx& tx, const Setup& setup, const Seed& seed, Millis now) {
  const Province& province = province_at(setup, seed.province);
  if (seed.websites.empty() || seed.websites.size() > k_most_websites) {
    refuse("websites", "member_missing");
  }
  const auto dictionaries = dictionaries_now(tx, setup.dictionaries);
  Record record;
  record.operation = Operation::new_filing;
  bureau::NewFiling filing;
  filing.organiser = organiser(tx, province, seed);
  for (const auto& wanted : seed.websites) {
    bureau::Website site;
    site.isp_id = next_number(tx, "foreign");
    site.name = wanted.name.empty() ? filing.organiser.name + "网站" : wanted.name;
    site.services = {dictionaries.services.begin()->first};
    site.languages = {dictionaries.languages.begin()->first};
    site.domains = {{next_number(tx, "foreign"), 0, domain_claim(wanted.domain)}};
    site.accesses = {foreign_access(tx, dictionaries)};
    site.manager = filing.organiser.principal;
    site.home_url = "www." + domain_claim(wanted.domain);
    filing.websites.push_back(std::move(site));
  }
  record.alone.new_filings = {std::move(filing)};
  const Id provider = absent_provider(tx, province, {}, now);
  const Settings settings = read_settings(tx);
  Settings lenient = settings;
  lenient.check_ip_library = false;  // nobody has filed addresses for a provider that is not there
  const Situation situation{dictionaries, lenient, province, provider, now};
  auto codes = check_content(dictionaries, province, record, Target{});
  for (auto& code : check_registry(tx, situation, record, Target{})) add(codes, std::move(code));
  require_none(codes);
  return carry_out(tx, province, record, provider,
                   settings.filing_passwords ? new_filing_password() : "", "演练", now)
      .subject;
}

void add_foreign_access(Tx& tx, const Setup& setup, Id id, Id site, Millis now) {
  const auto subject = require_subject(tx, id);
  const auto* of = subject.site(site);
  if (of == nullptr) refuse("site_id", "sandbox_site_unknown");
  const Province& province = province_at(setup, subject.province);
  const Id provider = absent_provider(tx, province, providers_of(*of), now);
  Record record;
  record.operation = Operation::new_access;
  bureau::NewAccess access;
  access.website_id = site;
  access.access = foreign_access(tx, dictionaries_now(tx, setup.dictionaries));
  record.alone.new_accesses = {std::move(access)};
  tell(tx, province, carry_out(tx, province, record, provider, "", "演练", now).news, now);
}

void change_from_outside(Tx& tx, const Setup& setup, Id id, const ForeignChange& change,
                         Millis now) {
  const auto subject = require_subject(tx, id);
  const Province& province = province_at(setup, subject.province);
  bureau::Change changed{subject.filing.organiser, subject.filing.websites, {}, ""};
  const auto set = [](std::string& field, const std::string& value) {
    if (!value.empty()) field = value;
  };
  set(changed.organiser.name, change.name);
  set(changed.organiser.address.detail, change.address);
  set(changed.organiser.principal.name, change.principal);
  set(changed.organiser.principal.mobile, change.mobile);
  set(changed.organiser.principal.email, change.email);
  if (change.site != 0) {
    if (subject.site(change.site) == nullptr) refuse("site_id", "sandbox_site_unknown");
    std::erase_if(changed.websites,
                  [&](const auto& site) { return site.publication.id != change.site; });
    set(changed.websites[0].name, change.site_name);
    set(changed.websites[0].home_url, change.home_url);
  }
  Record record;
  record.operation = Operation::change;
  record.alone.changes = {std::move(changed)};
  const auto dictionaries = dictionaries_now(tx, setup.dictionaries);
  Target target;
  target.subject = subject;
  require_none(check_content(dictionaries, province, record, target));
  tell(tx, province, carry_out(tx, province, record, k_absent_providers[0], "", "演练", now).news,
       now);
}

void cancel_by_force(Tx& tx, const Setup& setup, Id id, Id site, const std::string& reason,
                     Millis now) {
  auto subject = require_subject(tx, id);
  const Province& province = province_at(setup, subject.province);
  give_orders_back(tx, setup, id, site, now);
  if (site == 0) {
    const auto providers = providers_of(subject.filing);
    cancel_subject(tx, id, now);
    return tell(tx, province, cancellations(bureau::RecordKind::organiser, id, reason, providers),
                now);
  }
  const auto* of = subject.site(site);
  if (of == nullptr) refuse("site_id", "sandbox_site_unknown");
  const auto providers = providers_of(*of);
  std::erase_if(subject.filing.websites,
                [&](const auto& one) { return one.publication.id == site; });
  save_subject(tx, province, subject, 0, now);
  tell(tx, province, cancellations(bureau::RecordKind::website, site, reason, providers), now);
}

}  // namespace beian::sandbox
