// Interface version V.3.0 as XML in GBK, in the exact order of the ministry's schema (its
// sequences demand it, its any-order groups allow it). Another interface version is another codec
// over the same messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "bureau/messages.h"

namespace beian::bureau::v30 {

inline constexpr std::string_view k_version = "V.3.0";

struct Encoded {
  std::string xml;  // empty when there are problems
  // gbk_unencodable, one for each field with a character the interface cannot carry (5008); params
  // "characters" holds them. `field` is a path of the filing: "organiser.name",
  // "sites.<key>.manager.name".
  std::vector<Problem> problems;
};

// Why bytes are no message. `code` is what the ministry's table calls it: 5001 not well-formed or
// not of the expected shape, 5004 another version, 5008 a character that is not GBK.
struct Fault {
  int code = 0;
  std::string where;  // element path, or empty
  std::string what;   // for an operator's eyes; may not quote content
};

template <typename T>
struct Decoded {
  T value;
  std::optional<Fault> fault;
};

Encoded encode(const Upload& upload);
Encoded encode(const Download& download);

// Tolerant in reading (any order, GB18030, absent optional parts), bounded, and complete: groups
// without a type of their own arrive in `others`.
Decoded<Upload> decode_upload(std::string_view gbk_xml);
Decoded<Download> decode_download(std::string_view gbk_xml);

}  // namespace beian::bureau::v30
