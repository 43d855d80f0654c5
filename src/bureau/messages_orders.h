// What a provider asks of a bureau about filings (UploadData/ICP): new ones, more websites, more
// accesses, changes, cancellations, material sent later.
#pragma once

#include "bureau/messages_records.h"

namespace beian::bureau {

// `password_hash` of the messages below is ICPmm: filing_password_hash() (auth.h) of the password a
// bureau issued before 2020-08-17, and empty since then; then no element is written. The schema of
// 2013 still demands it with a new access.

struct NewFiling {  // XZBA/Baxx
  Organiser organiser;
  std::vector<Website> websites;
  std::vector<Attachment> attachments;
  bool operator==(const NewFiling&) const = default;
};

struct NewWebsites {             // XZWZ/Xzxx: more websites of an organiser with a number
  std::string organiser_number;  // Ztbah; or, where empty,
  Id organiser_id = 0;           // Ztid
  std::vector<Website> websites;
  std::vector<Attachment> attachments;
  std::string password_hash;
  bool operator==(const NewWebsites&) const = default;
};

struct NewAccess {             // XZJR/Xzxx: one more access of a website with a number
  std::string website_number;  // Wzbah; or, where empty,
  Id website_id = 0;           // Wzid
  Access access;               // isp_id is a new one each time
  std::vector<Attachment> attachments;
  std::string password_hash;
  bool operator==(const NewAccess&) const = default;
};

// BGBA/Bgxx: the organiser whole, and all websites that change; at least one. Records carry the
// bureau's ids and numbers (`publication`, `bureau_id`); an access cannot be added this way.
struct Change {
  Organiser organiser;
  std::vector<Website> websites;
  std::vector<Attachment> attachments;
  std::string password_hash;
  bool operator==(const Change&) const = default;
};

enum class RecordKind { organiser = 0, website = 1, access = 2 };  // Zxlb, Tzlb

struct Cancellation {       // ZXBA/Zx_xx
  std::int64_t scope = 0;   // Zxlb, a RecordKind
  Id record = 0;            // Jlid: the bureau's Ztid, Wzid or Jrid
  std::int64_t reason = 0;  // Zxly
  std::string reason_text;  // Zxlybz
  std::string password_hash;
  bool operator==(const Cancellation&) const = default;
};

}  // namespace beian::bureau
