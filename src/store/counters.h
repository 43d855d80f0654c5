// Counts kept beside the rows they count, in the same transaction, so that the exact total of a
// queue, also of one province, kind or nature, is a few point reads however many filings there are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "db/db.h"
#include "filing/vocabulary.h"

namespace beian::store {

// Where a filing stands, as far as queues count it.
struct QueueStanding {
  State state;
  std::optional<Id> assignee;
  std::string province;
  std::string kind;
  std::int64_t nature = 0;
  bool overdue = false;
  Id account = 0;
  bool to_post = false;  // a backdrop was ordered and is not on its way
  bool operator==(const QueueStanding&) const = default;
};

// What a count may be narrowed by; nothing set: everything.
struct CountFilter {
  std::vector<std::string> provinces;
  std::optional<Kind> kind;
  std::optional<std::int64_t> nature;
};

// The lists a filing is counted in.
std::string list_of_state(State state);     // every filing
std::string list_of_free(State state);      // of those that wait for staff, the ones nobody has
std::string list_of_assignee(Id assignee);  // of those that wait for staff
inline constexpr const char* k_list_overdue = "overdue";
inline constexpr const char* k_list_to_post = "to_post";

// Where the filing stands now, its row locked until it is changed; nullopt where there is none.
std::optional<QueueStanding> standing_of(Reader& reader, Id filing);
// Moves the filing from one standing to another; nullopt for "not there before".
void move_counters(Tx& tx, const std::optional<QueueStanding>& from, const QueueStanding& to);
// After any change of a filing's orders for a backdrop: whether it waits in the post room.
void refresh_to_post(Tx& tx, Id filing);

std::int64_t count_list(Reader& reader, const std::string& list, const CountFilter& filter = {});
// Of one state, each of several.
std::map<State, std::int64_t> count_states(Reader& reader, const std::vector<State>& states,
                                           const CountFilter& filter);
// Several lists at once, by name, within some provinces and customers; empty: of all. Lists of
// assignees are not kept by customer.
std::map<std::string, std::int64_t> count_lists(Reader& reader,
                                                const std::vector<std::string>& lists,
                                                const std::vector<std::string>& provinces,
                                                const std::vector<Id>& customers = {});
std::int64_t count_state(Reader& reader, State state);
// The same by counting rows: for `beian check` and tests.
bool counters_agree(Reader& reader);
// Counts everything anew: for whoever writes many rows past the functions of this room
// (bench/desk_seed.cc).
void recount(Tx& tx);

}  // namespace beian::store
