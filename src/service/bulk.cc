#include "service/bulk.h"

#include <set>

#include "service/act.h"
#include "service/tell.h"

namespace beian::service {
namespace {

void remind(Service& s, const Staff& staff, Id id) {
  s.db.write([&](Tx& tx) {
    const store::Filing filing = case_of(s, tx, staff, id);
    if (filing.turn != Turn::applicant) throw Refusal(RefusalCode::conflict, "remind_not_now");
    if (!tell_reminder(s, tx, filing)) throw Refusal(RefusalCode::conflict, "reminded_today");
    note_event(s, tx, id, Actor::staff, staff.id, "reminded");
  });
}

void post(Service& s, const Staff& staff, const BulkRequest& request, const BulkItem& item) {
  const auto order = s.db.read(
      [&](Reader& reader) { return store::latest_backdrop(reader, s.keys, item.filing); });
  if (!order) throw Refusal(RefusalCode::conflict, "backdrop_not_ordered");
  post_backdrop(s, staff, order->id, request.carrier, item.tracking_number);
}

void do_one(Service& s, const Staff& staff, const BulkRequest& request, const BulkItem& item) {
  switch (request.act) {
    case BulkAct::claim:
      return claim(s, staff, item.filing, request.how);
    case BulkAct::assign:
      return assign(s, staff, item.filing, request.assignee, request.how);
    case BulkAct::release:
      return release(s, staff, item.filing);
    case BulkAct::remind:
      return remind(s, staff, item.filing);
    case BulkAct::posted:
      return post(s, staff, request, item);
  }
}

}  // namespace

std::optional<BulkAct> bulk_act_from_string(std::string_view name) {
  if (name == "claim") return BulkAct::claim;
  if (name == "assign") return BulkAct::assign;
  if (name == "release") return BulkAct::release;
  if (name == "remind") return BulkAct::remind;
  if (name == "posted") return BulkAct::posted;
  return std::nullopt;
}

std::vector<BulkResult> do_in_bulk(Service& s, const Staff& staff, const BulkRequest& request) {
  std::set<Id> known;
  for (const BulkItem& item : request.items) known.insert(item.filing);
  if (known.empty() || known.size() != request.items.size() || known.size() > k_bulk_at_most)
    throw Refusal(RefusalCode::invalid, "bulk_invalid", {},
                  {{"max", std::to_string(k_bulk_at_most)}});
  std::vector<BulkResult> out;
  for (const BulkItem& item : request.items) {
    out.push_back({item.filing, std::nullopt});
    try {
      do_one(s, staff, request, item);
    } catch (const Refusal& refusal) {
      out.back().refusal.emplace(refusal);
    }
  }
  s.wake_workers();
  return out;
}

}  // namespace beian::service
