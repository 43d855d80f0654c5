// Domain reporting (YM): by registrars and registries, to the ministry's own system only (3036).
#pragma once

#include "bureau/messages_news.h"

namespace beian::bureau {

struct DomainParty {  // Zcr_*, Gly_*, Jfr_*
  std::string name, organisation, address;
  std::optional<std::int64_t> province, city;
  std::string email, phone;
  bool operator==(const DomainParty&) const = default;
};

struct DomainRecord {      // XZBA/Xzxx, XGBA/Xzxx, SJTB/YM/Ymxx
  Id isp_id = 0;           // IspId
  Id bureau_id = 0;        // Id
  std::string name;        // Ym
  std::int64_t kind = 0;   // Ymlx
  std::string registered;  // Zcsj, YYYY-MM-DD
  DomainParty registrant;
  DomainParty administrator;
  DomainParty payer;         // optional, each field for itself
  std::string registrar;     // Ym_zcs
  std::string name_servers;  // Ym_fwq
  std::string expires;       // Yxrq
  bool operator==(const DomainRecord&) const = default;
};

struct DomainDeletion {  // SCBA/Scxx: by id or, where 0, by name
  Id bureau_id = 0;
  std::string name;
  bool operator==(const DomainDeletion&) const = default;
};

struct DomainUpload {  // UploadData/YM
  std::vector<DomainRecord> added, changed;
  std::vector<DomainDeletion> deleted;
  bool empty() const { return added.empty() && changed.empty() && deleted.empty(); }
  bool operator==(const DomainUpload&) const = default;
};

struct DomainResult {              // DownloadData/YM/BAJG/Jg_xx
  std::vector<ResultCode> codes;   // 3998 is success
  Id bureau_id = 0;                // Id: absent when a new record failed
  std::int64_t record_change = 0;  // Czlx, a RecordChange
  Id isp_id = 0;                   // IspId
  std::string remark;
  bool operator==(const DomainResult&) const = default;
};

}  // namespace beian::bureau
