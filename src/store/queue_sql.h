// The SQL of a queue's page: of each list of filings one range of one index in the order asked for,
// merged. Inside store/ only.
#pragma once

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

class QueueSql {
 public:
  explicit QueueSql(const QueueQuery& query) : query_(query) { build(); }
  // "province", "kind" or "nature": the index to use for approved filings; empty for none.
  void narrow_approved_by(const std::string& column);

  bool empty() const { return branches_.empty(); }  // nothing can be in it
  std::string page() const;                         // ids, in order
  std::string count() const;                        // of at most `limit` rows
  const Params& params() const { return params_; }

 private:
  void build();
  void add(const std::string& where, bool approved = false);
  std::string next(Value value);
  std::string filters(bool approved);
  std::string behind_place();
  std::string in_order(std::string_view table) const;

  const QueueQuery& query_;
  std::string approved_by_;
  Params params_;
  std::vector<std::string> branches_;
};

}  // namespace beian::store
