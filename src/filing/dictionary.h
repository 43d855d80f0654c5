// The ministry's code lists (data/dictionaries): nature of the organiser, certificate types,
// website services … The bureau sends newer lists at run time, so ids and labels are data
// throughout.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

namespace json = boost::json;

using Labels = std::map<std::string, std::string, std::less<>>;  // by locale: "zh-CN", "en"

// The label in `locale`, else in zh-CN.
const std::string& label_in(const Labels& labels, std::string_view locale);
Labels labels_from_json(const json::value& value);

struct DictionaryEntry {
  std::int64_t id = 0;
  Labels label;
  bool active = true;
  std::map<std::string, std::int64_t, std::less<>> numbers;            // "nature": 4
  std::map<std::string, std::vector<std::string>, std::less<>> lists;  // "number": ["uscc"]
  std::map<std::string, std::string, std::less<>> texts;               // "province": "330000"
  std::map<std::string, Labels, std::less<>> labels;                   // "plain": {"en": …}

  std::optional<std::int64_t> number(std::string_view key) const;
  // Empty where there is none.
  const std::string& text(std::string_view key) const;
  const std::vector<std::string>& list(std::string_view key) const;
  const Labels& other_label(std::string_view key) const;
};

class Dictionary {
 public:
  // Throws std::runtime_error naming the fault.
  static Dictionary from_json(const json::value& value);

  const DictionaryEntry* find(std::int64_t id) const;
  const std::vector<DictionaryEntry>& entries() const { return entries_; }

 private:
  std::vector<DictionaryEntry> entries_;
};

class Dictionaries {
 public:
  // One object: name -> document of data/dictionaries/<name>.json.
  static Dictionaries from_json(const json::value& value);

  // Throws std::runtime_error for a name that data does not define.
  const Dictionary& at(std::string_view name) const;
  bool has(std::string_view name) const;
  // An entry of a dictionary, or nullptr.
  const DictionaryEntry* find(std::string_view name, std::int64_t id) const;

 private:
  std::map<std::string, Dictionary, std::less<>> dictionaries_;
};

}  // namespace beian
