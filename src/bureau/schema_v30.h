// The structure a data file must have, as the ministry's V.3.0 schemas demand it (an upload that
// fails is refused as a whole with 5001). A provider checks before sending, the sandbox checks what
// arrives. Downloads are checked for an operator's eyes only: what a bureau sends is read as it is.
#pragma once

#include <string_view>
#include <vector>

#include "bureau/codec.h"

namespace beian::bureau::v30 {

using SchemaFault = bureau::SchemaFault;

// At most 20 faults; none means the file has the right structure.
std::vector<SchemaFault> check_upload_schema(std::string_view gbk_xml);
std::vector<SchemaFault> check_download_schema(std::string_view gbk_xml);

}  // namespace beian::bureau::v30
