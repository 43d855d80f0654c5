#include "gate/http_wire.h"

namespace beian::gate {
namespace {

constexpr std::string_view k_filed = "HTTP/1.1 204 No Content\r\nX-Beian-Gate: filed\r\n\r\n";
constexpr std::string_view k_not_filed =
    "HTTP/1.1 403 Forbidden\r\nX-Beian-Gate: not_filed\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view k_wrong_address =
    "HTTP/1.1 403 Forbidden\r\nX-Beian-Gate: wrong_address\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view k_not_a_name =
    "HTTP/1.1 403 Forbidden\r\nX-Beian-Gate: not_a_name\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view k_not_ready =
    "HTTP/1.1 503 Service Unavailable\r\nX-Beian-Gate: not_ready\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view k_ready = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::string_view k_not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view k_bad =
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view k_method =
    "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";
constexpr std::string_view k_too_large =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: "
    "close\r\n\r\n";

std::string_view words_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::filed:
      return k_filed;
    case Verdict::not_filed:
      return k_not_filed;
    case Verdict::wrong_address:
      return k_wrong_address;
    case Verdict::not_a_name:
      return k_not_a_name;
    case Verdict::not_ready:
      return k_not_ready;
  }
  return k_not_ready;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// `name` in lower case.
bool is_name(std::string_view written, std::string_view name) {
  if (written.size() != name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (lower(written[i]) != name[i]) return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Fields {
  std::string_view host, gate_host, gate_address;
  bool has_gate_host = false, close = false, body = false, bad = false;
};

void take_field(Fields& fields, std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4:
      if (is_name(name, "host")) fields.host = value;
      break;
    case 10:
      if (is_name(name, "connection")) fields.close = is_name(value, "close");
      break;
    case 11:
      if (is_name(name, "x-gate-host")) {
        fields.gate_host = value;
        fields.has_gate_host = true;
      }
      break;
    case 14:
      if (is_name(name, "x-gate-address")) fields.gate_address = value;
      if (is_name(name, "content-length") && value != "0") fields.body = true;
      break;
    case 17:
      if (is_name(name, "transfer-encoding")) fields.body = true;
      break;
    default:
      break;
  }
}

Fields read_fields(std::string_view lines) {
  Fields fields;
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || line[0] == ' ' || line[0] == '\t') {
      fields.bad = true;
      return fields;
    }
    take_field(fields, line.substr(0, colon), trimmed(line.substr(colon + 1)));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
  }
  return fields;
}

}  // namespace

std::string_view too_large() { return k_too_large; }

Answered answer_request(const Gate& gate, std::string_view bytes, std::string& out) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  Answered done{end + 4, false};
  const std::string_view head = bytes.substr(0, end);
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string_view line = head.substr(0, line_end);
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  const auto refuse = [&](std::string_view words) {
    out += words;
    done.close = true;
    return done;
  };
  if (first == std::string_view::npos || first == last) return refuse(k_bad);
  const std::string_view method = line.substr(0, first), version = line.substr(last + 1);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refuse(k_bad);
  if (method != "GET" && method != "HEAD") return refuse(k_method);
  const Fields fields = read_fields(head.substr(std::min(line_end + 2, head.size())));
  // What follows the head of a GET could be taken for another request by one of two readers.
  if (fields.bad || fields.body) return refuse(k_bad);
  done.close = fields.close || version == "HTTP/1.0";
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/check")
    out += words_of(
        gate.ask(fields.has_gate_host ? fields.gate_host : fields.host, fields.gate_address));
  else if (path == "/ready")
    out += gate.ready() ? k_ready : k_not_ready;
  else
    out += k_not_found;
  return done;
}

}  // namespace beian::gate
