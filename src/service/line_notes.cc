#include "service/line_notes.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace beian::service {
namespace {

constexpr std::array<std::string_view, 9> k_unplaced{
    "unknown_record", "unknown_access",       "unknown_cancelled",
    "foreign_result", "published_numberless", "kept_group",
    "kept_domains",   "refusal_ignored",      "unknown_address"};

std::string words_of(const Texts& texts, std::string_view locale, const json::value& packed) {
  const json::object& note = packed.as_object();
  TextParams params;
  for (const auto& [name, value] : note)
    if (name != "code") params[std::string(name)] = std::string(value.as_string());
  return texts.render(locale, "line", "note." + std::string(note.at("code").as_string()), params);
}

}  // namespace

bool want_attention(const LineNotes& notes) {
  return std::ranges::any_of(notes, [](const LineNote& note) {
    return std::ranges::find(k_unplaced, note.code) != k_unplaced.end();
  });
}

std::string pack_notes(const LineNotes& notes) {
  if (notes.empty()) return {};
  json::array all;
  for (const LineNote& note : notes) {
    json::object one{{"code", note.code}};
    for (const auto& [name, value] : note.params) one[name] = value;
    all.push_back(std::move(one));
  }
  return json::serialize(all);
}

std::string note_words(const Texts& texts, std::string_view locale, const std::string& stored) {
  if (!stored.starts_with("[{\"code\":")) return stored;
  std::vector<std::string> lines;
  const json::value packed = parse_json(stored);
  for (const json::value& note : packed.as_array()) lines.push_back(words_of(texts, locale, note));
  return join(lines, locale == "en" ? "; " : "；");
}

json::value note_words(const Texts& texts, std::string_view locale,
                       const std::optional<std::string>& stored) {
  return stored ? json::value(note_words(texts, locale, *stored)) : json::value(nullptr);
}

}  // namespace beian::service
