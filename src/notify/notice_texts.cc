#include "notify/notice_texts.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "base/json.h"
#include "notify/notice_fault.h"

namespace beian::notify {
namespace {

constexpr std::array<std::string_view, 2> k_always = {"provider", "base_url"};
// Besides our own pages a notice may name only the ministries' sites.
constexpr std::array<std::string_view, 3> k_links = {"{{base_url}}", "https://beian.miit.gov.cn/",
                                                     "https://beian.mps.gov.cn/"};

using Holes = std::set<std::string_view>;

class Checker {
 public:
  Checker(std::string where, const NoticeSpec* spec) : where_(std::move(where)) {
    known_.insert(k_always.begin(), k_always.end());
    if (spec == nullptr) return;
    known_.insert(spec->values.begin(), spec->values.end());
    lists_ = spec->lists;
  }

  [[noreturn]] void fault(const std::string& what, const std::string& code = "shape",
                          const std::string& name = "") const {
    throw NoticeFault(where_ + ": " + what, code, name);
  }

  // Only {{name}}, {{#name}} and {{/name}} of known names: no raw output, partials or lambdas.
  void words(const std::string& text, const std::string& list = {}) const {
    Holes known = known_;
    if (!list.empty()) {
      const auto found = lists_.find(list);
      if (found == lists_.end()) fault("no such list: " + list, "hole_unknown", list);
      known.insert(found->second.begin(), found->second.end());
    }
    std::size_t at = 0;
    while ((at = text.find("{{", at)) != std::string::npos) {
      const std::size_t end = text.find("}}", at);
      if (end == std::string::npos) fault("a hole is not closed", "hole_open");
      std::string_view name = std::string_view(text).substr(at + 2, end - at - 2);
      if (name.starts_with('#') || name.starts_with('/')) name.remove_prefix(1);
      if (!known.contains(name))
        fault("no such hole: " + std::string(name), "hole_unknown", std::string(name));
      at = end + 2;
    }
    links(text);
  }

  void links(const std::string& text) const {
    for (std::size_t at = text.find("://"); at != std::string::npos;
         at = text.find("://", at + 1)) {
      const bool ours = std::any_of(k_links.begin(), k_links.end(), [&](std::string_view link) {
        const std::size_t scheme = link.find("://");
        return scheme != std::string_view::npos && at >= scheme &&
               text.compare(at - scheme, link.size(), link) == 0;
      });
      if (!ours) fault("links elsewhere", "link_elsewhere");
    }
  }

  void address(const std::string& to) const {
    words(to);
    const bool ours = std::any_of(k_links.begin(), k_links.end(),
                                  [&](std::string_view link) { return to.starts_with(link); });
    if (!ours) fault("links elsewhere", "link_elsewhere");
  }

  void value(const std::string& name) const {
    if (!known_.contains(name)) fault("no such hole: " + name, "hole_unknown", name);
  }

 private:
  std::string where_;
  Holes known_;
  std::map<std::string_view, std::vector<std::string_view>> lists_;
};

std::string text_of(const json::object& object, std::string_view key, const Checker& check) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) {
    check.fault("no text: " + std::string(key), "text_missing", std::string(key));
  }
  return std::string(value->get_string());
}

Block read_block(const json::value& value, const Checker& check) {
  Block block;
  if (value.is_string()) {
    block.text = value.get_string();
    if (block.text.empty()) check.fault("an empty part", "text_missing", "body");
    check.words(block.text);
    return block;
  }
  if (!value.is_object()) check.fault("a part is neither text nor object");
  const json::object& object = value.get_object();
  if (object.contains("list")) {
    const bool code = object.contains("code");
    block.kind = code ? Block::Kind::snippets : Block::Kind::points;
    block.list = text_of(object, "list", check);
    block.text = text_of(object, code ? "code" : "item", check);
    check.words(block.text, block.list);
  } else if (object.contains("button")) {
    block.kind = Block::Kind::button;
    block.text = text_of(object, "button", check);
    block.to = text_of(object, "to", check);
    check.words(block.text);
    check.address(block.to);
  } else {
    block.when = text_of(object, "if", check);
    block.text = text_of(object, "text", check);
    check.value(block.when);
    check.words(block.text);
  }
  return block;
}

NoticeTexts read_notice(const json::value& value, const Checker& check) {
  if (!value.is_object()) check.fault("no object");
  const json::object& object = value.get_object();
  NoticeTexts notice;
  notice.subject = text_of(object, "subject", check);
  check.words(notice.subject);
  const json::value* body = object.if_contains("body");
  if (body == nullptr || !body->is_array() || body->get_array().empty())
    check.fault("no body", "text_missing", "body");
  for (const json::value& part : body->get_array()) {
    notice.body.push_back(read_block(part, check));
  }
  if (object.contains("sms")) notice.sms = text_of(object, "sms", check);
  check.words(notice.sms);
  return notice;
}

}  // namespace

LocaleTexts read_notice_texts(const std::string& path) {
  const json::value file = read_json_file(path);
  const Checker whole(path, nullptr);
  if (!file.is_object()) whole.fault("no object");
  const json::object& root = file.get_object();
  LocaleTexts texts;
  texts.footer = text_of(root, "footer", whole);
  texts.sms_signature = text_of(root, "sms_signature", whole);
  whole.words(texts.footer);
  whole.words(texts.sms_signature);
  const json::value* notices = root.if_contains("notices");
  if (notices == nullptr || !notices->is_object()) whole.fault("no notices");
  for (const NoticeSpec& spec : notice_specs()) {
    const Checker check(path + ": " + std::string(spec.name), &spec);
    const json::value* value = notices->get_object().if_contains(spec.name);
    if (value == nullptr) check.fault("missing");
    texts.notices.emplace(spec.name, read_notice(*value, check));
    texts.sources.emplace(spec.name, json::serialize(*value));
  }
  for (const auto& each : notices->get_object()) {
    if (!texts.notices.contains(std::string_view(each.key()))) {
      whole.fault("no such notice: " + std::string(each.key()));
    }
  }
  return texts;
}

NoticeTexts read_notice_text(std::string_view notice, const std::string& text) {
  for (const NoticeSpec& spec : notice_specs())
    if (spec.name == notice) {
      const Checker check{std::string(notice), &spec};
      return read_notice(parse_json(text), check);
    }
  throw std::runtime_error("no such notice: " + std::string(notice));
}

}  // namespace beian::notify
