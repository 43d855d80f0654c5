// The bureau's records: SQL by subject. Accounts, what is taken, what waits for download. Orders
// are in orders.h, published filings in subjects.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "bureau/messages.h"
#include "bureau/package.h"
#include "db/db.h"
#include "sandbox/setup.h"

namespace beian::sandbox {

// The next number of a series; the first is `first`. Record ids start above 32 bits, as live ones
// do.
Id next_number(Tx& tx, const std::string& series, Id first = 1);
inline constexpr Id k_first_record = 100'000'000'001;

// access: 接入商. domain: 域名报备单位, which may file domains only. absent: stands for the other
// providers of the country; nobody fetches its files, so none are kept for it.
inline constexpr const char* k_role_access = "access";
inline constexpr const char* k_role_domain = "domain";
inline constexpr const char* k_role_absent = "absent";

struct Account {
  std::string province;
  Id isp_id = 0;
  std::string name, user_name, password;
  bureau::Cipher cipher;
  std::int64_t last_sequence = 0;
  std::string role;
};
std::optional<Account> find_account(Reader& reader, const std::string& province, Id isp_id);
bool has_account_elsewhere(Reader& reader, const std::string& province, Id isp_id);
// Made with random secrets unless there is one.
Account ensure_account(Tx& tx, const std::string& province, Id isp_id, const std::string& name,
                       const std::string& role, Millis now);
struct Line {
  std::string province;
  Id isp_id = 0;
};
// Who fetches files: of one province, or of all when it is empty.
std::vector<Line> listeners(Reader& reader, const std::string& province);

// What an order or a filing occupies.
struct Claim {
  std::string kind;  // certificate, domain, home_url, site_name; site, access, ip: a provider's ids
  std::string value;
};
std::string certificate_claim(std::int64_t type, const std::string& number);
std::string domain_claim(const std::string& name);
Claim certificate_of(const bureau::Organiser& organiser);
// The names a website takes, and the provider's ids of it and of what it contains.
void add_names(std::vector<Claim>& claims, const bureau::Website& site);
void add_own_ids(std::vector<Claim>& claims, Id isp_id, const bureau::Website& site);
void add_own_ids(std::vector<Claim>& claims, Id isp_id, const bureau::Access& access);

struct Holder {
  bool filed = false;  // else an order in flight holds it
  Id subject = 0;      // when filed
};
std::optional<Holder> held(Reader& reader, Id isp_id, const Claim& claim);
void take(Tx& tx, const std::vector<Claim>& claims, Id isp_id, Id order);
void release(Tx& tx, Id order);

// Puts a file into a provider's download queue, named like a live one. Nothing is kept for a
// provider that nobody plays.
void queue_file(Tx& tx, const Province& province, Id isp_id, const bureau::Download& download,
                Millis now);

}  // namespace beian::sandbox
