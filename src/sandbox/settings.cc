#include "sandbox/settings.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/refusal.h"

namespace beian::sandbox {
namespace {

struct Number {
  std::int64_t Settings::*member;
  std::int64_t low, high;
};
struct Choice {
  std::string Settings::*member;
  std::vector<std::string_view> of;  // empty: free text
};
using Member = std::variant<bool Settings::*, Number, Choice>;

constexpr std::int64_t k_many = 1'000'000;

const std::vector<std::pair<std::string_view, Member>>& members() {
  static const std::vector<std::pair<std::string_view, Member>> all = {
      {"automatic", Choice{&Settings::automatic, {"off", "pass", "return"}}},
      {"automatic_delay_ms", Number{&Settings::automatic_delay_ms, 0, 86'400'000}},
      {"automatic_opinion", Choice{&Settings::automatic_opinion, {}}},
      {"filing_passwords", &Settings::filing_passwords},
      {"password_tries", Number{&Settings::password_tries, 1, k_many}},
      {"sms_check", &Settings::sms_check},
      {"sms_hours", Number{&Settings::sms_hours, 1, 240}},
      {"sms_tries", Number{&Settings::sms_tries, 1, 100}},
      {"change_limit", Number{&Settings::change_limit, 0, k_many}},
      {"repeated_sequence", Choice{&Settings::repeated_sequence, {"refuse", "accept"}}},
      {"queue_limit", Number{&Settings::queue_limit, 1, k_many}},
      {"upload_hours", Choice{&Settings::upload_hours, {}}},
      {"uploads_closed", &Settings::uploads_closed},
      {"upload_maintenance", &Settings::upload_maintenance},
      {"download_maintenance", &Settings::download_maintenance},
      {"check_site_names", &Settings::check_site_names},
      {"check_ip_library", &Settings::check_ip_library},
      {"publishes_upper_id", &Settings::publishes_upper_id},
      {"encrypts_downloads", &Settings::encrypts_downloads},
      {"wraps_base64", &Settings::wraps_base64},
      {"publication_first", &Settings::publication_first},
      {"answers_zero", &Settings::answers_zero},
      {"result_form", Choice{&Settings::result_form, {"both", "codes", "decision"}}},
      {"drop_after_store", Number{&Settings::drop_after_store, -1, k_many}},
      {"drop_before", Number{&Settings::drop_before, -1, k_many}},
      {"garbage", Number{&Settings::garbage, -1, k_many}},
      {"wrong_hash", Number{&Settings::wrong_hash, -1, k_many}},
      {"forgets_ack", Number{&Settings::forgets_ack, -1, k_many}},
      {"doubles_files", &Settings::doubles_files},
      {"clock_offset_minutes", Number{&Settings::clock_offset_minutes, -525'600, 525'600}},
      {"slow_ms", Number{&Settings::slow_ms, 0, 60'000}},
  };
  return all;
}

[[noreturn]] void refuse(std::string_view name) {
  throw Refusal(RefusalCode::invalid, "sandbox_setting_invalid",
                {Problem{std::string(name), "sandbox_setting_invalid", {}, "", "", true}});
}

void set(Settings& settings, std::string_view name, const Member& member,
         const json::value& value) {
  if (const auto* flag = std::get_if<bool Settings::*>(&member)) {
    if (!value.is_bool()) refuse(name);
    settings.*(*flag) = value.get_bool();
  } else if (const auto* number = std::get_if<Number>(&member)) {
    if (!value.is_int64()) refuse(name);
    const auto given = value.get_int64();
    if (given < number->low || given > number->high) refuse(name);
    settings.*(number->member) = given;
  } else {
    const auto& choice = std::get<Choice>(member);
    if (!value.is_string() || value.get_string().size() > 1000) refuse(name);
    const std::string given(value.get_string());
    if (!choice.of.empty() &&
        std::find(choice.of.begin(), choice.of.end(), given) == choice.of.end()) {
      refuse(name);
    }
    settings.*(choice.member) = given;
  }
}

bool is_hours(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  return text.size() == 11 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4) &&
         text[5] == '-' && digit(6) && digit(7) && text[8] == ':' && digit(9) && digit(10);
}

}  // namespace

std::string to_json_text(const Settings& settings) {
  json::object object;
  for (const auto& [name, member] : members()) {
    if (const auto* flag = std::get_if<bool Settings::*>(&member)) {
      object[name] = settings.*(*flag);
    } else if (const auto* number = std::get_if<Number>(&member)) {
      object[name] = settings.*(number->member);
    } else {
      object[name] = settings.*(std::get<Choice>(member).member);
    }
  }
  return json::serialize(object);
}

void apply_json(Settings& settings, std::string_view text) {
  const json::value parsed = parse_json(text);
  Settings changed = settings;
  for (const auto& [name, value] : as_object(parsed)) {
    const std::string_view wanted = name;
    const auto found = std::find_if(members().begin(), members().end(),
                                    [&](const auto& entry) { return entry.first == wanted; });
    if (found == members().end()) refuse(wanted);
    set(changed, wanted, found->second, value);
  }
  if (!changed.upload_hours.empty() && !is_hours(changed.upload_hours)) refuse("upload_hours");
  settings = changed;
}

Settings read_settings(Reader& reader) {
  Settings settings;
  if (const auto row = reader.query_one("SELECT value FROM settings WHERE name = 'settings'")) {
    apply_json(settings, row->text(0));
  }
  return settings;
}

void write_settings(Tx& tx, const Settings& settings) {
  tx.execute(
      "INSERT INTO settings (name, value) VALUES ('settings', $1) "
      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {to_json_text(settings)});
}

bool strike(Tx& tx, std::int64_t Settings::*fault) {
  Settings settings = read_settings(tx);
  if (settings.*fault == 0) return false;
  if (settings.*fault > 0) {
    --(settings.*fault);
    write_settings(tx, settings);
  }
  return true;
}

}  // namespace beian::sandbox
