#include "service/code_lists.h"

#include <map>
#include <set>

#include "service/audit.h"
#include "store/bureau_tasks.h"
#include "store/code_lists.h"

namespace beian::service {
namespace {

// One task for all lists of all bureaus: they differ, or they do not.
constexpr const char* k_task = "dictionary/all";

using List = std::vector<bureau::CodeEntry> bureau::CodeLists::*;

// Ours by name, and the list it is fed from. The last two exist only as the bureaus send them.
const std::vector<std::pair<std::string, List>>& lists_by_name() {
  static const std::vector<std::pair<std::string, List>> k_lists = {
      {"natures", &bureau::CodeLists::natures},
      {"certificate_types", &bureau::CodeLists::certificate_types},
      {"approvals", &bureau::CodeLists::approvals},
      {"services", &bureau::CodeLists::services},
      {"access_methods", &bureau::CodeLists::access_methods},
      {"cancel_reasons", &bureau::CodeLists::cancellation_reasons},
      {"languages", &bureau::CodeLists::languages},
      {"server_locations", &bureau::CodeLists::bureaus},
      {"unfiled_outcomes", &bureau::CodeLists::unfiled_outcomes},
      {"verification_opinions", &bureau::CodeLists::verification_opinions},
  };
  return k_lists;
}

struct Difference {
  store::Code theirs;
  std::string change;
  std::string ours;
};

// Only lists that we have ourselves can differ.
std::optional<Difference> difference(const Service& s, const store::Code& theirs,
                                     const std::string& locale) {
  const Dictionaries& all = s.reference.catalogue.dictionaries;
  if (!all.has(theirs.dictionary)) return std::nullopt;
  const DictionaryEntry* ours = all.find(theirs.dictionary, theirs.code);
  if (!ours) {
    if (!theirs.active) return std::nullopt;
    return Difference{theirs, "added", ""};
  }
  const std::string& label = label_in(ours->label, locale);
  if (ours->active && !theirs.active) return Difference{theirs, "retired", label};
  if (!theirs.active) return std::nullopt;
  if (!ours->active) return Difference{theirs, "revived", label};
  if (label_in(ours->label, "zh-CN") != theirs.name) return Difference{theirs, "renamed", label};
  return std::nullopt;
}

// What was taken over already (and waits for a start), by dictionary and code.
std::map<std::pair<std::string, std::int64_t>, store::Code> accepted_by_code(Reader& reader) {
  std::map<std::pair<std::string, std::int64_t>, store::Code> out;
  for (store::Code& code : store::accepted_codes(reader))
    out.emplace(std::pair(code.dictionary, code.code), code);
  return out;
}

std::vector<Difference> differences(const Service& s, Reader& reader, const std::string& dictionary,
                                    const std::string& locale) {
  const auto accepted = accepted_by_code(reader);
  std::vector<Difference> out;
  for (const store::Code& theirs : store::received_codes(reader, dictionary)) {
    const auto known = accepted.find({theirs.dictionary, theirs.code});
    if (known != accepted.end() && known->second.name == theirs.name &&
        known->second.active == theirs.active)
      continue;
    if (auto found = difference(s, theirs, locale)) out.push_back(std::move(*found));
  }
  return out;
}

void overlay(json::object& document, const store::Code& code) {
  json::array& entries = document["entries"].as_array();
  for (json::value& item : entries) {
    json::object& entry = item.as_object();
    if (entry.at("id").as_int64() != code.code) continue;
    // The words in other languages are ours; a bureau knows Chinese only.
    entry["label"].as_object()["zh-CN"] = code.name;
    entry["active"] = code.active;
    return;
  }
  json::object entry{{"id", code.code},
                     {"label", json::object{{"zh-CN", code.name}, {"en", code.name}}},
                     {"active", code.active}};
  if (code.parent) entry["nature"] = *code.parent;
  entries.push_back(std::move(entry));
}

}  // namespace

int apply_code_lists(Service& s, Tx& tx, const std::string& province, const std::string& file_name,
                     const bureau::CodeLists& lists) {
  int n = 0;
  for (const auto& [name, list] : lists_by_name())
    for (const bureau::CodeEntry& entry : lists.*list) {
      store::put_received_code(tx, {name, entry.id, entry.name, entry.valid.value_or(true),
                                    entry.nature, entry.remark, province, s.now()});
      ++n;
    }
  for (const bureau::ReportingUnit& unit : lists.units) {
    store::put_received_code(tx, {"reporting_units", unit.id, unit.name, unit.valid, std::nullopt,
                                  unit.remark, province, s.now()});
    ++n;
  }
  const auto found = differences(s, tx, "", "zh-CN");
  if (found.empty()) return n;
  std::set<std::string> names;
  for (const Difference& d : found) names.insert(d.theirs.dictionary);
  store::BureauTask task;
  task.key = k_task;
  task.province = province;
  task.kind = "dictionary";
  task.subject = file_name;
  task.content = json::serialize(json::object{
      {"changes", found.size()}, {"dictionaries", json::array(names.begin(), names.end())}});
  task.file_name = file_name;
  task.received_at = s.now();
  store::put_task(tx, s.keys, task);
  return n;
}

json::object show_code_differences(Service& s, Reader& reader, std::string_view locale) {
  std::map<std::string, json::array> by_dictionary;
  for (const Difference& d : differences(s, reader, "", std::string(locale)))
    by_dictionary[d.theirs.dictionary].push_back(
        json::object{{"code", d.theirs.code},
                     {"change", d.change},
                     {"ours", d.ours},
                     {"theirs", d.theirs.name},
                     {"province", d.theirs.province},
                     {"note", d.theirs.note},
                     {"received_at", d.theirs.received_at}});
  json::array out;
  for (auto& [name, changes] : by_dictionary)
    out.push_back(json::object{{"id", name}, {"changes", std::move(changes)}});
  json::array waiting;
  for (const auto& [key, code] : accepted_by_code(reader)) {
    const DictionaryEntry* now =
        s.reference.catalogue.dictionaries.find(code.dictionary, code.code);
    if (now && now->active == code.active && label_in(now->label, "zh-CN") == code.name) continue;
    waiting.push_back(
        json::object{{"dictionary", code.dictionary}, {"code", code.code}, {"name", code.name}});
  }
  return {{"dictionaries", std::move(out)}, {"waiting_for_start", std::move(waiting)}};
}

int accept_codes(Service& s, const Staff& staff, const std::string& dictionary,
                 const std::vector<std::int64_t>& codes) {
  return s.db.write([&](Tx& tx) {
    int n = 0;
    for (const Difference& d : differences(s, tx, dictionary, "zh-CN")) {
      if (std::find(codes.begin(), codes.end(), d.theirs.code) == codes.end()) continue;
      store::put_accepted_code(tx, d.theirs, staff.id, s.now());
      ++n;
    }
    if (n > 0)
      record(s, tx, {"staff", staff.id}, "codes.accepted", "dictionary/" + dictionary,
             {{"count", n}});
    if (differences(s, tx, "", "zh-CN").empty()) store::close_task(tx, k_task, staff.id, s.now());
    return n;
  });
}

void overlay_accepted_codes(Reference& reference, Db& db) {
  const auto codes = db.read([](Reader& reader) { return store::accepted_codes(reader); });
  if (codes.empty()) return;
  json::value all = parse_json(reference.dictionaries_json, 16u << 20);
  for (const store::Code& code : codes)
    if (json::value* document = all.as_object().if_contains(code.dictionary))
      overlay(document->as_object(), code);
  reference.catalogue.dictionaries = Dictionaries::from_json(all);
  reference.dictionaries_json = json::serialize(all);
}

json::array show_received_codes(Reader& reader, const std::string& dictionary) {
  json::array out;
  for (const store::Code& code : store::received_codes(reader, dictionary))
    if (code.active)
      out.push_back(json::object{
          {"code", dictionary == "reporting_units" ? json::value(id_to_string(code.code))
                                                   : json::value(code.code)},
          {"name", code.name},
          {"province", code.province}});
  return out;
}

}  // namespace beian::service
