// China has one time zone, UTC+8, without summer time; the bureau dates everything in it.
#pragma once

#include <string>

#include "base/clock.h"

namespace beian::sandbox {

std::string china_date(Millis time);   // 2026-11-23
std::string china_stamp(Millis time);  // 20261123095800
int china_year(Millis time);
int china_minute_of_day(Millis time);  // 0 to 1439

}  // namespace beian::sandbox
