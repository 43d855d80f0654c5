// How the bureau behaves: its mode of deciding, its rules that differ between real bureaus, and the
// faults it is told to make. Kept in its database as one JSON text; the console changes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "db/db.h"

namespace beian::sandbox {

struct Settings {
  // Deciding by itself, `automatic_delay_ms` after an order arrived: off, pass, return.
  std::string automatic = "off";
  std::int64_t automatic_delay_ms = 3000;
  std::string automatic_opinion;

  bool filing_passwords = false;    // before 2020-08-17: a password comes with each number
  std::int64_t password_tries = 5;  // a day and number, then 22
  // The ministry's SMS check of 2020: an order waits until everybody it concerns has entered the
  // code, and goes back when they do not in time. The sixth wrong code sends it back as well.
  bool sms_check = false;
  std::int64_t sms_hours = 24;
  std::int64_t sms_tries = 5;
  std::int64_t change_limit = 0;  // changes a day, provider and filing, then 1051; 0: any
  std::string repeated_sequence = "refuse";  // refuse (999) or accept: V3.0 does not say
  std::int64_t queue_limit = 100;            // unprocessed files of one provider, then 15
  std::string upload_hours;                  // "09:00-17:30", China time; empty: always (else 20)
  bool uploads_closed = false;               // 19
  bool upload_maintenance = false;           // 901
  bool download_maintenance = false;         // 902
  bool check_site_names = false;             // 1020
  bool check_ip_library = false;             // 1063

  bool publishes_upper_id = true;    // WSDLs say ispID, as live ones did
  bool encrypts_downloads = true;    // as Zhejiang did
  bool wraps_base64 = true;          // at 76 columns, as Zhejiang did
  bool publication_first = false;    // BASJ before BAJG
  bool answers_zero = false;         // downloads succeed with 0 in place of 3
  std::string result_form = "both";  // both, codes (Jg_xx only), decision (GJSHS only)

  // Faults, each for the next so many calls; -1 for all.
  std::int64_t drop_after_store = 0;  // an upload is stored, then the connection closes
  std::int64_t drop_before = 0;       // any SOAP call: the connection closes, nothing was done
  std::int64_t garbage = 0;           // any SOAP call is done, but answered with an error page
  std::int64_t wrong_hash = 0;        // a download's hash does not fit
  std::int64_t forgets_ack = 0;       // an acknowledgement is answered 0, but the file comes again
  bool doubles_files = false;         // every file is queued twice, under two names
  std::int64_t clock_offset_minutes = 0;  // the bureau's clock against the true one
  std::int64_t slow_ms = 0;               // every SOAP call waits so long first; at most 60000

  bool operator==(const Settings&) const = default;
};

Settings read_settings(Reader& reader);
void write_settings(Tx& tx, const Settings& settings);

std::string to_json_text(const Settings& settings);
// Changes the members named. Throws Refusal{invalid} naming an unknown or ill-typed one.
void apply_json(Settings& settings, std::string_view object);

// Whether the fault strikes now; counts it down.
bool strike(Tx& tx, std::int64_t Settings::*fault);

}  // namespace beian::sandbox
