// What officers give out of their own accord: verification tasks, findings, lists of unfiled or
// illegally connected websites, notices, black lists, code tables, full synchronisation. Each puts
// files into the providers' queues and is kept for the console.
#pragma once

#include <string>

#include "bureau/messages.h"
#include "sandbox/code_lists.h"
#include "sandbox/registry.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// HSRW: the record, to each provider of the filing that somebody plays.
void give_verification(Tx& tx, const Setup& setup, Id subject, const std::string& remark,
                       Millis now);
// XGTZ about the organiser, or about a website of it when `site` is not 0.
void give_notice(Tx& tx, const Setup& setup, Id subject, Id site, const std::string& text,
                 Millis now);

// HCJG. kind: organiser (Zthc), hollow (Kkwzhc), dead (Wzch), filed_but_absent and
// present_but_unfiled (Jrhc). All but the first are about a website.
struct Finding {
  std::string kind;
  Id subject = 0, site = 0;
  std::string reason;
  std::uint32_t resolved_ip = 0;  // present_but_unfiled
};
void give_finding(Tx& tx, const Setup& setup, const Finding& finding, Millis now);

// WBAWZLB and FFJRHMD: a website seen at an address of the provider.
struct Sighting {
  Line line;
  std::string domain;
  std::uint32_t ip = 0;
  std::int64_t times = 1;
  std::string remark;
};
void give_unfiled(Tx& tx, const Setup& setup, const Sighting& sighting, Millis now);
void give_illegal_access(Tx& tx, const Setup& setup, const Sighting& sighting, Millis now);

// HCJG of addresses. kind: overrun, conflict, unreported.
struct IpFinding {
  Line line;
  std::string kind;
  std::uint32_t first = 0, last = 0;
  std::string remark;
};
void give_ip_finding(Tx& tx, const Setup& setup, const IpFinding& finding, Millis now);

// HMDLB to everybody of the province, or of the country when it is empty. kind: domain, or
// certificate with "<type>:<number>".
struct Listing {
  std::string kind, value, name, province;
  bool remove = false;
};
void change_blacklist(Tx& tx, const Setup& setup, const Listing& listing, Millis now);

// JCDM: the whole list the entry is in.
void give_codes(Tx& tx, const Setup& setup, const CodeChange& change, const std::string& province,
                Millis now);

// SJTB. what: filings, ips, domains, codes. Returns how many records were sent.
std::size_t synchronise(Tx& tx, const Setup& setup, const Line& line, const std::string& what,
                        Millis now);

}  // namespace beian::sandbox
