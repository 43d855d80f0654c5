// The words of every notice, in every language, from data/texts/<locale>/notices.json.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notice_groups.h"

namespace beian::notify {

using Values = std::map<std::string, std::string>;

// What fills the holes of a notice. Values come from people: they are cleaned of line ends,
// controls and direction marks, escaped in HTML, and addresses in them lose their "://" so that no
// mail program makes a link of them.
struct NoticeData {
  Values values;
  std::map<std::string, std::vector<Values>> lists;
};

struct Notice {
  std::string subject;
  std::string text;  // plain text of the mail
  std::string html;  // the same for mail programs that show HTML
  std::string sms;   // signed 【provider】; empty: this notice goes by mail only
};

// The contract between the notices and their senders: which holes a notice may use and a sender
// must fill. `provider` and `base_url` are filled here for all.
struct NoticeSpec {
  std::string_view name;
  std::vector<std::string_view> values;
  // list name -> the values of each of its items
  std::map<std::string_view, std::vector<std::string_view>> lists;
};
const std::vector<NoticeSpec>& notice_specs();

// Thread-safe after construction.
class Templates {
 public:
  // Reads <texts_dir>/<locale>/notices.json for each locale found. Throws std::runtime_error naming
  // file and notice when one is missing, unknown, uses a hole outside its spec, or links elsewhere
  // than to {{base_url}} or the ministry. `base_url` has no slash at its end.
  Templates(const std::string& texts_dir, std::string provider, std::string base_url);
  ~Templates();

  // Falls back to zh-CN for a locale without texts. Throws std::logic_error for an unknown notice
  // or when a value or list of its spec is missing.
  Notice render(std::string_view locale, std::string_view name, const NoticeData& data) const;

  const NoticeGroups& groups() const { return groups_; }

  // Lays an operator's words over the shipped ones, by "<locale>.<notice>": {subject, body, sms?},
  // as in notices.json; check() has let them pass. Takes the place of every change before.
  void change(std::string provider, const std::map<std::string, std::string>& texts);
  // Throws std::runtime_error saying what is wrong with words for this "<locale>.<notice>".
  void check(const std::string& name, const std::string& text) const;
  // As render(), with these words.
  Notice preview(const std::string& name, const std::string& text, const NoticeData& data) const;
  // The shipped words of "<locale>.<notice>" as JSON; empty where there are none.
  std::string shipped(const std::string& name) const;

 private:
  struct Texts;
  struct Changed;
  std::shared_ptr<const Changed> changed() const;
  Notice render(std::string_view locale, std::string_view name, const NoticeData& data,
                const Changed& changed) const;
  std::map<std::string, std::unique_ptr<Texts>, std::less<>> locales_;
  NoticeGroups groups_;
  std::string base_url_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Changed> changed_;
};

}  // namespace beian::notify
