// The bureau's code lists (JCDM): it sends them when they change, and they are the authority.
#pragma once

#include "bureau/messages_records.h"

namespace beian::bureau {

struct ReportingUnit {                     // Bbdwlb/Bbdw
  Id id = 0;                               // Id
  std::string name;                        // Dwmc
  std::optional<std::int64_t> unit_class;  // Dwfl
  std::optional<std::int64_t> industry;    // Dwhyfl
  std::string licence;                     // Jyxkzbh
  Address address;                         // each part optional
  bool valid = true;                       // Sfyx
  std::string remark;
  bool operator==(const ReportingUnit&) const = default;
};

// One entry of any list. Which of the optional members a list has is said beside them; the others
// stay empty.
struct CodeEntry {
  Id id = 0;         // Id
  std::string name;  // Mc; Nr of cancellation reasons, Ztmc of unfiled outcomes, Fl1 of feedback
  std::optional<bool> valid;          // Sfyx: every list but unfiled outcomes
  std::string remark;                 // Bz
  std::optional<std::int64_t> mask;   // Ysid, a power of two: bureaus, approvals, services, methods
  std::string code;                   // Bm: bureaus, industries
  std::optional<std::int64_t> level;  // Lx: regions
  std::optional<std::int64_t> nature;    // Dwflid: certificate types
  std::optional<bool> needs_approval;    // Sfqzsp: approvals
  std::optional<std::int64_t> owner;     // Ssdxlx: purposes; 0 organiser, 1 website
  std::string subname;                   // Fl2: feedback
  std::optional<std::int64_t> province;  // Shengid: bureaus, as are the next three
  std::string abbreviation;              // Shengjc
  std::string email, mobile;             // Dzyj, Sjhm
  bool operator==(const CodeEntry&) const = default;
};

struct CodeLists {  // JCDM
  std::vector<ReportingUnit> units;
  std::vector<CodeEntry> unit_classes;           // Dwfl_dms
  std::vector<CodeEntry> natures;                // Dwxz_dms
  std::vector<CodeEntry> regions;                // Qy_dms
  std::vector<CodeEntry> feedback_topics;        // Yjfk_Wtfls
  std::vector<CodeEntry> bureaus;                // Gj_dms: also the places of servers (Fbdd)
  std::vector<CodeEntry> industries;             // Hyfl_dms
  std::vector<CodeEntry> administrative_levels;  // Xzjb_dms
  std::vector<CodeEntry> certificate_types;      // Zjlx_dms
  std::vector<CodeEntry> approvals;              // Wzjylx_dms
  std::vector<CodeEntry> services;               // Wzfwlx_dms
  std::vector<CodeEntry> access_methods;         // Wzjrfs_dms
  std::vector<CodeEntry> cancellation_reasons;   // Zxly_dms
  std::vector<CodeEntry> unfiled_outcomes;       // Wbacl_dms
  std::vector<CodeEntry> verification_opinions;  // Hsyj_dms
  std::vector<CodeEntry> domain_kinds;           // Ymlx_dms
  std::vector<CodeEntry> attachment_formats;     // Fjwjgs_dms
  std::vector<CodeEntry> attachment_purposes;    // Fjytlx_dms
  std::vector<CodeEntry> languages;              // Yylb_dms
  bool operator==(const CodeLists&) const = default;
  bool empty() const { return *this == CodeLists{}; }
};

}  // namespace beian::bureau
