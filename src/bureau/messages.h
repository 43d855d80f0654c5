// What travels between an access provider and a bureau, as plain values: the main path of interface
// V3.0 (upload group XZBA; download groups BAJG and BASJ). codec_v30.h turns them into GBK XML and
// back. Every other group is kept as the XML it came in, so nothing is ever dropped; giving one of
// them a type later is one more struct here and one codec function there.
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
  std::int64_t type = 0;  // Zjlx
  std::string number;     // Zjhm
  std::string residence;  // Zjzs: the address printed on it, required in uploads
  bool operator==(const Certificate&) const = default;
};

struct Person {              // Fzr of the organiser, Wz_Fzr of a website
  std::string name;          // Fzr_xm
  std::string office_phone;  // Fzr_dhhm: digits and '-', several joined by ';', 11 to 128
  std::string mobile;        // Fzr_sjhm
  std::string email;         // Fzr_dzyj
  std::string msn, qq;       // of 2013; kept to lose nothing of what a bureau sends
  std::optional<std::int64_t> certificate_type;
  std::string certificate_number;
  bool operator==(const Person&) const = default;
};

// What a bureau adds to a record when it publishes it (BASJ). Times as the bureau writes them: a
// date of 10 characters, sometimes followed by a time, China time.
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
  Publication publication;                            // downloads only, as are the five below
  std::string paper_until, paper_path, paper_serial;  // Zsyxq, Zslj, Zsxh: the filing certificate
  std::string reviewer, reviewed;                     // Shrxm, Shsj
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
  Id bureau_id = 0;  // Ymid
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
  Id provider = 0;                      // Ispid, downloads only: the unit that gives this access
  std::vector<std::int64_t> locations;  // Fbdd
  std::vector<std::int64_t> methods;    // Jrfs
  std::vector<IpRange> ips;
  bool operator==(const Access&) const = default;
};

struct Website {     // Wz_xx
  std::string key;   // never sent: the site's key in the filing, so that problems can name fields
  Id isp_id = 0;     // IspWzid
  std::string name;  // Wzmc
  std::vector<Approval> approvals;      // Nrlx
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

enum class AttachmentOwner { organiser = 1, website = 2 };  // Ssdxlx of an upload

// The numbers are kept as they come: a bureau may know more of them than the enumerations do.
struct Attachment {
  std::int64_t format = 0, purpose = 0, owner = 0;
  Id owner_id = 0;    // Ssdxbs: our IspZtid or IspWzid
  std::string bytes;  // Fjnr, not base64
  std::string remark;
  bool operator==(const Attachment&) const = default;
};

struct NewFiling {  // XZBA/Baxx
  Organiser organiser;
  std::vector<Website> websites;
  std::vector<Attachment> attachments;
  bool operator==(const NewFiling&) const = default;
};

// A group without a type of its own: its element name and its whole XML in UTF-8.
struct RawGroup {
  std::string name, xml;
  bool operator==(const RawGroup&) const = default;
};

struct Upload {  // UploadData/ICP
  std::vector<NewFiling> new_filings;
  std::vector<RawGroup> others;
  Id unit = 0;  // Qqdwid: must be the calling provider's ispId (5003)
  bool operator==(const Upload&) const = default;
};

enum class Operation {  // Czlx of BAJG
  new_filing = 1,
  new_website = 2,
  new_access = 3,
  change = 4,
  cancel_access = 5,
  cancel_organiser = 6,
  cancel_website = 7,
  material = 35,
};

struct ResultCode {       // Jgxx
  std::int64_t code = 0;  // Jgdm: data/dictionaries/result_codes.json
  std::string text;       // Dmms; with 5001 the name of the refused file (the zip entry)
  bool operator==(const ResultCode&) const = default;
};

struct Result {  // Jg_xx: the codes of one order
  std::vector<ResultCode> codes;
  std::int64_t operation = 0;
  std::string mark;  // Bs: for a new filing our IspZtid; may be absent when a whole file is refused
  std::string remark;
  bool operator==(const Result&) const = default;
};

struct Decision {  // Gjsh: an officer's
  std::string reviewer, phone, time;
  std::string opinion;  // Shyj: the reason in free words
  bool passed = false;  // Shjg 1
  std::optional<std::int64_t> operation;
  Id record = 0;  // Jlid: for a new filing our IspZtid
  bool operator==(const Decision&) const = default;
};

struct PublishedFiling {  // BASJ/Baxx
  Organiser organiser;
  std::vector<Website> websites;
  std::string remark;
  bool operator==(const PublishedFiling&) const = default;
};

struct Download {  // DownloadData
  std::vector<Result> results;
  std::vector<Decision> decisions;
  std::vector<PublishedFiling> published;
  std::vector<RawGroup> others;  // of any branch: "ICP/ZXSJ", "JCDM", "SJTB", …
  bool operator==(const Download&) const = default;
};

}  // namespace beian::bureau
