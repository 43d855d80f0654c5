#include "service/reasons.h"

#include <algorithm>

#include "base/text.h"
#include "service/content_access.h"
#include "store/reason_use.h"

namespace beian::service {
namespace {

constexpr int k_most_wordings = 8;              // kept for one field and person
constexpr std::size_t k_longest_wording = 300;  // characters
constexpr std::size_t k_most_digits = 5;        // in a row: more may be a number of somebody's
constexpr std::size_t k_shortest_text = 2;      // characters of an answer that counts as telling

bool has_number(std::string_view text) {
  std::size_t run = 0;
  for (const char c : text) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run > k_most_digits) return true;
  }
  return false;
}

// Does the wording repeat something that was filled in: a name, an address, a domain?
bool repeats(const std::string& text, const json::value& content) {
  if (content.is_object()) {
    for (const auto& member : content.get_object())
      if (member.key() != "key" && repeats(text, member.value())) return true;
  } else if (content.is_array()) {
    for (const json::value& item : content.get_array())
      if (repeats(text, item)) return true;
  } else if (content.is_string()) {
    const std::string answer(content.get_string());
    return count_characters(answer) >= k_shortest_text && text.find(answer) != std::string::npos;
  }
  return false;
}

bool may_be_kept(const std::string& text, const json::object& content) {
  return !text.empty() && count_characters(text) <= k_longest_wording && !has_number(text) &&
         text.find('@') == std::string::npos && !repeats(text, content);
}

}  // namespace

std::string field_pattern(std::string_view field) {
  constexpr std::string_view k_sites = "sites.";
  if (!field.starts_with(k_sites)) return std::string(field);
  const auto dot = field.find('.', k_sites.size());
  return "sites.*" + (dot == std::string_view::npos ? "" : std::string(field.substr(dot)));
}

void learn_reasons(Service& s, Tx& tx, const Staff& staff, const store::Filing& f,
                   const std::vector<store::Correction>& sent) {
  const json::object content = parse_content(f.content);
  for (const store::Correction& one : sent) {
    const std::string field = field_pattern(one.field);
    const bool ready_made =
        one.reason_code && std::any_of(s.reference.reasons.begin(), s.reference.reasons.end(),
                                       [&](const Reason& r) { return r.code == *one.reason_code; });
    if (ready_made)
      store::count_reason(tx, field, *one.reason_code, to_string(f.kind), f.province, s.now());
    if (may_be_kept(one.text, content))
      store::keep_wording(tx, s.keys, staff.id, field, one.text, s.now(), k_most_wordings);
  }
}

json::object show_reason_uses(Service& s, Reader& reader, const Staff& staff,
                              const store::Filing& f) {
  json::array uses, wordings;
  for (const store::ReasonUse& one : store::reason_uses(reader, to_string(f.kind), f.province))
    uses.push_back(json::object{{"field", one.field},
                                {"reason_code", one.reason_code},
                                {"here", one.here},
                                {"kind", one.kind},
                                {"all", one.all}});
  for (const store::Wording& one : store::wordings_of(reader, s.keys, staff.id))
    wordings.push_back(json::object{
        {"id", id_to_string(one.id)}, {"field", one.field}, {"text", one.text}, {"n", one.n}});
  return {{"uses", std::move(uses)}, {"wordings", std::move(wordings)}};
}

}  // namespace beian::service
