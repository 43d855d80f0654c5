// IP filing: where a provider's addresses come from, to whom they are allotted, who announces them.
// Addresses are IPv4 numbers in network order; a single address is the same number twice. Sources
// are reported before what is allotted from them (2005).
#pragma once

#include "bureau/messages_records.h"

namespace beian::bureau {

// Every record has three ids: ours when we report it, the bureau's when we change it or when the
// bureau tells of it, and the unit that reported it, in SJTB only (Bbdwid).
struct IpRecordIds {
  Id isp_id = 0;     // IspId
  Id bureau_id = 0;  // Id
  Id reporter = 0;   // Bbdwid
  bool operator==(const IpRecordIds&) const = default;
};

struct IpSource {  // Ly, Ly_xx, Lyxx
  IpRecordIds ids;
  std::uint32_t first = 0, last = 0;
  Id source_unit = 0;  // Lydw
  std::string remark;
  bool operator==(const IpSource&) const = default;
};

enum class IpMethod { fixed = 1, dynamic = 2, unknown = 3 };  // Syfs

// Who uses the addresses, and how.
struct IpUse {
  std::optional<std::int64_t> method;    // Syfs, an IpMethod
  std::string since;                     // Fprq, YYYY-MM-DD
  std::optional<bool> redirects;         // Sfymtz: serves domain redirection
  std::string unit_name;                 // Dwmc
  std::optional<std::int64_t> nature;    // Dwxz
  Address address;                       // Shengid, Shiid, Xianid, Xxdz
  std::string contact_name;              // Lxrxm, at most 20
  std::string contact_phone;             // Lxrdh, 11 to 255
  std::string contact_email;             // Lxrdzyj
  std::optional<std::uint32_t> gateway;  // Wgip
  std::string gateway_place;             // Wgdz
  bool operator==(const IpUse&) const = default;
};

enum class IpState { allotted_and_used = 1, allotted_on = 2, own_use = 3, reserved = 4 };  // Fpfs

// Fpsy, Fpxx. What must be given depends on the state: with allotted_and_used method, since, unit
// name, nature, province, city, detail and the whole contact; with allotted_on `allotted_to`; with
// own_use method and since; with reserved nothing more.
struct IpAllocation {
  IpRecordIds ids;
  std::uint32_t first = 0, last = 0;
  std::int64_t state = 0;  // Fpfs, an IpState
  Id allotted_to = 0;      // Fpdx
  IpUse use;
  std::optional<std::int64_t> unit_class;  // Dwfl
  std::optional<std::int64_t> industry;    // Dwhyfl
  std::string remark;
  bool operator==(const IpAllocation&) const = default;
};

struct IpBroadcast {  // Jsxx, Gbxx; by the carriers' group systems only
  IpRecordIds ids;
  Id broadcaster = 0;  // Gbdw
  Id applicant = 0;    // Sqdw
  std::uint32_t first = 0, last = 0;
  std::string remark;
  bool operator==(const IpBroadcast&) const = default;
};

struct OwnIps {  // Zdxx: addresses a customer brought along
  IpRecordIds ids;
  std::uint32_t first = 0, last = 0;
  IpUse use;
  std::string remark;
  Id source_unit = 0;       // Ly_dwid (Ly_dwlx 1); or, where 0,
  std::string source_name;  // Ly_dwmc (Ly_dwlx 0): a unit that does not report
  bool operator==(const OwnIps&) const = default;
};

struct IpRecords {
  std::vector<IpSource> sources;
  std::vector<IpAllocation> allocations;
  std::vector<IpBroadcast> broadcasts;
  std::vector<OwnIps> own;
  bool empty() const {
    return sources.empty() && allocations.empty() && broadcasts.empty() && own.empty();
  }
  bool operator==(const IpRecords&) const = default;
};

struct IpDeletions {  // SCBA: the bureau's ids
  std::vector<Id> sources, allocations, own, broadcasts;
  bool empty() const {
    return sources.empty() && allocations.empty() && own.empty() && broadcasts.empty();
  }
  bool operator==(const IpDeletions&) const = default;
};

struct IpUpload {  // UploadData/IP
  IpRecords added, changed;
  IpDeletions deleted;
  bool empty() const { return added.empty() && changed.empty() && deleted.empty(); }
  bool operator==(const IpUpload&) const = default;
};

enum class RecordChange { add = 1, change = 2, remove = 3 };  // Czlx of IP and YM results

struct IpRelated {   // Xgsj: a record that is in the way
  Id bureau_id = 0;  // Id
  Id isp_id = 0;     // IspId
  std::uint32_t first = 0, last = 0;
  std::string remark;
  bool operator==(const IpRelated&) const = default;
};

struct IpResultCode {     // Jgxx
  std::int64_t code = 0;  // 2998 is success
  std::string text;
  std::vector<IpRelated> related;
  bool operator==(const IpResultCode&) const = default;
};

struct IpResult {  // Lyjg, Fpjg, Gbjs, Zdip
  std::vector<IpResultCode> codes;
  Id bureau_id = 0;                // Id: absent when a new record failed
  std::int64_t record_change = 0;  // Czlx, a RecordChange
  Id isp_id = 0;                   // IspId: present for a new record
  std::string remark;
  bool operator==(const IpResult&) const = default;
};

struct IpOverrun {  // Yj: a record beyond what its source allows
  Id record = 0;    // Yjjlid
  std::uint32_t first = 0, last = 0;
  std::optional<std::int64_t> about;                         // Yjlx: 1 source, 2 allocation
  std::optional<std::uint32_t> overrun_first, overrun_last;  // Yjqsip, Yjzzip
  std::string remark;
  bool operator==(const IpOverrun&) const = default;
};

struct IpConflict {  // Ct: two units claim the same addresses
  Id record = 0;     // Ctjlid, of ours
  std::uint32_t first = 0, last = 0;
  Id other_unit = 0;  // Ctbbdwid
  std::uint32_t other_first = 0, other_last = 0;
  std::optional<std::int64_t> about;  // Ctlx
  std::string remark;
  bool operator==(const IpConflict&) const = default;
};

struct IpUnreported {  // Wb: addresses allotted to us that we have not reported
  std::uint32_t first = 0, last = 0;
  Id source_unit = 0;                 // Fpdw
  std::optional<std::int64_t> about;  // Wblx
  std::string remark;
  bool operator==(const IpUnreported&) const = default;
};

struct IpDownload {  // DownloadData/IP
  std::vector<IpResult> sources, allocations, broadcasts, own;
  std::vector<IpOverrun> overruns;
  std::vector<IpConflict> conflicts;
  std::vector<IpUnreported> unreported;
  bool has_results() const {
    return !(sources.empty() && allocations.empty() && broadcasts.empty() && own.empty());
  }
  bool has_findings() const {
    return !(overruns.empty() && conflicts.empty() && unreported.empty());
  }
  bool empty() const { return !has_results() && !has_findings(); }
  bool operator==(const IpDownload&) const = default;
};

}  // namespace beian::bureau
