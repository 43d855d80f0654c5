// What a bureau tells a provider about filings (DownloadData/ICP), and the two answers it expects
// (HSJG, WBACLJG). Times as the bureau writes them: 10 to 22 characters, China time. Numbers are
// kept as they come.
#pragma once

#include "bureau/messages_orders.h"

namespace beian::bureau {

enum class Operation {  // Czlx of BAJG
  new_filing = 1,
  new_website = 2,
  new_access = 3,
  change = 4,
  cancel_access = 5,
  cancel_organiser = 6,
  cancel_website = 7,
  material = 35,  // outside the schema's own range of 1 to 7
};

struct ResultCode {       // Jgxx
  std::int64_t code = 0;  // Jgdm: data/dictionaries/result_codes.json
  std::string text;       // Dmms; with 5001 the name of the refused file (the zip entry)
  bool operator==(const ResultCode&) const = default;
};

struct Result {  // BAJG/Jg_xx: the codes of one order
  std::vector<ResultCode> codes;
  std::int64_t operation = 0;  // Czlx, an Operation
  // Bs: the order's mark, absent when a whole file is refused. Our IspZtid for a new filing, the
  // organiser's number or Ztid for new websites, the website's number or our IspJrid for a new
  // access, for the others the bureau's Ztid or whatever the order named.
  std::string mark;
  std::string remark;
  bool operator==(const Result&) const = default;
};

struct Decision {  // BAJG/GJSHS/Gjsh: an officer's
  std::string reviewer, phone, time;
  std::string opinion;  // Shyj: the reason in free words
  bool passed = false;  // Shjg 1
  std::optional<std::int64_t> operation;
  // Jlid: our IspZtid, IspWzid or IspJrid for what is new; the bureau's Ztid for a change and the
  // cancelling of an organiser, its Jrid or Wzid for the other cancellations.
  Id record = 0;
  bool operator==(const Decision&) const = default;
};

struct PublishedFiling {  // BASJ/Baxx and SJTB/ICP/Baxx
  Organiser organiser;
  std::vector<Website> websites;
  std::string remark;
  bool operator==(const PublishedFiling&) const = default;
};

struct CancelledRecord {   // ZXSJ/Zxxx
  std::int64_t scope = 0;  // Zxlb, a RecordKind
  Id record = 0;           // Jlid: Ztid, Wzid or Jrid
  std::string remark;
  bool operator==(const CancelledRecord&) const = default;
};

enum class ListChange { add = 0, change = 1, remove = 2 };  // Czlx of HMDLB

struct BlacklistedOrganiser {          // HMDLB/Zthmdxxs
  std::string name;                    // Zt_xx/Dwmc
  std::optional<std::int64_t> nature;  // Dwxz
  std::int64_t certificate_type = 0;   // Zjlx
  std::string certificate_number;      // Zjhm
  std::int64_t list_change = 0;        // Czlx, a ListChange
  std::string remark;
  bool operator==(const BlacklistedOrganiser&) const = default;
};

struct BlacklistedWebsite {          // HMDLB/Wzhmdxxs
  std::string name;                  // Wz_xx/Wzmc, several joined by ';'
  std::vector<std::string> domains;  // Ym
  std::string home_url;
  std::int64_t list_change = 0;
  std::string remark;
  bool operator==(const BlacklistedWebsite&) const = default;
};

struct IllegalAccess {  // FFJRHMD/Ffjrxx: a blacklisted website found connected through us
  Id id = 0;
  std::string domain;
  std::uint32_t ip = 0;
  Id provider = 0;            // Zjjrz: who connects it directly
  std::int64_t province = 0;  // Szs
  std::string detected;       // Dqjcsj
  std::string remark;
  bool operator==(const IllegalAccess&) const = default;
};

struct UnfiledWebsite {  // WBAWZLB/Wbawz_xx: a website without filing on our addresses
  Id id = 0;
  std::string domain;  // Wzym_mc
  std::vector<std::int64_t> languages;
  std::uint32_t ip = 0;
  std::string last_detected;                   // Dqjcsj
  std::optional<std::int64_t> times_detected;  // Jccs
  std::int64_t province = 0;                   // Sssh
  std::string first_detected;                  // Scjcsj
  Id provider = 0;                             // Jrs
  Id carrier = 0;                              // Yys
  std::string remark;
  bool operator==(const UnfiledWebsite&) const = default;
};

struct UnfiledAnswer {  // WBACLJG/Clxx: what was done about one
  std::string domain;
  std::uint32_t ip = 0;
  Id carrier = 0, provider = 0;
  std::int64_t province = 0;
  std::int64_t outcome = 0;  // Cljg, dictionary of the bureau (JCDM Wbacl_dms)
  std::string opinion;       // Clyj
  std::string listed;        // Rbsj, YYYY-MM-DD, as is
  std::string deadline;      // Clsx
  std::string reporter_name, reporter_phone, reporter_email;
  bool operator==(const UnfiledAnswer&) const = default;
};

struct VerificationTask {  // HSRW/Baxx: a record to be checked with its owner
  Organiser organiser;
  std::vector<Website> websites;
  std::string remark;
  bool operator==(const VerificationTask&) const = default;
};

// HSJG/Hsjgxx: the answer, with the record as it should be. It has no place for languages, and
// names records by the bureau's ids only.
struct VerificationAnswer {
  bool passed = true;    // Hsjg 0 passed, 1 refused: the opposite sense of Decision
  std::string verifier;  // Hsrxm
  std::string verified;  // Hssj, YYYY-MM-DD
  Id unit = 0;           // Bbdw
  std::string opinion;   // Hsyj
  std::string errors;    // Cwxx
  Organiser organiser;
  std::vector<Website> websites;
  bool operator==(const VerificationAnswer&) const = default;
};

struct OrganiserFinding {  // HCJG Zthc: an organiser whose record is wrong
  Id organiser_id = 0;     // Ztid
  std::string name;
  std::int64_t certificate_type = 0;
  std::string certificate_number;
  std::string reason;  // Cwyy
  std::string remark;
  bool operator==(const OrganiserFinding&) const = default;
};

enum class AccessMismatch { filed_but_absent = 1, present_but_unfiled = 2 };  // Hcjg 多报, 少报

struct AccessFinding {         // HCJG Jrhc: access as filed and as seen differ
  Id website_id = 0;           // Wzid
  std::string website_number;  // Wz_Baxh
  std::string domain;
  std::optional<std::uint32_t> resolved_ip;  // Jxip
  Id provider = 0;                           // Bbisp
  std::int64_t finding = 0;                  // Hcjg, an AccessMismatch
  std::string inspected;                     // Hcsj
  Id access_id = 0;                          // Jrid
  std::string remark;
  bool operator==(const AccessFinding&) const = default;
};

struct WebsiteFinding {        // HCJG Kkwzhc (hollow websites) and Wzch (is it alive)
  Id website_id = 0;           // Wzid
  std::string website_number;  // Wz_Baxh
  std::optional<bool> dead;    // Hcjg 1; Kkwzhc only, required there
  std::string inspected;       // Hcsj
  std::string home_url;
  std::string remark;
  bool operator==(const WebsiteFinding&) const = default;
};

struct Inspection {  // HCJG/Jgxx
  std::vector<OrganiserFinding> organisers;
  std::vector<AccessFinding> accesses;
  std::vector<WebsiteFinding> hollow_websites;
  std::vector<WebsiteFinding> liveness;
  bool empty() const {
    return organisers.empty() && accesses.empty() && hollow_websites.empty() && liveness.empty();
  }
  bool operator==(const Inspection&) const = default;
};

struct RectificationNotice {  // XGTZ/Tzxx
  std::int64_t scope = 0;     // Tzlb, a RecordKind: organiser or website
  std::string number;         // Baxh
  Id record = 0;              // Jlid: Ztid or Wzid
  std::string text;           // Tznr: what must be put right
  std::string remark;
  bool operator==(const RectificationNotice&) const = default;
};

}  // namespace beian::bureau
