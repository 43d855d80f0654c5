// Interface version V.3.0 as XML in GBK, in the exact order of the ministry's schema (its sequences
// demand it, its any-order groups allow it). What an element is called and may hold is said once,
// in the shapes_*.h files.
#pragma once

#include <string_view>

#include "bureau/codec.h"

namespace beian::bureau::v30 {

inline constexpr std::string_view k_version = "V.3.0";

using Encoded = bureau::Encoded;
using Fault = bureau::Fault;
template <typename T>
using Decoded = bureau::Decoded<T>;

Encoded encode(const Upload& upload);
Encoded encode(const Download& download);

// Tolerant in reading (any order, GB18030, absent parts, values beyond the schema's limits),
// bounded, and complete: groups without a type of their own arrive in `others`.
Decoded<Upload> decode_upload(std::string_view gbk_xml);
Decoded<Download> decode_download(std::string_view gbk_xml);

}  // namespace beian::bureau::v30
