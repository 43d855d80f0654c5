// One file from a bureau becomes what it means here: results and publications go to the filings
// (service/answer.h), the rest becomes tasks, the black list, code lists, address records, and
// changes of the registry. Order and repetition do not matter.
#pragma once

#include <string>

#include "bureau/messages.h"
#include "service/line_notes.h"
#include "service/service.h"

namespace beian::service {

struct Inbound {
  std::string province;
  Id isp_id = 0;
  std::string file_name;
};

struct Applied {
  LineNotes notes;
  std::string contents;    // the groups it held: "BAJG BASJ"
  bool attention = false;  // holds something nobody could place
};

// In the caller's transaction.
Applied apply_inbound(Service& s, Tx& tx, const Inbound& in, bureau::Download download);

}  // namespace beian::service
