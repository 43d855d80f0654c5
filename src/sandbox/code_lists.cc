#include "sandbox/code_lists.h"

#include <algorithm>
#include <map>

#include "base/refusal.h"
#include "base/text.h"

namespace beian::sandbox {
namespace {

using bureau::CodeEntry;
using bureau::CodeLists;

constexpr std::int64_t k_largest_id = 999;

// How long a name may be (Mc), a place in the message, and what stands beside the name.
struct ListKind {
  std::size_t longest;
  std::vector<CodeEntry> CodeLists::*place;
  Dictionaries::Names Dictionaries::*names;  // null for the two that are more than names
  bool masked = false;
};

const std::map<std::string, ListKind>& kinds() {
  static const std::map<std::string, ListKind> all = {
      {"natures", {64, &CodeLists::natures, nullptr}},
      {"certificate_types", {64, &CodeLists::certificate_types, nullptr}},
      {"services", {32, &CodeLists::services, &Dictionaries::services, true}},
      {"languages", {64, &CodeLists::languages, &Dictionaries::languages}},
      {"access_methods", {32, &CodeLists::access_methods, &Dictionaries::methods, true}},
      {"approvals", {32, &CodeLists::approvals, &Dictionaries::approvals, true}},
      {"cancel_reasons", {128, &CodeLists::cancellation_reasons, &Dictionaries::cancel_reasons}},
      {"unfiled_outcomes", {128, &CodeLists::unfiled_outcomes, &Dictionaries::unfiled_outcomes}},
      {"verification_opinions",
       {64, &CodeLists::verification_opinions, &Dictionaries::verification_opinions}},
      {"domain_kinds", {64, &CodeLists::domain_kinds, &Dictionaries::domain_kinds}},
      {"attachment_purposes", {64, &CodeLists::attachment_purposes, &Dictionaries::purposes}},
  };
  return all;
}

std::vector<CodeChange> changes(Reader& reader) {
  std::vector<CodeChange> all;
  for (const auto& row : reader.query(
           "SELECT list, id, name, valid, parent FROM dictionary_changes ORDER BY list, id")) {
    all.push_back({row.text(0), row.integer(1), row.text(2), row.boolean(3), row.integer(4)});
  }
  return all;
}

std::int64_t nature_of(const Dictionaries& dictionaries, std::int64_t certificate) {
  for (const auto& [id, nature] : dictionaries.natures) {
    if (nature.certificates.count(certificate) > 0) return id;
  }
  return 0;
}

void change_nature(Dictionaries& dictionaries, const CodeChange& change) {
  if (change.valid) {
    dictionaries.natures[change.id].name = change.name;
  } else {
    dictionaries.natures.erase(change.id);
  }
}

void change_certificate(Dictionaries& dictionaries, const CodeChange& change) {
  if (!change.valid) {
    dictionaries.certificates.erase(change.id);
    dictionaries.person_certificates.erase(change.id);
    for (auto& [id, nature] : dictionaries.natures) nature.certificates.erase(change.id);
    return;
  }
  auto& certificate = dictionaries.certificates[change.id];
  certificate.name = change.name;
  if (change.parent == 0) return;
  if (certificate.numbers.empty()) certificate.numbers = {"others"};
  auto& nature = dictionaries.natures[change.parent];
  nature.certificates.insert(change.id);
  if (nature.person) dictionaries.person_certificates.insert(change.id);
}

void apply(Dictionaries& dictionaries, const CodeChange& change) {
  if (change.list == "natures") return change_nature(dictionaries, change);
  if (change.list == "certificate_types") return change_certificate(dictionaries, change);
  const auto kind = kinds().find(change.list);
  if (kind == kinds().end()) return;
  auto& names = dictionaries.*(kind->second.names);
  if (change.valid) {
    names[change.id] = change.name;
  } else {
    names.erase(change.id);
  }
}

Dictionaries::Names names_of(const Dictionaries& dictionaries, const std::string& list) {
  Dictionaries::Names names;
  if (list == "natures") {
    for (const auto& [id, nature] : dictionaries.natures) names[id] = nature.name;
  } else if (list == "certificate_types") {
    for (const auto& [id, certificate] : dictionaries.certificates) names[id] = certificate.name;
  } else {
    names = dictionaries.*(kinds().at(list).names);
  }
  return names;
}

CodeEntry entry_of(const CodeRow& row, const std::string& list, const ListKind& kind) {
  CodeEntry entry;
  entry.id = row.id;
  entry.name = row.name;
  if (count_characters(entry.name) > kind.longest) {
    auto points = to_code_points(entry.name);
    points.resize(kind.longest);
    entry.name = from_code_points(points);
  }
  if (list != "unfiled_outcomes") entry.valid = row.valid;
  if (kind.masked) entry.mask = std::int64_t{1} << (std::min<std::int64_t>(row.id, 62) - 1);
  if (list == "approvals") entry.needs_approval = true;
  if (list == "certificate_types") entry.nature = std::max<std::int64_t>(row.parent, 1);
  if (list == "attachment_purposes") {
    // The document counts 0 and 1, its schema allows no 0: 1 and 2, as uploads say it.
    const auto manager = static_cast<std::int64_t>(bureau::AttachmentPurpose::manager_certificate);
    const auto owner =
        row.id == manager ? bureau::AttachmentOwner::website : bureau::AttachmentOwner::organiser;
    entry.owner = static_cast<std::int64_t>(owner);
  }
  return entry;
}

[[noreturn]] void refuse(const std::string& field) {
  throw Refusal(RefusalCode::invalid, "request_invalid",
                {Problem{field, "sandbox_setting_invalid", {}, "", "", true}});
}

}  // namespace

const std::vector<std::string>& code_list_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, kind] : kinds()) all.push_back(name);
    return all;
  }();
  return names;
}

void change_code(Tx& tx, const CodeChange& change) {
  const auto kind = kinds().find(change.list);
  if (kind == kinds().end()) refuse("list");
  if (change.id < 1 || change.id > k_largest_id) refuse("id");
  if (change.name.empty() || count_characters(change.name) > kind->second.longest) refuse("name");
  tx.execute(
      "INSERT INTO dictionary_changes (list, id, name, valid, parent) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (list, id) DO UPDATE SET name = excluded.name, valid = excluded.valid, "
      "parent = excluded.parent",
      {change.list, change.id, change.name, std::int64_t{change.valid ? 1 : 0}, change.parent});
}

Dictionaries dictionaries_now(Reader& reader, const Dictionaries& base) {
  Dictionaries now = base;
  for (const auto& change : changes(reader)) apply(now, change);
  return now;
}

std::vector<CodeRow> code_rows(Reader& reader, const Dictionaries& base, const std::string& list) {
  std::map<std::int64_t, CodeRow> rows;
  for (const auto& [id, name] : names_of(base, list)) rows[id] = {id, name, true, false, 0};
  for (const auto& change : changes(reader)) {
    if (change.list != list) continue;
    rows[change.id] = {change.id, change.name, change.valid, true, change.parent};
  }
  std::vector<CodeRow> all;
  for (auto& [id, row] : rows) {
    if (list == "certificate_types" && row.parent == 0) row.parent = nature_of(base, id);
    all.push_back(row);
  }
  return all;
}

CodeLists code_lists(Reader& reader, const Setup& setup, const std::string& list) {
  CodeLists lists;
  for (const auto& [name, kind] : kinds()) {
    if (!list.empty() && name != list) continue;
    for (const auto& row : code_rows(reader, setup.dictionaries, name)) {
      (lists.*(kind.place)).push_back(entry_of(row, name, kind));
    }
  }
  if (!list.empty()) return lists;
  for (const auto& unit : setup.units) {
    bureau::ReportingUnit one;
    one.id = unit.id;
    one.name = unit.name;
    lists.units.push_back(std::move(one));
  }
  for (const auto& row :
       reader.query("SELECT isp_id, MIN(name) FROM providers GROUP BY isp_id ORDER BY isp_id")) {
    bureau::ReportingUnit one;
    one.id = row.integer(0);
    one.name = row.text(1);
    lists.units.push_back(std::move(one));
  }
  return lists;
}

}  // namespace beian::sandbox
