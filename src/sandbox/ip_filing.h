// IP filing (IP备案): sources, allocations, announcements and addresses brought along, as providers
// report, change and delete them. Each record is answered by itself: 2998 with its id, or what is
// wrong with it and the records in its way.
#pragma once

#include "sandbox/checks.h"

namespace beian::sandbox {

// Takes in what is right, and fills `answer` with a result for every record.
void file_ips(Tx& tx, const Setup& setup, const Situation& situation,
              const bureau::IpUpload& upload, bureau::IpDownload& answer);

// Everything this provider has filed, with the bureau's ids (SJTB).
bureau::IpRecords filed_ips(Reader& reader, Id isp_id);

}  // namespace beian::sandbox
