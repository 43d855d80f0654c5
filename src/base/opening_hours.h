// Hours at which somebody takes something, as an operator writes them.
#pragma once

#include <string>

namespace beian {

// "HH:MM-HH:MM", several joined by commas; or nothing: always.
bool are_hours(const std::string& text);

}  // namespace beian
