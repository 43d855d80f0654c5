// When a bureau takes uploads: its own words with code 20 ("报备时间为：09:00-17:30"), or what the
// operator configured.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace beian::worker {

// The next moment, `now` or later, at which one of the spans of `text` is open, in China time.
// Reads spans of two times of day out of any words around them: "9:00至11:30、13:30－17:00". A span
// may pass midnight. nullopt when the text names no span.
std::optional<Millis> opens_at(std::string_view text, Millis now);

}  // namespace beian::worker
