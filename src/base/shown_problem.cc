#include "base/shown_problem.h"

namespace beian {

json::object shown_problem(const Problem& p, const Texts& texts, std::string_view locale) {
  const bool has_fix = texts.has(k_locale_zh, "problems", p.code + ".fix");
  // A parameter "says@en" is "says" for whoever reads English: words that come with the data.
  std::map<std::string, std::string> filled;
  for (const auto& [name, value] : p.params) {
    const std::size_t at = name.find('@');
    if (at == std::string::npos)
      filled.emplace(name, value);
    else if (std::string_view(name).substr(at + 1) == locale)
      filled.emplace(name.substr(0, at), value);
  }
  // "source@en" is the source for whoever reads English; other problems have one for all.
  std::string source = p.source;
  if (const auto own = filled.find("source"); own != filled.end()) {
    source = own->second;
    filled.erase(own);
  }
  json::object params;
  for (const auto& [name, value] : filled) params[name] = value;
  return {{"field", p.field},
          {"code", p.code},
          {"params", std::move(params)},
          {"message", texts.render(locale, "problems", p.code + ".message", filled)},
          {"fix", has_fix ? texts.render(locale, "problems", p.code + ".fix", filled) : ""},
          {"rule", p.rule},
          {"source", source},
          {"hard", p.hard}};
}

json::array shown_problems(const std::vector<Problem>& problems, const Texts& texts,
                           std::string_view locale) {
  json::array out;
  for (const Problem& p : problems) out.push_back(shown_problem(p, texts, locale));
  return out;
}

}  // namespace beian
