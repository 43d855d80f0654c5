#include "service/statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "filing/lifecycle.h"
#include "filing/waits.h"
#include "service/account.h"
#include "store/statistics.h"

namespace beian::service {
namespace {

constexpr Millis k_late_events = k_hour;       // clocks of several machines, long transactions
constexpr Millis k_late_messages = 3 * k_day;  // a mail is tried no longer
constexpr auto k_days_looked_back = std::chrono::days(40);

// Adds up until the day is written.
class Numbers {
 public:
  void count(const store::Counted& c) { counts_[{c.measure, c.province, c.kind, c.item}] += c.n; }
  void count(const std::string& measure, const store::Happening& h, const std::string& item) {
    count({measure, h.province, h.kind, item, 1});
  }
  void wait(const std::string& measure, const store::Happening& h, const std::string& item,
            Millis elapsed, Millis working) {
    auto& [all, worked] = waits_[{measure, h.province, h.kind, item}];
    all.add(elapsed);
    worked.add(working);
  }

  std::vector<store::Counted> counts() const {
    std::vector<store::Counted> out;
    for (const auto& [key, n] : counts_)
      out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), n});
    return out;
  }
  std::vector<store::Waited> waits() const {
    std::vector<store::Waited> out;
    for (const auto& [key, two] : waits_)
      out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
                     two.first.pack(), two.second.pack()});
    return out;
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, std::int64_t> counts_;
  std::map<Key, std::pair<WaitHistogram, WaitHistogram>> waits_;
};

bool is_one_of(const std::string& text, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, text) != all.end();
}

// A wait ends when whoever was waited for acts: an applicant who withdraws from the first review
// says nothing about how long reviews take, nor a clock that ends a draft.
bool ends_wait(const store::Happening& h, State from) {
  switch (turn_of(from)) {
    case Turn::staff:
      return h.actor == "staff";
    case Turn::platform:
      return h.actor == "worker" || h.actor == "bureau";
    case Turn::bureau:
      return is_one_of(h.action, {"bureau_approved", "bureau_rejected"});
    case Turn::applicant:
      return h.actor == "applicant" || h.action == "bureau_approved";
    case Turn::nobody:
      break;
  }
  return false;
}

// From the first submission to the bureau's approval, and whose turn it was meanwhile.
void add_way(const Service& s, Reader& reader, const store::Happening& approved, Numbers& out) {
  std::map<std::string, std::pair<Millis, Millis>> spent;
  std::optional<store::Passage> before;
  for (const store::Passage& passage : store::passages_of(reader, approved.filing_id)) {
    if (passage.at > approved.at) break;
    if (before) {
      const auto state = state_from_string(before->to_state);
      const Turn turn = state ? turn_of(*state) : Turn::nobody;
      const std::string whose = turn == Turn::applicant ? "applicant"
                                : turn == Turn::bureau  ? "bureau"
                                                        : "ours";
      const Millis elapsed = passage.at - before->at;
      const Millis working = working_time(s.reference.calendar, before->at, passage.at);
      for (const std::string& part : {whose, std::string("total")}) {
        spent[part].first += elapsed;
        spent[part].second += working;
      }
    }
    before = passage;
  }
  for (const auto& [part, time] : spent) out.wait("way", approved, part, time.first, time.second);
}

void add_happening(const Service& s, Reader& reader, const store::Happening& h, Numbers& out) {
  if (h.actor == "staff" && h.actor_id && (h.action == "called" || !h.from_state.empty()))
    out.count("reviewer", h, id_to_string(*h.actor_id) + "/" + h.action);
  if (h.from_state.empty()) return;
  out.count("step", h, h.action + "/" + h.from_state);
  const bool decision = is_one_of(h.action, {"pass_initial", "return_initial", "pass_photo",
                                             "return_photo", "bureau_approved", "bureau_rejected"});
  // What is returned from a later stage is no first decision of the first review.
  const bool own_stage = h.action != "return_initial" || h.from_state == "initial_review";
  if (decision && own_stage && !h.decided_before) out.count("first", h, h.action);
  const auto from = state_from_string(h.from_state);
  if (from && h.entered_at && *from != State::draft && ends_wait(h, *from))
    out.wait("step", h, h.from_state, h.at - *h.entered_at,
             working_time(s.reference.calendar, *h.entered_at, h.at));
  if (decision && h.actor == "staff" && h.actor_id && h.claimed_at &&
      (!h.entered_at || *h.claimed_at >= *h.entered_at))
    out.wait("reviewer", h, id_to_string(*h.actor_id), h.at - *h.claimed_at,
             working_time(s.reference.calendar, *h.claimed_at, h.at));
  if (h.action == "bureau_approved") add_way(s, reader, h, out);
}

// The ages of what waits: more than one, two, three and five working days.
std::vector<Millis> age_edges(const Service& s) {
  std::vector<Millis> out;
  for (const int days : {1, 2, 3, 5})
    out.push_back(working_days_ago(s.reference.calendar, s.now(), days));
  return out;
}

Millis end_of(Day day) { return shanghai_midnight(day + std::chrono::days(1)); }

// Whether what was rolled up at `rolled` has to be looked at again.
bool is_due(Day day, Millis rolled, Millis now) {
  const Millis end = end_of(day);
  for (const Millis late : {k_late_messages, k_late_events})
    if (now >= end + late) return rolled < end + late;
  return true;
}

}  // namespace

void roll_up_day(Service& s, Day day) {
  const Millis from = shanghai_midnight(day), until = end_of(day), now = s.now();
  const bool keeps_messages = now >= until + k_late_messages;
  std::vector<std::string> measures{"step", "first", "reason", "reviewer", "way"};
  Numbers numbers;
  s.db.read([&](Reader& reader) {
    for (const store::Happening& h : store::happenings(reader, from, until))
      add_happening(s, reader, h, numbers);
    for (const store::Counted& c : store::count_corrections(reader, from, until)) numbers.count(c);
    const std::string name = day_to_string(day);
    const auto rolled = store::rolled_days(reader, name);
    const bool first = rolled.empty() || rolled.front().first != name;
    if (first || !keeps_messages || rolled.front().second < until + k_late_messages) {
      measures.emplace_back("message");
      for (const store::Counted& c : store::count_messages(reader, from, until)) numbers.count(c);
    }
    if (now < until) {
      measures.emplace_back("queue");
      for (const store::Counted& c : store::count_waiting_by_age(reader, age_edges(s)))
        numbers.count(c);
    }
  });
  s.db.write([&](Tx& tx) {
    store::put_day(tx, day_to_string(day), measures, numbers.counts(), numbers.waits(), now);
  });
}

bool roll_up_statistics(Service& s, int most) {
  const Day today = shanghai_day(s.now());
  const Day first = std::max(first_statistics_day(s), today - k_days_looked_back);
  std::map<std::string, Millis> rolled;
  for (const auto& [day, at] :
       s.db.read([&](Reader& reader) { return store::rolled_days(reader, day_to_string(first)); }))
    rolled[day] = at;
  std::vector<Day> due;
  for (Day day = today; day >= first; day -= std::chrono::days(1)) {
    const auto at = rolled.find(day_to_string(day));
    if (at == rolled.end() || is_due(day, at->second, s.now())) due.push_back(day);
  }
  for (int i = 0; i < most && i < static_cast<int>(due.size()); ++i) roll_up_day(s, due[i]);
  return static_cast<int>(due.size()) > most;
}

Day first_statistics_day(Service& s) {
  const auto at = s.db.read([](Reader& reader) { return store::first_event_at(reader); });
  return shanghai_day(at.value_or(s.now()));
}

}  // namespace beian::service
