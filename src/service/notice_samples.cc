#include "service/notice_samples.h"

#include <map>

namespace beian::service {
namespace {

struct Words {
  std::string_view zh, en;
};

// By hole; one that stands nowhere here shows its own name.
const std::map<std::string_view, Words>& words() {
  static const std::map<std::string_view, Words> out = {
      {"token", {"sample-token", "sample-token"}},
      {"hours", {"24", "24"}},
      {"minutes", {"30", "30"}},
      {"days", {"7", "7"}},
      {"url", {"https://hooks.example.cn/beian", "https://hooks.example.cn/beian"}},
      {"filing", {"100001", "100001"}},
      {"domains", {"example.cn", "example.cn"}},
      {"carrier", {"示例快递", "Sample Express"}},
      {"tracking_number", {"SF0000000001", "SF0000000001"}},
      {"organiser_number", {"示ICP备00000000号", "示ICP备00000000号"}},
      {"password", {"", ""}},
      {"subject", {"示例网站", "Sample website"}},
      {"number", {"示ICP备00000000号-1", "示ICP备00000000号-1"}},
      {"text", {"请在期限内核对网站信息。", "Please check the website’s details in time."}},
      {"what", {"证件", "certificate"}},
      {"until", {"2030-01-01", "2030-01-01"}},
      {"name", {"示例审核员", "Sample reviewer"}},
      {"field", {"网站名称", "Website name"}},
      {"reason", {"与网站内容不符，请改成一致的名称。", "Does not match the website’s content."}},
      {"domain", {"example.cn", "example.cn"}}};
  return out;
}

std::string sample(std::string_view hole, std::string_view locale) {
  const auto found = words().find(hole);
  if (found == words().end()) return std::string(hole);
  return std::string(locale == "en" ? found->second.en : found->second.zh);
}

}  // namespace

notify::NoticeData sample_notice_data(std::string_view notice, std::string_view locale) {
  notify::NoticeData out;
  for (const notify::NoticeSpec& spec : notify::notice_specs()) {
    if (spec.name != notice) continue;
    for (const std::string_view hole : spec.values) out.values.emplace(hole, sample(hole, locale));
    for (const auto& [list, members] : spec.lists) {
      notify::Values item;
      for (const std::string_view hole : members) item.emplace(hole, sample(hole, locale));
      out.lists[std::string(list)] = {item};
    }
  }
  return out;
}

}  // namespace beian::service
