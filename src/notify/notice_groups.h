// Which notices belong together, as far as people choose where they want them
// (data/notice_groups.json).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace beian::notify {

struct NoticeGroup {
  std::string id;
  std::set<std::string, std::less<>> fixed;  // channels that cannot be switched off: mail, sms, app
  std::set<std::string, std::less<>> notices;
  bool app = true;     // shown in the list of notices too
  bool listed = true;  // offered for choosing
  bool staff = false;  // to staff
};

class NoticeGroups {
 public:
  // Empty where there is no such file. Throws std::runtime_error for a malformed one.
  static NoticeGroups load(const std::string& path);

  const std::vector<NoticeGroup>& all() const { return groups_; }
  const NoticeGroup* find(std::string_view id) const;
  // A notice that no group names goes by every channel: then nothing is missed.
  const NoticeGroup& of(std::string_view notice) const;

 private:
  std::vector<NoticeGroup> groups_;
  NoticeGroup others_{"others", {"mail", "sms", "app"}, {}, true, false, false};
};

}  // namespace beian::notify
