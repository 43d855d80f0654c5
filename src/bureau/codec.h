// What every codec (one for each interface version) has in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "bureau/messages.h"

namespace beian::bureau {

struct Encoded {
  std::string xml;  // GBK; empty when there are problems
  // gbk_unencodable, one for each field with a character the interface cannot carry (5008); params
  // "characters" holds them. `field` is a path within the record, for filings as the form spells
  // it: "organiser.name", "sites.<key>.manager.name".
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

struct SchemaFault {
  std::string path;  // UploadData/ICP/XZBA/Baxx/Zt_xx/Fzr/Fzr_sjhm
  std::string what;  // "length 8 is not within 11 to 128": quotes no content
};

// One interface version. Another version is another set of functions over the same messages and one
// more line in codec.cc.
struct Codec {
  std::string_view version;  // the root element's attribute, and what a configuration says
  Encoded (*encode_upload)(const Upload&);
  Encoded (*encode_download)(const Download&);
  Decoded<Upload> (*decode_upload)(std::string_view gbk_xml);
  Decoded<Download> (*decode_download)(std::string_view gbk_xml);
  std::vector<SchemaFault> (*check_upload)(std::string_view gbk_xml);
  std::vector<SchemaFault> (*check_download)(std::string_view gbk_xml);
};

inline constexpr std::string_view k_default_version = "V.3.0";

// nullptr when there is none.
const Codec* find_codec(std::string_view version);
std::vector<std::string_view> codec_versions();

}  // namespace beian::bureau
