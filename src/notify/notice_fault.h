// What is wrong with the words of a notice: thrown by Templates::check() and preview().
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace beian::notify {

struct NoticeFault : std::runtime_error {
  NoticeFault(const std::string& message, std::string why, std::string where)
      : std::runtime_error(message), code(std::move(why)), name(std::move(where)) {}
  std::string code;  // hole_unknown, hole_open, link_elsewhere, text_missing, shape
  std::string name;  // of the hole, list or part
};

}  // namespace beian::notify
