// Where in a JSON text each member and element stands: the parser proper forgets it.
#include <cctype>

#include "filing/rule.h"

namespace beian {
namespace {

using Place = std::pair<std::size_t, std::size_t>;
constexpr int k_max_depth = 64;

class Scanner {
 public:
  Scanner(std::string_view text, std::map<std::string, Place>& found)
      : text_(text), found_(found) {}

  // Stops at the first fault; how far it came is kept as "?".
  void run() {
    if (!value("", 0)) found_["?"] = here();
  }

 private:
  Place here() const { return {line_, column_}; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void step() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column_;  // one for each character, not for each byte
    }
  }
  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) step();
  }
  bool take(char wanted) {
    blanks();
    if (peek() != wanted) return false;
    step();
    return true;
  }
  bool word(std::string& out) {
    if (!take('"')) return false;
    while (at_ < text_.size() && peek() != '"') {
      if (peek() == '\\') step();
      if (at_ >= text_.size() || peek() == '\n') return false;
      out.push_back(peek());
      step();
    }
    return take('"');
  }
  bool value(const std::string& pointer, int depth) {
    blanks();
    found_.emplace(pointer, here());
    if (depth > k_max_depth) return false;
    if (peek() == '{') return members(pointer, depth);
    if (peek() == '[') return elements(pointer, depth);
    std::string ignored;
    if (peek() == '"') return word(ignored);
    const std::size_t start = at_;
    while (std::isalnum(static_cast<unsigned char>(peek())) || peek() == '-' || peek() == '+' ||
           peek() == '.')
      step();
    return at_ > start;
  }
  bool members(const std::string& pointer, int depth) {
    step();
    if (take('}')) return true;
    do {
      blanks();
      std::string name;
      if (!word(name) || !take(':') || !value(pointer + "/" + name, depth + 1)) return false;
    } while (take(','));
    return take('}');
  }
  bool elements(const std::string& pointer, int depth) {
    step();
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      if (!value(pointer + "/" + std::to_string(index++), depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  std::string_view text_;
  std::map<std::string, Place>& found_;
  std::size_t at_ = 0, line_ = 1, column_ = 1;
};

}  // namespace

std::map<std::string, Place> json_places(std::string_view text) {
  std::map<std::string, Place> found;
  Scanner(text, found).run();
  return found;
}

}  // namespace beian
