#include "service/overdue.h"

#include <algorithm>

#include "base/text.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "service/review.h"
#include "store/filings.h"

namespace beian::service {
namespace {

constexpr int k_most_a_round = 500;
constexpr std::size_t k_most_named = 20;  // in one notice

struct Late {
  Id id = 0, account = 0;
  State state;
  std::string province, domains, holder;
};

std::optional<Late> mark(Service& s, Id id) {
  return s.db.write([&](Tx& tx) -> std::optional<Late> {
    if (!store::mark_overdue(tx, id, s.now())) return std::nullopt;
    const store::Filing filing = store::find_filing(tx, s.keys, id).value();
    note_event(s, tx, id, Actor::clock, std::nullopt, "overdue");
    Late late{id, filing.account_id, filing.state, filing.province, "", ""};
    std::vector<std::string> domains;
    for (const store::FilingSite& site : store::list_sites(tx, id))
      if (!site.domain.empty()) domains.push_back(unicode_domain(site.domain));
    late.domains = join(domains, " ");
    if (filing.assignee_id)
      if (const auto holder = store::find_account(tx, s.keys, *filing.assignee_id))
        late.holder = holder->display_name;
    return late;
  });
}

void tell_senior(Service& s, Tx& tx, const store::Account& senior, const std::vector<Late>& all) {
  const store::StaffScope scope = store::scope_of(tx, senior.id);
  notify::NoticeData data;
  std::size_t count = 0;
  for (const Late& late : all) {
    if (!scope.covers(late.province, late.account)) continue;
    if (++count > k_most_named) continue;
    data.lists["cases"].push_back(
        {{"filing", id_to_string(late.id)},
         {"domains", late.domains},
         {"state", s.texts.render(senior.locale, "states",
                                  "states." + std::string(to_string(late.state)) + ".staff")},
         {"name", late.holder}});
  }
  if (count == 0) return;
  data.values["count"] = std::to_string(count);
  queue_notice(s, tx, senior, "", std::nullopt, "cases_overdue",
               "overdue/" + id_to_string(all.front().id) + "/" + std::to_string(s.now()) + "/" +
                   id_to_string(senior.id),
               data);
}

}  // namespace

void tend_overdue(Service& s) {
  const auto ids = s.db.read(
      [&](Reader& reader) { return store::late_filings(reader, s.now(), k_most_a_round); });
  std::vector<Late> all;
  for (Id id : ids)
    if (auto late = mark(s, id)) all.push_back(std::move(*late));
  if (all.empty()) return;
  s.db.write([&](Tx& tx) {
    for (const store::Account& account : store::list_staff(tx, s.keys))
      if (account.role == Role::senior && account.state == "active")
        tell_senior(s, tx, account, all);
  });
}

}  // namespace beian::service
