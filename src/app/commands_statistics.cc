// beian statistics rebuild: the daily numbers anew from the events, for whoever does not trust
// them.
#include <cstdio>

#include "app/command_line.h"
#include "app/composition.h"
#include "service/statistics.h"

namespace beian::app {
namespace {

int rebuild(const std::string& config, const std::string& from) {
  Platform platform(load_config(config));
  service::Service& s = platform.service();
  Day day = service::first_statistics_day(s);
  if (!from.empty()) {
    const auto asked = parse_day(from);
    if (!asked) throw std::runtime_error("--from takes a day like 2026-11-23");
    day = std::max(day, *asked);
  }
  const Day today = shanghai_day(s.now());
  int days = 0;
  for (; day <= today; day += std::chrono::days(1), ++days) service::roll_up_day(s, day);
  std::printf("%d days rolled up\n", days);
  return 0;
}

}  // namespace

void add_statistics_commands(CLI::App& app, int& status) {
  static std::string config, from;
  auto* command =
      with_config(command_family(app, "statistics", "the daily numbers of the desk")
                      ->add_subcommand("rebuild", "rolls every day up again from what happened"),
                  config);
  command->add_option("--from", from, "first day, YYYY-MM-DD; without it the first there is");
  command->callback([&status] { status = rebuild(config, from); });
}

}  // namespace beian::app
