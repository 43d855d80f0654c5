// beian bureau check | status | resend | replay: the line to each bureau, for an operator.
#include "app/commands_line.h"

#include <cstdio>

#include "app/composition.h"
#include "filing/date.h"
#include "service/act.h"
#include "service/line_acts.h"
#include "service/line_check.h"
#include "service/line_notes.h"
#include "store/exchange.h"

namespace beian::app {
namespace {

std::string moment(const std::optional<Millis>& time) {
  if (!time) return "never";
  const Millis in_china = *time + 8 * 3600 * 1000LL;
  const auto minutes = in_china / 60'000 % (24 * 60);
  char clock[8];
  std::snprintf(clock, sizeof clock, "%02d:%02d", static_cast<int>(minutes / 60),
                static_cast<int>(minutes % 60));
  return day_to_string(shanghai_day(*time)) + " " + clock;
}

const BureauConfig& bureau_of(const Platform& platform, const std::string& province) {
  for (const BureauConfig& bureau : platform.config().bureaus)
    if (bureau.province == province) return bureau;
  throw std::runtime_error("no [[bureaus]] of the configuration has province " + province);
}

int check(const std::string& config, const std::string& province) {
  Platform platform(load_config(config));
  bool good = true;
  for (const BureauConfig& bureau : platform.config().bureaus) {
    if (!province.empty() && bureau.province != province) continue;
    std::printf("%s  isp_id %lld\n", bureau.province.c_str(),
                static_cast<long long>(bureau.isp_id));
    for (const service::LineFinding& finding : service::check_line(bureau)) {
      const auto words = service::words_of(platform.service().texts, "en", finding);
      std::printf("  %-4s %s: %s\n", finding.good ? "ok" : "BAD", words.what.c_str(),
                  words.found.c_str());
      if (!words.mend.empty()) std::printf("       -> %s\n", words.mend.c_str());
      good = good && finding.good;
    }
  }
  if (!province.empty()) bureau_of(platform, province);
  return good ? 0 : 1;
}

int status(const std::string& config) {
  Platform platform(load_config(config));
  service::Service& s = platform.service();
  s.db.read([&](Reader& reader) {
    for (const store::ExchangeNumbers& n : store::exchange_numbers(reader, s.now())) {
      const store::BureauLine line = store::find_line(reader, n.province);
      std::printf("%s  last contact %s, sequence %lld\n", n.province.c_str(),
                  moment(n.last_contact_at).c_str(), static_cast<long long>(n.last_sequence));
      std::printf("  filings: %lld to send, %lld sent or waiting for the bureau\n",
                  static_cast<long long>(n.to_send), static_cast<long long>(n.waiting - n.to_send));
      std::printf("  files:   %lld sent (%lld records), %lld fetched, %lld to be looked at\n",
                  static_cast<long long>(n.uploads), static_cast<long long>(n.upload_records),
                  static_cast<long long>(n.downloads), static_cast<long long>(n.attention));
      std::printf("  tasks:   %lld open, %lld overdue\n", static_cast<long long>(n.open_tasks),
                  static_cast<long long>(n.overdue_tasks));
      if (line.upload_after > s.now())
        std::printf("  uploads rest until %s (%s)\n", moment(line.upload_after).c_str(),
                    line.upload_hold.c_str());
      if (line.last_error)
        std::printf("  TROUBLE: %s\n",
                    service::note_words(s.texts, "en", *line.last_error).c_str());
    }
  });
  return 0;
}

int resend(const std::string& config, const std::string& province, std::int64_t sequence) {
  Platform platform(load_config(config));
  bureau_of(platform, province);
  service::Service& s = platform.service();
  s.db.write([&](Tx& tx) {
    if (!service::send_again(s, tx, {"operator", std::nullopt}, province, sequence))
      throw std::runtime_error("no file of this number is kept");
  });
  std::printf("the worker sends file %lld again, as it was, within a few seconds\n",
              static_cast<long long>(sequence));
  return 0;
}

int replay(const std::string& config, const std::string& province, const std::string& name) {
  Platform platform(load_config(config));
  bureau_of(platform, province);
  service::Service& s = platform.service();
  s.db.write([&](Tx& tx) {
    if (!service::apply_again(s, tx, {"operator", std::nullopt}, province, name))
      throw std::runtime_error("no file of this name is kept");
  });
  std::printf("the worker applies %s once more within a few seconds\n", name.c_str());
  return 0;
}

}  // namespace

void add_line_commands(CLI::App& app, int& status_out) {
  CLI::App* bureau = command_family(app, "bureau", "the lines to the bureaus");
  static std::string config, province, name;
  static std::int64_t sequence = 0;
  auto* checks =
      with_config(bureau->add_subcommand("check",
                                         "tries WSDL, log-in, cipher and clock, and says what is "
                                         "wrong; changes nothing"),
                  config);
  checks->add_option("province", province, "six digits; all when left out");
  checks->callback([&status_out] { status_out = check(config, province); });
  with_config(bureau->add_subcommand("status", "what waits, went and came on each line"), config)
      ->callback([&status_out] { status_out = status(config); });
  auto* again = with_config(
      bureau->add_subcommand("resend", "sends a kept file once more, under its own number"),
      config);
  again->add_option("province", province, "six digits")->required();
  again->add_option("sequence", sequence, "its sequence number")->required();
  again->callback([&status_out] { status_out = resend(config, province, sequence); });
  auto* replays =
      with_config(bureau->add_subcommand("replay", "applies a kept download once more"), config);
  replays->add_option("province", province, "six digits")->required();
  replays->add_option("file", name, "its name, as the desk lists it")->required();
  replays->callback([&status_out] { status_out = replay(config, province, name); });
}

}  // namespace beian::app
