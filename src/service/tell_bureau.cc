#include "service/tell_bureau.h"

#include "service/act.h"
#include "service/content_access.h"
#include "service/outbox.h"
#include "store/accounts.h"
#include "store/filings.h"

namespace beian::service {

void tell_owner(Service& s, Tx& tx, const store::Owner& owner, std::string_view notice,
                const std::string& key, const Said& said) {
  if (store::was_told(tx, "mail/" + key)) return;
  const auto words = [&](std::string_view locale) {
    return said.key.empty() ? said.bureaus
                            : s.texts.render(locale, "findings", said.key, said.params);
  };
  const auto filing = owner.filing_id != 0 ? store::find_filing(tx, s.keys, owner.filing_id)
                                           : std::optional<store::Filing>();
  if (filing)
    note_event(
        s, tx, filing->id, Actor::bureau, std::nullopt, notice,
        json::serialize(json::object{{"text", words(k_locale_zh)}, {"number", owner.number}}));
  const auto account = store::find_account(tx, s.keys, owner.account_id);
  if (!account) return;
  const std::string mobile =
      filing ? text_at(parse_content(filing->content), "principal.mobile") : std::string();
  notify::NoticeData data;
  data.values = {{"subject", owner.domain.empty() ? owner.number : unicode_domain(owner.domain)},
                 {"number", owner.number},
                 {"text", words(account->locale)}};
  queue_notice(s, tx, *account, mobile,
               filing ? std::optional<Id>(filing->id) : std::optional<Id>(), notice, key, data);
}

}  // namespace beian::service
