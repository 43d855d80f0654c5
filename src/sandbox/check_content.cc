#include <algorithm>
#include <set>

#include "base/text.h"
#include "bureau/wire_limits.h"
#include "sandbox/checks.h"
#include "sandbox/contact.h"
#include "sandbox/identity.h"

namespace beian::sandbox {
namespace {

using bureau::Person;
using bureau::Website;

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
  // `of`: whose filing it is, as it is or as it is to be.
  Check(const Dictionaries& dictionaries, const bureau::Organiser& of)
      : dictionaries_(dictionaries) {
    const auto nature = dictionaries.natures.find(of.nature.value_or(0));
    // Individuals may leave the nature out.
    individual_ =
        nature != dictionaries.natures.end()
            ? nature->second.person
            : !of.nature && dictionaries.person_certificates.count(of.certificate.type) > 0;
  }

  std::vector<bureau::ResultCode> done() { return std::move(found_); }

  void fail(std::int64_t code, const std::string& about = "") {
    add(found_, result_code(dictionaries_, code, about));
  }

  void organiser(const bureau::Organiser& organiser) {
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

  void websites(const std::vector<Website>& sites) {
    for (const auto& site : sites) website(site);
  }

  void access(const bureau::Access& access) {
    for (const auto id : access.locations) {
      if (dictionaries_.locations.count(id) == 0) fail(1036);
    }
    for (const auto id : access.methods) {
      if (dictionaries_.methods.count(id) == 0) fail(1035);
    }
    for (const auto& ip : access.ips) {
      if (ip.first > ip.last || !is_public(ip.first) || !is_public(ip.last)) fail(1006);
    }
  }

  // `owns`: 0 when the attachment names a record it may belong to, else the code that says why not.
  template <typename F>
  void attachments(const std::vector<bureau::Attachment>& attachments, F&& owns) {
    for (const auto& attachment : attachments) {
      if (attachment.format != 1 && attachment.format != 2) {
        fail(1056);
        continue;
      }
      if (attachment.purpose < 1 || attachment.purpose > 5) fail(1057);
      if (const std::int64_t code = owns(attachment); code != 0) fail(code);
      const bool form = attachment.purpose == 1;
      picture(attachment.format, attachment.bytes,
              form ? bureau::k_max_verification_form_bytes : bureau::k_max_attachment_bytes);
    }
  }

 private:
  void address(const bureau::Address& address) {
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
    if (!is_mobile_list(person.mobile)) fail(1011);
    if (!is_email_list(person.email)) fail(1009);
    if (!person.office_phone.empty() && !is_phone(person.office_phone)) {
      fail(1010);
    }
    if (!person.msn.empty() && !is_email_list(person.msn)) fail(1012);
    if (!person.qq.empty() && !consists_of(person.qq, "0123456789")) fail(1013);
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
      access(site.accesses[i]);
      for (std::size_t j = 0; j < i; ++j) {
        if (same_addresses(site.accesses[i], site.accesses[j])) fail(1029);
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

  static bool same_addresses(const bureau::Access& a, const bureau::Access& b) {
    return std::equal(
        a.ips.begin(), a.ips.end(), b.ips.begin(), b.ips.end(),
        [](const auto& x, const auto& y) { return x.first == y.first && x.last == y.last; });
  }

  void picture(std::int64_t format, const std::string& bytes, std::size_t limit) {
    const std::string_view begins = format == 1 ? "\xff\xd8\xff" : "\x89PNG";
    if (!bytes.starts_with(begins) || bytes.size() > limit) fail(5010);
  }

  const Dictionaries& dictionaries_;
  bool individual_ = false;
  std::set<std::string> domains_, home_urls_;
  std::vector<bureau::ResultCode> found_;
};

constexpr auto k_organiser = static_cast<std::int64_t>(bureau::AttachmentOwner::organiser);
constexpr auto k_website = static_cast<std::int64_t>(bureau::AttachmentOwner::website);

// In a first filing an attachment names the provider's ids.
std::int64_t owned_by(const bureau::Attachment& attachment, const bureau::NewFiling& filing) {
  if (attachment.owner == k_organiser) {
    return attachment.owner_id == filing.organiser.isp_id ? 0 : 1061;
  }
  const bool named =
      std::any_of(filing.websites.begin(), filing.websites.end(),
                  [&](const auto& site) { return site.isp_id == attachment.owner_id; });
  return attachment.owner == k_website && named ? 0 : 1061;
}

// Elsewhere it names the bureau's ids or numbers, or a website that is being added; and what it
// proves must be of that kind of owner.
std::int64_t owned_by(const bureau::Attachment& attachment, const Record& record,
                      const Subject& subject) {
  const auto of = attachment.owner;
  if (of != k_organiser && of != k_website) return 1061;
  using Purpose = bureau::AttachmentPurpose;
  const auto purpose = static_cast<Purpose>(attachment.purpose);
  const bool of_organisers =
      purpose == Purpose::organiser_certificate || purpose == Purpose::principal_certificate;
  if (of_organisers && of != k_organiser) return 1061;
  if (purpose == Purpose::manager_certificate && of != k_website) return 1061;
  const auto named = [&](Id id, const std::string& number) {
    return attachment.owner_id != 0 ? attachment.owner_id == id : attachment.owner_number == number;
  };
  if (of == k_organiser) return named(subject.id, subject.number) ? 0 : 1055;
  const auto is_it = [&](const Website& site) {
    return named(site.publication.id, site.publication.number);
  };
  const auto& sites = subject.filing.websites;
  if (std::any_of(sites.begin(), sites.end(), is_it)) return 0;
  if (record.operation != Operation::new_website) return 1055;
  const auto& added = record.websites().websites;
  const bool of_added = std::any_of(added.begin(), added.end(), [&](const auto& site) {
    return site.isp_id == attachment.owner_id;
  });
  return of_added ? 0 : 1055;
}

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
                                              const Province& province, const Record& record,
                                              const Target& target) {
  const bool is_new = record.operation == Operation::new_filing;
  if (!is_new && !target.subject) return {};
  const auto& organiser = is_new ? record.filing().organiser
                          : record.operation == Operation::change
                              ? record.change().organiser
                              : target.subject->filing.organiser;
  Check check(dictionaries, organiser);
  switch (record.operation) {
    case Operation::new_filing:
      if (organiser.address.province != province.code) check.fail(1045);
      check.organiser(organiser);
      check.websites(record.filing().websites);
      break;
    case Operation::new_website:
      check.websites(record.websites().websites);
      break;
    case Operation::new_access:
      check.access(record.access().access);
      break;
    case Operation::change:
      check.organiser(organiser);
      check.websites(record.change().websites);
      break;
    case Operation::cancel_access:
    case Operation::cancel_organiser:
    case Operation::cancel_website:
      if (dictionaries.cancel_reasons.count(record.cancellation().reason) == 0) check.fail(1026);
      return check.done();
    case Operation::material:
      break;
  }
  check.attachments(record.attachments(), [&](const bureau::Attachment& attachment) {
    if (is_new) return owned_by(attachment, record.filing());
    return owned_by(attachment, record, *target.subject);
  });
  return check.done();
}

}  // namespace beian::sandbox
