// The SQL of a queue's page: of each list of filings one range of one index in the order asked for,
// merged. Inside store/ only.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/queues.h"

namespace beian::store {

// Where a filing without a time limit stands among those that have one. As the indexes have it.
inline constexpr Millis k_no_due = 9007199254740991;
inline constexpr std::string_view k_due_expression = "COALESCE(due_at, 9007199254740991)";

// The states whose filings a queue lists; empty for mine, overdue and to_post.
std::vector<State> states_of(Queue queue);

// How a page is read where the planner could not know better; found from the counts that are kept.
struct QueuePlan {
  // "province", "kind" or "nature": the index to use for approved filings; empty for none.
  std::string approved_by;
  // States in which nothing can be found.
  std::set<State> without;
};

class QueueSql {
 public:
  explicit QueueSql(const QueueQuery& query, QueuePlan plan = {})
      : query_(query), plan_(std::move(plan)) {
    build();
  }

  bool empty() const { return branches_.empty(); }  // nothing can be in it
  std::string page() const;                         // ids, in order
  std::string count() const;                        // of at most `limit` rows
  const Params& params() const { return params_; }

 private:
  void build();
  void add_state(State state);
  void add_customers(const std::vector<State>& states);
  // `by`: what the index used begins with, beside the state.
  void add(const std::string& where, std::string_view by = "");
  std::string next(Value value);
  template <typename List>
  std::string among(const List& values) {  // " IN ($3, $4)"
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + next(value);
    return " IN (" + list + ")";
  }
  std::string filters(std::string_view by);
  std::string behind_place();
  std::string in_order(std::string_view table) const;

  const QueueQuery& query_;
  QueuePlan plan_;
  Params params_;
  std::vector<std::string> branches_;
};

}  // namespace beian::store
