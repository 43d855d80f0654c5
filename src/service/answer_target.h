// Which filing of ours a bureau's answer means. Bureaus name a thing by our ids, by their own
// (Ztid, Wzid, Jrid), by a number, or only by the file that carried it.
#pragma once

#include <optional>
#include <string>

#include "bureau/messages.h"
#include "service/line_notes.h"
#include "service/service.h"
#include "store/filings.h"

namespace beian::service {

// One downloaded file while it is applied.
struct Answering {
  Service& s;
  Tx& tx;
  const std::string& province;
  Id isp_id;
  LineNotes notes;
};

// A filing of this province by the id we gave it; else a note and nothing.
std::optional<store::Filing> filing_at(Answering& a, Id id);

// What an answer is about: a filing, and of it one website where the bureau names one.
struct Target {
  store::Filing filing;
  std::string site;
};

// Nothing when the answer means no filing of ours.
std::optional<Target> target_of(Answering& a, const bureau::Result& result);
std::optional<Target> target_of(Answering& a, const bureau::Decision& decision);

}  // namespace beian::service
