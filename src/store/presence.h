// Who looks at a case now. A lease that the page renews; one that ran out counts no longer. Nothing
// depends on it: who has the case is filings.assignee_id alone.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

namespace beian::store {

struct Viewer {
  Id account_id = 0;
  std::string name;
  Millis since = 0, until = 0;
};
std::vector<Viewer> list_viewers(Reader& reader, Id filing, Millis now);
void put_viewer(Tx& tx, Id filing, Id account, Millis now, Millis until);
void remove_viewer(Tx& tx, Id filing, Id account);
void remove_gone_viewers(Tx& tx, Millis now);

}  // namespace beian::store
