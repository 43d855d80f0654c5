// What a registry says of a domain, out of RDAP (RFC 9083) or WHOIS text: strangers' answers, read
// with bounds. Days are as the registry writes them (UTC for most).
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

namespace json = boost::json;

struct Registration {
  std::string holder;           // empty: kept back by the registry, or not said
  std::optional<bool> privacy;  // true: a privacy service stands where the holder should
  std::string registrar, registrar_id;
  std::optional<bool> domestic;                // the registrar; nothing for one not on the list
  std::string registered_on, until;            // YYYY-MM-DD, or empty
  std::vector<std::string> statuses, servers;  // at most 20 each
  std::string more;                            // RDAP of the registrar, which may know the holder

  json::object to_json() const;
};

// data/domains.json: where to ask, and how answers are understood.
class Registries {
 public:
  // `bootstrap`: IANA's dns.json in place of the file's own "rdap", or null. Throws
  // std::runtime_error naming the fault.
  static Registries from_json(const json::value& value, const json::value* bootstrap = nullptr);

  // "https://rdap.example/domain/example.com"; empty where no server is known for its suffix.
  std::string rdap_url(std::string_view ascii_domain) const;
  std::string whois_host(std::string_view ascii_domain) const;

  // nullopt where the text is no such answer, or is about another domain. Never throw.
  std::optional<Registration> read_rdap(std::string_view text, std::string_view ascii_domain) const;
  std::optional<Registration> read_whois(std::string_view text,
                                         std::string_view ascii_domain) const;
  // Whether a WHOIS answer says that nobody has registered the domain.
  static bool is_free(std::string_view whois);

 private:
  void set_holder(Registration& found, std::string name) const;
  void set_registrar(Registration& found) const;

  std::map<std::string, std::string, std::less<>> rdap_, whois_;
  std::vector<std::string> privacy_, redacted_, domestic_ids_, foreign_ids_, domestic_names_;
};

}  // namespace beian
