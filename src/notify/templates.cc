#include "notify/templates.h"

#include <algorithm>
#include <filesystem>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "notify/clean.h"
#include "notify/notice_texts.h"

namespace beian::notify {
namespace {

namespace fs = std::filesystem;
namespace mustache = kainjow::mustache;

constexpr const char* k_default_locale = "zh-CN";
constexpr std::size_t k_mail_value = 1000;  // characters of one value
constexpr std::size_t k_sms_value = 30, k_sms_token = 64;

// A hole without a value is a mistake of ours, not an empty place in somebody's mail.
class StrictContext : public mustache::context<std::string> {
 public:
  explicit StrictContext(const mustache::data* data) : context(data) {}
  const mustache::data* get(const std::string& name) const override {
    const mustache::data* found = context::get(name);
    if (found == nullptr) throw std::logic_error("notice: no value for " + name);
    return found;
  }
};

// Holes filled as they are: whoever shows the result escapes it whole.
std::string fill(const std::string& words, const Values& values) {
  mustache::data data{mustache::data::type::object};
  for (const auto& [name, value] : values) {
    // false, because an empty string would count as true in {{#name}}
    data.set(name, value.empty() ? mustache::data(false) : mustache::data(value));
  }
  mustache::mustache form(words);
  form.set_custom_escape([](const std::string& text) { return text; });
  StrictContext context(&data);
  std::string filled = form.render(context);
  if (!form.is_valid()) throw std::logic_error("notice: " + form.error_message());
  return filled;
}

std::string escape_html(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string escape_url(std::string_view text) {
  constexpr char k_digits[] = "0123456789ABCDEF";
  std::string result;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      result += c;
    } else {
      result += '%';
      result += k_digits[byte >> 4];
      result += k_digits[byte & 15];
    }
  }
  return result;
}

Values cleaned(const Values& values, std::size_t max_characters) {
  Values result;
  for (const auto& [name, value] : values) {
    result[name] = without_links(clean_value(value, max_characters));
  }
  return result;
}

void require(const NoticeSpec& spec, const NoticeData& data) {
  const auto missing = [&](std::string_view name) {
    throw std::logic_error("notice " + std::string(spec.name) + ": no value for " +
                           std::string(name));
  };
  for (std::string_view name : spec.values) {
    if (!data.values.contains(std::string(name))) missing(name);
  }
  for (const auto& [list, names] : spec.lists) {
    const auto found = data.lists.find(std::string(list));
    if (found == data.lists.end()) missing(list);
    for (const Values& item : found->second) {
      for (std::string_view name : names) {
        if (!item.contains(std::string(name))) missing(name);
      }
    }
  }
}

// "filing_submitted" of "zh-CN.filing_submitted".
std::string notice_of(const std::string& name) {
  const auto dot = name.find('.');
  return dot == std::string::npos ? "" : name.substr(dot + 1);
}

// The two forms of a mail, grown part by part.
class Body {
 public:
  Body(const NoticeData& data, Values common) : data_(data), common_(std::move(common)) {
    values_ = with_common(cleaned(data.values, k_mail_value));
  }

  void add(const Block& block) {
    switch (block.kind) {
      case Block::Kind::paragraph:
        if (block.when.empty() || !values_.at(block.when).empty())
          paragraph(fill(block.text, values_));
        break;
      case Block::Kind::points:
        points(items(block));
        break;
      case Block::Kind::snippets:
        for (const std::string& item : items(block)) snippet(item);
        break;
      case Block::Kind::button:
        button(fill(block.text, values_), address(block.to));
        break;
    }
  }

  void footer(const std::string& words) {
    const std::string text = fill(words, values_);
    text_ += "--\n" + text + "\n";
    html_ +=
        "<p style=\"margin-top:32px;color:#6b7280;font-size:13px\">" + escape_html(text) + "</p>";
  }

  std::string subject(const std::string& words) const { return fill(words, values_); }
  const std::string& text() const { return text_; }
  std::string html(std::string_view locale) const {
    return "<!DOCTYPE html><html lang=\"" + escape_html(locale) +
           "\"><head><meta charset=\"utf-8\"></head><body style=\"margin:0;background:#f5f6f8\">"
           "<div style=\"max-width:600px;margin:0 auto;padding:24px;background:#ffffff;"
           "color:#1f2937;font:16px/1.7 'PingFang SC','Microsoft YaHei',sans-serif\">" +
           html_ + "</div></body></html>";
  }

 private:
  Values with_common(Values values) const {
    values.insert(common_.begin(), common_.end());
    return values;
  }

  std::vector<std::string> items(const Block& block) const {
    std::vector<std::string> filled;
    for (const Values& item : data_.lists.at(block.list)) {
      Values values = cleaned(item, k_mail_value);
      values.insert(values_.begin(), values_.end());
      filled.push_back(fill(block.text, values));
    }
    return filled;
  }

  std::string address(const std::string& to) const {
    Values escaped;
    for (const auto& [name, value] : data_.values) escaped[name] = escape_url(value);
    return fill(to, with_common(std::move(escaped)));
  }

  void paragraph(const std::string& text) {
    text_ += text + "\n\n";
    html_ += "<p>" + escape_html(text) + "</p>";
  }

  void points(const std::vector<std::string>& all) {
    if (all.empty()) return;
    html_ += "<ul>";
    for (const std::string& item : all) {
      text_ += "* " + item + "\n";
      html_ += "<li>" + escape_html(item) + "</li>";
    }
    text_ += "\n";
    html_ += "</ul>";
  }

  void snippet(const std::string& text) {
    text_ += "    " + text + "\n\n";
    html_ +=
        "<pre style=\"white-space:pre-wrap;word-break:break-all;padding:12px;"
        "background:#f3f4f6;border-radius:6px;font-size:14px\">" +
        escape_html(text) + "</pre>";
  }

  void button(const std::string& label, const std::string& to) {
    text_ += label + "\n" + to + "\n\n";
    html_ +=
        "<p><a style=\"display:inline-block;padding:10px 20px;background:#1d4ed8;color:#ffffff;"
        "border-radius:6px;text-decoration:none\" href=\"" +
        escape_html(to) + "\">" + escape_html(label) +
        "</a></p><p style=\"color:#6b7280;font-size:13px;word-break:break-all\">" +
        escape_html(to) + "</p>";
  }

  const NoticeData& data_;
  Values common_, values_;
  std::string text_, html_;
};

}  // namespace

struct Templates::Texts : LocaleTexts {};

struct Templates::Changed {
  std::string provider;
  std::map<std::string, NoticeTexts, std::less<>> texts;  // by "<locale>.<notice>"
};

Templates::Templates(const std::string& texts_dir, std::string provider, std::string base_url)
    : groups_(NoticeGroups::load(texts_dir + "/../notice_groups.json")),
      base_url_(std::move(base_url)) {
  change(std::move(provider), {});
  for (const auto& entry : fs::directory_iterator(texts_dir)) {
    const fs::path file = entry.path() / "notices.json";
    if (!fs::exists(file)) continue;
    auto texts = std::make_unique<Texts>();
    static_cast<LocaleTexts&>(*texts) = read_notice_texts(file.string());
    locales_.emplace(entry.path().filename().string(), std::move(texts));
  }
  if (!locales_.contains(k_default_locale)) {
    throw std::runtime_error(texts_dir + "/" + k_default_locale + "/notices.json: missing");
  }
}

Templates::~Templates() = default;

std::shared_ptr<const Templates::Changed> Templates::changed() const {
  const std::lock_guard lock(mutex_);
  return changed_;
}

void Templates::change(std::string provider, const std::map<std::string, std::string>& texts) {
  auto changed = std::make_shared<Changed>();
  changed->provider = clean_value(provider, k_mail_value);
  for (const auto& [name, text] : texts)
    changed->texts.emplace(name, read_notice_text(notice_of(name), text));
  const std::lock_guard lock(mutex_);
  changed_ = std::move(changed);
}

void Templates::check(const std::string& name, const std::string& text) const {
  if (shipped(name).empty()) throw std::runtime_error("no such notice: " + name);
  read_notice_text(notice_of(name), text);
}

Notice Templates::preview(const std::string& name, const std::string& text,
                          const NoticeData& data) const {
  check(name, text);
  Changed changed{this->changed()->provider, {}};
  changed.texts.emplace(name, read_notice_text(notice_of(name), text));
  return render(name.substr(0, name.find('.')), notice_of(name), data, changed);
}

std::string Templates::shipped(const std::string& name) const {
  const auto locale = locales_.find(name.substr(0, name.find('.')));
  if (locale == locales_.end()) return "";
  const auto text = locale->second->sources.find(notice_of(name));
  return text == locale->second->sources.end() ? "" : text->second;
}

Notice Templates::render(std::string_view locale, std::string_view name,
                         const NoticeData& data) const {
  return render(locale, name, data, *changed());
}

Notice Templates::render(std::string_view locale, std::string_view name, const NoticeData& data,
                         const Changed& changed) const {
  const auto& specs = notice_specs();
  const auto spec = std::find_if(specs.begin(), specs.end(),
                                 [&](const NoticeSpec& each) { return each.name == name; });
  if (spec == specs.end()) throw std::logic_error("no such notice: " + std::string(name));
  require(*spec, data);
  auto found = locales_.find(locale);
  if (found == locales_.end()) found = locales_.find(k_default_locale);
  const LocaleTexts& texts = *found->second;
  const auto own = changed.texts.find(found->first + "." + std::string(name));
  const NoticeTexts& words =
      own == changed.texts.end() ? texts.notices.find(name)->second : own->second;

  const Values common = {{"provider", changed.provider}, {"base_url", base_url_}};
  Body body(data, common);
  for (const Block& block : words.body) body.add(block);
  body.footer(texts.footer);
  Notice notice{body.subject(words.subject), body.text(), body.html(found->first), {}};
  if (!words.sms.empty()) {
    Values brief = cleaned(data.values, k_sms_value);
    // A link that is cut leads nowhere.
    if (const auto token = data.values.find("token"); token != data.values.end())
      brief["token"] = cleaned({*token}, k_sms_token).at("token");
    brief.insert(common.begin(), common.end());
    notice.sms = fill(texts.sms_signature, common) + fill(words.sms, brief);
  }
  return notice;
}

}  // namespace beian::notify
