#include "service/inbound.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "bureau/package.h"
#include "service/act.h"
#include "service/answer.h"
#include "service/blacklist.h"
#include "service/code_lists.h"
#include "service/inbound_tasks.h"
#include "service/ip_filing.h"
#include "store/bureau_tasks.h"
#include "store/exchange.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_bad_file = 5001;

std::string contents_of(const bureau::Download& d) {
  std::vector<std::string> out;
  const auto add = [&](bool has, const char* name) {
    if (has) out.emplace_back(name);
  };
  add(!d.results.empty() || !d.decisions.empty(), "BAJG");
  add(!d.published.empty(), "BASJ");
  add(!d.cancelled.empty(), "ZXSJ");
  add(!d.blacklisted_organisers.empty() || !d.blacklisted_websites.empty(), "HMDLB");
  add(!d.illegal_accesses.empty(), "FFJRHMD");
  add(!d.unfiled_websites.empty(), "WBAWZLB");
  add(!d.verification_tasks.empty(), "HSRW");
  add(!d.inspection.empty(), "HCJG");
  add(!d.notices.empty(), "XGTZ");
  add(!d.ip.empty(), "IP");
  add(!d.domain_results.empty(), "YM");
  add(!d.codes.empty(), "JCDM");
  add(!d.synchronisation.empty(), "SJTB");
  for (const bureau::RawGroup& group : d.others) out.push_back(group.name);
  return join(out, " ");
}

std::string codes_of(const bureau::Result& result) {
  std::vector<std::string> out;
  for (const auto& code : result.codes) out.push_back(std::to_string(code.code));
  return join(out, " ");
}

// The upload that a refusal of a whole file names.
std::optional<store::Upload> refused_file(Service& s, Tx& tx, const Inbound& in,
                                          const bureau::Result& result) {
  for (const bureau::ResultCode& code : result.codes) {
    const auto sequence = bureau::sequence_of_file_name(in.isp_id, code.text);
    if (code.code != k_bad_file || !sequence) continue;
    return store::find_upload(tx, s.keys, in.province, *sequence);
  }
  return std::nullopt;
}

// A file of many is refused for one bad record: it goes again in halves until that one is found. A
// file of one filing is the filing's own refusal (service/answer.h).
bool take_file_refusal(Service& s, Tx& tx, const Inbound& in, const bureau::Result& result,
                       LineNotes& notes) {
  const auto upload = refused_file(s, tx, in, result);
  if (!upload) return false;
  const std::string sequence = std::to_string(upload->sequence);
  if (!kind_from_string(upload->subject)) {
    for (const store::UploadRecord& record : store::records_of(tx, upload->id)) {
      if (upload->subject != "ip")
        store::set_task_result(tx, record.id, "refused", codes_of(result));
      else if (auto row = store::find_ip_range(tx, s.keys, record.id))
        refuse_ip(s, tx, {*row}, codes_of(result));
    }
    notes.push_back({"file_refused", {{"sequence", sequence}}});
    return true;
  }
  if (upload->state == "split") return true;
  if (upload->records < 2) return false;
  store::split_upload(tx, *upload, std::max<std::int64_t>(1, upload->records / 2), false, s.now());
  wake_line(s, tx, in.province);
  notes.push_back(
      {"file_split", {{"sequence", sequence}, {"filings", std::to_string(upload->records)}}});
  return true;
}

// What the bureau says to an answer of ours: by the domain, or the organiser's id.
bool take_task_result(Service& s, Tx& tx, const Inbound& in, const bureau::Result& result,
                      LineNotes& notes) {
  if (result.mark.empty()) return false;
  const auto task = store::find_sent_task(tx, s.keys, in.province, result.mark);
  if (!task) return false;
  static const std::set<std::int64_t> k_refusals{5005, 5007, 5008, 1055, 1061};
  const bool refused = std::any_of(result.codes.begin(), result.codes.end(), [](const auto& code) {
    return k_refusals.count(code.code) > 0 || (code.code >= 1002 && code.code < 1060);
  });
  store::set_task_result(tx, task->id, refused ? "refused" : "sent", codes_of(result));
  notes.push_back({"task_answered", {{"codes", codes_of(result)}}});
  return true;
}

template <typename T>
void append(std::vector<T>& into, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(into));
}

}  // namespace

Applied apply_inbound(Service& s, Tx& tx, const Inbound& in, bureau::Download download) {
  Applied out;
  out.contents = contents_of(download);
  LineNotes& notes = out.notes;
  std::erase_if(download.results, [&](const bureau::Result& result) {
    return take_file_refusal(s, tx, in, result, notes) ||
           take_task_result(s, tx, in, result, notes);
  });
  append(notes, compare_registry(s, tx, in, download.synchronisation));
  append(download.published, download.synchronisation.filings);
  append(notes, apply_download(s, tx, in.province, in.isp_id, download));
  append(notes, apply_cancellations(s, tx, in, download.cancelled));
  if (const int n = apply_blacklist(s, tx, in.province, in.file_name, download); n > 0)
    notes.push_back({"blacklist", {{"count", std::to_string(n)}}});
  if (const int n = open_tasks(s, tx, in, download); n > 0)
    notes.push_back({"tasks", {{"count", std::to_string(n)}}});
  append(notes, apply_ip_download(s, tx, in.province, in.file_name, download.ip));
  for (const bureau::CodeLists* lists : {&download.codes, &download.synchronisation.codes})
    if (const int n = apply_code_lists(s, tx, in.province, in.file_name, *lists); n > 0)
      notes.push_back({"codes", {{"count", std::to_string(n)}}});
  if (!download.domain_results.empty()) notes.push_back({"kept_domains"});
  out.attention = want_attention(notes);
  return out;
}

}  // namespace beian::service
