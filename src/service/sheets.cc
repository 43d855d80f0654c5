#include "service/sheets.h"

#include "base/crypto.h"
#include "documents/sheet.h"
#include "filing/condition.h"
#include "filing/content.h"
#include "filing/date.h"
#include "service/content_access.h"
#include "service/draft.h"
#include "service/materials.h"

namespace beian::service {
namespace {

constexpr std::int64_t k_nature_individual = 5;  // 个人 (dictionary natures)
constexpr std::string_view k_code_mark = "beian-sheet";
constexpr std::size_t k_mac_digits = 16;

bool is_individual(const json::object& content) {
  return number_at(content, "organiser.nature") == k_nature_individual;
}

const json::object* template_of(const Service& s, const std::string& kind) {
  const json::value* found = s.papers.sheets.at("sheets").as_object().if_contains(kind);
  return found ? &found->as_object() : nullptr;
}

bool has_flag(const json::object& words, const char* name) {
  const json::value* flag = words.if_contains(name);
  return flag && flag->is_bool() && flag->get_bool();
}

// Papers that only some bureaus ask for are there where the form offers the material of that name.
bool applies(const Service& s, Kind filing, const std::string& kind, const json::object& words,
             const json::object& content) {
  if (has_flag(words, "units_only") && is_individual(content)) return false;
  if (!has_flag(words, "asked")) return true;
  const std::string today = day_to_string(shanghai_day(s.now()));
  for (const NeededMaterial& needed :
       required_materials(s.reference.form_of(filing), content, today, Stage::submit))
    if (needed.purpose == kind) return true;
  return false;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "、") + part;
  return out;
}

std::string entry_of(const Service& s, const std::string& dictionary, std::int64_t id) {
  const DictionaryEntry* entry = s.reference.catalogue.dictionaries.find(dictionary, id);
  return entry ? label_in(entry->label, "zh-CN") : std::to_string(id);
}

std::string value_of(const Service& s, const json::object& content, const json::object& row,
                     const std::string& site) {
  if (const auto words = opt_string(row, "words")) return *words;
  std::string path = get_string(row, "path");
  if (path.starts_with('.')) path = "sites." + site + path;
  if (const auto place = opt_string(row, "place"))
    return s.reference.catalogue.divisions.full_name(text_at(content, *place + ".province"),
                                                     text_at(content, *place + ".city"),
                                                     text_at(content, *place + ".county")) +
           text_at(content, path);
  if (const auto dictionary = opt_string(row, "dictionary")) {
    std::vector<std::string> labels;
    for (std::int64_t id : numbers_at(content, path))
      labels.push_back(entry_of(s, *dictionary, id));
    return joined(labels);
  }
  const std::string text = text_at(content, path);
  return text.empty() ? joined(texts_at(content, path)) : text;
}

std::string filled(std::string words, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string hole = "{{" + name + "}}";
    for (auto at = words.find(hole); at != std::string::npos; at = words.find(hole, at))
      words.replace(at, hole.size(), value), at += value.size();
  }
  return words;
}

documents::SheetTable table_of(const Service& s, const json::object& content,
                               const json::object& words, const std::string& site, int number) {
  documents::SheetTable table;
  table.title = filled(get_string(words, "title"), {{"n", std::to_string(number)}});
  for (const json::value& entry : words.at("rows").as_array()) {
    const json::object& row = as_object(entry);
    table.rows.emplace_back(get_string(row, "label"), value_of(s, content, row, site));
  }
  return table;
}

std::vector<std::string> paragraphs(const json::object& words, const char* key,
                                    const std::map<std::string, std::string>& values) {
  std::vector<std::string> out;
  for (const json::value& line : words.at(key).as_array())
    out.push_back(filled(std::string(line.as_string()), values));
  return out;
}

// What the paper says, as text: the code on it is a keyed hash of this.
std::string code_of(const Service& s, Id filing, const std::string& kind,
                    const documents::Sheet& sheet) {
  std::string said = kind + "\n" + id_to_string(filing) + "\n";
  for (const std::string& line : sheet.opening) said += line + "\n";
  for (const documents::SheetTable& table : sheet.tables) {
    said += table.title + "\n";
    for (const auto& [label, value] : table.rows) said += label + "\t" + value + "\n";
  }
  const std::string mac = to_hex(s.keys.lookup(said, "sheets.code")).substr(0, k_mac_digits);
  return std::string(k_code_mark) + "/" + kind + "/" + id_to_string(filing) + "/" + mac;
}

documents::Sheet compose(const Service& s, const store::Filing& filing, const json::object& draft,
                         const std::string& kind, const json::object& words) {
  const json::object content = completed_content(s.reference.form_of(filing.kind), draft,
                                                 day_to_string(shanghai_day(s.now())));
  const char* who = is_individual(content) ? "individual" : "unit";
  const std::map<std::string, std::string> values = {
      {"provider", s.settings.now()->text("provider.name")},
      {"organiser", text_at(content, "organiser.name")},
      {"organiser_number", text_at(content, "organiser.certificate_number")},
      {"principal", text_at(content, "principal.name")},
      {"principal_number", text_at(content, "principal.certificate_number")}};
  documents::Sheet sheet;
  sheet.title = get_string(words, "title");
  sheet.opening = paragraphs(words, "opening", values);
  sheet.closing = paragraphs(words, "closing", values);
  for (const json::value& entry : words.at("tables").as_array()) {
    const json::object& table = as_object(entry);
    if (!table.contains("sites")) {
      sheet.tables.push_back(table_of(s, content, table, "", 0));
      continue;
    }
    int number = 0;
    for (const std::string& key : site_keys(content))
      sheet.tables.push_back(table_of(s, content, table, key, ++number));
  }
  for (const json::value& line : as_object(words.at("signatures")).at(who).as_array())
    sheet.signatures.emplace_back(line.as_string());
  sheet.seal = get_string(as_object(words.at("seal")), who);
  sheet.watermark = get_string(s.papers.sheets, "watermark");
  sheet.code = code_of(s, filing.id, kind, sheet);
  const std::string version = sheet.code.substr(sheet.code.rfind('/') + 1, 8);
  sheet.number = "备案单 " + id_to_string(filing.id) + "　版本 " + version;
  sheet.footer =
      "由备案系统按所填内容生成。签字后请整页拍照或扫描，右上角的二维码要完整；内容改动后须重新打印"
      "。";
  return sheet;
}

std::string print(Service& s, const store::Filing& filing, const std::string& kind) {
  const json::object content = parse_content(filing.content);
  const json::object* words = template_of(s, kind);
  if (!words || !applies(s, filing.kind, kind, *words, content))
    throw Refusal(RefusalCode::not_found, "sheet_unknown");
  if (text_at(content, "organiser.name").empty())
    throw Refusal(RefusalCode::conflict, "sheet_incomplete");
  return documents::draw_sheet(compose(s, filing, content, kind, *words));
}

}  // namespace

std::string print_sheet(Service& s, Id account, Id id, const std::string& kind) {
  return print(s, s.db.read([&](Reader& reader) { return own_filing(s, reader, account, id); }),
               kind);
}

std::string print_sheet_as_staff(Service& s, const Staff& staff, Id id, const std::string& kind) {
  const store::Filing filing =
      s.db.read([&](Reader& reader) { return case_of(s, reader, staff, id); });
  if (filing.assignee_id != staff.id) throw Refusal(RefusalCode::conflict, "not_claimed");
  note_look(s, staff, id, "sheet " + kind);
  return print(s, filing, kind);
}

std::vector<std::string> sheets_of(const Service& s, Kind filing, const json::object& content) {
  std::vector<std::string> out;
  for (const auto& [kind, words] : s.papers.sheets.at("sheets").as_object())
    if (applies(s, filing, std::string(kind), words.as_object(), content)) out.emplace_back(kind);
  return out;
}

std::string download_material_as_staff(Service& s, const Staff& staff, Id id, Id material) {
  const std::string marked =
      documents::watermark_jpeg(read_material_as_staff(s, staff, id, material, Size::full),
                                get_string(s.papers.sheets, "watermark"));
  if (marked.empty()) throw Refusal(RefusalCode::unavailable, "picture_unreadable");
  return marked;
}

std::string_view to_string(SheetMatch match) {
  switch (match) {
    case SheetMatch::current:
      return "current";
    case SheetMatch::outdated:
      return "outdated";
    case SheetMatch::foreign:
      return "foreign";
    case SheetMatch::no_code:
      break;
  }
  return "no_code";
}

SheetMatch match_sheet(Service& s, const store::Filing& filing, const json::object& content,
                       const store::Material& m, const std::vector<std::string>& codes) {
  SheetMatch match = SheetMatch::no_code;
  const json::object* words = template_of(s, m.purpose);
  for (const std::string& code : codes) {
    if (!words || !code.starts_with(std::string(k_code_mark) + "/")) continue;
    const std::string current = compose(s, filing, content, m.purpose, *words).code;
    if (code == current) return SheetMatch::current;
    const bool same = code.substr(0, code.rfind('/')) == current.substr(0, current.rfind('/'));
    if (same || match != SheetMatch::outdated)
      match = same ? SheetMatch::outdated : SheetMatch::foreign;
  }
  return match;
}

}  // namespace beian::service
