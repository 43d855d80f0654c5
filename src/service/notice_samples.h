// Made-up values for every hole of a notice, to show what it will look like.
#pragma once

#include <string>
#include <string_view>

#include "notify/templates.h"

namespace beian::service {

// In this language ("zh-CN", "en"); empty for a notice there is none of.
notify::NoticeData sample_notice_data(std::string_view notice, std::string_view locale);

}  // namespace beian::service
