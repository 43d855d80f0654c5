#include "service/notices.h"

#include <algorithm>

#include "base/text.h"
#include "service/account.h"
#include "service/act.h"

namespace beian::service {
namespace {

constexpr int k_most_copies = 3, k_at_desk = 100;

bool value_of(const store::NoticeSetting& setting, std::string_view channel) {
  if (channel == "mail") return setting.mail;
  return channel == "sms" ? setting.sms : setting.app;
}

store::NoticeSetting setting_of(const std::vector<store::NoticeSetting>& all,
                                const std::string& group) {
  for (const store::NoticeSetting& one : all)
    if (one.group == group) return one;
  return {group, true, true, true};
}

bool is_for(const notify::NoticeGroup& group, Role role) {
  return group.listed && group.staff == is_staff(role);
}

// Of the first message, for a copy's key.
std::string root_of(const std::string& key) {
  if (!key.starts_with("again/")) return key;
  return key.substr(key.find('/', 6) + 1);
}

void resend(Service& s, Tx& tx, const store::Message& message) {
  if (message.channel == "app" || message.state == "queued" || message.state == "sending")
    throw Refusal(RefusalCode::conflict, "resend_waiting");
  // A link that somebody asked for once is not sent again: it is asked for again.
  const notify::NoticeGroup& group = s.notices.groups().of(message.notice);
  if (group.id == "account") throw Refusal(RefusalCode::conflict, "resend_secret");
  const std::string root = root_of(message.key);
  store::Message copy = message;
  copy.id = new_id();
  copy.created_at = s.now();
  for (int n = 1; n <= k_most_copies; ++n) {
    copy.key = "again/" + std::to_string(n) + "/" + root;
    const auto known = store::find_message_time(tx, copy.key);
    if (known && *known + k_minute > s.now())
      throw Refusal(RefusalCode::conflict, "resend_soon", {}, {{"retry_after", "60"}});
    if (known) continue;
    if (!store::insert_message(tx, s.keys, copy)) break;
    store::put_job(tx, {0, "send_message", "message/" + id_to_string(copy.id), copy.filing_id,
                        id_to_string(copy.id), s.now(), 0, ""});
    return;
  }
  throw Refusal(RefusalCode::conflict, "resend_too_often", {},
                {{"max", std::to_string(k_most_copies)}});
}

}  // namespace

bool wants(Service& s, Reader& reader, Id account, std::string_view notice,
           std::string_view channel) {
  const notify::NoticeGroup& group = s.notices.groups().of(notice);
  if (channel == "app" && !group.app) return false;
  if (group.fixed.contains(channel)) return true;
  return value_of(setting_of(store::list_notice_settings(reader, account), group.id), channel);
}

json::object notice_settings_of(Service& s, Id account, Role role) {
  const auto settings =
      s.db.read([&](Reader& reader) { return store::list_notice_settings(reader, account); });
  json::array groups;
  for (const notify::NoticeGroup& group : s.notices.groups().all()) {
    if (!is_for(group, role)) continue;
    const store::NoticeSetting setting = setting_of(settings, group.id);
    json::object out{{"id", group.id}};
    json::array fixed;
    for (const std::string_view channel : {"mail", "sms", "app"}) {
      const bool is_fixed = group.fixed.contains(channel);
      out[channel] = is_fixed || value_of(setting, channel);
      if (is_fixed) fixed.push_back(json::value(channel));
    }
    out["fixed"] = std::move(fixed);
    groups.push_back(std::move(out));
  }
  return {{"groups", std::move(groups)}};
}

void set_notice_setting(Service& s, Id account, Role role, const store::NoticeSetting& setting) {
  const notify::NoticeGroup* group = s.notices.groups().find(setting.group);
  if (group == nullptr || !is_for(*group, role)) throw Refusal(RefusalCode::not_found, "not_found");
  std::vector<Problem> problems;
  for (const std::string& channel : group->fixed)
    if (!value_of(setting, channel))
      problems.push_back({channel, "notice_channel_fixed", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "request_invalid", problems);
  s.db.write([&](Tx& tx) { store::put_notice_setting(tx, account, setting); });
}

NoticePage notices_of(Service& s, Id account, Id filing, Id before, int limit) {
  return s.db.read([&](Reader& reader) {
    return NoticePage{store::list_messages(reader, s.keys, account, filing, before, limit),
                      store::count_unseen(reader, account)};
  });
}

void see_notices(Service& s, Id account) {
  s.db.write([&](Tx& tx) { store::see_messages(tx, account, s.now()); });
}

std::vector<store::SentMessage> messages_at_desk(Service& s, const Staff& staff, Id filing) {
  return s.db.read([&](Reader& reader) {
    const store::Filing found = case_of(s, reader, staff, filing);
    // What colleagues got about it is no matter of the case.
    return store::list_messages(reader, s.keys, found.account_id, filing, 0, k_at_desk);
  });
}

void resend(Service& s, Id account, Id message) {
  s.db.write([&](Tx& tx) {
    const auto found = store::find_message(tx, s.keys, message);
    if (!found || found->account_id != account) throw Refusal(RefusalCode::not_found, "not_found");
    resend(s, tx, *found);
  });
  s.wake_workers();
}

void resend_at_desk(Service& s, const Staff& staff, Id filing, Id message) {
  s.db.write([&](Tx& tx) {
    const store::Filing at = case_of(s, tx, staff, filing);
    const auto found = store::find_message(tx, s.keys, message);
    if (!found || found->filing_id != filing || found->account_id != at.account_id)
      throw Refusal(RefusalCode::not_found, "not_found");
    resend(s, tx, *found);
    note_event(s, tx, filing, Actor::staff, staff.id, "notice_resent");
  });
  s.wake_workers();
}

std::string masked_address(const store::Message& message) {
  if (message.channel == "mail") return mask_email(message.to);
  return message.channel == "sms" ? mask_phone(message.to) : "";
}

}  // namespace beian::service
