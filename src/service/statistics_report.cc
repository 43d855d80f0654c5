#include "service/statistics_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "filing/lifecycle.h"
#include "filing/waits.h"
#include "service/statistics_names.h"
#include "service/tell.h"
#include "store/accounts.h"
#include "store/scopes.h"

namespace beian::service {
namespace {

constexpr auto k_longest = std::chrono::days(1100);
constexpr auto k_most_days = std::chrono::days(92);  // drawn day by day
constexpr std::size_t k_most_reasons = 200;
constexpr double k_hour = 3'600'000.0;
// No province: numbers are kept by province, not by customer, so whoever is there for some
// customers only sees nothing but his own work.
constexpr const char* k_nowhere = "-";

using Items = std::map<std::string, std::int64_t, std::less<>>;

void put_totals(json::object& out, const std::vector<TotalName>& names, const Items& items) {
  for (const TotalName& name : names) {
    std::int64_t n = 0;
    for (const std::string_view item : name.items)
      if (const auto found = items.find(item); found != items.end()) n += found->second;
    out[name.name] = n;
  }
}

std::map<std::string, Items> grouped(const std::vector<store::Sum>& sums) {
  std::map<std::string, Items> out;
  for (const store::Sum& sum : sums) out[sum.group][sum.item] += sum.n;
  return out;
}

json::object totals_of(const Items& steps, const Items& firsts) {
  json::object out;
  put_totals(out, step_totals(), steps);
  put_totals(out, first_totals(), firsts);
  return out;
}

json::array provinces_of(Reader& reader, const store::Period& period) {
  auto steps = grouped(store::sums_of(reader, period, "step", store::Grouping::by_province));
  auto firsts = grouped(store::sums_of(reader, period, "first", store::Grouping::by_province));
  json::array out;
  for (const auto& [province, items] : steps) {
    json::object row{{"province", province}};
    for (const auto& one : totals_of(items, firsts[province])) row[one.key()] = one.value();
    out.push_back(std::move(row));
  }
  return out;
}

// The name of the span a day is drawn in: itself, the Monday of its week, or its month.
std::string span_of(const std::string& day, std::string_view unit) {
  if (unit == "day") return day;
  if (unit == "month") return day.substr(0, 7) + "-01";
  const Day it = parse_day(day).value();
  const auto weekday = std::chrono::weekday(it).iso_encoding() - 1;
  return day_to_string(it - std::chrono::days(weekday));
}

json::object series_of(Reader& reader, const store::Period& period) {
  const Day from = parse_day(period.from).value(), until = parse_day(period.until).value();
  const std::string_view unit = until - from < k_most_days       ? "day"
                                : until - from < 4 * k_most_days ? "week"
                                                                 : "month";
  std::map<std::string, Items> spans;  // every one, so that a day without work is seen
  for (Day day = from; day <= until; day += std::chrono::days(1))
    spans[span_of(day_to_string(day), unit)];
  for (const store::Sum& sum : store::sums_of(reader, period, "step", store::Grouping::by_day))
    spans[span_of(sum.group, unit)][sum.item] += sum.n;
  json::array rows;
  for (const auto& [day, items] : spans) {
    json::object row{{"day", day}};
    put_totals(row, step_totals(), items);
    rows.push_back(std::move(row));
  }
  return {{"unit", unit}, {"rows", std::move(rows)}};
}

std::string field_name(const Service& s, std::string field, std::string_view locale) {
  if (field.empty()) return {};
  constexpr std::string_view k_any = "sites.*";
  if (field.starts_with(k_any)) field = "sites.s1" + field.substr(k_any.size());
  // Every form calls its parts the same; a part that only one kind has is found in that one's.
  for (const Form& form : s.reference.forms)
    if (const std::string name = field_label(form, field, locale); name != field) return name;
  return field_label(s.reference.form, field, locale);
}

json::array reasons_of(const Service& s, Reader& reader, const store::Period& period,
                       std::string_view locale) {
  auto sums = store::sums_of(reader, period, "reason", store::Grouping::whole);
  std::ranges::sort(sums, [](const store::Sum& a, const store::Sum& b) {
    return std::tie(b.n, a.item) < std::tie(a.n, b.item);
  });
  if (sums.size() > k_most_reasons) sums.resize(k_most_reasons);
  json::array out;
  for (const store::Sum& sum : sums) {
    const auto parts = split(sum.item, '/');
    if (parts.size() != 3) continue;
    const auto code = parts[1].empty() ? std::nullopt : std::optional(parts[1]);
    out.push_back(json::object{{"by", parts[0]},
                               {"code", parts[1]},
                               {"text", correction_words(s, code, "", locale)},
                               {"field", parts[2]},
                               {"field_name", field_name(s, parts[2], locale)},
                               {"count", sum.n}});
  }
  return out;
}

struct TwoWaits {
  WaitHistogram elapsed, working;
};

json::object quantiles(const WaitHistogram& waits) {
  json::object out;
  for (const auto& [name, share] : {std::pair{"p50", 0.5}, {"p80", 0.8}, {"p95", 0.95}}) {
    const double hours = static_cast<double>(waits.quantile(share).value_or(0)) / k_hour;
    out[name] = std::round(hours * 100) / 100;
  }
  return out;
}

json::object shown_waits(const TwoWaits& waits) {
  return {{"count", waits.elapsed.count()},
          {"elapsed", quantiles(waits.elapsed)},
          {"working", quantiles(waits.working)}};
}

using WaitsByItem = std::map<std::pair<std::string, std::string>, TwoWaits>;  // item, province

WaitsByItem add_up(const std::vector<store::Waited>& rows) {
  WaitsByItem out;
  for (const store::Waited& row : rows)
    for (const std::string& province : {std::string(), row.province}) {
      TwoWaits& waits = out[{row.item, province}];
      waits.elapsed.add(WaitHistogram::unpack(row.elapsed));
      waits.working.add(WaitHistogram::unpack(row.working));
    }
  return out;
}

json::array steps_of(Reader& reader, const store::Period& period) {
  const WaitsByItem waits = add_up(store::waits_of(reader, period, "step"));
  json::array out;
  for (const State state : {State::initial_review, State::initial_returned, State::verification,
                            State::photo_review, State::ready, State::sending, State::sms_pending,
                            State::bureau_review, State::bureau_returned})
    for (const auto& [key, two] : waits) {
      if (key.first != to_string(state)) continue;
      json::object row = shown_waits(two);
      row["step"] = key.first;
      row["turn"] = to_string(turn_of(state));
      row["province"] = key.second;
      out.push_back(std::move(row));
    }
  return out;
}

json::array ways_of(Reader& reader, const store::Period& period) {
  const WaitsByItem waits = add_up(store::waits_of(reader, period, "way"));
  json::array out;
  for (const char* part : {"total", "ours", "applicant", "bureau"}) {
    const auto found = waits.find({part, ""});
    if (found == waits.end()) continue;
    json::object row = shown_waits(found->second);
    row["part"] = part;
    out.push_back(std::move(row));
  }
  return out;
}

json::array reviewers_of(Service& s, Reader& reader, const store::Period& period,
                         const Staff& staff, bool all) {
  static constexpr std::pair<const char*, const char*> k_columns[] = {
      {"passed", "pass_initial"},
      {"returned", "return_initial"},
      {"photo_passed", "pass_photo"},
      {"photo_returned", "return_photo"},
      {"calls", "called"}};
  std::map<Id, Items> people;
  for (const store::Sum& sum : store::sums_of(reader, period, "reviewer", store::Grouping::whole)) {
    const auto parts = split(sum.item, '/');
    const auto id = parts.size() == 2 ? id_from_string(parts[0]) : std::nullopt;
    if (id && (all || *id == staff.id)) people[*id][parts[1]] += sum.n;
  }
  const WaitsByItem handled = add_up(store::waits_of(reader, period, "reviewer"));
  json::array out;
  for (const auto& [id, items] : people) {
    const auto account = store::find_account(reader, s.keys, id);
    const auto waits = handled.find({id_to_string(id), ""});
    json::object row = shown_waits(waits == handled.end() ? TwoWaits() : waits->second);
    row["id"] = id_to_string(id);
    row["name"] = account ? account->display_name : "";
    for (const auto& [name, action] : k_columns) {
      const auto n = items.find(action);
      row[name] = n == items.end() ? 0 : n->second;
    }
    out.push_back(std::move(row));
  }
  return out;
}

json::array messages_of(Reader& reader, const store::Period& period) {
  std::map<std::pair<std::string, std::string>, Items> rows;
  for (const store::Sum& sum : store::sums_of(reader, period, "message", store::Grouping::whole)) {
    const auto parts = split(sum.item, '/');
    if (parts.size() == 3) rows[{parts[0], parts[1]}][parts[2]] += sum.n;
  }
  json::array out;
  for (const auto& [key, states] : rows) {
    const auto n = [&](std::string_view state) {
      const auto found = states.find(state);
      return found == states.end() ? std::int64_t{0} : found->second;
    };
    out.push_back(json::object{{"channel", key.first},
                               {"notice", key.second},
                               {"sent", n("sent")},
                               {"waiting", n("queued") + n("sending")},
                               {"refused", n("refused")},
                               {"unknown", n("unknown")}});
  }
  return out;
}

json::object queue_of(Reader& reader, store::Period period) {
  const std::string day = store::last_queue_day(reader, period);
  json::array rows;
  if (!day.empty()) {
    period.from = period.until = day;
    std::map<std::string, std::vector<std::int64_t>> states;
    for (const store::Sum& sum : store::sums_of(reader, period, "queue", store::Grouping::whole)) {
      const auto slash = sum.item.find('/');
      const auto band = static_cast<std::size_t>(std::stoi(sum.item.substr(slash + 1)));
      auto& bands = states[sum.item.substr(0, slash)];
      bands.resize(k_bands);
      if (band < bands.size()) bands[band] += sum.n;
    }
    for (const auto& [state, bands] : states)
      rows.push_back(json::object{{"state", state},
                                  {"turn", to_string(turn_of(state_from_string(state).value()))},
                                  {"bands", json::array(bands.begin(), bands.end())}});
  }
  return {{"day", day}, {"rows", std::move(rows)}};
}

bool sees_all(const Staff& staff) {
  return staff.role == Role::senior || staff.role == Role::administrator;
}

}  // namespace

store::Period read_period(const Service& s, const std::string& from, const std::string& until,
                          const std::string& province, const std::string& kind) {
  std::vector<Problem> problems;
  const auto first = parse_day(from), last = parse_day(until);
  if (!first) problems.push_back({"from", "day_invalid", {}, "", "", true});
  if (!last) problems.push_back({"until", "day_invalid", {}, "", "", true});
  if (first && last && *last < *first)
    problems.push_back({"until", "period_backwards", {}, "", "", true});
  if (first && last && *last - *first > k_longest)
    problems.push_back(
        {"from", "period_too_long", {{"days", std::to_string(k_longest.count())}}, "", "", true});
  if (!province.empty() && !s.reference.bureaus.find(province))
    problems.push_back({"province", "province_unknown", {}, "", "", true});
  if (!kind.empty() && !kind_from_string(kind))
    problems.push_back({"kind", "kind_unknown", {}, "", "", true});
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "period_invalid", problems);
  return {from, until, province, kind, {}};
}

json::object show_statistics(Service& s, const Staff& staff, const store::Period& asked,
                             std::string_view locale) {
  json::object out{{"from", asked.from}, {"until", asked.until}};
  s.db.read([&](Reader& reader) {
    const store::StaffScope scope = store::scope_of(reader, staff.id);
    store::Period own = asked;
    own.within = scope.provinces;
    store::Period period = own;
    if (!scope.customers.empty()) period.within = {k_nowhere};
    const bool all = sees_all(staff) && scope.customers.empty();
    Items steps, firsts;
    for (const store::Sum& sum : store::sums_of(reader, period, "step", store::Grouping::whole))
      steps[sum.item] = sum.n;
    for (const store::Sum& sum : store::sums_of(reader, period, "first", store::Grouping::whole))
      firsts[sum.item] = sum.n;
    Millis rolled = 0;
    std::int64_t days = 0;
    for (const auto& [day, at] : store::rolled_days(reader, period.from)) {
      if (day > period.until) break;
      rolled = std::max(rolled, at);
      ++days;
    }
    out["rolled_at"] = rolled == 0 ? json::value(nullptr) : json::value(rolled);
    out["days"] = days;
    out["totals"] = totals_of(steps, firsts);
    out["series"] = series_of(reader, period);
    out["provinces"] = provinces_of(reader, period);
    out["reasons"] = reasons_of(s, reader, period, locale);
    out["steps"] = steps_of(reader, period);
    out["ways"] = ways_of(reader, period);
    out["reviewers_all"] = all;
    out["reviewers"] = reviewers_of(s, reader, own, staff, all);
    out["scope"] =
        json::object{{"provinces", json::array(scope.provinces.begin(), scope.provinces.end())},
                     {"own_only", !scope.customers.empty()}};
    out["messages"] = messages_of(reader, period);
    out["queue"] = queue_of(reader, period);
  });
  return out;
}

}  // namespace beian::service
