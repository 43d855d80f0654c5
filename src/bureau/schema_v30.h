// The structure an upload must have, as the ministry's V.3.0 schema demands it (a file that fails
// it is refused as a whole with 5001), written down here by hand for UploadData with the group
// XZBA. A provider checks before sending, the sandbox checks what arrives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beian::bureau::v30 {

struct SchemaFault {
  std::string path;  // UploadData/ICP/XZBA/Baxx/Zt_xx/Fzr/Fzr_sjhm
  std::string what;  // "length 8 is not 11 to 128": quotes no content
};

// At most 20 faults; none means the file has the right structure. The other ICP groups are checked
// only for being allowed where they stand.
std::vector<SchemaFault> check_upload_schema(std::string_view gbk_xml);

}  // namespace beian::bureau::v30
