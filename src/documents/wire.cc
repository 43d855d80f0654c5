#include "documents/wire.h"

#include <cstring>

namespace beian::documents {
namespace {

constexpr std::int64_t k_max_problems = 16;
constexpr std::int64_t k_max_params = 16;

class Writer {
 public:
  void number(std::int64_t value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof value);
  }
  void real(double value) {
    std::int64_t raw = 0;
    std::memcpy(&raw, &value, sizeof value);
    number(raw);
  }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_.append(value);
  }
  std::string plain() const { return bytes_; }
  std::string finish() const {
    Writer length;
    length.number(static_cast<std::int64_t>(bytes_.size()));
    return length.bytes_ + bytes_;
  }

 private:
  std::string bytes_;
};

// Past the end or out of range: zero and empty values, and ok() is false from then on.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::int64_t number(std::int64_t least, std::int64_t most) {
    const std::int64_t value = raw();
    if (value >= least && value <= most) return value;
    ok_ = false;
    return 0;
  }
  int small(int most) { return static_cast<int>(number(0, most)); }
  double real() {
    const std::int64_t bits = raw();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number(0, static_cast<std::int64_t>(k_max_message)));
    if (!ok_ || size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    std::string value(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return value;
  }
  bool ok() const { return ok_; }
  bool finished() const { return ok_ && bytes_.empty(); }

 private:
  std::int64_t raw() {
    std::int64_t value = 0;
    if (!ok_ || bytes_.size() < sizeof value) {
      ok_ = false;
      return 0;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

void write(Writer& to, const std::vector<Problem>& problems) {
  to.number(static_cast<std::int64_t>(problems.size()));
  for (const Problem& problem : problems) {
    to.text(problem.code);
    to.number(problem.hard ? 1 : 0);
    to.number(static_cast<std::int64_t>(problem.params.size()));
    for (const auto& [name, value] : problem.params) {
      to.text(name);
      to.text(value);
    }
  }
}

std::vector<Problem> read_problems(Reader& from) {
  std::vector<Problem> problems;
  const std::int64_t count = from.number(0, k_max_problems);
  for (std::int64_t i = 0; i < count && from.ok(); ++i) {
    Problem& problem = problems.emplace_back();
    problem.code = from.text();
    problem.hard = from.small(1) == 1;
    const std::int64_t params = from.number(0, k_max_params);
    for (std::int64_t j = 0; j < params && from.ok(); ++j) {
      std::string name = from.text();
      problem.params[std::move(name)] = from.text();
    }
  }
  return problems;
}

void write(Writer& to, const Prepared& prepared) {
  to.number(static_cast<std::int64_t>(prepared.source_kind));
  for (int number :
       {prepared.source_width, prepared.source_height, prepared.full_width, prepared.full_height}) {
    to.number(number);
  }
  to.text(prepared.full);
  to.text(prepared.thumbnail);
  const Fitted& fitted = prepared.fitted;
  to.text(fitted.jpeg);
  for (int number : {fitted.width, fitted.height, fitted.quality, fitted.grey ? 1 : 0}) {
    to.number(number);
  }
  to.real(fitted.legibility);
  write(to, prepared.advice);
}

Prepared read_prepared(Reader& from) {
  constexpr int k_side = 1 << 20;
  Prepared prepared;
  prepared.source_kind = static_cast<FileKind>(from.small(static_cast<int>(FileKind::unknown)));
  prepared.source_width = from.small(k_side);
  prepared.source_height = from.small(k_side);
  prepared.full_width = from.small(k_side);
  prepared.full_height = from.small(k_side);
  prepared.full = from.text();
  prepared.thumbnail = from.text();
  prepared.fitted.jpeg = from.text();
  prepared.fitted.width = from.small(k_side);
  prepared.fitted.height = from.small(k_side);
  prepared.fitted.quality = from.small(100);
  prepared.fitted.grey = from.small(1) == 1;
  prepared.fitted.legibility = from.real();
  prepared.advice = read_problems(from);
  return prepared;
}

bool is_as_asked(const Prepared& prepared, std::size_t fit_bytes) {
  const bool fitted_right = fit_bytes == 0 ? prepared.fitted.jpeg.empty()
                                           : sniff(prepared.fitted.jpeg) == FileKind::jpeg &&
                                                 prepared.fitted.jpeg.size() <= fit_bytes;
  return fitted_right && sniff(prepared.full) == FileKind::jpeg &&
         sniff(prepared.thumbnail) == FileKind::jpeg;
}

}  // namespace

std::string with_length(std::string_view message) {
  Writer length;
  length.number(static_cast<std::int64_t>(message.size()));
  return length.plain().append(message);
}

std::string pack(const PrepareRequest& request) {
  Writer to;
  to.number(static_cast<std::int64_t>(request.fit_bytes));
  to.number(static_cast<std::int64_t>(request.limits.max_bytes));
  to.number(request.limits.max_pixels);
  to.number(request.limits.max_side);
  to.number(request.limits.advised_side);
  to.text(request.file);
  return to.finish();
}

std::string pack(const PrepareOutcome& outcome) {
  Writer to;
  to.number(outcome.prepared ? 1 : 0);
  if (outcome.prepared) write(to, *outcome.prepared);
  write(to, outcome.problems);
  return to.finish();
}

std::optional<std::uint64_t> message_length(std::string_view prefix) {
  std::uint64_t length = 0;
  if (prefix.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, prefix.data(), sizeof length);
  if (length > k_max_message) return std::nullopt;
  return length;
}

std::optional<PrepareRequest> unpack_request(std::string_view message) {
  constexpr std::int64_t k_most = std::int64_t{1} << 40;
  Reader from(message);
  PrepareRequest request;
  request.fit_bytes = static_cast<std::size_t>(from.number(0, k_most));
  request.limits.max_bytes = static_cast<std::size_t>(from.number(0, k_most));
  request.limits.max_pixels = from.number(0, k_most);
  request.limits.max_side = from.small(1 << 20);
  request.limits.advised_side = from.small(1 << 20);
  request.file = from.text();
  if (!from.finished()) return std::nullopt;
  return request;
}

std::optional<PrepareOutcome> unpack_outcome(std::string_view message, std::size_t fit_bytes) {
  Reader from(message);
  PrepareOutcome outcome;
  if (from.small(1) == 1) outcome.prepared = read_prepared(from);
  outcome.problems = read_problems(from);
  if (!from.finished()) return std::nullopt;
  if (outcome.prepared.has_value() != outcome.problems.empty()) return std::nullopt;
  if (outcome.prepared && !is_as_asked(*outcome.prepared, fit_bytes)) return std::nullopt;
  return outcome;
}

}  // namespace beian::documents
