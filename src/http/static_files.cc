#include "http/static_files.h"

#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "base/file.h"
#include "base/text.h"

namespace beian {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_max_total = 64u << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> k_types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
    {".pdf", "application/pdf"},
    {".wasm", "application/wasm"},
}};

// Empty for an extension that is not in the table.
std::string_view type_of(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] != '.') return "";
  for (const auto& [extension, type] : k_types) {
    if (path.substr(dot) == extension) return type;
  }
  return "";
}

bool is_asset(std::string_view path) { return path.starts_with("/assets/"); }

bool accepts_gzip(const Request& request) {
  const auto accept = request.header("accept-encoding");
  if (!accept) return false;
  for (const std::string& item : split(*accept, ',')) {
    std::string coding;
    for (const char c : to_lower_ascii(item)) {
      if (c != ' ') coding += c;
    }
    if (coding == "gzip") return true;
    if (coding.starts_with("gzip;q=")) return coding.find_first_of("123456789") != coding.npos;
  }
  return false;
}

bool lists_etag(const Request& request, std::string_view etag) {
  const auto tags = request.header("if-none-match");
  return tags && (*tags == "*" || tags->find(etag) != std::string::npos);
}

// The build's own notes (.vite/manifest.json) are not for visitors.
bool is_hidden(std::string_view path) {
  return path.find("/.") != std::string_view::npos && !path.starts_with("/.well-known/");
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& folder) {
  StaticFiles result;
  std::map<std::string, std::string> compressed;
  std::size_t total = 0;
  std::error_code error;
  fs::recursive_directory_iterator files(folder, error);
  if (error) throw std::runtime_error(folder + ": " + error.message());
  for (const auto& entry : files) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    std::string path = "/" + entry.path().lexically_relative(folder).generic_string();
    if (is_hidden(path)) continue;
    std::string bytes = read_file(entry.path().string());
    total += bytes.size();
    if (total > k_max_total) throw std::runtime_error(folder + ": more than 64 MiB of pages");
    if (path.ends_with(".gz")) {
      compressed[path.substr(0, path.size() - 3)] = std::move(bytes);
      continue;
    }
    File file;
    file.etag = to_hex(sha256(bytes)).substr(0, 24);
    file.content_type = type_of(path).empty() ? "application/octet-stream" : type_of(path);
    file.immutable = is_asset(path);
    file.bytes = std::move(bytes);
    result.files_.emplace(std::move(path), std::move(file));
  }
  for (auto& [path, bytes] : compressed) {
    const auto file = result.files_.find(path);
    if (file != result.files_.end()) file->second.gzip = std::move(bytes);
  }
  if (result.files_.count("/index.html") == 0) {
    throw std::runtime_error(folder + ": no index.html (the pages are not built)");
  }
  return result;
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
  const auto exact = files_.find(path);
  if (exact != files_.end()) return &exact->second;
  if (is_asset(path) || !type_of(path).empty()) return nullptr;
  for (;;) {
    while (path.ends_with('/')) path.remove_suffix(1);
    const auto index = files_.find(std::string(path) + "/index.html");
    if (index != files_.end()) return &index->second;
    if (path.empty()) return nullptr;
    const std::size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
}

Response StaticFiles::serve(const Request& request) const {
  Response response;
  const File* file = find(request.path);
  if (file == nullptr) {
    response.status = 404;
    return response;
  }
  const bool zipped = !file->gzip.empty() && accepts_gzip(request);
  const std::string etag = '"' + file->etag + (zipped ? "-gz\"" : "\"");
  response.with("ETag", etag)
      .with("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file->gzip.empty()) response.with("Vary", "Accept-Encoding");
  if (lists_etag(request, etag)) {
    response.status = 304;
    return response;
  }
  response.with("Content-Type", file->content_type);
  if (zipped) response.with("Content-Encoding", "gzip");
  response.body = zipped ? file->gzip : file->bytes;
  return response;
}

}  // namespace beian
