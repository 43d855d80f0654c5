// An officer's decision, or the automatic mode's: BAJG, and for a pass numbers and BASJ.
#include "base/refusal.h"
#include "base/text.h"
#include "bureau/auth.h"
#include "bureau/codec_v30.h"
#include "sandbox/checks.h"
#include "sandbox/china_time.h"
#include "sandbox/inside.h"

namespace beian::sandbox {
namespace {

constexpr std::size_t k_longest_opinion = 1024;  // Shyj
constexpr std::size_t k_longest_name = 128;      // Shrxm, Shr_dhhm

void require_length(const std::string& field, const std::string& text, std::size_t longest) {
  if (count_characters(text) <= longest) return;
  throw Refusal(
      RefusalCode::invalid, "request_invalid",
      {Problem{field, "member_too_long", {{"max_bytes", std::to_string(longest)}}, "", "", true}});
}

bureau::Download result_of(const Dictionaries& dictionaries, const Order& order,
                           const Verdict& verdict, const std::vector<std::int64_t>& codes,
                           const std::string& form, Millis now) {
  bureau::Download answer;
  if (form != "decision") {
    bureau::Result result;
    for (const auto code : codes) result.codes.push_back(result_code(dictionaries, code));
    result.operation = static_cast<std::int64_t>(bureau::Operation::new_filing);
    result.mark = std::to_string(order.isp_record);
    // Where nothing else carries the reason, the remark does.
    if (form == "codes") result.remark = verdict.opinion;
    answer.results = {std::move(result)};
  }
  if (form != "codes") {
    bureau::Decision decision;
    decision.reviewer = verdict.reviewer;
    decision.phone = verdict.phone;
    decision.time = china_date(now);
    decision.opinion = verdict.opinion;
    decision.passed = verdict.pass;
    decision.operation = static_cast<std::int64_t>(bureau::Operation::new_filing);
    decision.record = order.isp_record;
    answer.decisions = {std::move(decision)};
  }
  return answer;
}

// 8 characters without those that look alike.
std::string filing_password() {
  std::string password;
  while (password.size() < 8) {
    for (const char c : bureau::random_value()) {
      const bool clear = std::string_view("0Oo1lI5S2Z").find(c) == std::string_view::npos;
      if (clear && password.size() < 8) password += c;
    }
  }
  return password;
}

const Province& province_of(const Setup& setup, const Order& order) {
  for (const auto& province : setup.provinces) {
    if (province.path == order.province) return province;
  }
  throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
}

bureau::Download publication_of(Tx& tx, const Setup& setup, Order& order, const Verdict& verdict,
                                bool passwords, Millis now) {
  const auto decoded = bureau::v30::decode_upload(order.xml);
  bureau::Download publication;
  publication.published = {publish(tx, province_of(setup, order), order.isp_id, order.id,
                                   decoded.value.new_filings.at(0),
                                   passwords ? filing_password() : "", verdict.reviewer, now)};
  order.subject = publication.published[0].organiser.publication.id;
  return publication;
}

}  // namespace

void decide(Tx& tx, const Setup& setup, Id id, const Verdict& verdict, Millis now) {
  require_length("opinion", verdict.opinion, k_longest_opinion);
  require_length("reviewer", verdict.reviewer, k_longest_name);
  require_length("phone", verdict.phone, k_longest_name);
  auto order = find_order(tx, id);
  if (!order) throw Refusal(RefusalCode::not_found, "sandbox_order_unknown");
  if (order->state != "pending") throw Refusal(RefusalCode::conflict, "sandbox_order_decided");
  const Settings settings = read_settings(tx);
  std::vector<std::int64_t> codes{verdict.pass ? 1001 : 1002};
  if (!verdict.pass) codes.insert(codes.end(), verdict.codes.begin(), verdict.codes.end());
  order->state = verdict.pass ? "passed" : "refused";
  order->decided_at = now;
  order->opinion = verdict.opinion;
  order->reviewer = verdict.reviewer;
  std::vector<std::string> numbers;
  for (const auto code : codes) numbers.push_back(std::to_string(code));
  order->codes = join(numbers, " ");

  std::vector<bureau::Download> files{
      result_of(setup.dictionaries, *order, verdict, codes, settings.result_form, now)};
  if (verdict.pass) {
    auto publication = publication_of(tx, setup, *order, verdict, settings.filing_passwords, now);
    files.insert(settings.publication_first ? files.begin() : files.end(), std::move(publication));
  } else {
    release(tx, id);
  }
  settle_order(tx, *order);
  for (const auto& file : files) {
    queue_file(tx, province_of(setup, *order), order->isp_id, file, now);
  }
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
  for (const auto id : due) {
    try {
      db.write([&](Tx& tx) { decide(tx, setup, id, verdict, now); });
    } catch (const Refusal& refusal) {
      // An officer was quicker. Any other refusal would come again at every tick.
      if (refusal.code() != RefusalCode::conflict) throw;
    }
  }
  return static_cast<int>(due.size());
}

}  // namespace beian::sandbox
