// Domain names as a filing has them: the registrable name, in both spellings, below a suffix that
// the ministry has approved (《互联网域名管理办法》, MIIT order 43 of 2017;
// 工信部信管〔2017〕264号).
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace beian {

namespace json = boost::json;

struct DomainName {
  std::string ascii;    // "xn--fsq092h.xn--fiqs8s", lower case: for comparing and looking up
  std::string unicode;  // "示例.中国": for showing and for the bureau
  bool operator==(const DomainName&) const = default;
};

// data/dictionaries/suffixes.json: top-level names that may be filed, and ones known not to be.
class Suffixes {
 public:
  enum class Standing { approved, refused, unlisted };
  static Suffixes from_json(const json::value& value);
  Standing standing(std::string_view ascii_top_level) const;

 private:
  std::map<std::string, bool, std::less<>> known_;
};

// A syntactically good host name in both spellings, or nullopt. "示例.中国", "WWW.Example.CN.",
// "xn--fiqs8s" are good; addresses, URLs and names with a blank are not.
std::optional<DomainName> parse_host(std::string_view text);
// The name one level below the public suffix (ICANN part of the list only), or nullopt for a
// suffix.
std::optional<DomainName> registrable_domain(const DomainName& host);

// All that is wrong with what was typed into the domain field, without a field. Advice and
// refusals both; empty means it can be filed.
std::vector<Problem> check_domain(const Suffixes& suffixes, std::string_view text);
// The home page must lie in the domain (bureau result code 1041). `domain` may be unusable yet.
std::optional<Problem> check_home_url(std::string_view url, std::string_view domain);

}  // namespace beian
