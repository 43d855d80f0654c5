#include "db/sql_text.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/text.h"

namespace beian {
namespace {

enum class Part { word, blank, quoted, comment, semicolon, other };

struct Token {
  Part part;
  std::string_view text;
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t end_after(std::string_view sql, std::string_view terminator, std::size_t from) {
  const std::size_t found = sql.find(terminator, from);
  if (found == std::string_view::npos) {
    throw std::runtime_error("SQL text: a quote or comment does not end");
  }
  return found + terminator.size();
}

// '' inside quotes reads as two quoted parts side by side, which cuts nothing apart.
Token next_token(std::string_view sql) {
  const char first = sql.front();
  if (first == '\'' || first == '"') {
    return {Part::quoted, sql.substr(0, end_after(sql, sql.substr(0, 1), 1))};
  }
  if (sql.starts_with("--")) return {Part::comment, sql.substr(0, sql.find('\n'))};
  if (sql.starts_with("/*")) return {Part::comment, sql.substr(0, end_after(sql, "*/", 2))};
  if (first == ';') return {Part::semicolon, sql.substr(0, 1)};
  const auto run = [&](bool (*belongs)(char)) {
    std::size_t size = 1;
    while (size < sql.size() && belongs(sql[size])) ++size;
    return sql.substr(0, size);
  };
  if (is_word_character(first)) return {Part::word, run(is_word_character)};
  if (is_blank(first)) return {Part::blank, run(is_blank)};
  return {Part::other, sql.substr(0, 1)};
}

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  while (!sql.empty()) {
    tokens.push_back(next_token(sql));
    sql.remove_prefix(tokens.back().text.size());
  }
  return tokens;
}

bool is_word(const Token& token, std::string_view lower_case) {
  return token.part == Part::word && to_lower_ascii(token.text) == lower_case;
}

// How many tokens from `start` spell `words` with one blank run between them; 0 when they do not.
std::size_t match_words(const std::vector<Token>& tokens, std::size_t start,
                        std::initializer_list<std::string_view> words) {
  std::size_t at = start;
  for (const std::string_view word : words) {
    if (at > start) {
      if (at >= tokens.size() || tokens[at].part != Part::blank) return 0;
      ++at;
    }
    if (at >= tokens.size() || !is_word(tokens[at], word)) return 0;
    ++at;
  }
  return at - start;
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> statements;
  std::string current;
  bool has_content = false;
  const auto finish = [&] {
    if (has_content) statements.push_back(current);
    current.clear();
    has_content = false;
  };
  for (const Token& token : tokens_of(sql)) {
    if (token.part == Part::semicolon) {
      finish();
      continue;
    }
    const bool content = token.part != Part::blank && token.part != Part::comment;
    if (content || has_content) current += token.part == Part::comment ? " " : token.text;
    has_content = has_content || content;
  }
  finish();
  return statements;
}

std::size_t count_parameters(std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  std::size_t largest = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view text = tokens[i].text;
    if (tokens[i].part != Part::word || text.front() != '$') continue;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) continue;  // a $quote$
    largest = std::max(largest, number);
    if (i + 2 < tokens.size() && tokens[i + 1].part == Part::blank &&
        is_word(tokens[i + 2], "is")) {
      throw std::runtime_error("SQL text: write CAST(" + std::string(text) + " AS …) IS NULL");
    }
  }
  return largest;
}

std::string to_postgresql(std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  std::string out;
  for (std::size_t i = 0; i < tokens.size();) {
    const std::size_t skip = match_words(tokens, i, {"without", "rowid"});
    if (skip == 0) out += is_word(tokens[i], "blob") ? "BYTEA" : tokens[i].text;
    i += skip == 0 ? 1 : skip;
  }
  return out;
}

std::string to_sqlite(std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  std::string out;
  for (std::size_t i = 0; i < tokens.size();) {
    std::size_t skip = match_words(tokens, i, {"for", "update", "skip", "locked"});
    if (skip == 0) skip = match_words(tokens, i, {"for", "update"});
    if (skip == 0) out += tokens[i].text;
    i += skip == 0 ? 1 : skip;
  }
  return out;
}

}  // namespace beian
