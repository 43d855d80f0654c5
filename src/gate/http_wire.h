// As much of HTTP/1.1 as the gate's listener needs, as a pure function of bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gate/gate.h"

namespace beian::gate {

struct Answered {
  std::size_t read = 0;  // bytes of the first request; 0: not complete yet
  bool close = false;    // after what was written
};

// Answers the first request in `bytes` at the end of `out`.
Answered answer_request(const Gate& gate, std::string_view bytes, std::string& out);

// For a request that is too large to be read.
std::string_view too_large();

}  // namespace beian::gate
