// The automatic check of an order (异步校验): codes of the ministry, all of them at once.
#pragma once

#include <vector>

#include "bureau/messages.h"
#include "db/db.h"
#include "sandbox/records.h"
#include "sandbox/settings.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// The ministry's text for the code, and what it is about; at most 255 characters, as Dmms is.
bureau::ResultCode result_code(const Dictionaries& dictionaries, std::int64_t code,
                               const std::string& about = "");
// Adds it unless the same is there already.
void add(std::vector<bureau::ResultCode>& codes, bureau::ResultCode code);

// Against itself, the dictionaries and the filing it is about.
std::vector<bureau::ResultCode> check_content(const Dictionaries& dictionaries,
                                              const Province& province, const Record& record,
                                              const Target& target);

struct Situation {
  const Dictionaries& dictionaries;
  const Settings& settings;
  const Province& province;
  Id isp_id = 0;
  Millis now = 0;
};

// Whether what it asks for is free: names, certificates and ids that are filed or in flight, black
// lists, addresses.
std::vector<bureau::ResultCode> check_registry(Reader& reader, const Situation& situation,
                                               const Record& record, const Target& target);

// Whether this provider may do this to that filing now: whose it is, the filing password, other
// orders in flight.
std::vector<bureau::ResultCode> check_target(Reader& reader, const Situation& situation,
                                             const Record& record, const Target& target);

// Where a password era's order needs the filing password: absent or wrong.
bool is_password_wrong(const Settings& settings, const Record& record, const Target& target);

// Whether the provider has filed these addresses as used, or an officer has entered them.
bool in_ip_library(Reader& reader, Id isp_id, const bureau::IpRange& range);

}  // namespace beian::sandbox
