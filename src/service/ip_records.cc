#include "service/ip_records.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "filing/date.h"
#include "service/ipv4.h"

namespace beian::service {
namespace {

constexpr std::string_view k_text_fields[] = {
    "source_unit",  "source_name",   "allotted_to",   "since",   "unit_name",     "address",
    "contact_name", "contact_phone", "contact_email", "gateway", "gateway_place", "remark"};
constexpr std::string_view k_number_fields[] = {"state", "method", "nature",     "province",
                                                "city",  "county", "unit_class", "industry"};

Problem wrong(std::string_view field, std::string code) {
  return {std::string(field), std::move(code), {}, "", "", true};
}

// Both forms may give text or numbers: a CSV file knows text only.
std::string text_of(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (!value || value->is_null()) return {};
  if (value->is_string()) return clean_line(std::string_view(value->get_string()));
  if (value->is_bool()) return value->get_bool() ? "1" : "0";
  return json::serialize(*value);
}

// "10.0.0.0/24" or one address.
std::optional<std::pair<std::uint32_t, std::uint32_t>> range_of(const std::string& text) {
  const auto slash = text.find('/');
  const auto first = ipv4_from_text(text.substr(0, slash));
  if (!first) return std::nullopt;
  if (slash == std::string::npos) return std::pair(*first, *first);
  const auto bits = id_from_string(text.substr(slash + 1));
  if (!bits || *bits < 1 || *bits > 32) return std::nullopt;
  const std::uint32_t rest = *bits == 32 ? 0 : 0xffffffffu >> *bits;
  if ((*first & rest) != 0) return std::nullopt;
  return std::pair(*first, *first | rest);
}

void read_addresses(IpRecord& record, const json::object& fields) {
  const std::string first = text_of(fields, "first"), last = text_of(fields, "last");
  const auto from = range_of(first);
  if (!from || from->first == 0) {
    record.problems.push_back(wrong("first", "ip_range_invalid"));
    return;
  }
  record.row.first = from->first;
  record.row.last = from->second;
  if (last.empty() || first.find('/') != std::string::npos) return;
  const auto until = ipv4_from_text(last);
  if (!until)
    record.problems.push_back(wrong("last", "ip_range_invalid"));
  else if (*until < from->first)
    record.problems.push_back(wrong("last", "ip_range_backwards"));
  else
    record.row.last = *until;
}

// What the interface asks of each kind and, of allocations, of each state (V3.0 §3.1).
std::vector<std::string_view> required_of(const std::string& kind, std::int64_t state) {
  if (kind == "source") return {"source_unit"};
  if (kind == "own")
    return {"method",        "since",         "unit_name", "nature",
            "province",      "city",          "address",   "contact_name",
            "contact_phone", "contact_email", "gateway",   "gateway_place"};
  switch (static_cast<bureau::IpState>(state)) {
    case bureau::IpState::allotted_and_used:
      return {"method", "since",   "unit_name",    "nature",        "province",
              "city",   "address", "contact_name", "contact_phone", "contact_email"};
    case bureau::IpState::allotted_on:
      return {"allotted_to"};
    case bureau::IpState::own_use:
      return {"method", "since"};
    case bureau::IpState::reserved:
      return {};
  }
  return {};
}

void check_shapes(IpRecord& record, const json::object& kept) {
  const auto text = [&](std::string_view name) { return text_of(kept, name); };
  if (const auto since = text("since"); !since.empty() && !parse_day(since))
    record.problems.push_back(wrong("since", "date_invalid"));
  if (const auto gateway = text("gateway"); !gateway.empty() && !ipv4_from_text(gateway))
    record.problems.push_back(wrong("gateway", "ip_range_invalid"));
  for (const std::string_view unit : {"source_unit", "allotted_to"})
    if (const auto id = text(unit); !id.empty() && !id_from_string(id))
      record.problems.push_back(wrong(unit, "number_invalid"));
  if (const auto phone = text("contact_phone"); !phone.empty() && phone.size() < 11)
    record.problems.push_back(wrong("contact_phone", "ip_phone_short"));
  if (count_characters(text("contact_name")) > 20)
    record.problems.push_back(wrong("contact_name", "too_long"));
}

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      out.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::int64_t number(const json::object& f, std::string_view name) {
  return id_from_string(text_of(f, name)).value_or(0);
}
std::optional<std::int64_t> opt_number(const json::object& f, std::string_view name) {
  return id_from_string(text_of(f, name));
}

bureau::IpUse use_of(const json::object& f) {
  bureau::IpUse use;
  use.method = opt_number(f, "method");
  use.since = text_of(f, "since");
  if (const std::string redirects = text_of(f, "redirects"); !redirects.empty())
    use.redirects = redirects == "1" || redirects == "true";
  use.unit_name = text_of(f, "unit_name");
  use.nature = opt_number(f, "nature");
  use.address.province = number(f, "province");
  use.address.city = opt_number(f, "city");
  use.address.county = opt_number(f, "county");
  use.address.detail = text_of(f, "address");
  use.contact_name = text_of(f, "contact_name");
  use.contact_phone = text_of(f, "contact_phone");
  use.contact_email = text_of(f, "contact_email");
  use.gateway = ipv4_from_text(text_of(f, "gateway"));
  use.gateway_place = text_of(f, "gateway_place");
  return use;
}

template <typename T>
T with_range(T record, const store::IpRangeRow& row) {
  record.ids = {row.id, row.bureau_id, 0};
  record.first = static_cast<std::uint32_t>(row.first);
  record.last = static_cast<std::uint32_t>(row.last);
  return record;
}

void put_whole(bureau::IpRecords& into, const store::IpRangeRow& row, const json::object& f) {
  if (row.kind == "source") {
    auto source = with_range(bureau::IpSource{}, row);
    source.source_unit = number(f, "source_unit");
    source.remark = text_of(f, "remark");
    into.sources.push_back(std::move(source));
  } else if (row.kind == "own") {
    auto own = with_range(bureau::OwnIps{}, row);
    own.use = use_of(f);
    own.use.redirects = own.use.redirects.value_or(false);
    own.source_unit = number(f, "source_unit");
    own.source_name = text_of(f, "source_name");
    own.remark = text_of(f, "remark");
    into.own.push_back(std::move(own));
  } else {
    auto allocation = with_range(bureau::IpAllocation{}, row);
    allocation.state = number(f, "state");
    allocation.allotted_to = number(f, "allotted_to");
    allocation.use = use_of(f);
    allocation.unit_class = opt_number(f, "unit_class");
    allocation.industry = opt_number(f, "industry");
    allocation.remark = text_of(f, "remark");
    into.allocations.push_back(std::move(allocation));
  }
}

}  // namespace

IpRecord read_ip_record(const json::object& fields) {
  IpRecord record;
  record.row.kind = text_of(fields, "kind");
  if (record.row.kind != "source" && record.row.kind != "allocation" && record.row.kind != "own") {
    record.problems.push_back(wrong("kind", "ip_kind_unknown"));
    return record;
  }
  read_addresses(record, fields);
  json::object kept;
  for (const std::string_view name : k_text_fields)
    if (std::string text = text_of(fields, name); !text.empty()) kept[name] = std::move(text);
  for (const std::string_view name : k_number_fields) {
    const std::string text = text_of(fields, name);
    if (text.empty()) continue;
    if (const auto value = id_from_string(text))
      kept[name] = *value;
    else
      record.problems.push_back(wrong(name, "number_invalid"));
  }
  if (const std::string redirects = text_of(fields, "redirects"); !redirects.empty())
    kept["redirects"] = redirects == "1" || redirects == "true";
  const std::int64_t state = number(kept, "state");
  if (record.row.kind == "allocation" && (state < 1 || state > 4))
    record.problems.push_back(wrong("state", "required"));
  for (const std::string_view name : required_of(record.row.kind, state))
    if (!kept.contains(name)) record.problems.push_back(wrong(name, "required"));
  if (record.row.kind == "own" && !kept.contains("source_unit") && !kept.contains("source_name"))
    record.problems.push_back(wrong("source_name", "required"));
  check_shapes(record, kept);
  record.row.content = json::serialize(kept);
  return record;
}

std::vector<IpRecord> read_ip_csv(const std::string& csv, std::size_t most_lines) {
  std::vector<IpRecord> out;
  std::vector<std::string> header;
  int line = 0;
  std::string text = csv.starts_with("\xef\xbb\xbf") ? csv.substr(3) : csv;
  if (!is_utf8(text)) throw Refusal(RefusalCode::invalid, "csv_invalid");
  for (std::string one : split(text, '\n')) {
    ++line;
    if (one.ends_with('\r')) one.pop_back();
    if (one.empty()) continue;
    auto cells = split_csv_line(one);
    if (header.empty()) {
      for (std::string& cell : cells) header.push_back(clean_line(cell));
      const bool known = std::find(header.begin(), header.end(), "kind") != header.end() &&
                         std::find(header.begin(), header.end(), "first") != header.end();
      if (!known) throw Refusal(RefusalCode::invalid, "csv_invalid");
      continue;
    }
    json::object fields;
    for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i)
      fields[header[i]] = cells[i];
    out.push_back(read_ip_record(fields));
    out.back().line = line;
    if (cells.size() > header.size()) out.back().problems.push_back(wrong("kind", "csv_columns"));
    if (out.size() > most_lines) throw Refusal(RefusalCode::too_large, "csv_invalid");
  }
  if (out.empty()) throw Refusal(RefusalCode::invalid, "csv_invalid");
  return out;
}

void put_ip_record(bureau::IpUpload& upload, const store::IpRangeRow& row) {
  if (row.wanted == "remove") {
    auto& deleted = upload.deleted;
    (row.kind == "source" ? deleted.sources
     : row.kind == "own"  ? deleted.own
                          : deleted.allocations)
        .push_back(row.bureau_id);
    return;
  }
  const json::value content = parse_json(row.content);
  put_whole(row.wanted == "change" ? upload.changed : upload.added, row, as_object(content));
}

}  // namespace beian::service
