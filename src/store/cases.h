// What gathers around a filing while people work on it: events, corrections, calls, backdrops.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/scopes.h"

namespace beian::store {

struct Event {
  Id id = 0;
  Id filing_id = 0;
  Millis at = 0;
  std::string actor;  // applicant, staff, bureau, worker, clock
  std::optional<Id> actor_id;
  std::string actor_name;  // of staff, and of an agency's members; when read
  std::string action;
  std::optional<std::string> from_state, to_state;
  std::string detail;  // JSON, opened; empty for none
};
void insert_event(Tx& tx, const Keyring& keys, const Event& event);
std::vector<Event> list_events(Reader& reader, const Keyring& keys, Id filing);

struct Correction {
  Id id = 0;
  Id filing_id = 0;
  std::string field;
  std::optional<std::string> reason_code;
  std::string text;      // opened
  std::string by_actor;  // staff, bureau
  std::optional<Id> author_id;
  std::string state;  // draft, open, closed
  Millis at = 0;
};
void insert_correction(Tx& tx, const Keyring& keys, const Correction& correction);
std::vector<Correction> list_corrections(Reader& reader, const Keyring& keys, Id filing);
void remove_draft_corrections(Tx& tx, Id filing);
void open_draft_corrections(Tx& tx, Id filing, Millis now);
void close_corrections(Tx& tx, Id filing);

struct Call {
  Id id = 0;
  Id filing_id = 0;
  Millis at = 0;
  Id by_id = 0;
  std::string by_name;
  std::string person, result, note;
};
void insert_call(Tx& tx, const Keyring& keys, const Call& call);
std::vector<Call> list_calls(Reader& reader, const Keyring& keys, Id filing);

// Somebody looked at personal data in full.
void insert_look(Tx& tx, Id account, Id filing, const std::string& what, Millis now);

struct Backdrop {
  Id id = 0;
  Id filing_id = 0;
  std::string state;  // requested, posted, delivered, returned (came back), cancelled
  // JSON {recipient, phone, address, place: {province, city, county, address}}, opened; earlier
  // orders have no place.
  std::string address;
  std::optional<std::string> carrier, tracking_number;
  Millis requested_at = 0;
  std::optional<Millis> posted_at;
  std::string kind = "standard";                    // data/backdrops.json
  std::optional<Millis> printed_at = std::nullopt;  // its label, last time
  std::optional<Millis> ended_at = std::nullopt;    // delivered, returned or cancelled
  std::string end_reason = "";                      // why returned or cancelled
  std::optional<Id> again_of = std::nullopt;        // the order that came back
};
// For the queries of store/: the columns read_backdrop reads, each after `prefix` ("b.").
std::string backdrop_columns(const std::string& prefix);
inline constexpr std::size_t k_backdrop_width = 13;
Backdrop read_backdrop(const Row& row, const Keyring& keys);
void insert_backdrop(Tx& tx, const Keyring& keys, const Backdrop& backdrop);
std::optional<Backdrop> find_backdrop(Reader& reader, const Keyring& keys, Id id);
std::optional<Backdrop> latest_backdrop(Reader& reader, const Keyring& keys, Id filing);
// False when it was posted before.
bool post_backdrop(Tx& tx, Id id, const std::string& carrier, const std::string& tracking,
                   Millis now);
void deliver_backdrops(Tx& tx, Id filing);
// While nothing is on its way; a label printed before no longer counts. False when it is.
bool correct_backdrop_address(Tx& tx, const Keyring& keys, Id id, const std::string& address);
// Of one that is on its way; false when it is not.
bool correct_tracking(Tx& tx, Id id, const std::string& carrier, const std::string& tracking);
// Not posted after all: waits again. False when it was not on its way.
bool unpost_backdrop(Tx& tx, Id id);

struct Enquiry {
  Id id = 0;
  Millis at = 0;
  std::string name, contact, message;
};
void insert_enquiry(Tx& tx, const Keyring& keys, const Enquiry& enquiry);
std::vector<Enquiry> open_enquiries(Reader& reader, const Keyring& keys, int limit);
bool close_enquiry(Tx& tx, Id id, Id by, Millis now);

}  // namespace beian::store
