// What a home page shows that matters here: its title, some words of it, filing numbers and the
// link to the ministry's site that has to stand below a filed website (《互联网信息服务管理办法》
// art. 12; 《非经营性互联网信息服务备案管理办法》 art. 13).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beian {

struct HomePage {
  std::string title;                 // at most 200 characters
  std::string excerpt;               // of the visible text, at most 300 characters
  std::vector<std::string> numbers;  // "某ICP备12345678号-1", blanks gone; at most 10
  bool links_ministry = false;       // an <a href> to beian.miit.gov.cn
};

// `html` is UTF-8; whatever it is, this ends in time linear to its length.
HomePage read_home_page(std::string_view html);

// "某ICP备12345678号" of "某ICP备12345678号-1".
std::string organiser_part(std::string_view number);

}  // namespace beian
