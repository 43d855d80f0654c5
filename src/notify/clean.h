// Text from people, made harmless for a line of a message. Private to src/notify.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace beian::notify {

// One line: line ends and controls become blanks, marks that turn the direction of text or take no
// room vanish, and what is no UTF-8 becomes "?". More than `max_characters` end in "…".
std::string clean_value(std::string_view text, std::size_t max_characters);

// Takes the link out of addresses ("http://x" reads on, but no mail program makes it clickable).
std::string without_links(std::string text);

}  // namespace beian::notify
