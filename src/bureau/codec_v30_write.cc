// Messages to GBK XML, written straight into the bytes to be sent.
#include <algorithm>
#include <charconv>
#include <concepts>

#include "base/crypto.h"
#include "base/text.h"
#include "bureau/codec_v30.h"
#include "bureau/gbk.h"
#include "bureau/shapes.h"

namespace beian::bureau::v30 {
namespace {

constexpr std::string_view k_declaration = "<?xml version=\"1.0\" encoding=\"GBK\"?>";

// Characters XML 1.0 cannot hold, as U+XXXX.
std::vector<std::string> forbidden(std::string_view text) {
  std::vector<std::string> found;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\t' || c == '\n' || c == '\r') continue;
    constexpr char k_digits[] = "0123456789ABCDEF";
    found.push_back(std::string("U+00") + k_digits[byte >> 4] + k_digits[byte & 15]);
  }
  return found;
}

class Writer : public Visitor<Writer> {
 public:
  Encoded encoded;

  explicit Writer(const std::vector<RawGroup>& others) : others_(others) {}

  void text(Name name, const std::string& value, Need need, std::int64_t low, std::int64_t) {
    if (need == k_never || (value.empty() && (need == k_optional || low > 0))) return;
    open(name.xml);
    const std::size_t before = path_.size();
    enter(name);
    characters(value);
    path_.resize(before);
    close(name.xml);
    ++leaves_;
  }

  template <std::integral T>
  void integer(Name name, T value, Need need, std::int64_t low, std::int64_t = k_no_limit) {
    if (need == k_never || !is_value(static_cast<std::int64_t>(value), need, low)) return;
    number(name.xml, static_cast<std::int64_t>(value));
  }
  template <typename T>
  void integer(Name name, const std::optional<T>& value, Need need, std::int64_t,
               std::int64_t = k_no_limit) {
    if (need != k_never && value) number(name.xml, static_cast<std::int64_t>(*value));
  }

  void flag(Name name, bool value, Need need, int of_true, bool) {
    if (need != k_never) number(name.xml, value ? of_true : 1 - of_true);
  }
  void flag(Name name, const std::optional<bool>& value, Need need, int of_true, bool strict) {
    if (value) flag(name, *value, need, of_true, strict);
  }

  void bytes(Name name, const std::string& value, Need) {
    open(name.xml);
    encoded.xml += to_base64(value);
    close(name.xml);
    ++leaves_;
  }

  void derived(const char* xml, std::int64_t value, std::int64_t, std::int64_t) {
    open(xml);
    encoded.xml += std::to_string(value);
    close(xml);
  }

  void either(Name id_name, Id id, Name text_name, const std::string& value, std::int64_t low,
              std::int64_t high) {
    if (id != 0) {
      number(id_name.xml, id);
    } else {
      text(text_name, value, k_required, low, high);
    }
  }

  template <typename T, typename Shape>
  void group(Name name, Order, Need, const T& value, const Shape& shape) {
    open(name.xml);
    inside(name, value, shape);
    close(name.xml);
  }

  template <typename T, typename Shape>
  void part(Name name, const T& value, const Shape& shape) {
    inside(name, value, shape);
  }

  template <typename Shape>
  void wrap(const char* xml, Order, Need need, const Shape& shape) {
    const std::size_t before = encoded.xml.size();
    const std::size_t leaves = leaves_;
    open(xml);
    shape(*this);
    close(xml);
    if (need == k_optional && leaves_ == leaves) encoded.xml.resize(before);
  }

  template <typename T, typename Shape>
  void each(Name name, Order, Need, const std::vector<T>& values, const Shape& shape,
            int = k_many) {
    for (const T& value : values) {
      open(name.xml);
      ++leaves_;
      if constexpr (requires { value.key; }) {
        const std::string segment = std::string(name.form) + "." + value.key;
        inside({name.xml, name.json, segment.c_str()}, value, shape);
      } else {
        inside(name, value, shape);
      }
      close(name.xml);
    }
  }

  void singles(const char* element, Name name, const std::vector<std::string>& values,
               std::int64_t low, std::int64_t high) {
    for (const auto& value : values) {
      open(element);
      ++leaves_;
      text(name, value, k_required, low, high);
      close(element);
    }
  }
  void singles(const char* element, Name name, const std::vector<Id>& values, std::int64_t,
               std::int64_t) {
    for (const Id value : values) {
      open(element);
      number(name.xml, value);
      close(element);
    }
  }

  void scans(Name name, const std::vector<std::string>& values, int) {
    for (const auto& value : values) bytes(name, value, k_required);
  }

  void numbers(const char* wrapper, Need need, Name name, const std::vector<std::int64_t>& values,
               std::int64_t, int) {
    if (need == k_never || values.empty()) return;  // an empty group fails the schema
    open(wrapper);
    for (const auto value : values) number(name.xml, value);
    close(wrapper);
  }

  template <typename Shape>
  void branch(const char* xml, Order order, bool present, const Shape& shape) {
    const std::size_t before = branch_.size();
    branch_ += (branch_.empty() ? "" : "/") + std::string(xml);
    wrap(xml, order, k_optional, [&](auto& inner) {
      if (present) shape(inner);
      raw_groups(branch_);
    });
    branch_.resize(before);
  }

  // The groups of unknown type that belong into `branch`.
  void raw_groups(std::string_view branch) {
    for (const auto& group : others_) {
      const auto slash = group.name.rfind('/');
      const auto place = slash == std::string::npos ? "" : group.name.substr(0, slash);
      if (place != branch) continue;
      ++leaves_;
      if (const auto gbk = to_gbk(group.xml)) {
        encoded.xml += *gbk;
      } else {
        encoded.problems.push_back(Problem{"",
                                           "gbk_unencodable",
                                           {{"characters", join(unencodable(group.xml), " ")}},
                                           "",
                                           "",
                                           true});
      }
    }
  }

 private:
  void open(std::string_view name) { ((encoded.xml += '<') += name) += '>'; }
  void close(std::string_view name) { ((encoded.xml += "</") += name) += '>'; }

  void number(const char* name, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    open(name);
    encoded.xml.append(digits, end);
    close(name);
    ++leaves_;
  }

  void characters(const std::string& value) {
    auto wrong = forbidden(value);
    const auto gbk = to_gbk(value);
    if (!gbk) {
      auto beyond = unencodable(value);
      wrong.insert(wrong.begin(), beyond.begin(), beyond.end());
    }
    if (!wrong.empty()) {
      encoded.problems.push_back(
          Problem{path_, "gbk_unencodable", {{"characters", join(wrong, " ")}}, "", "", true});
      return;
    }
    // No byte of a two-byte character is one of these.
    for (const char c : *gbk) {
      switch (c) {
        case '&':
          encoded.xml += "&amp;";
          break;
        case '<':
          encoded.xml += "&lt;";
          break;
        case '>':
          encoded.xml += "&gt;";
          break;
        case '\r':
          encoded.xml += "&#13;";
          break;
        default:
          encoded.xml += c;
      }
    }
  }

  void enter(Name name) {
    std::string_view segment = name.form != nullptr ? name.form : name.json;
    if (segment.starts_with('/')) {
      path_.clear();
      segment.remove_prefix(1);
    }
    if (!segment.empty() && !path_.empty()) path_ += '.';
    path_ += segment;
  }

  template <typename T, typename Shape>
  void inside(Name name, const T& value, const Shape& shape) {
    const std::string outside = path_;
    enter(name);
    shape(*this, value);
    path_ = outside;
  }

  const std::vector<RawGroup>& others_;
  std::string path_;        // of what is being written, as problems name it
  std::string branch_;      // "ICP"
  std::size_t leaves_ = 0;  // values written so far
};

// `bytes`: about how many the attachments will need, so that the text need not move as it grows.
template <typename Message, typename Shape>
Encoded encode_file(const char* root, const Message& message, const std::vector<RawGroup>& others,
                    const Shape& shape, std::size_t bytes) {
  Writer writer(others);
  writer.encoded.xml.reserve(bytes);
  writer.encoded.xml = k_declaration;
  writer.encoded.xml += std::string("<") + root + " version=\"" + std::string(k_version) + "\">";
  shape(writer, message);
  writer.raw_groups("");
  writer.encoded.xml += std::string("</") + root + ">";
  if (!writer.encoded.problems.empty()) writer.encoded.xml.clear();
  return std::move(writer.encoded);
}

std::size_t content_bytes(const std::vector<Attachment>& attachments) {
  std::size_t bytes = 0;
  for (const auto& attachment : attachments) bytes += attachment.bytes.size() / 3 * 4 + 400;
  return bytes;
}

std::size_t content_bytes(const Upload& upload) {
  std::size_t bytes = 4096 + content_bytes(upload.materials);
  const auto add = [&](const auto& records) {
    for (const auto& record : records) bytes += 4096 + content_bytes(record.attachments);
  };
  add(upload.new_filings);
  add(upload.new_websites);
  add(upload.new_accesses);
  add(upload.changes);
  return bytes;
}

}  // namespace

Encoded encode(const Upload& upload) {
  // The raw groups of an upload are told by their name alone and belong to the filings.
  std::vector<RawGroup> others = upload.others;
  for (auto& group : others) {
    if (group.name.find('/') == std::string::npos) group.name = "ICP/" + group.name;
  }
  return encode_file("UploadData", upload, others, shape::upload, content_bytes(upload));
}

Encoded encode(const Download& download) {
  return encode_file("DownloadData", download, download.others, shape::download, 4096);
}

}  // namespace beian::bureau::v30
