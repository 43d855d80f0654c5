#include "service/import_columns.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/narrow.h"
#include "base/text.h"
#include "documents/table_reader.h"
#include "documents/table_writer.h"
#include "filing/date.h"
#include "service/act.h"
#include "service/content_access.h"

namespace beian::service {
namespace {

// What does not fit into a cell, or is not for an agency to fill in by the hundred.
bool fits(const Field& field) {
  switch (field.kind) {
    case FieldKind::list:
    case FieldKind::product:
    case FieldKind::service_code:
      return false;
    default:
      return true;
  }
}

std::string path_of(const Field& field) {
  return field.path.starts_with('.') ? "sites" + field.path : field.path;
}

std::string title_of_column(const Page& page, const Field& field, std::string_view locale) {
  std::string title = label_in(page.title, locale);
  // The person who manages one website has the same fields as the person responsible for all.
  if (field.path.starts_with(".manager.")) title += locale == "en" ? ", its manager" : "的负责人";
  return title + (locale == "en" ? ": " : "：") + label_in(field.label, locale);
}

std::string key_of(std::string_view head) {
  std::string out;
  for (const char32_t c : to_code_points(to_lower_ascii(narrow_line(head))))
    if (c != U' ' && c != U'*' && c != U':' && c != U'：') out += from_code_points({c});
  return out;
}

std::vector<std::string> parts_of(const std::string& cell) {
  std::string text = cell;
  for (const std::string_view mark : {"、", "，", "；"})
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      text.replace(at, mark.size(), ",");
  std::ranges::replace_if(
      text, [](char c) { return c == ';' || c == '\n' || c == '|'; }, ',');
  std::vector<std::string> out;
  for (const std::string& part : split(text, ','))
    if (std::string clean = clean_line(part); !clean.empty()) out.push_back(std::move(clean));
  return out;
}

// "2026/1/5", "2026.01.05", "2026年1月5日", "20260105".
std::optional<std::string> date_text(const std::string& cell) {
  std::vector<std::string> numbers(1);
  for (const char c : cell) {
    if (c >= '0' && c <= '9')
      numbers.back() += c;
    else if (!numbers.back().empty())
      numbers.emplace_back();
  }
  if (numbers.back().empty()) numbers.pop_back();
  if (numbers.size() == 1 && numbers[0].size() == 8)
    numbers = {numbers[0].substr(0, 4), numbers[0].substr(4, 2), numbers[0].substr(6)};
  if (numbers.size() < 3 || numbers[0].size() != 4 || numbers[1].size() > 2 ||
      numbers[2].size() > 2)
    return std::nullopt;
  const auto two = [](const std::string& n) { return n.size() == 1 ? "0" + n : n; };
  std::string text = numbers[0] + "-" + two(numbers[1]) + "-" + two(numbers[2]);
  if (!parse_day(text)) return std::nullopt;
  return text;
}

std::optional<std::int64_t> number_in(const std::string& cell) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (cell.empty() || error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return number;
}

// A field's other field, seen from the same website.
std::string beside(const std::string& path, const std::string& site) {
  return path.starts_with('.') ? "sites." + site + path : path;
}

bool is_word_of(const DictionaryEntry& entry, const std::string& cell) {
  const auto in = [&](const Labels& labels) {
    return std::ranges::any_of(labels, [&](const auto& one) {
      return to_lower_ascii(narrow_line(one.second)) == to_lower_ascii(narrow_line(cell));
    });
  };
  if (in(entry.label)) return true;
  return std::ranges::any_of(entry.labels, [&](const auto& one) { return in(one.second); });
}

}  // namespace

ImportColumns::ImportColumns(const Service& s, std::string_view locale)
    : service_(s), locale_(locale) {
  const bool english = locale == "en";
  columns_.push_back({nullptr, std::string(k_client_column), english ? "Client" : "客户"});
  for (const Page& page : s.reference.form.pages)
    for (const Field& field : page.fields)
      if (fits(field))
        columns_.push_back({&field, path_of(field), title_of_column(page, field, locale)});
  for (std::size_t i = 0; i < columns_.size(); ++i) by_head_[columns_[i].path] = i;
  for (const char* client : {"客户", "Client", "客户名称"}) by_head_[key_of(client)] = 0;
  const auto add = [&](std::string_view path, const char* chinese, const char* words) {
    columns_.push_back({nullptr, std::string(path), english ? words : chinese});
    for (const std::string& head : {std::string(path), key_of(chinese), key_of(words)})
      by_head_[head] = columns_.size() - 1;
  };
  std::size_t i = 1;
  for (const Page& page : s.reference.form.pages)
    for (const Field& field : page.fields)
      if (fits(field)) {
        for (const char* language : {"zh-CN", "en"})
          by_head_.emplace(key_of(title_of_column(page, field, language)), i);
        ++i;
      }
  // The plain name of a field, as the form or the law has it, where no other column has it too.
  std::map<std::string, std::set<std::size_t>> plain;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (const Field* field = columns_[c].field)
      for (const Labels& labels : {field->label, field->official})
        for (const auto& [language, word] : labels) plain[key_of(word)].insert(c);
  for (const auto& [word, meant] : plain)
    if (meant.size() == 1 && !word.empty()) by_head_.emplace(word, *meant.begin());
  add(k_number_column, "已有的主体备案号", "Filing number, if filed already");
  add(k_password_column, "备案密码", "Filing password");
  const auto tree = json::parse(s.reference.divisions_json).as_object().at("tree").as_object();
  for (const auto& [province, value] : tree) {
    const json::array& pair = value.as_array();
    places_[""][std::string(pair[0].as_string())] = std::string(province);
    if (pair.size() < 2) continue;
    for (const auto& [city, below] : pair[1].as_object()) {
      const json::array& named = below.as_array();
      places_[std::string(province)][std::string(named[0].as_string())] = std::string(city);
      if (named.size() < 2) continue;
      for (const auto& [county, name] : named[1].as_object())
        places_[std::string(city)][std::string(name.as_string())] = std::string(county);
    }
  }
}

const ImportColumn* ImportColumns::find(std::string_view head) const {
  for (const std::string& key : {std::string(head), key_of(head)})
    if (const auto found = by_head_.find(key); found != by_head_.end())
      return &columns_[found->second];
  return nullptr;
}

std::optional<json::value> ImportColumns::choice_of(const Field& field, const std::string& cell,
                                                    const json::object& content,
                                                    const std::string& site) const {
  const Dictionary& dictionary = service_.reference.catalogue.dictionaries.at(field.dictionary);
  const auto id = number_in(cell);
  std::optional<std::int64_t> wanted = field.filter_id;
  if (!field.filter_path.empty()) wanted = number_at(content, beside(field.filter_path, site));
  for (const DictionaryEntry& entry : dictionary.entries()) {
    if (!field.filter_key.empty() && wanted && entry.number(field.filter_key) != *wanted) continue;
    if (entry.active && (entry.id == id || is_word_of(entry, cell))) return json::value(entry.id);
  }
  return std::nullopt;
}

// "浙江省", "浙江" and "330000" are one place.
std::optional<std::string> ImportColumns::place_of(const Field& field, const std::string& cell,
                                                   const json::object& content,
                                                   const std::string& site) const {
  const Divisions& divisions = service_.reference.catalogue.divisions;
  if (number_in(cell) && divisions.name(cell)) return cell;
  const std::string parent =
      field.kind == FieldKind::province ? "" : text_at(content, beside(field.of, site));
  const auto places = places_.find(parent);
  if (places == places_.end() || cell.size() < 6) return std::nullopt;
  std::optional<std::string> found;
  for (const auto& [name, code] : places->second) {
    if (name == cell) return code;
    if (!name.starts_with(cell)) continue;
    if (found) return std::nullopt;  // more than one place begins so
    found = code;
  }
  return found;
}

std::optional<json::value> ImportColumns::value_of(const Field& field, const std::string& raw,
                                                   const json::object& content,
                                                   const std::string& site) const {
  const std::string cell = clean_line(raw);
  const auto text = [](const std::string& value) { return json::value(json::string(value)); };
  switch (field.kind) {
    case FieldKind::choice:
      return choice_of(field, cell, content, site);
    case FieldKind::choices: {
      json::array out;
      for (const std::string& part : parts_of(raw)) {
        const auto one = choice_of(field, part, content, site);
        if (!one) return std::nullopt;
        out.push_back(*one);
      }
      return json::value(std::move(out));
    }
    case FieldKind::ips: {
      json::array out;
      for (const std::string& part : parts_of(raw))
        for (const std::string& ip : split(part, ' ')) out.push_back(text(ip));
      return json::value(std::move(out));
    }
    case FieldKind::yes_no: {
      const std::string word = to_lower_ascii(cell);
      for (const char* yes : {"是", "yes", "y", "true", "1"})
        if (word == yes) return json::value(true);
      for (const char* no : {"否", "no", "n", "false", "0"})
        if (word == no) return json::value(false);
      return std::nullopt;
    }
    case FieldKind::date_or_long:
      if (cell == "长期" || to_lower_ascii(cell) == "long") return text("long");
      [[fallthrough]];
    case FieldKind::date:
      if (const auto date = date_text(cell)) return text(*date);
      return std::nullopt;
    case FieldKind::province:
    case FieldKind::city:
    case FieldKind::county:
      if (const auto place = place_of(field, cell, content, site)) return text(*place);
      return std::nullopt;
    case FieldKind::long_text:
      return text(raw);
    default:
      return text(cell);
  }
}

std::string ImportColumns::choices_of(const Field& field) const {
  const bool english = locale_ == "en";
  if (field.kind == FieldKind::yes_no) return english ? "yes / no" : "是 / 否";
  if (field.kind == FieldKind::date) return "2026-01-31";
  if (field.kind == FieldKind::date_or_long)
    return english ? "2026-01-31 / long" : "2026-01-31 / 长期";
  if (field.kind == FieldKind::province) {
    std::vector<std::string> names;
    for (const auto& [name, code] : places_.at("")) names.push_back(name);
    return join(names, " / ");
  }
  if (field.dictionary.empty()) return {};
  std::vector<std::string> words;
  for (const DictionaryEntry& entry :
       service_.reference.catalogue.dictionaries.at(field.dictionary).entries()) {
    if (!entry.active) continue;
    if (field.filter_id && entry.number(field.filter_key) != *field.filter_id) continue;
    std::string word = label_in(entry.label, locale_);
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return join(words, " / ");
}

std::vector<std::string> ImportColumns::needs_of(const Field& field) const {
  std::vector<std::string> out;
  for (const std::string& path : {field.of, field.filter_path})
    if (!path.empty()) out.push_back(path.starts_with('.') ? "sites" + path : path);
  return out;
}

namespace {

// Few bureaus ask for it any more, and what is not asked for is not to be written into tables.
bool wants_passwords(const Service& s) {
  return std::ranges::any_of(s.reference.bureaus.all(), [&](const BureauInfo& bureau) {
    return policy_of(s, bureau.province).filing_password;
  });
}

}  // namespace

std::string import_template(const Service& s, std::string_view format, std::string_view locale) {
  const ImportColumns columns(s, locale);
  const bool english = locale == "en";
  documents::TableText table{{}};
  documents::TableText notes{english ? std::vector<std::string>{"Column", "What may stand there"}
                                     : std::vector<std::string>{"列", "可以填什么"}};
  notes.push_back({columns.all()[0].title,
                   english ? "Whose folder the draft goes into; the organiser’s name if empty"
                           : "草稿放进哪个客户的文件夹；不填就用网站所有者的名称"});
  for (const ImportColumn& column : columns.all()) {
    if (column.path == k_password_column && !wants_passwords(s)) continue;
    table[0].push_back(column.title);
    if (column.path == k_number_column)
      notes.push_back(
          {column.title, english
                             ? "Only where the owner has a filing already, here or elsewhere: the "
                               "bureau is asked, and a new website or a new access begins"
                             : "所有者已经备过案（在本平台或其他服务商）才填：会先向管局查询，"
                               "生成新增网站或新增接入"});
    if (column.path == k_password_column)
      notes.push_back({column.title,
                       english ? "Only with a filing number, and where the bureau still wants it; "
                                 "it is checked at the bureau and not kept"
                               : "填了备案号、当地管局又还要备案密码时才填；向管局核对后不再保存"});
    if (column.field != nullptr) notes.push_back({column.title, columns.choices_of(*column.field)});
  }
  notes.push_back({});
  notes.push_back({english
                       ? "One row for each website. Further websites of the same owner: further "
                         "rows with the same certificate."
                       : "一行一个网站。同一个所有者的其他网站，另起一行，证件号码填一样的。"});
  if (format == "csv") return documents::write_csv(table);
  if (format != "xlsx")
    throw Refusal(RefusalCode::invalid, "request_invalid",
                  {{"format", "choice_unknown", {}, "", "", true}});
  return documents::write_xlsx({{english ? "Data" : "资料", table, {}},
                                {english ? "Columns" : "填写说明", notes, {36, 90}}});
}

}  // namespace beian::service
