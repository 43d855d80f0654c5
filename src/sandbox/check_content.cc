#include <algorithm>
#include <set>

#include "base/text.h"
#include "bureau/wire_limits.h"
#include "sandbox/checks.h"
#include "sandbox/identity.h"

namespace beian::sandbox {
namespace {

using bureau::Person;
using bureau::Website;

bool only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool all_parts(const std::string& joined, bool (*right)(std::string_view)) {
  const auto parts = split(joined, ';');
  return !parts.empty() &&
         std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return right(part); });
}

bool is_mobile(std::string_view text) {
  return text.size() == 11 && text[0] == '1' && only(text, "0123456789");
}

bool is_office_phone(std::string_view text) {
  return text.size() >= 7 && only(text, "0123456789-") && text.front() != '-' && text.back() != '-';
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find('.', at + 2) != std::string_view::npos && text.back() != '.' &&
         text.find(' ') == std::string_view::npos;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
    return false;
  }
  return std::all_of(label.begin(), label.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_domain(const std::string& name) {
  const auto labels = split(name, '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), is_label) &&
         !only(labels.back(), "0123456789");
}

bool is_home_url(const std::string& url) {
  std::string_view rest = url;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    const auto name = to_lower_ascii(rest.substr(0, scheme));
    if (name != "http" && name != "https") return false;
    rest.remove_prefix(scheme + 3);
  }
  const auto host = rest.substr(0, rest.find_first_of("/:?#"));
  return url.find_first_of(" \t\r\n\"<>") == std::string::npos && is_domain(std::string(host));
}

// Addresses that no server on the Internet can have.
bool is_public(std::uint32_t ip) {
  const auto in = [ip](std::uint32_t network, int bits) {
    return (ip >> (32 - bits)) == (network >> (32 - bits));
  };
  return !in(0x00000000, 8) && !in(0x0a000000, 8) && !in(0x7f000000, 8) && !in(0xa9fe0000, 16) &&
         !in(0xac100000, 12) && !in(0xc0a80000, 16) && ip < 0xe0000000;
}

// Collects codes; the same code for the same thing once.
class Check {
 public:
  Check(const Dictionaries& dictionaries, const Province& province, const bureau::NewFiling& filing)
      : dictionaries_(dictionaries), province_(province), filing_(filing) {
    const auto& organiser = filing.organiser;
    const auto nature = dictionaries.natures.find(organiser.nature.value_or(0));
    // Individuals may leave the nature out.
    individual_ = nature != dictionaries.natures.end()
                      ? nature->second.person
                      : !organiser.nature &&
                            dictionaries.person_certificates.count(organiser.certificate.type) > 0;
  }

  std::vector<bureau::ResultCode> run() {
    organiser();
    for (const auto& site : filing_.websites) website(site);
    attachments();
    return std::move(found_);
  }

 private:
  void fail(std::int64_t code, const std::string& about = "") {
    add(found_, result_code(dictionaries_, code, about));
  }

  void organiser() {
    const auto& organiser = filing_.organiser;
    const auto nature = dictionaries_.natures.find(organiser.nature.value_or(0));
    if (nature == dictionaries_.natures.end()) {
      if (organiser.nature || !individual_) fail(1014);
    } else if (nature->second.certificates.count(organiser.certificate.type) == 0) {
      fail(1008, "证件类型与单位性质不符");
    }
    number(organiser.certificate.type, organiser.certificate.number, 1008);
    address(organiser.address);
    if (!individual_ && organiser.principal.name.empty()) fail(1044);
    if (!individual_ && organiser.principal.office_phone.empty()) fail(1007, "办公电话不能为空");
    person(organiser.principal);
  }

  void address(const bureau::Address& address) {
    if (address.province != province_.code) fail(1045);
    const auto city = address.city.value_or(0);
    const bool city_fits = city / 10000 == address.province / 10000;
    const bool county_fits = !address.county || *address.county / 100 == city / 100;
    if (!city_fits || !county_fits) fail(1019);
  }

  // A number with a check digit, by the shapes its certificate type allows.
  void number(std::int64_t type, const std::string& value, std::int64_t otherwise) {
    const auto certificate = dictionaries_.certificates.find(type);
    if (certificate == dictionaries_.certificates.end()) return fail(otherwise);
    const auto& shapes = certificate->second.numbers;
    const bool sole = shapes.size() == 1;
    if (sole && shapes.count("citizen_id") > 0) {
      if (!is_citizen_number(value)) fail(1015);
    } else if (shapes.count("uscc") > 0 && (sole || value.size() == 18)) {
      if (!is_social_credit_code(value)) fail(otherwise, "统一社会信用代码校验不通过");
    }
  }

  void person(const Person& person) {
    if (!all_parts(person.mobile, is_mobile)) fail(1011);
    if (!all_parts(person.email, is_email)) fail(1009);
    if (!person.office_phone.empty() && !all_parts(person.office_phone, is_office_phone)) {
      fail(1010);
    }
    if (!person.msn.empty() && !is_email(person.msn)) fail(1012);
    if (!person.qq.empty() && !only(person.qq, "0123456789")) fail(1013);
    if (!person.certificate_type) return;
    if (dictionaries_.person_certificates.count(*person.certificate_type) == 0) {
      return fail(1008, "负责人证件类型");
    }
    number(*person.certificate_type, person.certificate_number, 1008);
  }

  void website(const Website& site) {
    if (!individual_ && site.manager.office_phone.empty()) fail(1031);
    person(site.manager);
    for (const auto& domain : site.domains) {
      if (!is_domain(domain.name)) fail(1004, domain.name);
      if (!domains_.insert(to_lower_ascii(domain.name)).second) fail(1039, domain.name);
    }
    home_url(site);
    const auto known = [&](const auto& ids, const Dictionaries::Names& names, std::int64_t code) {
      for (const auto id : ids) {
        if (names.count(id) == 0) fail(code);
      }
    };
    known(site.services, dictionaries_.services, 1034);
    known(site.languages, dictionaries_.languages, 1066);
    for (const auto& approval : site.approvals) {
      if (dictionaries_.approvals.count(approval.kind) == 0) fail(1033);
      for (const auto& scan : approval.scans) picture(1, scan, bureau::k_max_attachment_bytes);
    }
    for (std::size_t i = 0; i < site.accesses.size(); ++i) {
      const auto& access = site.accesses[i];
      known(access.locations, dictionaries_.locations, 1036);
      known(access.methods, dictionaries_.methods, 1035);
      ips(access);
      for (std::size_t j = 0; j < i; ++j) {
        if (same_addresses(access, site.accesses[j])) fail(1029);
      }
    }
  }

  void home_url(const Website& site) {
    if (site.home_url.empty()) return;
    if (!is_home_url(site.home_url)) fail(1022, site.home_url);
    const auto url = to_lower_ascii(site.home_url);
    const bool contains = std::any_of(site.domains.begin(), site.domains.end(), [&](auto& domain) {
      return url.find(to_lower_ascii(domain.name)) != std::string::npos;
    });
    if (!contains) fail(1041, site.home_url);
    if (!home_urls_.insert(url).second) fail(1021, site.home_url);
  }

  void ips(const bureau::Access& access) {
    for (const auto& ip : access.ips) {
      if (ip.first > ip.last || !is_public(ip.first) || !is_public(ip.last)) fail(1006);
    }
  }

  static bool same_addresses(const bureau::Access& a, const bureau::Access& b) {
    return std::equal(
        a.ips.begin(), a.ips.end(), b.ips.begin(), b.ips.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && x.last == y.last; });
  }

  void attachments() {
    for (const auto& attachment : filing_.attachments) {
      if (attachment.format != 1 && attachment.format != 2) {
        fail(1056);
        continue;
      }
      if (attachment.purpose < 1 || attachment.purpose > 5) fail(1057);
      if (!owner_exists(attachment)) fail(1061);
      const bool form = attachment.purpose == 1;
      picture(attachment.format, attachment.bytes,
              form ? bureau::k_max_verification_form_bytes : bureau::k_max_attachment_bytes);
    }
  }

  bool owner_exists(const bureau::Attachment& attachment) const {
    if (attachment.owner == static_cast<std::int64_t>(bureau::AttachmentOwner::organiser)) {
      return attachment.owner_id == filing_.organiser.isp_id;
    }
    return attachment.owner == static_cast<std::int64_t>(bureau::AttachmentOwner::website) &&
           std::any_of(filing_.websites.begin(), filing_.websites.end(),
                       [&](const auto& site) { return site.isp_id == attachment.owner_id; });
  }

  void picture(std::int64_t format, const std::string& bytes, std::size_t limit) {
    const std::string_view begins = format == 1 ? "\xff\xd8\xff" : "\x89PNG";
    if (!bytes.starts_with(begins) || bytes.size() > limit) fail(5010);
  }

  const Dictionaries& dictionaries_;
  const Province& province_;
  const bureau::NewFiling& filing_;
  bool individual_ = false;
  std::set<std::string> domains_, home_urls_;
  std::vector<bureau::ResultCode> found_;
};

}  // namespace

bureau::ResultCode result_code(const Dictionaries& dictionaries, std::int64_t code,
                               const std::string& about) {
  constexpr std::size_t k_longest = 255;
  const auto found = dictionaries.results.find(code);
  std::string text = found == dictionaries.results.end() ? "" : found->second.text;
  if (!about.empty()) text += "：" + about;
  if (count_characters(text) > k_longest) {
    auto points = to_code_points(text);
    points.resize(k_longest);
    text = from_code_points(points);
  }
  return {code, std::move(text)};
}

void add(std::vector<bureau::ResultCode>& codes, bureau::ResultCode code) {
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(std::move(code));
}

std::vector<bureau::ResultCode> check_content(const Dictionaries& dictionaries,
                                              const Province& province,
                                              const bureau::NewFiling& filing) {
  return Check(dictionaries, province, filing).run();
}

}  // namespace beian::sandbox
