#include "service/outbox.h"

#include "service/notices.h"
#include "store/filings.h"
#include "store/jobs.h"
#include "store/scopes.h"

namespace beian::service {
namespace {

// Once for each key, where its receiver wants it.
void queue(Service& s, Tx& tx, const store::Message& message) {
  if (!wants(s, tx, message.account_id.value_or(0), message.notice, message.channel)) return;
  if (!store::insert_message(tx, s.keys, message) || message.channel == "app") return;
  store::put_job(tx, {0, "send_message", "message/" + id_to_string(message.id), message.filing_id,
                      id_to_string(message.id), s.now(), 0, ""});
}

bool decides_cases(Role role) {
  return role == Role::first_reviewer || role == Role::photo_reviewer || role == Role::senior ||
         role == Role::administrator;
}

}  // namespace

void queue_mail(Service& s, Tx& tx, const store::Account& to, std::optional<Id> filing,
                std::string_view notice, const std::string& key, const notify::Values& values) {
  queue_notice(s, tx, to, "", filing, notice, key, {values, {}});
}

void queue_mail_to(Service& s, Tx& tx, const std::string& address, const std::string& locale,
                   std::string_view notice, const std::string& key, const notify::Values& values) {
  const notify::Notice words = s.notices.render(locale, notice, {values, {}});
  store::Message mail;
  mail.id = new_id();
  mail.key = "mail/" + key;
  mail.channel = "mail";
  mail.notice = notice;
  mail.to = address;
  mail.subject = words.subject;
  mail.text = words.text;
  mail.html = words.html;
  mail.created_at = s.now();
  queue(s, tx, mail);
}

void queue_notice(Service& s, Tx& tx, const store::Account& to, const std::string& mobile,
                  std::optional<Id> filing, std::string_view notice, const std::string& key,
                  const notify::NoticeData& data) {
  const notify::Notice words = s.notices.render(to.locale, notice, data);
  store::Message mail;
  mail.id = new_id();
  mail.key = "mail/" + key;
  mail.account_id = to.id;
  mail.filing_id = filing;
  mail.channel = "mail";
  mail.notice = notice;
  mail.to = to.email;
  mail.subject = words.subject;
  mail.text = words.text;
  mail.html = words.html;
  mail.created_at = s.now();
  if (!to.email.empty()) queue(s, tx, mail);
  store::Message listed = mail;
  listed.id = new_id();
  listed.key = "app/" + key;
  listed.channel = "app";
  listed.to.clear();
  listed.html.clear();
  queue(s, tx, listed);
  if (mobile.empty() || words.sms.empty()) return;
  store::Message sms = mail;
  sms.id = new_id();
  sms.key = "sms/" + key;
  sms.channel = "sms";
  sms.to = mobile;
  sms.subject.clear();
  sms.html.clear();
  sms.text = words.sms;
  sms.values = data.values;
  queue(s, tx, sms);
}

void queue_staff_notice(Service& s, Tx& tx, std::optional<Id> filing, std::string_view notice,
                        const std::string& key, const notify::NoticeData& data) {
  const auto about = filing ? store::find_filing(tx, s.keys, *filing) : std::nullopt;
  for (const store::Account& account : store::list_staff(tx, s.keys)) {
    if (account.state != "active" || !decides_cases(account.role)) continue;
    if (about && !store::scope_of(tx, account.id).covers(about->province, about->account_id))
      continue;
    queue_notice(s, tx, account, "", filing, notice, key + "/" + id_to_string(account.id), data);
  }
}

}  // namespace beian::service
