// Which filings there are of a domain, an organiser, a time or a thing at the bureau: by their ids.
#include "store/filings.h"

namespace beian::store {
namespace {

std::optional<Id> first_id(Reader& reader, std::string_view sql, Params params) {
  auto row = reader.query_one(sql, params);
  if (!row) return std::nullopt;
  return row->integer(0);
}

}  // namespace

std::optional<Id> active_filing_of_domain(Reader& reader, const std::string& domain) {
  return first_id(reader, "SELECT filing_id FROM filing_sites WHERE domain = $1 AND active = 1",
                  {domain});
}

std::optional<Id> own_open_filing_of_domain(Reader& reader, Id account, const std::string& domain) {
  return first_id(
      reader,
      "SELECT f.id FROM filing_sites s JOIN filings f ON f.id = s.filing_id "
      "WHERE s.domain = $1 AND f.account_id = $2 "
      "AND f.state NOT IN ('approved', 'withdrawn', 'expired') ORDER BY f.id DESC LIMIT 1",
      {domain, account});
}

std::optional<Id> active_filing_of_organiser(Reader& reader, const std::string& organiser_lookup,
                                             Id except) {
  return first_id(
      reader,
      "SELECT id FROM filings WHERE organiser_lookup = $1 AND id <> $2 AND state NOT IN "
      "('draft', 'approved', 'withdrawn', 'expired') LIMIT 1",
      {Blob{organiser_lookup}, except});
}

std::optional<Id> own_open_filing_of_organiser(Reader& reader, Id account,
                                               const std::string& organiser_lookup) {
  return first_id(
      reader,
      "SELECT id FROM filings WHERE account_id = $1 AND organiser_lookup = $2 AND state "
      "NOT IN ('approved', 'withdrawn', 'expired') ORDER BY id DESC LIMIT 1",
      {account, Blob{organiser_lookup}});
}

std::vector<Id> idle_drafts(Reader& reader, Millis before, bool unwarned, int limit) {
  const std::string untold = unwarned
                                 ? "AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.message_key = "
                                   "'mail/expiring/' || filings.id || '/' || filings.updated_at) "
                                 : "";
  std::vector<Id> out;
  for (const Row& row :
       reader.query("SELECT id FROM filings WHERE state = 'draft' AND updated_at < $1 " + untold +
                        "ORDER BY updated_at LIMIT $2",
                    {before, std::int64_t{limit}}))
    out.push_back(row.integer(0));
  return out;
}

namespace {

constexpr std::string_view k_waiting_for_applicant =
    "turn = 'applicant' AND state IN ('initial_returned', 'bureau_returned', 'verification') ";

std::vector<Id> ids_of(const std::vector<Row>& rows) {
  std::vector<Id> out;
  for (const Row& row : rows) out.push_back(row.integer(0));
  return out;
}

}  // namespace

std::vector<Id> overdue_filings(Reader& reader, Millis now, Millis untouched_since, int limit) {
  return ids_of(reader.query("SELECT id FROM filings WHERE " +
                                 std::string(k_waiting_for_applicant) +
                                 "AND due_at <= $1 AND updated_at <= $2 ORDER BY due_at, id LIMIT "
                                 "$3",
                             {now, untouched_since, std::int64_t{limit}}));
}

std::vector<Id> filings_due_between(Reader& reader, Millis from, Millis until, std::int64_t days,
                                    int limit) {
  return ids_of(reader.query("SELECT id FROM filings WHERE " +
                                 std::string(k_waiting_for_applicant) +
                                 "AND due_at > $1 AND due_at <= $2 AND NOT EXISTS (SELECT 1 FROM "
                                 "messages m WHERE m.message_key = 'mail/ends/' || filings.id || "
                                 "'/' || filings.state_since || $3) ORDER BY due_at, id LIMIT $4",
                             {from, until, "/" + std::to_string(days), std::int64_t{limit}}));
}

std::optional<Id> filing_of_site(Reader& reader, Id isp_site_id) {
  return first_id(reader, "SELECT filing_id FROM filing_sites WHERE isp_site_id = $1",
                  {isp_site_id});
}

namespace {

constexpr std::string_view k_at_bureau =
    " AND f.kind = $2 AND f.state IN ('sending', 'sms_pending', 'bureau_review') "
    "ORDER BY f.state_since LIMIT 1";

std::optional<Id> at_bureau(Reader& reader, std::string_view from, Kind kind, const Value& value) {
  return first_id(reader, "SELECT f.id FROM " + std::string(from) + std::string(k_at_bureau),
                  {value, std::string(to_string(kind))});
}

}  // namespace

std::optional<Id> at_bureau_by_access(Reader& reader, Kind kind, Id isp_access_id) {
  return at_bureau(reader,
                   "filing_sites s JOIN filings f ON f.id = s.filing_id WHERE s.isp_access_id = $1",
                   kind, isp_access_id);
}

std::optional<Id> at_bureau_by_site(Reader& reader, Kind kind, Id registered_site) {
  return at_bureau(
      reader, "filing_sites s JOIN filings f ON f.id = s.filing_id WHERE s.registered_site_id = $1",
      kind, registered_site);
}

std::optional<Id> at_bureau_by_organiser(Reader& reader, Kind kind, Id organiser) {
  return at_bureau(reader, "filings f WHERE f.organiser_id = $1", kind, organiser);
}

std::optional<Id> at_bureau_by_site_number(Reader& reader, Kind kind, const std::string& number) {
  return at_bureau(reader,
                   "filing_sites s JOIN filings f ON f.id = s.filing_id WHERE s.number = $1", kind,
                   number);
}

std::optional<Id> at_bureau_by_number(Reader& reader, Kind kind, const std::string& number) {
  return at_bureau(reader, "filings f WHERE f.organiser_number = $1", kind, number);
}

std::vector<Id> filings_since(Reader& reader, State state, Millis before, int limit) {
  std::vector<Id> out;
  for (const Row& row : reader.query("SELECT id FROM filings WHERE state = $1 AND state_since < $2 "
                                     "ORDER BY state_since, id LIMIT $3",
                                     {std::string(to_string(state)), before, std::int64_t{limit}}))
    out.push_back(row.integer(0));
  return out;
}

}  // namespace beian::store
