#include "base/texts.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "base/json.h"

namespace beian {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_open = "{{";
constexpr std::string_view k_close = "}}";

std::string full_key(std::string_view group, std::string_view key) {
  return std::string(group) + '/' + std::string(key);
}

// Calls `literal(text)` and `hole(name)` for the pieces of a text, in order.
template <typename Literal, typename Hole>
void walk(std::string_view text, Literal literal, Hole hole) {
  for (;;) {
    const std::size_t open = text.find(k_open);
    const std::size_t close = open == text.npos ? text.npos : text.find(k_close, open);
    if (close == text.npos) return literal(text);
    literal(text.substr(0, open));
    hole(text.substr(open + k_open.size(), close - open - k_open.size()));
    text.remove_prefix(close + k_close.size());
  }
}

std::set<std::string> holes(std::string_view text) {
  std::set<std::string> names;
  walk(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace(name); });
  return names;
}

void check_holes(const std::string& path, const std::string& key, std::string_view text) {
  for (const std::string& name : holes(text)) {
    const bool is_plain =
        !name.empty() &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!is_plain) throw std::runtime_error(path + ": " + key + ": hole {{" + name + "}}");
  }
}

class Loader {
 public:
  explicit Loader(std::map<std::string, std::string>& texts) : texts_(texts) {}

  void read(const std::string& path, const std::string& group) {
    const json::value document = read_json_file(path);
    const json::object* object = document.if_object();
    if (object == nullptr) throw std::runtime_error(path + ": not an object");
    add(path, group, "", *object);
  }

 private:
  void add(const std::string& path, const std::string& group, const std::string& prefix,
           const json::object& object) {
    for (const auto& member : object) {
      const std::string key = prefix + std::string(member.key());
      if (const json::object* inner = member.value().if_object()) {
        add(path, group, key + ".", *inner);
      } else if (const json::string* text = member.value().if_string()) {
        check_holes(path, key, {text->data(), text->size()});
        const bool is_new = texts_.emplace(full_key(group, key), std::string(*text)).second;
        if (!is_new) throw std::runtime_error(path + ": " + key + " is already in this group");
      } else {
        throw std::runtime_error(path + ": " + key + " is neither text nor object");
      }
    }
  }

  std::map<std::string, std::string>& texts_;
};

std::string group_of(const fs::path& below_locale) {
  fs::path first = *below_locale.begin();
  return first.replace_extension().string();
}

void compare(std::string_view name_a, const std::map<std::string, std::string>& a,
             std::string_view name_b, const std::map<std::string, std::string>& b,
             std::vector<std::string>& differences) {
  for (const auto& [key, text] : a) {
    const auto other = b.find(key);
    if (other == b.end()) {
      differences.push_back(key + ": in " + std::string(name_a) + ", not in " +
                            std::string(name_b));
      continue;
    }
    const std::set<std::string> others = holes(other->second);
    for (const std::string& hole : holes(text)) {
      if (others.count(hole) > 0) continue;
      differences.push_back(key + ": {{" + hole + "}} in " + std::string(name_a) + ", not in " +
                            std::string(name_b));
    }
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "q=0.5" as thousandths; 1000 without one, 0 for nonsense.
int weight(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string_view number = trim(parameters.substr(at + 2));
  if (number.empty() || number.size() > 5) return 0;
  int thousandths = 0;
  int unit = 1000;
  for (const char c : number) {
    if (c == '.') continue;
    if (c < '0' || c > '9') return 0;
    thousandths += (c - '0') * unit;
    unit /= 10;
  }
  return thousandths;
}

bool speaks(std::string_view range, std::string_view language) {
  if (range.size() < language.size()) return false;
  for (std::size_t i = 0; i < language.size(); ++i) {
    if ((range[i] | 0x20) != language[i]) return false;
  }
  return range.size() == language.size() || range[language.size()] == '-';
}

}  // namespace

std::string_view locale_of(std::string_view accept_language) {
  int chinese = 0;
  int english = 0;
  for (int ranges = 0; !accept_language.empty() && ranges < 20; ++ranges) {
    const std::size_t end = std::min(accept_language.find(','), accept_language.size());
    const std::string_view item = accept_language.substr(0, end);
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    const std::size_t mark = std::min(item.find(';'), item.size());
    const std::string_view range = trim(item.substr(0, mark));
    const int q = weight(item.substr(mark));
    if (speaks(range, "zh") || range == "*") chinese = std::max(chinese, q);
    if (speaks(range, "en")) english = std::max(english, q);
  }
  return english > chinese ? k_locale_en : k_locale_zh;
}

Texts Texts::load(const std::string& data_dir) {
  Texts result;
  for (const std::string_view locale : {k_locale_zh, k_locale_en}) {
    const fs::path root = fs::path(data_dir) / "texts" / locale;
    Loader loader(result.texts_[std::string(locale)]);
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || entry.path().extension() != ".json") continue;
      // Notices are templates with sections, which notify/templates.cc reads.
      if (entry.path().filename() == "notices.json") continue;
      loader.read(entry.path().string(), group_of(entry.path().lexically_relative(root)));
    }
  }
  return result;
}

const std::string* Texts::find(std::string_view locale, std::string_view group,
                               std::string_view key) const {
  const auto texts = texts_.find(locale);
  if (texts == texts_.end()) return nullptr;
  const auto found = texts->second.find(full_key(group, key));
  return found == texts->second.end() ? nullptr : &found->second;
}

bool Texts::has(std::string_view locale, std::string_view group, std::string_view key) const {
  return find(locale, group, key) != nullptr;
}

std::string Texts::render(std::string_view locale, std::string_view group, std::string_view key,
                          const TextParams& params) const {
  const std::string* text = find(locale, group, key);
  if (text == nullptr) text = find(k_locale_zh, group, key);
  if (text == nullptr) return std::string(key);
  std::string rendered;
  walk(
      *text, [&](std::string_view literal) { rendered += literal; },
      [&](std::string_view hole) {
        const auto param = params.find(std::string(hole));
        if (param != params.end()) rendered += param->second;
      });
  return rendered;
}

std::vector<std::string> Texts::differences() const {
  std::vector<std::string> result;
  const auto& chinese = texts_.at(std::string(k_locale_zh));
  const auto& english = texts_.at(std::string(k_locale_en));
  compare(k_locale_zh, chinese, k_locale_en, english, result);
  compare(k_locale_en, english, k_locale_zh, chinese, result);
  return result;
}

}  // namespace beian
