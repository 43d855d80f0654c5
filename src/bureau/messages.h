// What travels between an access provider and a bureau, as plain values: every message of interface
// V3.0. codec_v30.h turns them into GBK XML and back. A group nobody has given a type is kept as
// the XML it came in, so nothing is ever dropped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bureau/messages_codes.h"
#include "bureau/messages_domain.h"
#include "bureau/messages_ip.h"
#include "bureau/messages_news.h"
#include "bureau/messages_orders.h"
#include "bureau/messages_records.h"

namespace beian::bureau {

// A group without a type of its own: its element name and its whole XML in UTF-8.
struct RawGroup {
  std::string name, xml;
  bool operator==(const RawGroup&) const = default;
};

// UploadData: filings (ICP), addresses (IP) or domains (YM), never two of them in one file. Filings
// may mix the operations, though one kind in each file is the safe practice.
struct Upload {
  std::vector<NewFiling> new_filings;                    // XZBA
  std::vector<NewWebsites> new_websites;                 // XZWZ
  std::vector<NewAccess> new_accesses;                   // XZJR
  std::vector<Change> changes;                           // BGBA
  std::vector<VerificationAnswer> verification_answers;  // HSJG
  std::vector<UnfiledAnswer> unfiled_answers;            // WBACLJG
  std::vector<Cancellation> cancellations;               // ZXBA
  std::vector<Attachment> materials;                     // XZHYD
  IpUpload ip;
  DomainUpload domains;
  std::vector<RawGroup> others;
  Id unit = 0;  // Qqdwid: must be the calling provider's ispId (5003)
  bool operator==(const Upload&) const = default;
};

struct Synchronisation {  // SJTB: what the bureau holds; one of the four in each file
  std::vector<PublishedFiling> filings;
  IpRecords ips;
  std::vector<DomainRecord> domains;
  CodeLists codes;
  bool empty() const { return filings.empty() && ips.empty() && domains.empty() && codes.empty(); }
  bool operator==(const Synchronisation&) const = default;
};

// DownloadData: news of filings (ICP), addresses (IP), domains (YM), codes (JCDM) or a
// synchronisation (SJTB), one of them in each file.
struct Download {
  std::vector<Result> results;                               // BAJG/Jg_xx
  std::vector<Decision> decisions;                           // BAJG/GJSHS
  std::vector<PublishedFiling> published;                    // BASJ
  std::vector<CancelledRecord> cancelled;                    // ZXSJ
  std::vector<BlacklistedOrganiser> blacklisted_organisers;  // HMDLB
  std::vector<BlacklistedWebsite> blacklisted_websites;
  std::vector<IllegalAccess> illegal_accesses;       // FFJRHMD
  std::vector<UnfiledWebsite> unfiled_websites;      // WBAWZLB
  std::vector<VerificationTask> verification_tasks;  // HSRW
  Inspection inspection;                             // HCJG
  std::vector<RectificationNotice> notices;          // XGTZ
  IpDownload ip;
  std::vector<DomainResult> domain_results;  // YM
  CodeLists codes;                           // JCDM
  Synchronisation synchronisation;           // SJTB
  std::vector<RawGroup> others;              // of any branch, by path: "ICP/XXXX", "XXXX"
  bool operator==(const Download&) const = default;
};

}  // namespace beian::bureau
