#include "documents/limits.h"

#include <stdexcept>

#include "base/json.h"

namespace beian::documents {
namespace {

const json::value& member(const json::object& object, const std::string& path,
                          std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) throw std::runtime_error(path + ": missing " + std::string(key));
  return *value;
}

const json::object& section(const json::object& object, const std::string& path,
                            std::string_view key) {
  const json::value& value = member(object, path, key);
  if (!value.is_object()) throw std::runtime_error(path + ": no object: " + std::string(key));
  return value.get_object();
}

std::int64_t positive(const json::object& object, const std::string& path, std::string_view key) {
  const json::value& value = member(object, path, key);
  if (!value.is_int64() || value.get_int64() <= 0 || value.get_int64() > 1'000'000'000) {
    throw std::runtime_error(path + ": not a positive number: " + std::string(key));
  }
  return value.get_int64();
}

}  // namespace

std::size_t MaterialLimits::raw_bytes_for(std::string_view purpose) const {
  const std::size_t bytes =
      purpose == "verification_form" ? verification_form_bytes : attachment_bytes;
  return count_base64 ? bytes / 4 * 3 : bytes;
}

MaterialLimits MaterialLimits::load(const std::string& path) {
  const json::value file = read_json_file(path);
  if (!file.is_object()) throw std::runtime_error(path + ": no object");
  const json::object& materials = section(file.get_object(), path, "materials");
  const json::object& upload = section(materials, path, "upload");
  const json::object& bureau = section(materials, path, "bureau");
  MaterialLimits limits;
  limits.image.max_bytes = static_cast<std::size_t>(positive(upload, path, "max_bytes"));
  limits.image.max_pixels = positive(upload, path, "max_pixels");
  limits.image.max_side = static_cast<int>(positive(upload, path, "max_side"));
  limits.image.advised_side = static_cast<int>(positive(upload, path, "advised_side"));
  limits.attachment_bytes = static_cast<std::size_t>(positive(bureau, path, "attachment_bytes"));
  limits.verification_form_bytes =
      static_cast<std::size_t>(positive(bureau, path, "verification_form_bytes"));
  const json::value& base64 = member(bureau, path, "count_base64");
  if (!base64.is_bool()) throw std::runtime_error(path + ": neither true nor false: count_base64");
  limits.count_base64 = base64.get_bool();
  return limits;
}

}  // namespace beian::documents
