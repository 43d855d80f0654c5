#include "service/presence.h"

#include <algorithm>

#include "store/presence.h"

namespace beian::service {
namespace {

constexpr Millis k_lease = 45'000;
constexpr Millis k_renew_below = 25'000;

json::value show_holder(Service& s, Reader& reader, const store::Freshness& now) {
  const auto account = now.assignee_id ? store::find_account(reader, s.keys, *now.assignee_id)
                                       : std::optional<store::Account>();
  if (!account) return nullptr;
  return json::object{{"id", id_to_string(account->id)},
                      {"name", account->display_name},
                      {"since", now.assigned_at.value_or(0)}};
}

}  // namespace

json::object visit_case(Service& s, const Staff& staff, Id filing) {
  bool renew = true;
  json::object out = s.db.read([&](Reader& reader) {
    const auto now = store::freshness(reader, filing);
    if (!now || now->is_draft) throw Refusal(RefusalCode::not_found, "not_found");
    if (!store::scope_of(reader, staff.id).is_whole()) case_of(s, reader, staff, filing);
    json::array viewers;
    for (const store::Viewer& viewer : store::list_viewers(reader, filing, s.now())) {
      if (viewer.account_id == staff.id) {
        renew = viewer.until - s.now() < k_renew_below;
        continue;
      }
      viewers.push_back(json::object{
          {"id", id_to_string(viewer.account_id)}, {"name", viewer.name}, {"since", viewer.since}});
    }
    return json::object{{"holder", show_holder(s, reader, *now)},
                        {"mine", now->assignee_id == staff.id},
                        {"version", now->version},
                        {"revision", now->revision},
                        {"viewers", std::move(viewers)}};
  });
  if (renew)
    s.db.write(
        [&](Tx& tx) { store::put_viewer(tx, filing, staff.id, s.now(), s.now() + k_lease); });
  return out;
}

void leave_case(Service& s, const Staff& staff, Id filing) {
  s.db.write([&](Tx& tx) {
    case_of(s, tx, staff, filing);
    store::remove_viewer(tx, filing, staff.id);
  });
}

}  // namespace beian::service
