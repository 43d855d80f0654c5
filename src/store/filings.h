// Filings, their websites and snapshots. State is changed by move_filing alone, which
// service/act.cc alone calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

struct Filing {
  Id id = 0;
  Id account_id = 0;
  Kind kind = Kind::first_filing;
  State state = State::draft;
  std::int64_t version = 1;   // content or state
  std::int64_t revision = 1;  // anything shown
  std::string province;
  std::int64_t nature = 0;
  Turn turn = Turn::applicant;
  std::string form_version;
  std::string content;  // JSON, opened
  std::string title;    // organiser's name or the domain, opened
  std::string organiser_lookup;
  std::int64_t round = 0;
  std::optional<Id> assignee_id;
  std::optional<Millis> assigned_at;
  Millis created_at = 0, updated_at = 0, state_since = 0;
  std::optional<Millis> due_at;
  std::optional<std::string> organiser_number;
  std::string password;  // opened; empty when the bureau gives none
  std::optional<Millis> approved_at;
  std::optional<Id> organiser_id;  // the registered organiser it begins from (store/registry.h)
  std::optional<Id> client_id;     // of an agency's: whose folder it lies in (store/agencies.h)
  std::int64_t days_used = 0;      // working days of staff's time limit that this round has used up
  std::optional<Millis> overdue_since;
  std::int64_t findings = 0;  // the gravest of what was found: 0 nothing, 1 advice, 2 to look at
};

struct FilingSite {
  std::string key;
  std::int64_t ord = 0;
  std::string domain;
  Id isp_site_id = 0, isp_domain_id = 0, isp_access_id = 0, isp_ip_base = 0;
  std::optional<std::string> number;
  std::optional<Id> registered_id;     // the registered website it is about
  std::optional<std::string> outcome;  // the bureau's, of this website: passed, refused
};

void insert_filing(Tx& tx, const Keyring& keys, const Filing& filing);
std::optional<Filing> find_filing(Reader& reader, const Keyring& keys, Id id);
// nullopt also when it belongs to somebody else: the caller cannot tell the two apart.
std::optional<Filing> find_own_filing(Reader& reader, const Keyring& keys, Id id, Id account);
// The latest change first; `after`: only what stands behind this one.
struct FilingPlace {
  Millis updated_at = 0;
  Id id = 0;
};
std::vector<Filing> list_filings(Reader& reader, const Keyring& keys, Id account, int limit,
                                 const std::optional<FilingPlace>& after = std::nullopt);

// What a page needs to know whether what it has is still true.
struct Freshness {
  Id account_id = 0;
  std::int64_t revision = 0;
  std::optional<Id> assignee_id;
  std::optional<Millis> assigned_at;
  std::int64_t version = 0;
  bool is_draft = false;  // the applicant's alone
};
std::optional<Freshness> freshness(Reader& reader, Id id);

// False when the version is no longer `version` (somebody saved meanwhile).
bool save_content(Tx& tx, const Keyring& keys, const Filing& filing, std::int64_t version,
                  Millis now);
// Something shown with the filing changed (a material, an order): pages should look again.
void bump_revision(Tx& tx, Id id, Millis now);

struct Move {
  Id id = 0;
  State from, to;
  std::int64_t version = 0;  // expected
  Turn turn;
  std::optional<Millis> due_at;
  bool next_round = false;
  std::int64_t days_used = 0;
};
// The conditional update of state; false when state or version are not as expected. Keeps counters.
bool move_filing(Tx& tx, const Move& move, Millis now);

// False when the assignee is no longer `expected`.
bool assign_filing(Tx& tx, Id id, const std::optional<Id>& expected,
                   const std::optional<Id>& assignee, Millis now);
// Filings whose time is over and that are not marked yet, longest over first: those in staff's
// hands and those that wait to be handed over.
std::vector<Id> late_filings(Reader& reader, Millis now, int limit);
// Puts it among the overdue until its next step; false when it moved on meanwhile.
bool mark_overdue(Tx& tx, Id id, Millis now);
// The gravest thing found so far, by which queues are filtered; only ever rises until the next
// round.
void raise_findings(Tx& tx, Id id, std::int64_t findings);
// The registered organiser that a filing led to or is about.
void set_organiser(Tx& tx, Id id, Id organiser);
void set_result_number(Tx& tx, Id id, const std::string& number);
void set_result(Tx& tx, const Keyring& keys, Id id, const std::string& number,
                const std::string& password, Millis now);

std::vector<FilingSite> list_sites(Reader& reader, Id filing);
void put_site(Tx& tx, Id filing, const FilingSite& site);
void remove_site(Tx& tx, Id filing, const std::string& key);
// Claims the domains of a submitted filing. Throws DbError{unique} when another filing holds one.
void activate_sites(Tx& tx, Id filing, bool active);
void set_site_outcome(Tx& tx, Id filing, const std::string& key,
                      const std::optional<std::string>& outcome);
void set_site_number(Tx& tx, Id filing, const std::string& key, const std::string& number);
// The submitted, unfinished filing that holds the domain.
std::optional<Id> active_filing_of_domain(Reader& reader, const std::string& domain);
// One's own unfinished filing (a draft too) with this domain.
std::optional<Id> own_open_filing_of_domain(Reader& reader, Id account, const std::string& domain);
std::optional<Id> active_filing_of_organiser(Reader& reader, const std::string& organiser_lookup,
                                             Id except);
// One's own unfinished filing (a draft too) of this organiser.
std::optional<Id> own_open_filing_of_organiser(Reader& reader, Id account,
                                               const std::string& organiser_lookup);
// Drafts last touched before `before`, longest idle first; with `unwarned` only those whose owner
// has not been told since (message "mail/expiring/<id>/<updated_at>").
std::vector<Id> idle_drafts(Reader& reader, Millis before, bool unwarned, int limit);
// Returned filings and those that wait for the photograph, whose due time is over and that nobody
// has touched since `untouched_since`, the longest overdue first.
std::vector<Id> overdue_filings(Reader& reader, Millis now, Millis untouched_since, int limit);
// Those of them that are due after `from` and until `until`, and were not told "in `days` days" in
// this state yet (message "mail/ends/<id>/<state_since>/<days>").
std::vector<Id> filings_due_between(Reader& reader, Millis from, Millis until, std::int64_t days,
                                    int limit);
std::optional<Id> filing_of_site(Reader& reader, Id isp_site_id);

// Filings of `kind` that are with the bureau (sending, sms_pending, bureau_review), by what the
// bureau calls them: our id of the access, the registered website, the registered organiser, the
// organiser's number.
std::optional<Id> at_bureau_by_access(Reader& reader, Kind kind, Id isp_access_id);
std::optional<Id> at_bureau_by_site(Reader& reader, Kind kind, Id registered_site);
std::optional<Id> at_bureau_by_organiser(Reader& reader, Kind kind, Id organiser);
std::optional<Id> at_bureau_by_site_number(Reader& reader, Kind kind, const std::string& number);
std::optional<Id> at_bureau_by_number(Reader& reader, Kind kind, const std::string& number);
// Every filing of a registered organiser, latest first.
std::vector<Filing> filings_of_organiser(Reader& reader, const Keyring& keys, Id organiser,
                                         Id account, int limit);
// Filings in this state since before `before`, oldest first.
std::vector<Id> filings_since(Reader& reader, State state, Millis before, int limit);

// Filing passwords tried for a number since `since`.
std::int64_t count_password_tries(Reader& reader, const std::string& number_lookup, Millis since);
void note_password_try(Tx& tx, const std::string& number_lookup, Millis now);
// The last one counted no longer: it was right, or nobody answered.
void forget_password_try(Tx& tx, const std::string& number_lookup);

void put_snapshot(Tx& tx, const Keyring& keys, Id filing, std::int64_t round,
                  const std::string& content, Millis now);
std::optional<std::string> find_snapshot(Reader& reader, const Keyring& keys, Id filing,
                                         std::int64_t round);

}  // namespace beian::store
