#include "notify/notice_groups.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/json.h"

namespace beian::notify {
namespace {

std::set<std::string, std::less<>> names_in(const json::object& object, std::string_view key) {
  std::set<std::string, std::less<>> out;
  for (const json::value& item : object.at(key).as_array()) out.emplace(item.as_string());
  return out;
}

bool flag_in(const json::object& object, std::string_view key, bool otherwise) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? otherwise : value->as_bool();
}

}  // namespace

NoticeGroups NoticeGroups::load(const std::string& path) {
  NoticeGroups out;
  if (!std::filesystem::exists(path)) return out;
  const json::value document = read_json_file(path);
  try {
    for (const json::value& item : document.as_object().at("groups").as_array()) {
      const json::object& group = item.as_object();
      out.groups_.push_back({std::string(group.at("id").as_string()), names_in(group, "fixed"),
                             names_in(group, "notices"), flag_in(group, "app", true),
                             flag_in(group, "listed", true), flag_in(group, "staff", false)});
    }
  } catch (const std::exception&) {
    throw std::runtime_error(path + ": not a list of groups");
  }
  return out;
}

const NoticeGroup* NoticeGroups::find(std::string_view id) const {
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const NoticeGroup& group) { return group.id == id; });
  return found == groups_.end() ? nullptr : &*found;
}

const NoticeGroup& NoticeGroups::of(std::string_view notice) const {
  for (const NoticeGroup& group : groups_)
    if (group.notices.contains(notice)) return group;
  return others_;
}

}  // namespace beian::notify
