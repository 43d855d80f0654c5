// What was done with a file of a bureau's line, for the operator who looks after it. A note is a
// code with what fills its words (data/texts/<locale>/line.json), never personal data, so that each
// operator reads it in his language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/texts.h"

namespace beian::service {

struct LineNote {
  std::string code;
  TextParams params = {};
};
using LineNotes = std::vector<LineNote>;

// Whether one of them tells of something that nobody could place.
bool want_attention(const LineNotes& notes);

// As the store keeps them; "" for none.
std::string pack_notes(const LineNotes& notes);
// One line of words; what no program packed is shown as it is.
std::string note_words(const Texts& texts, std::string_view locale, const std::string& stored);
json::value note_words(const Texts& texts, std::string_view locale,
                       const std::optional<std::string>& stored);  // null for none

}  // namespace beian::service
