// The bytes of a message head, in both directions, stricter than the parser behind: what two
// programs could read differently (bare line feeds, folded lines, control characters) is refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/message.h"

namespace beian {

// Follows a request header as it arrives, each byte once.
class HeaderScan {
 public:
  enum class State { incomplete, complete, malformed };

  // `bytes` is everything that has arrived of this header, the earlier part unchanged.
  State feed(std::string_view bytes);

  // Bytes of the header, its empty line included; once complete.
  std::size_t size() const { return seen_; }

 private:
  std::size_t seen_ = 0;
  std::size_t line_ = 0;  // bytes in the current line
  bool after_cr_ = false;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HeadOptions {
  bool keep_alive = true;
  std::string_view date;        // RFC 9110 5.6.7
  std::string_view request_id;  // becomes X-Request-Id
  const HeaderList* common = nullptr;
};

// Status line and fields of an answer. The length, Connection and Date are the server's: fields of
// those names in `response` are left out. nullopt when a name or value could split the answer.
std::optional<std::string> response_head(const Response& response, const HeadOptions& options);

// Whether an answer of that status has a body at all (RFC 9110 6.4.1).
bool has_body(int status);

std::string http_date(std::int64_t seconds);

}  // namespace beian
