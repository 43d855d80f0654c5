#include "filing/domain_name.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "filing/contact.h"
#include "filing/data.h"
#include "filing/problem.h"

namespace beian {
namespace {

constexpr std::size_t k_max_typed = 512;
constexpr std::size_t k_min_length = 4;  // the ministry's Ym: 4 to 128
constexpr std::size_t k_max_length = 128;

struct FreeIdn {
  void operator()(char* text) const { idn2_free(text); }
};
using IdnText = std::unique_ptr<char, FreeIdn>;

// What people type for a dot, and the root's dot at the end.
std::string with_plain_dots(std::string_view text) {
  std::vector<char32_t> points = to_code_points(clean_line(text));
  for (char32_t& point : points) {
    if (point == U'。' || point == U'．' || point == U'｡') point = U'.';
  }
  std::string plain = from_code_points(points);
  if (plain.ends_with('.')) plain.pop_back();
  return plain;
}

bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
    return false;
  }
  return std::ranges::all_of(
      label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_host(std::string_view ascii) {
  const std::vector<std::string> labels = split(ascii, '.');
  if (ascii.size() > 253 || labels.size() < 2) return false;
  const std::string& top = labels.back();
  const bool numeric = std::ranges::all_of(top, [](char c) { return c >= '0' && c <= '9'; });
  return !numeric && std::ranges::all_of(labels, is_host_label);
}

// Nothing for libidn2 to convert: a name of letters, digits and single hyphens, as most are.
bool is_plain(std::string_view name) {
  return name.find("--") == std::string_view::npos &&
         std::ranges::all_of(name, [](char c) { return c > 0 && c < 0x7F; });
}

std::string to_unicode(const std::string& ascii) {
  if (is_plain(ascii)) return ascii;
  char* raw = nullptr;
  if (idn2_to_unicode_8z8z(ascii.c_str(), &raw, 0) != IDN2_OK) return ascii;
  const IdnText text(raw);
  return text.get();
}

std::string top_level(std::string_view ascii) {
  return std::string(ascii.substr(ascii.rfind('.') + 1));
}

// "https://www.example.cn:8080/a?b" -> "www.example.cn"
std::string host_of_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  if (const auto port = url.rfind(':'); port != std::string_view::npos) url = url.substr(0, port);
  return std::string(url);
}

bool is_public_suffix(const std::string& ascii) {
  return psl_is_public_suffix2(psl_builtin(), ascii.c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace

Suffixes Suffixes::from_json(const json::value& value) {
  const json::object& object = data::object(value, "suffixes");
  Suffixes suffixes;
  for (const auto& [list, approved] : {std::pair{"approved", true}, {"refused", false}}) {
    for (const std::string& name : data::texts_or_none(object, list, "suffixes")) {
      const std::optional<DomainName> host = parse_host("x." + name);
      if (!host) data::fault("suffixes", "not a top-level name: " + name);
      suffixes.known_[top_level(host->ascii)] = approved;
    }
  }
  return suffixes;
}

Suffixes::Standing Suffixes::standing(std::string_view ascii_top_level) const {
  const auto found = known_.find(ascii_top_level);
  if (found == known_.end()) return Standing::unlisted;
  return found->second ? Standing::approved : Standing::refused;
}

std::optional<DomainName> parse_host(std::string_view text) {
  if (text.size() > k_max_typed) return std::nullopt;
  const std::string plain = with_plain_dots(text);
  if (plain.empty() || plain.find_first_of(" \t/:@?#_%[]") != std::string::npos) {
    return std::nullopt;
  }
  if (is_plain(plain)) {
    const std::string ascii = to_lower_ascii(plain);
    return is_host(ascii) ? std::optional(DomainName{ascii, ascii}) : std::nullopt;
  }
  char* raw = nullptr;
  const int result = idn2_to_ascii_8z(plain.c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (result != IDN2_OK) return std::nullopt;
  const IdnText converted(raw);
  const std::string ascii = to_lower_ascii(converted.get());
  if (!is_host(ascii)) return std::nullopt;
  return DomainName{ascii, to_unicode(ascii)};
}

std::optional<DomainName> registrable_domain(const DomainName& host) {
  std::string name = host.ascii;
  // Where no rule of the list fits, the last label is the suffix.
  const auto is_suffix = [](const std::string& candidate) {
    return is_public_suffix(candidate) || candidate.find('.') == std::string::npos;
  };
  if (is_suffix(name)) return std::nullopt;
  for (;;) {
    const std::string parent = name.substr(name.find('.') + 1);
    if (is_suffix(parent)) return DomainName{name, to_unicode(name)};
    name = parent;
  }
}

std::vector<Problem> check_domain(const Suffixes& suffixes, std::string_view text) {
  const std::string typed = with_plain_dots(text.substr(0, k_max_typed));
  const bool looks_like_url = typed.find_first_of("/:@?#") != std::string::npos;
  const std::string host_text = looks_like_url ? host_of_url(typed) : typed;
  if (canonical_ip(host_text) || canonical_ip(typed)) return {problem("domain_ip")};
  const std::optional<DomainName> host = parse_host(host_text);
  if (!host) return {problem(looks_like_url ? "domain_url" : "domain_syntax")};
  const std::optional<DomainName> registrable = registrable_domain(*host);
  if (!registrable) return {problem("domain_public_suffix", {{"suffix", host->unicode}})};

  std::vector<Problem> problems;
  if (looks_like_url) {
    problems.push_back(problem("domain_url_is", {{"registrable", registrable->unicode}}));
  } else if (*registrable != *host) {
    problems.push_back(problem("domain_subdomain", {{"registrable", registrable->unicode}}));
  }
  if (registrable->ascii.size() > k_max_length ||
      count_characters(registrable->unicode) < k_min_length) {
    problems.push_back(problem("domain_length", {{"max", std::to_string(k_max_length)}}));
  }
  const std::string top = top_level(registrable->ascii);
  switch (suffixes.standing(top)) {
    case Suffixes::Standing::approved:
      break;
    case Suffixes::Standing::refused:
      problems.push_back(problem("domain_suffix_refused", {{"suffix", to_unicode(top)}}));
      break;
    case Suffixes::Standing::unlisted:
      problems.push_back(is_public_suffix(top)
                             ? advice("domain_suffix_unlisted", {{"suffix", to_unicode(top)}})
                             : problem("domain_suffix_unknown", {{"suffix", to_unicode(top)}}));
      break;
  }
  return problems;
}

std::optional<Problem> check_home_url(std::string_view url, std::string_view domain) {
  const std::string typed = with_plain_dots(url.substr(0, k_max_typed));
  const std::string lower = to_lower_ascii(typed);
  const bool other_scheme = lower.find("://") != std::string::npos &&
                            !lower.starts_with("http://") && !lower.starts_with("https://");
  const std::optional<DomainName> host = parse_host(host_of_url(typed));
  if (other_scheme || !host || typed.find(' ') != std::string::npos) {
    return problem("home_url_syntax");
  }
  const std::optional<DomainName> base = parse_host(domain);
  if (!base) return std::nullopt;  // the domain's own problem is told at the domain
  if (host->ascii == base->ascii || host->ascii.ends_with("." + base->ascii)) return std::nullopt;
  return problem("home_url_domain", {{"domain", base->unicode}});
}

}  // namespace beian
