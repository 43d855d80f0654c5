#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <stdexcept>

#include "base/text.h"

namespace beian {
namespace {

// A JSON string that stays one visible line in a terminal: quotes, controls (C1 and DEL too, which
// terminals obey) and the line separators are escaped, broken UTF-8 is replaced.
void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char32_t point : to_code_points(text)) {
    if (point == U'"' || point == U'\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(point));
    } else if (point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 ||
               point == 0x2029) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
      out += from_code_points({point});
    }
  }
  out.push_back('"');
}

spdlog::logger& logger() {
  static const std::unique_ptr<spdlog::logger> instance = [] {
    auto made = std::make_unique<spdlog::logger>("beian",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *instance;
}

void write(spdlog::level::level_enum level, std::string_view event,
           std::initializer_list<LogField> fields) {
  if (!logger().should_log(level)) return;
  std::string line = "\"event\":";
  append_quoted(line, event);
  for (const auto& [name, value] : fields) {
    line.push_back(',');
    append_quoted(line, name);
    line.push_back(':');
    append_quoted(line, value);
  }
  logger().log(level, line);
}

}  // namespace

void log_debug(std::string_view event, std::initializer_list<LogField> fields) {
  write(spdlog::level::debug, event, fields);
}

void log_info(std::string_view event, std::initializer_list<LogField> fields) {
  write(spdlog::level::info, event, fields);
}

void log_warn(std::string_view event, std::initializer_list<LogField> fields) {
  write(spdlog::level::warn, event, fields);
}

void log_error(std::string_view event, std::initializer_list<LogField> fields) {
  write(spdlog::level::err, event, fields);
}

void set_log_level(std::string_view level) {
  if (level == "debug") return logger().set_level(spdlog::level::debug);
  if (level == "info") return logger().set_level(spdlog::level::info);
  if (level == "warn") return logger().set_level(spdlog::level::warn);
  if (level == "error") return logger().set_level(spdlog::level::err);
  throw std::runtime_error("unknown log level (debug, info, warn, error)");
}

}  // namespace beian
