#include "service/filing_cache.h"

#include <memory>

#include "filing/date.h"
#include "service/views.h"

namespace beian::service {
namespace {
constexpr std::size_t k_most = 4096;
constexpr Millis k_longest = 60 * 1000;  // products and other filings may change without this one
}  // namespace

std::string FilingCache::show(Service& s, Id account, Id id, std::string_view locale) {
  const auto fresh = s.db.read([&](Reader& reader) { return store::freshness(reader, id); });
  if (!fresh || fresh->account_id != account) throw Refusal(RefusalCode::not_found, "not_found");
  const Key key{id, std::string(locale)};
  const Id settings = s.settings.now()->version;
  {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.revision == fresh->revision &&
        found->second.settings == settings && found->second.until > s.now())
      return *found->second.json;
  }
  std::int64_t revision = 0;
  auto text = std::make_shared<const std::string>(json::serialize(s.db.read([&](Reader& reader) {
    const auto filing = store::find_own_filing(reader, s.keys, id, account);
    if (!filing) throw Refusal(RefusalCode::not_found, "not_found");
    revision = filing->revision;
    return show_filing(s, reader, *filing, locale);
  })));
  const Millis midnight = shanghai_midnight(shanghai_day(s.now()) + std::chrono::days(1));
  std::lock_guard lock(mutex_);
  if (entries_.count(key) == 0) order_.push_back(key);
  entries_[key] = {revision, settings, std::min(midnight, s.now() + k_longest), text};
  if (order_.size() > k_most) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
  return *text;
}

}  // namespace beian::service
