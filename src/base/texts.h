// Every word shown to people, in both languages: data/texts/<locale>/. The first part of a file's
// path below the locale is its group (problems.json and problems/http.json both fill "problems").
// A file holds one object of strings, or of objects of strings, whose keys are then joined by a
// dot:
//   problems/http.json  {"not_found": {"message": "…", "fix": "… {{name}} …"}}
//   -> render("en", "problems", "not_found.fix", {{"name", "…"}})
// Texts are plain text with {{name}} holes; whoever puts one into HTML escapes it there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

using TextParams = std::map<std::string, std::string>;

inline constexpr std::string_view k_locale_zh = "zh-CN";  // the default, and the fallback
inline constexpr std::string_view k_locale_en = "en";

// The locale asked for by an Accept-Language header (RFC 9110 12.5.4): "zh-CN" or "en".
std::string_view locale_of(std::string_view accept_language);

// Unchangeable after loading, so safe from any thread.
class Texts {
 public:
  // `data_dir` is the folder that contains texts/. Throws std::runtime_error naming file and key
  // when a file is malformed or a key of a group occurs twice.
  static Texts load(const std::string& data_dir);

  bool has(std::string_view locale, std::string_view group, std::string_view key) const;

  // The text with its holes filled; a hole without a parameter becomes empty. A key that the locale
  // lacks is taken from zh-CN; one that nobody has is shown as it is, so that a forgotten text is
  // seen rather than invisible.
  std::string render(std::string_view locale, std::string_view group, std::string_view key,
                     const TextParams& params = {}) const;

  // What differs between the locales, one line each: a key or a hole that only one of them has.
  std::vector<std::string> differences() const;

 private:
  const std::string* find(std::string_view locale, std::string_view group,
                          std::string_view key) const;

  std::map<std::string, std::map<std::string, std::string>, std::less<>>
      texts_;  // locale -> group/key
};

}  // namespace beian
