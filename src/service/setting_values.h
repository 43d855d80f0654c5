// What settings are by themselves (service/settings.h): what holds without a change, and whether a
// value may stand there. Used by the verbs in setting_changes.h only.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "service/service.h"

namespace beian::service {

// What follows a prefix: "330000" of "bureau.330000"; empty for another name.
std::string_view after(std::string_view name, std::string_view prefix);

// What holds without a change. Throws Refusal{not_found} where there is no such setting.
json::value require_shipped(const Service& s, const std::string& name);
// As it is kept; null stays null. Throws Refusal{invalid, "setting_invalid"} naming what is wrong.
json::value checked_setting(const Service& s, const std::string& name, const json::value& value);

// The entry of data/deadlines.json, with the law's bounds; nullptr for none.
const json::object* limit_named(const Service& s, std::string_view name);
// {mail: {subject, text}, sms: {text, characters, parts} or null}: these words with made-up data.
json::object rendered_notice(const Service& s, const std::string& notice, const json::value& words);

}  // namespace beian::service
