// Synthetic filings for the tests of bureau and sandbox.
#pragma once

#include <string>

#include "bureau/messages.h"

namespace beian::bureau::sample {

// A number of a citizen who cannot exist (region 990000), with the check digit of GB 11643.
inline std::string citizen_number(int serial) {
  const std::string digits =
      std::to_string(990000) + "19900101" + std::to_string(100 + serial % 900);
  constexpr int k_weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (digits[i] - '0') * k_weights[i];
  return digits + "10X98765432"[sum % 11];
}

// A social credit code of no enterprise, with the check character of GB 32100.
inline std::string credit_code(int serial) {
  const std::string k_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string body = "91990000M" + std::to_string(10000000 + serial);
  int weight = 1;
  int sum = 0;
  for (const char c : body) {
    sum += static_cast<int>(k_alphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return body + k_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

inline Person person() {
  Person person;
  person.name = "测试甲";
  person.office_phone = "0571-00000000";
  person.mobile = "13000000000";
  person.email = "a@example.com";
  person.certificate_type = 2;
  person.certificate_number = citizen_number(1);
  return person;
}

inline Website website(Id base, const std::string& domain) {
  Website website;
  website.key = "s1";
  website.isp_id = base;
  website.name = "示例公司官网";
  website.services = {8};
  website.languages = {1};
  website.domains = {Domain{base + 1, 0, domain}};
  Access access;
  access.isp_id = base + 2;
  access.locations = {34};
  access.methods = {3};
  access.ips = {IpRange{base + 3, 0, 1778528257u, 1778528257u}};
  website.accesses = {access};
  website.manager = person();
  website.home_url = "www." + domain;
  return website;
}

// The smallest bytes the formats' first bytes allow.
inline std::string jpeg() {
  return std::string("\xff\xd8\xff\xe0\0\x10JFIF\0 sample \xff\xd9", 21);
}
inline std::string png() { return std::string("\x89PNG\r\n\x1a\n sample", 15); }

// The filing of an enterprise with one website, complete and right in every field.
inline NewFiling filing(Id id = 1001, const std::string& domain = "example.cn") {
  NewFiling filing;
  Organiser& organiser = filing.organiser;
  organiser.isp_id = id;
  organiser.name = "示例有限公司";
  organiser.nature = 4;
  organiser.investor = "示例投资人";
  organiser.address = {330000, 330100, 330106, "示例路1号"};
  organiser.certificate = {1, credit_code(static_cast<int>(id % 10000000)), "示例路1号"};
  organiser.principal = person();
  filing.websites = {website(id + 1000, domain)};
  filing.attachments = {Attachment{1, 1, 1, id, jpeg(), "", ""},
                        Attachment{2, 2, 1, id, png(), "", ""},
                        Attachment{1, 4, 2, id + 1000, jpeg(), "备注", ""}};
  return filing;
}

inline Upload upload(NewFiling filing, Id unit = 110000000211) {
  Upload upload;
  upload.new_filings = {std::move(filing)};
  upload.unit = unit;
  return upload;
}

}  // namespace beian::bureau::sample
