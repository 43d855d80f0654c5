#include "filing/home_page.h"

#include <algorithm>

#include "base/text.h"

namespace beian {
namespace {

constexpr std::size_t k_title = 200, k_excerpt = 300, k_numbers = 10, k_longest_address = 300;
constexpr std::string_view k_filed = "icp备", k_end = "号", k_ministry = "beian.miit.gov.cn";

std::string first_characters(std::string_view text, std::size_t most) {
  if (!is_utf8(text)) return {};
  std::vector<char32_t> points = to_code_points(clean_line(text));
  if (points.size() > most) points.resize(most);
  return from_code_points(points);
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The address of an href, without its quotes.
std::string_view address_of(std::string_view tag, std::string_view lower) {
  const auto at = lower.find("href");
  if (at == std::string_view::npos) return {};
  auto is = at + 4;
  while (is < tag.size() && is_blank(tag[is])) ++is;
  if (is >= tag.size() || tag[is] != '=') return {};
  std::string_view value = trimmed(tag.substr(is + 1));
  if (value.empty()) return {};
  const char quote = value.front();
  if (quote == '"' || quote == '\'') {
    value.remove_prefix(1);
    return trimmed(value.substr(0, value.find(quote)));
  }
  return value.substr(0, value.find_first_of(" \t\r\n>"));
}

bool leads_to_ministry(std::string_view address) {
  std::string lower = to_lower_ascii(address.substr(0, k_longest_address));
  std::string_view rest = lower;
  for (std::string_view scheme : {"https://", "http://", "//"})
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  if (!rest.starts_with(k_ministry)) return false;
  rest.remove_prefix(k_ministry.size());
  return rest.empty() || rest.front() == '/' || rest.front() == '#' || rest.front() == '?' ||
         rest.front() == ':';
}

// The visible text: tags, scripts and styles gone, each a blank; and what the tags say on the way.
std::string visible_text(std::string_view html, const std::string& lower, HomePage& page) {
  std::string text;
  for (std::size_t at = 0; at < html.size();) {
    if (html[at] != '<') {
      const std::size_t next = std::min(html.find('<', at), html.size());
      text.append(html.substr(at, next - at));
      at = next;
      continue;
    }
    const std::string_view low = std::string_view(lower).substr(at);
    std::size_t end = html.find('>', at);
    for (std::string_view name : {"script", "style", "noscript"})
      if (low.substr(1).starts_with(name)) {
        const std::size_t close = lower.find("</" + std::string(name), at);
        // An unclosed one hides all that follows, as a browser has it.
        if (close == std::string::npos) return text;
        end = html.find('>', close);
      }
    if (low.starts_with("<!--")) {
      const std::size_t close = html.find("-->", at);
      if (close == std::string_view::npos) return text;
      end = close + 2;
    }
    if (end == std::string_view::npos) return text;
    if (low.starts_with("<a") && low.size() > 2 && is_blank(low[2]))
      page.links_ministry =
          page.links_ministry ||
          leads_to_ministry(address_of(html.substr(at, end - at), low.substr(0, end - at)));
    text.push_back(' ');
    at = end + 1;
  }
  return text;
}

// A character, "ICP备", digits, "号", and perhaps "-1".
std::string number_at(std::string_view text, std::size_t filed) {
  std::size_t start = filed;
  while (start > 0 && filed - start < 4) {
    --start;
    if ((static_cast<unsigned char>(text[start]) & 0xC0) != 0x80) break;
  }
  std::size_t at = filed + k_filed.size();
  std::string digits;
  while (at < text.size() && digits.size() < 12 && text[at] >= '0' && text[at] <= '9')
    digits.push_back(text[at++]);
  if (start == filed || digits.size() < 6 || !text.substr(at).starts_with(k_end)) return {};
  at += k_end.size();
  std::string number =
      std::string(text.substr(start, filed - start)) + "ICP备" + digits + std::string(k_end);
  if (at + 1 < text.size() && text[at] == '-' && text[at + 1] >= '0' && text[at + 1] <= '9') {
    number.push_back('-');
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9' && number.size() < 40; ++at)
      number.push_back(text[at]);
  }
  return number;
}

void find_numbers(const std::string& visible, HomePage& page) {
  std::string dense;
  for (char c : visible)
    if (!is_blank(c)) dense.push_back(c);
  const std::string lower = to_lower_ascii(dense);
  for (std::size_t at = lower.find(k_filed); at != std::string::npos;
       at = lower.find(k_filed, at + k_filed.size())) {
    std::string number = number_at(dense, at);
    if (number.empty() || page.numbers.size() >= k_numbers) continue;
    if (std::ranges::find(page.numbers, number) == page.numbers.end())
      page.numbers.push_back(std::move(number));
  }
}

}  // namespace

HomePage read_home_page(std::string_view html) {
  HomePage page;
  if (!is_utf8(html)) return page;
  const std::string lower = to_lower_ascii(html);
  if (const auto open = lower.find("<title"); open != std::string::npos)
    if (const auto start = lower.find('>', open); start != std::string::npos)
      if (const auto end = lower.find("</title", start); end != std::string::npos)
        page.title = first_characters(html.substr(start + 1, end - start - 1), k_title);
  const std::string visible = visible_text(html, lower, page);
  find_numbers(visible, page);
  std::string body = visible;
  for (char& c : body)
    if (is_blank(c)) c = ' ';
  page.excerpt = first_characters(body, k_excerpt);
  return page;
}

std::string organiser_part(std::string_view number) {
  return std::string(number.substr(0, number.rfind("号-") == std::string_view::npos
                                          ? number.size()
                                          : number.rfind("号-") + k_end.size()));
}

}  // namespace beian
