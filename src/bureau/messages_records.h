// The records that the messages of interface V3.0 share: an organiser, its websites, their
// accesses, and the attachments that prove them. See messages.h for what carries which.
//
// Dictionary ids are the ministry's. An empty string and an id of 0 mean "absent": the interface
// allows neither as a value. Record ids are 64 bits wide; those of a bureau exceed 32 in practice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"

namespace beian::bureau {

struct Address {                     // Txdz: the place on the certificate
  std::int64_t province = 0;         // Shengid, GB/T 2260
  std::optional<std::int64_t> city;  // Shiid, required in uploads
  std::optional<std::int64_t> county;
  std::string detail;  // Xxdz
  bool operator==(const Address&) const = default;
};

struct Certificate {      // Zj
  std::int64_t type = 0;  // Zjlx; a change (BGBA) can carry 1 to 11 only
  std::string number;     // Zjhm
  std::string residence;  // Zjzs: the address printed on it, required in uploads
  bool operator==(const Certificate&) const = default;
};

struct Person {              // Fzr of the organiser, Wz_Fzr of a website
  std::string name;          // Fzr_xm
  std::string office_phone;  // Fzr_dhhm: digits and '-', several joined by ';', 11 to 128
  std::string mobile;        // Fzr_sjhm; in HSJG the element is called sjhm
  std::string email;         // Fzr_dzyj
  std::string msn, qq;       // of 2013; kept to lose nothing of what a bureau sends
  std::optional<std::int64_t> certificate_type;
  std::string certificate_number;
  bool operator==(const Person&) const = default;
};

// What a bureau adds to a record when it publishes it (BASJ). A change (BGBA) names its records by
// id and number, a verification task or answer (HSRW, HSJG) by id. Times as the bureau writes them:
// a date of 10 characters, sometimes followed by a time (up to 22), China time.
struct Publication {
  Id id = 0;                 // Ztid, Wzid
  std::string number;        // Baxh: 浙ICP备2026000001号, with -1 for a website
  std::string first_filed;   // Scbbsj
  std::string last_changed;  // Zjxgsj
  bool operator==(const Publication&) const = default;
};

struct Organiser {                     // Zt_xx
  Id isp_id = 0;                       // IspZtid, ours
  std::string name;                    // Dwmc
  std::optional<std::int64_t> nature;  // Dwxz
  std::string investor;                // Tzr
  Address address;
  Certificate certificate;
  Person principal;
  bool filed_by_provider = true;                      // Bbfs (Bbyhlx in BASJ): 1 代为报备
  std::string remark;                                 // Bz
  Publication publication;                            // of records a bureau knows
  std::string paper_until, paper_path, paper_serial;  // Zsyxq, Zslj, Zsxh: the filing certificate
  std::string reviewer, reviewed;                     // Shrxm, Shsj; these five in downloads only
  bool operator==(const Organiser&) const = default;
};

struct Approval {                  // Nrlx_xx
  std::int64_t kind = 0;           // Nrlx_id
  std::string number;              // Qzsph
  std::vector<std::string> scans;  // Spwj, 1 to 10 JPEGs as bytes
  bool operator==(const Approval&) const = default;
};

struct Domain {      // Ym_xx
  Id isp_id = 0;     // IspYmid
  Id bureau_id = 0;  // Ymid; in a change absent for a domain that is new
  std::string name;
  bool operator==(const Domain&) const = default;
};

struct IpRange {     // Ip_xx; IPv4 as a number in network order, 1 to 2^32-1
  Id isp_id = 0;     // IspIpid
  Id bureau_id = 0;  // Ipid
  std::uint32_t first = 0, last = 0;
  bool operator==(const IpRange&) const = default;
};

struct Access {                         // Jr_xx
  Id isp_id = 0;                        // IspJrid
  Id bureau_id = 0;                     // Jrid
  Id provider = 0;                      // Ispid (BASJ), Bbyhid (HSRW): who gives this access
  std::vector<std::int64_t> locations;  // Fbdd
  std::vector<std::int64_t> methods;    // Jrfs
  std::vector<IpRange> ips;
  std::optional<bool> filed_by_provider;  // Bbyhlx (HSRW) and Bbfs (HSJG), required there
  bool operator==(const Access&) const = default;
};

struct Website {     // Wz_xx
  std::string key;   // never sent: the site's key in the filing, so that problems can name fields
  Id isp_id = 0;     // IspWzid
  std::string name;  // Wzmc
  std::vector<Approval> approvals;      // Nrlx: none means no element at all
  std::vector<std::int64_t> services;   // Fwnr
  std::vector<std::int64_t> languages;  // Yylb
  std::vector<Domain> domains;
  std::vector<Access> accesses;
  Person manager;
  std::string home_url;  // Syurl; must contain one of the domains (1041)
  std::string remark;    // Wz_Bz
  Publication publication;
  bool operator==(const Website&) const = default;
};

enum class AttachmentFormat { jpeg = 1, png = 2 };  // Fjwjgs

enum class AttachmentPurpose {  // Fjyt
  verification_form = 1,        // at most 150 KiB, the others 100 KiB
  organiser_certificate = 2,
  principal_certificate = 3,
  manager_certificate = 4,
  verification_photo = 5,
};

// Ssdxlx of an upload. The bureau's own dictionary (JCDM Fjytlx_dms) counts 0 and 1.
enum class AttachmentOwner { organiser = 1, website = 2 };

// The numbers are kept as they come: a bureau may know more of them than the enumerations do.
struct Attachment {
  std::int64_t format = 0, purpose = 0, owner = 0;
  // Ssdxbs. A first filing names our IspZtid or IspWzid. The other messages name what the bureau
  // knows, its Ztid or Wzid (for a website that is being added our IspWzid), or a filing number.
  Id owner_id = 0;
  std::string bytes;  // Fjnr, not base64
  std::string remark;
  std::string owner_number;  // Baxh, counts only where owner_id is 0
  bool operator==(const Attachment&) const = default;
};

}  // namespace beian::bureau
