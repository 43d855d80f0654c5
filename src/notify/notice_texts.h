// The notices of one language as read from data/texts/<locale>/notices.json. Private to src/notify.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "notify/templates.h"

namespace beian::notify {

// One part of a message, in the order of the file:
//   "words"                                  a paragraph
//   {"if": value, "text": words}             a paragraph where the value is not empty
//   {"list": list, "item": words}            one point for each item
//   {"list": list, "code": words}            one copyable snippet for each item
//   {"button": words, "to": address}         a link
// Words have {{holes}} of the notice's spec, in a list those of its items too, and
// {{#hole}}…{{/hole}} around what stands only where the hole is not empty.
struct Block {
  enum class Kind { paragraph, points, snippets, button };
  Kind kind = Kind::paragraph;
  std::string text;
  std::string when;  // value that must not be empty; or empty
  std::string list;
  std::string to;
};

struct NoticeTexts {
  std::string subject;
  std::vector<Block> body;
  std::string sms;
};

struct LocaleTexts {
  std::string footer;  // at the end of every mail
  std::string sms_signature;
  std::map<std::string, NoticeTexts, std::less<>> notices;
  std::map<std::string, std::string, std::less<>> sources;  // the JSON of each
};

// Throws std::runtime_error naming file and notice for anything Templates promises to refuse.
LocaleTexts read_notice_texts(const std::string& path);
// One notice's words: {subject, body, sms?}. Throws as above, without a file's name.
NoticeTexts read_notice_text(std::string_view notice, const std::string& text);

}  // namespace beian::notify
