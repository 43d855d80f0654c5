#include "bureau/codec_v30_parts.h"

#include <limits>

#include "base/crypto.h"
#include "base/refusal.h"
#include "base/text.h"
#include "bureau/gbk.h"

namespace beian::bureau::v30 {
namespace {

// Where a node is, for an operator: "UploadData/ICP/XZBA/Baxx/Zt_xx".
std::string path_of(const pugi::xml_node& node) {
  const std::string path = node.path();
  return path.empty() ? path : path.substr(1);
}

// Characters XML 1.0 cannot hold, as U+XXXX; pugixml would write them all the same.
std::vector<std::string> forbidden(std::string_view text) {
  std::vector<std::string> found;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\t' || c == '\n' || c == '\r') continue;
    constexpr char k_digits[] = "0123456789ABCDEF";
    found.push_back(std::string("U+00") + k_digits[byte >> 4] + k_digits[byte & 15]);
  }
  return found;
}

}  // namespace

void Writer::text(pugi::xml_node parent, const char* name, const std::string& value,
                  const std::string& field) {
  if (value.empty()) return;
  auto wrong = unencodable(value);
  for (auto& control : forbidden(value)) wrong.push_back(std::move(control));
  if (!wrong.empty()) {
    problems.push_back(
        Problem{field, "gbk_unencodable", {{"characters", join(wrong, " ")}}, "", "", true});
    return;
  }
  parent.append_child(name).text().set(value.c_str());
}

void Writer::number(pugi::xml_node parent, const char* name, std::int64_t value) {
  if (value == 0) return;
  parent.append_child(name).text().set(static_cast<long long>(value));
}

void Writer::number(pugi::xml_node parent, const char* name,
                    const std::optional<std::int64_t>& value) {
  if (value) parent.append_child(name).text().set(static_cast<long long>(*value));
}

void Writer::numbers(pugi::xml_node parent, const char* group, const char* name,
                     const std::vector<std::int64_t>& values) {
  if (values.empty()) return;  // an empty group fails the schema
  auto node = parent.append_child(group);
  for (const auto value : values) number(node, name, std::optional(value));
}

void Writer::base64(pugi::xml_node parent, const char* name, const std::string& bytes) {
  parent.append_child(name).text().set(to_base64(bytes).c_str());
}

void Reader::fail(const pugi::xml_node& node, std::string what) {
  if (!fault) fault = Fault{5001, path_of(node), std::move(what)};
}

std::string Reader::text(const pugi::xml_node& parent, const char* name) {
  return text_of(parent.child(name));
}

std::optional<std::int64_t> Reader::number(const pugi::xml_node& parent, const char* name) {
  const auto node = parent.child(name);
  if (!node) return std::nullopt;
  const auto value = to_integer(text_of(node));
  if (!value) fail(node, "not a number");
  return value;
}

std::vector<std::int64_t> Reader::numbers(const pugi::xml_node& group, const char* name) {
  std::vector<std::int64_t> values;
  for (const auto& node : group.children(name)) {
    if (const auto value = to_integer(text_of(node))) {
      values.push_back(*value);
    } else {
      fail(node, "not a number");
    }
  }
  return values;
}

std::uint32_t Reader::ipv4(const pugi::xml_node& parent, const char* name) {
  const auto value = number(parent, name).value_or(0);
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) {
    fail(parent.child(name), "not an IPv4 number");
    return 0;
  }
  return static_cast<std::uint32_t>(value);
}

std::string Reader::base64(const pugi::xml_node& node) {
  try {
    return from_base64(text_of(node));
  } catch (const Refusal&) {
    fail(node, "not base64");
    return {};
  }
}

void write_address(Writer& writer, pugi::xml_node parent, const Address& address,
                   const std::string& field) {
  auto node = parent.append_child("Txdz");
  writer.number(node, "Shengid", address.province);
  writer.number(node, "Shiid", address.city);
  writer.number(node, "Xianid", address.county);
  writer.text(node, "Xxdz", address.detail, field + "address");
}

void write_certificate(Writer& writer, pugi::xml_node parent, const Certificate& certificate,
                       const std::string& field) {
  auto node = parent.append_child("Zj");
  writer.number(node, "Zjlx", certificate.type);
  writer.text(node, "Zjhm", certificate.number, field + "certificate_number");
  writer.text(node, "Zjzs", certificate.residence, field + "certificate_address");
}

void write_person(Writer& writer, pugi::xml_node parent, const char* name, const Person& person,
                  const std::string& field) {
  auto node = parent.append_child(name);
  writer.text(node, "Fzr_xm", person.name, field + "name");
  writer.text(node, "Fzr_dhhm", person.office_phone, field + "office_phone");
  writer.text(node, "Fzr_sjhm", person.mobile, field + "mobile");
  writer.text(node, "Fzr_dzyj", person.email, field + "email");
  writer.text(node, "Msn", person.msn, field + "msn");
  writer.text(node, "Qq", person.qq, field + "qq");
  writer.number(node, "Fzr_zjlx", person.certificate_type);
  writer.text(node, "Fzr_zjhm", person.certificate_number, field + "certificate_number");
}

namespace {

void write_approvals(Writer& writer, pugi::xml_node parent, const std::vector<Approval>& approvals,
                     const std::string& field) {
  if (approvals.empty()) return;
  auto group = parent.append_child("Nrlx");
  for (const auto& approval : approvals) {
    auto node = group.append_child("Nrlx_xx");
    writer.number(node, "Nrlx_id", approval.kind);
    writer.text(node, "Qzsph", approval.number, field + "approvals");
    for (const auto& scan : approval.scans) writer.base64(node, "Spwj", scan);
  }
}

void write_domains(Writer& writer, pugi::xml_node parent, const std::vector<Domain>& domains,
                   const std::string& field, Way way) {
  for (const auto& domain : domains) {
    auto node = parent.append_child("Ym_xx");
    writer.number(node, "IspYmid", domain.isp_id);
    if (way == Way::down) writer.number(node, "Ymid", domain.bureau_id);
    writer.text(node, "Ym", domain.name, field + "domain");
  }
}

void write_access(Writer& writer, pugi::xml_node parent, const Access& access, Way way) {
  auto node = parent.append_child("Jr_xx");
  writer.number(node, "IspJrid", access.isp_id);
  if (way == Way::down) {
    writer.number(node, "Jrid", access.bureau_id);
    writer.number(node, "Ispid", access.provider);
  }
  writer.numbers(node, "Wzfb", "Fbdd", access.locations);
  writer.numbers(node, "Wzjrfs", "Jrfs", access.methods);
  for (const auto& range : access.ips) {
    auto ip = node.append_child("Ip_xx");
    writer.number(ip, "IspIpid", range.isp_id);
    if (way == Way::down) writer.number(ip, "Ipid", range.bureau_id);
    writer.number(ip, "Qsip", static_cast<std::int64_t>(range.first));
    writer.number(ip, "Zzip", static_cast<std::int64_t>(range.last));
  }
}

std::vector<Approval> read_approvals(Reader& reader, const pugi::xml_node& group) {
  std::vector<Approval> approvals;
  for (const auto& node : group.children("Nrlx_xx")) {
    Approval approval;
    approval.kind = reader.id(node, "Nrlx_id");
    approval.number = reader.text(node, "Qzsph");
    for (const auto& scan : node.children("Spwj")) approval.scans.push_back(reader.base64(scan));
    approvals.push_back(std::move(approval));
  }
  return approvals;
}

Access read_access(Reader& reader, const pugi::xml_node& node) {
  Access access;
  access.isp_id = reader.id(node, "IspJrid");
  access.bureau_id = reader.id(node, "Jrid");
  access.provider = reader.id(node, "Ispid");
  access.locations = reader.numbers(node.child("Wzfb"), "Fbdd");
  access.methods = reader.numbers(node.child("Wzjrfs"), "Jrfs");
  for (const auto& ip : node.children("Ip_xx")) {
    access.ips.push_back(IpRange{reader.id(ip, "IspIpid"), reader.id(ip, "Ipid"),
                                 reader.ipv4(ip, "Qsip"), reader.ipv4(ip, "Zzip")});
  }
  return access;
}

}  // namespace

void write_website(Writer& writer, pugi::xml_node node, const Website& website,
                   const std::string& field, Way way) {
  writer.number(node, "IspWzid", website.isp_id);
  if (way == Way::down) writer.number(node, "Wzid", website.publication.id);
  writer.text(node, "Wzmc", website.name, field + "name");
  write_approvals(writer, node, website.approvals, field);
  writer.numbers(node, "Fwnr", "Fwnr_id", website.services);
  writer.numbers(node, "Yylb", "Yylb_id", website.languages);
  write_domains(writer, node, website.domains, field, way);
  for (const auto& access : website.accesses) write_access(writer, node, access, way);
  write_person(writer, node, "Wz_Fzr", website.manager, field + "manager.");
  writer.text(node, "Syurl", website.home_url, field + "home_url");
  writer.text(node, "Wz_Bz", website.remark, field + "remark");
  if (way == Way::up) return;
  writer.text(node, "Scbbsj", website.publication.first_filed, field);
  writer.text(node, "Zjxgsj", website.publication.last_changed, field);
  writer.text(node, "Baxh", website.publication.number, field);
}

Address read_address(Reader& reader, const pugi::xml_node& node) {
  return Address{reader.id(node, "Shengid"), reader.number(node, "Shiid"),
                 reader.number(node, "Xianid"), reader.text(node, "Xxdz")};
}

Certificate read_certificate(Reader& reader, const pugi::xml_node& node) {
  return Certificate{reader.id(node, "Zjlx"), reader.text(node, "Zjhm"), reader.text(node, "Zjzs")};
}

Person read_person(Reader& reader, const pugi::xml_node& node) {
  Person person;
  person.name = reader.text(node, "Fzr_xm");
  person.office_phone = reader.text(node, "Fzr_dhhm");
  person.mobile = reader.text(node, "Fzr_sjhm");
  person.email = reader.text(node, "Fzr_dzyj");
  person.msn = reader.text(node, "Msn");
  person.qq = reader.text(node, "Qq");
  person.certificate_type = reader.number(node, "Fzr_zjlx");
  person.certificate_number = reader.text(node, "Fzr_zjhm");
  return person;
}

Website read_website(Reader& reader, const pugi::xml_node& node) {
  Website website;
  website.isp_id = reader.id(node, "IspWzid");
  website.name = reader.text(node, "Wzmc");
  website.approvals = read_approvals(reader, node.child("Nrlx"));
  website.services = reader.numbers(node.child("Fwnr"), "Fwnr_id");
  website.languages = reader.numbers(node.child("Yylb"), "Yylb_id");
  for (const auto& domain : node.children("Ym_xx")) {
    website.domains.push_back(
        Domain{reader.id(domain, "IspYmid"), reader.id(domain, "Ymid"), reader.text(domain, "Ym")});
  }
  for (const auto& access : node.children("Jr_xx")) {
    website.accesses.push_back(read_access(reader, access));
  }
  website.manager = read_person(reader, node.child("Wz_Fzr"));
  website.home_url = reader.text(node, "Syurl");
  website.remark = reader.text(node, "Wz_Bz");
  website.publication = Publication{reader.id(node, "Wzid"), reader.text(node, "Baxh"),
                                    reader.text(node, "Scbbsj"), reader.text(node, "Zjxgsj")};
  return website;
}

}  // namespace beian::bureau::v30
