#include "service/ip_filing.h"

#include "base/text.h"
#include "filing/content.h"
#include "service/act.h"
#include "service/content_access.h"
#include "service/ip_records.h"
#include "service/ipv4.h"
#include "store/bureau_tasks.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_done = 2998;
constexpr std::size_t k_max_csv_lines = 20'000;

store::IpRangeRow with(store::IpRangeRow row, const std::string& wanted, const std::string& state,
                       Millis now) {
  row.wanted = wanted;
  row.state = state;
  row.updated_at = now;
  return row;
}

std::vector<Problem> check_against_others(Service& s, Reader& reader,
                                          const store::IpRangeRow& row) {
  std::vector<Problem> out;
  if (const auto other = store::overlapping_ip_range(reader, s.keys, row))
    out.push_back({"first",
                   "ip_range_overlaps",
                   {{"first", ipv4_to_text(other->first)}, {"last", ipv4_to_text(other->last)}},
                   "",
                   "",
                   true});
  if (row.kind != "allocation") return out;
  // 2005: what is allotted must come from a reported source.
  for (const std::int64_t ip : {row.first, row.last})
    if (!store::has_source_for(reader, row.province, ip)) {
      out.push_back({"first", "ip_source_missing", {{"ip", ipv4_to_text(ip)}}, "", "", true});
      break;
    }
  return out;
}

// Writes one record that was found good by itself.
Id put(Service& s, Tx& tx, store::IpRangeRow row) {
  const Millis now = s.now();
  if (row.id == 0) {
    row.id = new_id();
    store::insert_ip_range(tx, s.keys, with(row, "add", "recorded", now));
    return row.id;
  }
  const auto known = store::find_ip_range(tx, s.keys, row.id);
  if (!known || known->state == "removed") throw Refusal(RefusalCode::not_found, "not_found");
  if (known->state == "sent") throw Refusal(RefusalCode::conflict, "ip_range_under_way");
  store::IpRangeRow next = *known;
  next.first = row.first;
  next.last = row.last;
  next.content = row.content;
  next.codes.clear();
  store::update_ip_range(tx, s.keys,
                         with(next, known->bureau_id == 0 ? "add" : "change", "recorded", now));
  return row.id;
}

void after_change(Service& s, Tx& tx, const std::string& province) {
  store::close_ip_tasks(tx, province, s.now());
  wake_line(s, tx, province);
}

std::string subject_range(Id id) { return "ip_range/" + id_to_string(id); }

// Which addresses, and that the rest (which names a contact) is the same as was written.
json::object what_is_told(Service& s, const store::IpRangeRow& row) {
  return {{"province", row.province},
          {"kind", row.kind},
          {"first", ipv4_to_text(row.first)},
          {"last", ipv4_to_text(row.last)},
          {"proof", to_hex(s.keys.lookup(row.content, "audit.event").substr(0, 16))}};
}

std::string codes_of(const bureau::IpResult& result) {
  std::vector<std::string> out;
  for (const bureau::IpResultCode& code : result.codes) out.push_back(std::to_string(code.code));
  return join(out, " ");
}

bool passed(const bureau::IpResult& result) {
  return !result.codes.empty() && std::all_of(result.codes.begin(), result.codes.end(),
                                              [](const auto& code) { return code.code == k_done; });
}

std::string span(std::int64_t first, std::int64_t last) {
  return ipv4_to_text(first) + "-" + ipv4_to_text(last);
}

LineNote apply_result(Service& s, Tx& tx, const std::string& province, const std::string& kind,
                      const bureau::IpResult& result) {
  auto row = result.isp_id != 0 ? store::find_ip_range(tx, s.keys, result.isp_id) : std::nullopt;
  if (!row && result.bureau_id != 0)
    row = store::find_ip_range_by_bureau_id(tx, s.keys, province, kind, result.bureau_id);
  if (!row || row->province != province || row->kind != kind)
    return {"unknown_address",
            {{"id", id_to_string(result.isp_id ? result.isp_id : result.bureau_id)}}};
  row->codes = codes_of(result);
  if (!passed(result)) {
    store::update_ip_range(tx, s.keys, with(*row, row->wanted, "refused", s.now()));
    return {"address_refused", {{"range", span(row->first, row->last)}, {"codes", row->codes}}};
  }
  if (result.bureau_id != 0) row->bureau_id = result.bureau_id;
  const bool removed = row->wanted == "remove";
  store::update_ip_range(tx, s.keys,
                         with(*row, "nothing", removed ? "removed" : "reported", s.now()));
  return {removed ? "address_removed" : "address_reported",
          {{"range", span(row->first, row->last)}}};
}

void finding(Service& s, Tx& tx, const std::string& province, const std::string& file_name,
             const std::string& key, std::int64_t first, json::object content) {
  store::BureauTask task;
  task.key = "finding/ip/" + province + "/" + key;
  task.province = province;
  task.kind = "finding";
  task.subject = ipv4_to_text(first);
  task.content = json::serialize(content);
  task.file_name = file_name;
  task.received_at = s.now();
  store::put_task(tx, s.keys, task);
}

// "1.2.3.4" of every website; addresses of version 6 have no place in V3.0.
std::vector<std::pair<std::string, std::string>> named_ips(const json::object& content) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& key : site_keys(content)) {
    const std::string field = "sites." + key + ".access.ips";
    for (const std::string& ip : texts_at(content, field))
      if (ipv4_from_text(ip)) out.emplace_back(ip, field);
  }
  return out;
}

}  // namespace

std::vector<std::string> unreported_ips(Service&, Reader& reader, const store::Filing& filing) {
  std::vector<std::string> out;
  for (const auto& [ip, field] : named_ips(parse_content(filing.content)))
    if (store::knows_ip(reader, filing.province, *ipv4_from_text(ip)) == false) out.push_back(ip);
  return out;
}

std::vector<Problem> ip_problems(Service&, Reader& reader, const std::string& province,
                                 const json::object& content) {
  std::vector<Problem> out;
  for (const auto& [ip, field] : named_ips(content))
    if (store::knows_ip(reader, province, *ipv4_from_text(ip)) == false)
      out.push_back({field, "ip_not_reported", {{"ip", ip}}, "", "result code 1063", false});
  return out;
}

int import_ip_ranges(Service& s, const Doer& by, const std::string& province,
                     const std::string& csv) {
  const std::vector<IpRecord> records = read_ip_csv(csv, k_max_csv_lines);
  std::vector<Problem> problems;
  for (const IpRecord& record : records)
    for (Problem p : record.problems) {
      p.field = std::to_string(record.line) + "." + p.field;
      problems.push_back(std::move(p));
    }
  if (!problems.empty()) throw Refusal(RefusalCode::invalid, "ip_ranges_invalid", problems);
  // Sources first, whatever their order in the file.
  s.db.write([&](Tx& tx) {
    std::vector<Problem> found;
    for (const bool sources : {true, false})
      for (const IpRecord& record : records) {
        if ((record.row.kind == "source") != sources) continue;
        store::IpRangeRow row = record.row;
        row.province = province;
        for (Problem p : check_against_others(s, tx, row)) {
          p.field = std::to_string(record.line) + "." + p.field;
          found.push_back(std::move(p));
        }
        put(s, tx, row);
      }
    if (!found.empty()) throw Refusal(RefusalCode::invalid, "ip_ranges_invalid", found);
    record(s, tx, by, "ip_range.imported", "line/" + province,
           {{"count", static_cast<std::int64_t>(records.size())}});
    after_change(s, tx, province);
  });
  s.wake_workers();
  return static_cast<int>(records.size());
}

Id save_ip_range(Service& s, const Doer& by, const std::string& province, Id id,
                 const json::object& fields) {
  IpRecord read = read_ip_record(fields);
  read.row.id = id;
  read.row.province = province;
  if (!read.problems.empty())
    throw Refusal(RefusalCode::invalid, "ip_ranges_invalid", read.problems);
  const Id saved = s.db.write([&](Tx& tx) {
    const auto problems = check_against_others(s, tx, read.row);
    if (!problems.empty()) throw Refusal(RefusalCode::invalid, "ip_ranges_invalid", problems);
    const Id written = put(s, tx, read.row);
    record(s, tx, by, id == 0 ? "ip_range.added" : "ip_range.changed", subject_range(written),
           what_is_told(s, read.row));
    after_change(s, tx, province);
    return written;
  });
  s.wake_workers();
  return saved;
}

void remove_ip_range(Service& s, const Doer& by, Id id) {
  s.db.write([&](Tx& tx) {
    const auto row = store::find_ip_range(tx, s.keys, id);
    if (!row || row->state == "removed") throw Refusal(RefusalCode::not_found, "not_found");
    if (row->state == "sent") throw Refusal(RefusalCode::conflict, "ip_range_under_way");
    if (row->bureau_id == 0)
      store::delete_ip_range(tx, id);
    else
      store::update_ip_range(tx, s.keys, with(*row, "remove", "recorded", s.now()));
    record(s, tx, by, "ip_range.removed", subject_range(id), what_is_told(s, *row));
    wake_line(s, tx, row->province);
  });
  s.wake_workers();
}

json::object show_ip_range(const Service& s, const store::IpRangeRow& row,
                           std::string_view locale) {
  json::array reasons;
  for (const std::string& code : split(row.codes, ' ')) {
    const auto number = id_from_string(code);
    const DictionaryEntry* entry =
        number ? s.reference.catalogue.dictionaries.find("result_codes", *number) : nullptr;
    if (!number || *number == k_done) continue;
    reasons.push_back(
        json::object{{"code", *number}, {"text", entry ? label_in(entry->label, locale) : code}});
  }
  return {{"id", id_to_string(row.id)},
          {"province", row.province},
          {"kind", row.kind},
          {"first", ipv4_to_text(row.first)},
          {"last", ipv4_to_text(row.last)},
          {"count", row.last - row.first + 1},
          {"fields", parse_json(row.content)},
          {"wanted", row.wanted},
          {"state", row.state},
          {"bureau_id", row.bureau_id ? json::value(id_to_string(row.bureau_id)) : nullptr},
          {"reasons", std::move(reasons)},
          {"updated_at", row.updated_at}};
}

IpBatch compose_ip(const std::vector<store::IpRangeRow>& waiting, Id isp_id) {
  IpBatch out;
  out.upload.unit = isp_id;
  const auto& first = waiting.front();
  for (const store::IpRangeRow& row : waiting) {
    if (row.kind != first.kind || row.wanted != first.wanted) continue;
    put_ip_record(out.upload.ip, row);
    out.rows.push_back(row);
  }
  return out;
}

void mark_ip_sent(Service& s, Tx& tx, std::vector<store::IpRangeRow> rows) {
  for (store::IpRangeRow& row : rows) {
    ++row.sent_times;
    store::update_ip_range(tx, s.keys, with(row, row.wanted, "sent", s.now()));
  }
}

void refuse_ip(Service& s, Tx& tx, std::vector<store::IpRangeRow> rows, const std::string& codes) {
  for (store::IpRangeRow& row : rows) {
    row.codes = codes;
    store::update_ip_range(tx, s.keys, with(row, row.wanted, "refused", s.now()));
  }
}

LineNotes apply_ip_download(Service& s, Tx& tx, const std::string& province,
                            const std::string& file_name, const bureau::IpDownload& download) {
  LineNotes notes;
  for (const auto& result : download.sources)
    notes.push_back(apply_result(s, tx, province, "source", result));
  for (const auto& result : download.allocations)
    notes.push_back(apply_result(s, tx, province, "allocation", result));
  for (const auto& result : download.own)
    notes.push_back(apply_result(s, tx, province, "own", result));
  for (const auto& o : download.overruns)
    finding(s, tx, province, file_name, "overrun/" + span(o.first, o.last), o.first,
            {{"what", "ip_overrun"},
             {"range", span(o.first, o.last)},
             {"other", o.overrun_first ? span(*o.overrun_first, o.overrun_last.value_or(0)) : ""},
             {"remark", o.remark}});
  for (const auto& c : download.conflicts)
    finding(s, tx, province, file_name, "conflict/" + span(c.first, c.last), c.first,
            {{"what", "ip_conflict"},
             {"range", span(c.first, c.last)},
             {"other", span(c.other_first, c.other_last)},
             {"unit", id_to_string(c.other_unit)},
             {"remark", c.remark}});
  for (const auto& u : download.unreported)
    finding(s, tx, province, file_name, "unreported/" + span(u.first, u.last), u.first,
            {{"what", "ip_unreported"}, {"range", span(u.first, u.last)}, {"remark", u.remark}});
  const std::size_t findings =
      download.overruns.size() + download.conflicts.size() + download.unreported.size();
  if (findings > 0) notes.push_back({"address_findings", {{"count", std::to_string(findings)}}});
  return notes;
}

}  // namespace beian::service
