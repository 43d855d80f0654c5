#include "filing/dictionary.h"

#include "filing/data.h"

namespace beian {

const std::string& label_in(const Labels& labels, std::string_view locale) {
  static const std::string none;
  auto found = labels.find(locale);
  if (found == labels.end()) found = labels.find("zh-CN");
  return found == labels.end() ? none : found->second;
}

Labels labels_from_json(const json::value& value) {
  Labels labels;
  for (const auto& [locale, text] : data::object(value, "labels")) {
    labels.emplace(locale, data::text(text, "labels"));
  }
  return labels;
}

std::optional<std::int64_t> DictionaryEntry::number(std::string_view key) const {
  const auto found = numbers.find(key);
  if (found == numbers.end()) return std::nullopt;
  return found->second;
}

const std::vector<std::string>& DictionaryEntry::list(std::string_view key) const {
  static const std::vector<std::string> none;
  const auto found = lists.find(key);
  return found == lists.end() ? none : found->second;
}

const std::string& DictionaryEntry::text(std::string_view key) const {
  static const std::string none;
  const auto found = texts.find(key);
  return found == texts.end() ? none : found->second;
}

const Labels& DictionaryEntry::other_label(std::string_view key) const {
  static const Labels none;
  const auto found = labels.find(key);
  return found == labels.end() ? none : found->second;
}

namespace {

DictionaryEntry entry_from_json(const json::value& value, const std::string& where) {
  const json::object& object = data::object(value, where);
  DictionaryEntry entry;
  entry.id = data::integer(data::member(object, "id", where), where);
  entry.label = labels_from_json(data::member(object, "label", where));
  entry.active = data::flag_or(object, "active", true, where);
  for (const auto& [key, member] : object) {
    if (key == "id") continue;
    if (member.is_int64()) entry.numbers.emplace(key, member.get_int64());
    if (member.is_string()) entry.texts.emplace(key, std::string(member.get_string()));
    if (member.is_object() && key != "label") entry.labels.emplace(key, labels_from_json(member));
    if (member.is_array()) entry.lists.emplace(key, data::texts_or_none(object, key, where));
  }
  return entry;
}

}  // namespace

Dictionary Dictionary::from_json(const json::value& value) {
  const json::object& object = data::object(value, "dictionary");
  const std::string where = "dictionary " + data::text_of(object, "id", "dictionary");
  Dictionary dictionary;
  for (const json::value& entry : data::array(data::member(object, "entries", where), where)) {
    dictionary.entries_.push_back(entry_from_json(entry, where));
    const DictionaryEntry& added = dictionary.entries_.back();
    if (dictionary.find(added.id) != &added) {
      data::fault(where, "id " + std::to_string(added.id) + " stands twice");
    }
  }
  return dictionary;
}

const DictionaryEntry* Dictionary::find(std::int64_t id) const {
  for (const DictionaryEntry& entry : entries_) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

Dictionaries Dictionaries::from_json(const json::value& value) {
  Dictionaries dictionaries;
  for (const auto& [name, document] : data::object(value, "dictionaries")) {
    dictionaries.dictionaries_.emplace(name, Dictionary::from_json(document));
  }
  return dictionaries;
}

const Dictionary& Dictionaries::at(std::string_view name) const {
  const auto found = dictionaries_.find(name);
  if (found == dictionaries_.end()) data::fault("dictionaries", "no " + std::string(name));
  return found->second;
}

bool Dictionaries::has(std::string_view name) const {
  return dictionaries_.find(name) != dictionaries_.end();
}

const DictionaryEntry* Dictionaries::find(std::string_view name, std::int64_t id) const {
  return at(name).find(id);
}

}  // namespace beian
