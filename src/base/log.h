// Structured logs: one JSON object a line, to standard error. Only event names, codes, ids and
// counts; never personal data, secrets, request bodies or bound SQL values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace beian {

using LogField = std::pair<std::string_view, std::string>;

void log_debug(std::string_view event, std::initializer_list<LogField> fields = {});
void log_info(std::string_view event, std::initializer_list<LogField> fields = {});
void log_warn(std::string_view event, std::initializer_list<LogField> fields = {});
void log_error(std::string_view event, std::initializer_list<LogField> fields = {});
void set_log_level(std::string_view level);  // debug, info, warn, error

}  // namespace beian
