// An officer's decision, or the automatic mode's: BAJG, and for a pass what follows from it.
#include <algorithm>

#include "base/json.h"
#include "base/refusal.h"
#include "base/text.h"
#include "sandbox/checks.h"
#include "sandbox/china_time.h"
#include "sandbox/inside.h"
#include "sandbox/publishing.h"

namespace beian::sandbox {
namespace {

constexpr std::size_t k_longest_opinion = 1024;  // Shyj
constexpr std::size_t k_longest_name = 128;      // Shrxm, Shr_dhhm
constexpr std::size_t k_shortest_phone = 11;     // Shr_dhhm

[[noreturn]] void refuse(const std::string& field, const std::string& code) {
  throw Refusal(RefusalCode::invalid, "request_invalid", {Problem{field, code, {}, "", "", true}});
}

void require_length(const std::string& field, const std::string& text, std::size_t longest) {
  if (count_characters(text) <= longest) return;
  throw Refusal(
      RefusalCode::invalid, "request_invalid",
      {Problem{field, "member_too_long", {{"max_bytes", std::to_string(longest)}}, "", "", true}});
}

using SiteReturns = std::vector<Verdict::SiteReturn>;

std::vector<bureau::Website>* websites_of(Record& record) {
  if (record.operation == Operation::new_filing) return &record.alone.new_filings[0].websites;
  if (record.operation == Operation::new_website) return &record.alone.new_websites[0].websites;
  return nullptr;
}

// Takes the websites that go back out of the record; returns them.
std::vector<bureau::Website> take_returned(Record& record, const SiteReturns& returns) {
  std::vector<bureau::Website> returned;
  if (returns.empty()) return returned;
  auto* sites = websites_of(record);
  if (sites == nullptr) refuse("returned_sites", "sandbox_site_unknown");
  for (const auto& one : returns) {
    const auto found = std::find_if(sites->begin(), sites->end(),
                                    [&](const auto& site) { return site.isp_id == one.isp_site; });
    if (found == sites->end()) refuse("returned_sites", "sandbox_site_unknown");
    if (one.opinion.empty()) refuse("returned_sites", "member_missing");
    require_length("returned_sites", one.opinion, k_longest_opinion);
    returned.push_back(std::move(*found));
    sites->erase(found);
  }
  if (sites->empty()) refuse("returned_sites", "sandbox_all_sites_returned");
  return returned;
}

// What the provider is told of one order.
class Answer {
 public:
  Answer(const Dictionaries& dictionaries, const Order& order, const Verdict& verdict,
         const Settings& settings, Millis now)
      : dictionaries_(dictionaries),
        order_(order),
        verdict_(verdict),
        with_codes_(settings.result_form != "decision"),
        with_decisions_(settings.result_form != "codes"),
        date_(china_date(now + settings.clock_offset_minutes * 60'000)) {}

  // `passed`: the websites the verdict holds for, where an order can have several.
  bureau::Download write(const std::vector<std::int64_t>& codes,
                         const std::vector<bureau::Website>& sites) {
    if (with_codes_) {
      bureau::Result result;
      for (const auto code : codes) result.codes.push_back(result_code(dictionaries_, code));
      result.operation = static_cast<std::int64_t>(order_.operation);
      result.mark = order_.mark;
      // Where nothing else carries the reason, the remark does.
      if (!with_decisions_) result.remark = verdict_.opinion;
      answer_.results = {std::move(result)};
    }
    if (with_decisions_) {
      if (order_.operation == Operation::new_website) {
        for (const auto& site : sites) decision(order_.operation, site.isp_id, verdict_.pass, "");
      } else {
        decision(order_.operation, order_.isp_record, verdict_.pass, "");
      }
    }
    // Only a decision can name a single website, so these are sent in every form of result.
    for (const auto& site : verdict_.returned_sites) {
      decision(Operation::new_website, site.isp_site, false, site.opinion);
    }
    return std::move(answer_);
  }

 private:
  void decision(Operation operation, Id record, bool passed, const std::string& opinion) {
    bureau::Decision decision;
    decision.reviewer = verdict_.reviewer;
    decision.phone = verdict_.phone.size() < k_shortest_phone ? "" : verdict_.phone;
    decision.time = date_;
    decision.opinion = opinion.empty() ? verdict_.opinion : opinion;
    decision.passed = passed;
    decision.operation = static_cast<std::int64_t>(operation);
    decision.record = record;
    answer_.decisions.push_back(std::move(decision));
  }

  const Dictionaries& dictionaries_;
  const Order& order_;
  const Verdict& verdict_;
  const bool with_codes_, with_decisions_;
  const std::string date_;
  bureau::Download answer_;
};

std::string site_results_json(const std::vector<bureau::Website>& returned,
                              const SiteReturns& returns) {
  if (returned.empty()) return "";
  json::array list;
  for (std::size_t i = 0; i < returned.size(); ++i) {
    list.push_back(json::object{{"isp_id", std::to_string(returned[i].isp_id)},
                                {"name", returned[i].name},
                                {"opinion", returns[i].opinion}});
  }
  return json::serialize(list);
}

std::string joined(const std::vector<std::int64_t>& codes) {
  std::vector<std::string> numbers;
  for (const auto code : codes) numbers.push_back(std::to_string(code));
  return join(numbers, " ");
}

Order require_order(Reader& reader, Id id) {
  auto order = find_order(reader, id);
  if (!order) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  return std::move(*order);
}

}  // namespace

const Province& province_at(const Setup& setup, const std::string& path) {
  for (const auto& province : setup.provinces) {
    if (province.path == path) return province;
  }
  throw Refusal(RefusalCode::not_found, "sandbox_province_unknown");
}

void settle(Tx& tx, const Setup& setup, Id id, const Verdict& verdict, Millis now) {
  auto order = require_order(tx, id);
  const Province& province = province_at(setup, order.province);
  const Settings settings = read_settings(tx);
  auto record = record_of(order.xml).value();
  const auto returned = take_returned(record, verdict.returned_sites);
  const auto* sites = websites_of(record);

  std::vector<std::int64_t> codes{verdict.pass ? 1001 : 1002};
  if (!verdict.pass) codes.insert(codes.end(), verdict.codes.begin(), verdict.codes.end());
  order.state = verdict.pass ? "passed" : verdict.by_machine ? "returned" : "refused";
  order.decided_at = now;
  order.opinion = verdict.opinion;
  order.reviewer = verdict.reviewer;
  order.codes = joined(codes);
  order.site_results = site_results_json(returned, verdict.returned_sites);

  release(tx, id);
  Published done;
  if (verdict.pass) {
    const bool gets_password =
        settings.filing_passwords && order.operation == Operation::new_filing;
    done = carry_out(tx, province, record, order.isp_id, gets_password ? new_filing_password() : "",
                     verdict.reviewer, now);
    order.subject = done.subject;
  }
  settle_order(tx, order);

  const auto answer = Answer(setup.dictionaries, order, verdict, settings, now)
                          .write(codes, sites == nullptr ? std::vector<bureau::Website>{} : *sites);
  const auto tell = [&] {
    for (const auto& news : done.news) queue_file(tx, province, news.isp_id, news.download, now);
  };
  if (settings.publication_first) tell();
  queue_file(tx, province, order.isp_id, answer, now);
  if (!settings.publication_first) tell();
}

void decide(Tx& tx, const Setup& setup, Id id, const Verdict& verdict, Millis now) {
  require_length("opinion", verdict.opinion, k_longest_opinion);
  require_length("reviewer", verdict.reviewer, k_longest_name);
  require_length("phone", verdict.phone, k_longest_name);
  const auto state = require_order(tx, id).state;
  if (state == "sms_pending") throw Refusal(RefusalCode::conflict, "sandbox_order_unverified");
  if (state != "pending") throw Refusal(RefusalCode::conflict, "sandbox_order_decided");
  settle(tx, setup, id, verdict, now);
}

int Sandbox::Inside::decide_due(Millis now) {
  const auto settings = db.read([](Reader& reader) { return read_settings(reader); });
  if (settings.automatic == "off") return 0;
  const auto due = db.read(
      [&](Reader& reader) { return due_orders(reader, now - settings.automatic_delay_ms); });
  Verdict verdict;
  verdict.pass = settings.automatic == "pass";
  verdict.reviewer = "自动";
  verdict.opinion = settings.automatic_opinion;
  int decided = 0;
  for (const auto id : due) {
    try {
      db.write([&](Tx& tx) { decide(tx, setup, id, verdict, now); });
      ++decided;
    } catch (const Refusal& refusal) {
      // An officer was quicker. Any other refusal would come again at every tick.
      if (refusal.code() != RefusalCode::conflict) throw;
    }
  }
  return decided;
}

}  // namespace beian::sandbox
