// What staff say and give to each other at a case: notes, who is called by name in them (@name), a
// case handed to a colleague, and what waits for somebody at the desk. Never shown to applicants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/review.h"
#include "service/service.h"
#include "store/colleagues.h"

namespace beian::service {

inline constexpr std::size_t k_most_note = 2000;                  // characters
inline constexpr Millis k_appointments_ahead = 24 * 3'600'000LL;  // shown before they are due

// Staff who work on cases and can log in, by name.
std::vector<store::Account> colleagues(Service& s, Reader& reader);
// The contract's Colleagues: of those whose scope meets this person's. With filings, only who sees
// one of them, and how many of them each may be given. Refusal{not_found} for a filing out of one's
// own sight, Refusal{invalid, "bulk_invalid"} for more than k_bulk_at_most.
json::object show_colleagues(Service& s, const Staff& staff, const std::vector<Id>& filings);

std::vector<store::Note> notes_of(Service& s, const Staff& staff, Id filing);
// Whoever's display name follows an @ is told; of two names that both fit, the longer one counts.
// Throws Refusal{invalid} for a text that is empty or too long.
store::Note write_note(Service& s, const Staff& staff, Id filing, const std::string& text);

// Gives the case to a colleague who may decide it, who is told with the note. Only its holder can.
void hand_over(Service& s, const Staff& staff, Id filing, Id to, const std::string& note);
// The part of it inside a transaction: returns the id of the note. `kind`: handed, second.
Id give_to(Service& s, Tx& tx, const Staff& staff, const store::Filing& filing, Id to,
           const std::string& kind, const std::string& note);

// The contract's Reminders: mentions, and appointments due within a day.
json::object show_reminders(Service& s, const Staff& staff, Id before);
json::object show_note(const store::Note& note, const Staff& staff);

}  // namespace beian::service
