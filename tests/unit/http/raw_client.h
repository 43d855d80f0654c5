// A TCP client that sends exactly the bytes it is given, for what no honest client would send.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace beian {

struct RawAnswer {
  int status = 0;                              // 0: the connection ended before a whole answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the other side has closed already.
  bool send(std::string_view bytes);
  // Of a HEAD request only the header is read.
  RawAnswer read(bool is_head = false);
  // True when the other side closes without sending anything more.
  bool is_closed();
  // Whether anything (an end too) has arrived, within so many milliseconds.
  bool has_input(int millis);
  RawAnswer ask(std::string_view bytes) {
    send(bytes);
    return read();
  }

 private:
  bool read_more();  // false at the end

  int socket_ = -1;
  std::string buffer_;
};

}  // namespace beian
