// What staff leave for each other at a case: notes, who is called by name in them, appointments on
// the telephone, and the first of two opinions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"
#include "store/scopes.h"

namespace beian::store {

struct Note {
  Id id = 0;
  Id filing_id = 0;
  Id author_id = 0;
  std::string author_name;  // when read
  std::string kind;         // note, handed, second
  std::string text;         // opened
  Millis at = 0;
  std::vector<Id> mentions;
};
void insert_note(Tx& tx, const Keyring& keys, const Note& note);
// Oldest first, at most 500.
std::vector<Note> list_notes(Reader& reader, const Keyring& keys, Id filing);

struct Mention {
  Note note;
  std::string title;  // of the filing, opened
  std::int64_t nature = 0;
  std::optional<Millis> seen_at;
};
// Where somebody is called by name, the latest first; `before` a note's id, 0 for the first page.
// What lies outside the scope that he has now is left out, here and in the next two.
std::vector<Mention> mentions_of(Reader& reader, const Keyring& keys, Id account,
                                 const StaffScope& scope, Id before, int limit);
std::int64_t count_unseen_mentions(Reader& reader, Id account, const StaffScope& scope);
// Those of one filing, or all with `filing` 0. Returns how many.
std::int64_t see_mentions(Tx& tx, Id account, Id filing, Millis now);

struct Appointment {
  Id filing_id = 0;
  Millis at = 0;
  Id by_id = 0;
  std::string by_name;
  std::string person;  // principal, sites.s1.manager
};
// The open one of this filing is this now; with `at` 0 there is none.
void put_appointment(Tx& tx, Id call, const Appointment& appointment);
void close_appointments(Tx& tx, Id filing);
std::optional<Appointment> open_appointment(Reader& reader, Id filing);
struct MyAppointment {
  Appointment appointment;
  std::string title;  // of the filing, opened
  std::int64_t nature = 0;
};
// Of the cases that somebody has, or rang about while nobody has them, up to `until`; the soonest
// first.
std::vector<MyAppointment> appointments_of(Reader& reader, const Keyring& keys, Id account,
                                           const StaffScope& scope, Millis until, int limit);

struct SecondOpinion {
  Id first_by = 0;
  std::string first_name;  // when read
  Id note_id = 0;
  Millis at = 0;
};
void put_second_opinion(Tx& tx, Id filing, std::int64_t round, State state,
                        const SecondOpinion& opinion);
std::optional<SecondOpinion> find_second_opinion(Reader& reader, Id filing, std::int64_t round,
                                                 State state);
// The step was decided: the next one begins anew.
void forget_second_opinion(Tx& tx, Id filing);

}  // namespace beian::store
