#include "service/tell.h"

#include "base/text.h"
#include "filing/content.h"
#include "filing/date.h"
#include "filing/form.h"
#include "filing/kind.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "store/accounts.h"
#include "store/cases.h"
#include "store/owners.h"

namespace beian::service {
namespace {

// After the step: where it led to decides what there is to say.
std::optional<std::string_view> notice_of(const store::Filing& filing, Action action) {
  if (filing.state == State::sms_pending) return "sms_check";
  switch (action) {
    case Action::submit:
      return "filing_submitted";
    case Action::return_initial:
      return "filing_initial_returned";
    case Action::pass_initial:
      return "filing_initial_passed";
    case Action::return_photo:
      return "photo_returned";
    case Action::bureau_received:
      return "filing_sent_to_bureau";
    case Action::bureau_rejected:
      return "filing_bureau_returned";
    case Action::sms_expired:
      return "sms_expired";
    case Action::expire:
      return "filing_expired";
    case Action::bureau_approved:
      if (is_cancel(filing.kind)) return "filing_cancelled";
      return filing.kind == Kind::change ? "change_approved" : "filing_approved";
    default:
      return std::nullopt;
  }
}

std::vector<notify::Values> reasons_of(Service& s, Tx& tx, const store::Filing& filing,
                                       const std::string& locale) {
  std::vector<notify::Values> out;
  for (const store::Correction& c : store::list_corrections(tx, s.keys, filing.id)) {
    if (c.state != "open") continue;
    out.push_back(
        {{"field",
          c.field.empty() ? "" : field_label(s.reference.form_of(filing.kind), c.field, locale)},
         {"reason", correction_words(s, c.reason_code, c.text, locale)}});
  }
  return out;
}

std::vector<notify::Values> numbers_of(Tx& tx, const store::Filing& filing) {
  std::vector<notify::Values> out;
  for (const store::FilingSite& site : store::list_sites(tx, filing.id))
    if (site.number) out.push_back({{"domain", site.domain}, {"number", *site.number}});
  return out;
}

notify::NoticeData data_of(Service& s, Tx& tx, const store::Filing& filing,
                           const json::object& content, const std::string& locale) {
  notify::NoticeData data;
  std::vector<std::string> domains;
  for (const std::string& key : site_keys(content))
    domains.push_back(text_at(content, "sites." + key + ".domain"));
  if (domains.empty()) domains.push_back(filing.organiser_number.value_or(filing.title));
  data.values = {{"filing", id_to_string(filing.id)},
                 {"domains", join(domains, locale == k_locale_zh ? "、" : ", ")},
                 {"organiser_number", filing.organiser_number.value_or("")},
                 {"password", filing.password}};
  data.lists["reasons"] = reasons_of(s, tx, filing, locale);
  data.lists["sites"] = numbers_of(tx, filing);
  return data;
}

// About a parcel on its way; each time it is said it counts.
void tell_parcel(Service& s, Tx& tx, const store::Filing& filing, const std::string& notice,
                 Id backdrop, const std::string& carrier, const std::string& tracking_number) {
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!account) return;
  const json::object content = parse_content(filing.content);
  notify::NoticeData data = data_of(s, tx, filing, content, account->locale);
  data.values["carrier"] = carrier;
  data.values["tracking_number"] = tracking_number;
  queue_notice(
      s, tx, *account, text_at(content, "principal.mobile"), filing.id, notice,
      notice + "/" + id_to_string(backdrop) + "/" + tracking_number + "/" + std::to_string(s.now()),
      data);
}

}  // namespace

std::string correction_words(const Service& s, const std::optional<std::string>& reason_code,
                             const std::string& text, std::string_view locale) {
  std::string words;
  // The bureau's codes have plain words of their own (dictionary result_codes); its free text, when
  // it says more, stands behind.
  if (reason_code && reason_code->starts_with("bureau_")) {
    const auto code = id_from_string(reason_code->substr(std::string_view("bureau_").size()));
    const DictionaryEntry* entry =
        code ? s.reference.catalogue.dictionaries.find("result_codes", *code) : nullptr;
    if (!entry) return text;
    const auto plain = entry->labels.find("plain");
    return label_in(plain == entry->labels.end() ? entry->label : plain->second, locale);
  }
  if (reason_code)
    for (const Reason& reason : s.reference.reasons)
      if (reason.code == *reason_code) words = label_in(reason.text, locale);
  if (!text.empty()) words += (words.empty() ? "" : " ") + text;
  return words;
}

void tell_applicant(Service& s, Tx& tx, const store::Filing& filing, Action action) {
  const auto notice = notice_of(filing, action);
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!notice || !account) return;
  const json::object content = parse_content(filing.content);
  // Version makes the key: one notice for one step, however often the step is tried.
  const std::string key =
      std::string(*notice) + "/" + id_to_string(filing.id) + "/" + std::to_string(filing.version);
  queue_notice(s, tx, *account, text_at(content, "principal.mobile"), filing.id, *notice, key,
               data_of(s, tx, filing, content, account->locale));
}

void tell_staff(Service& s, Tx& tx, const store::Filing& filing) {
  const json::object content = parse_content(filing.content);
  queue_staff_notice(s, tx, filing.id, "staff_new_filing",
                     "staff/" + id_to_string(filing.id) + "/" + std::to_string(filing.version),
                     data_of(s, tx, filing, content, std::string(k_locale_zh)));
}

void tell_sms_check_ends(Service& s, Tx& tx, const store::Filing& filing, std::int64_t hours) {
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!account) return;
  const json::object content = parse_content(filing.content);
  notify::NoticeData data = data_of(s, tx, filing, content, account->locale);
  data.values["hours"] = std::to_string(hours);
  queue_notice(s, tx, *account, text_at(content, "principal.mobile"), filing.id, "sms_check_ends",
               "sms_check_ends/" + id_to_string(filing.id) + "/" + std::to_string(filing.round),
               data);
}

void tell_filing_ends(Service& s, Tx& tx, const store::Filing& filing, std::int64_t days) {
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!account) return;
  notify::NoticeData data = data_of(s, tx, filing, parse_content(filing.content), account->locale);
  data.values["days"] = std::to_string(days);
  queue_notice(s, tx, *account, text_at(parse_content(filing.content), "principal.mobile"),
               filing.id, "filing_ends_soon",
               "ends/" + id_to_string(filing.id) + "/" + std::to_string(filing.state_since) + "/" +
                   std::to_string(days),
               data);
}

void tell_backdrop_posted(Service& s, Tx& tx, const store::Filing& filing, Id backdrop,
                          const std::string& carrier, const std::string& tracking_number) {
  tell_parcel(s, tx, filing, "backdrop_posted", backdrop, carrier, tracking_number);
}

void tell_backdrop_corrected(Service& s, Tx& tx, const store::Filing& filing,
                             const store::Backdrop& b) {
  tell_parcel(s, tx, filing, "backdrop_corrected", b.id, b.carrier.value_or(""),
              b.tracking_number.value_or(""));
}

void tell_backdrop_unposted(Service& s, Tx& tx, const store::Filing& filing,
                            const store::Backdrop& before) {
  tell_parcel(s, tx, filing, "backdrop_unposted", before.id, before.carrier.value_or(""),
              before.tracking_number.value_or(""));
}

void tell_backdrop_returned(Service& s, Tx& tx, const store::Filing& filing,
                            const store::Backdrop& backdrop, const std::string& reason) {
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!account) return;
  const json::object content = parse_content(filing.content);
  notify::NoticeData data = data_of(s, tx, filing, content, account->locale);
  data.values["carrier"] = backdrop.carrier.value_or("");
  data.values["tracking_number"] = backdrop.tracking_number.value_or("");
  data.values["reason"] = s.texts.render(account->locale, "dispatch", "return_reason." + reason);
  queue_notice(s, tx, *account, text_at(content, "principal.mobile"), filing.id,
               "backdrop_returned", "backdrop_returned/" + id_to_string(backdrop.id), data);
}

bool tell_reminder(Service& s, Tx& tx, const store::Filing& filing) {
  const auto account = store::find_account(tx, s.keys, filing.account_id);
  if (!account) return false;
  const std::string key =
      "reminder/" + id_to_string(filing.id) + "/" + day_to_string(shanghai_day(s.now()));
  if (store::was_told(tx, "app/" + key) || store::was_told(tx, "mail/" + key)) return false;
  const json::object content = parse_content(filing.content);
  notify::NoticeData data = data_of(s, tx, filing, content, account->locale);
  data.values["state"] = s.texts.render(
      account->locale, "states", "states." + std::string(to_string(filing.state)) + ".applicant");
  data.values["until"] = filing.due_at ? day_to_string(shanghai_day(*filing.due_at)) : "";
  queue_notice(s, tx, *account, text_at(content, "principal.mobile"), filing.id, "filing_reminder",
               key, data);
  return true;
}

void tell_taken_over(Service& s, Tx& tx, const store::Filing& filing, Id by,
                     const std::string& reason) {
  const auto before = store::find_account(tx, s.keys, filing.assignee_id.value_or(0));
  const auto now = store::find_account(tx, s.keys, by);
  if (!before || !now) return;
  notify::NoticeData data = data_of(s, tx, filing, parse_content(filing.content), before->locale);
  data.values["name"] = now->display_name;
  data.values["reason"] = reason;
  queue_notice(
      s, tx, *before, "", filing.id, "case_taken_over",
      "taken/" + id_to_string(filing.id) + "/" + std::to_string(filing.assigned_at.value_or(0)),
      data);
}

}  // namespace beian::service
