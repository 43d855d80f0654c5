#include "smtp_sink.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "base/crypto.h"
#include "base/text.h"

namespace beian::notify {
namespace {

constexpr const char* k_python = "/usr/bin/python3";  // Debian's own, which has Debian's aiosmtpd

std::string read(const std::filesystem::path& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

pid_t start(std::vector<std::string> command, int input, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, command[0].c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + command[0]);
  return pid;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Received::headers() const {
  std::vector<std::pair<std::string, std::string>> found;
  std::istringstream lines(raw.substr(0, raw.find("\r\n\r\n")));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.starts_with(' ') || line.starts_with('\t')) {
      found.back().second += line;
      continue;
    }
    const std::size_t colon = line.find(": ");
    found.emplace_back(line.substr(0, colon),
                       colon == std::string::npos ? "" : line.substr(colon + 2));
  }
  return found;
}

std::string Received::header(const std::string& name) const {
  for (const auto& [each, value] : headers()) {
    if (each == name) return value;
  }
  return {};
}

std::string Received::part(const std::string& type) const {
  const std::size_t at = raw.find("Content-Type: " + type);
  if (at == std::string::npos) return {};
  const std::size_t start = raw.find("\r\n\r\n", at) + 4;
  return from_base64(raw.substr(start, raw.find("\r\n--", start) - start));
}

bool SmtpSink::is_available() {
  static const bool available =
      std::system("/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null") == 0;
  return available;
}

SmtpSink::SmtpSink(const std::vector<std::string>& options) {
  int input[2], output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
    throw std::runtime_error("pipe");
  std::vector<std::string> command = {k_python, BEIAN_ROOT "/tests/support/smtp_sink.py",
                                      folder_.path()};
  command.insert(command.end(), options.begin(), options.end());
  pid_ = start(command, input[0], output[1]);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  for (char c = 0; ::read(output[0], &c, 1) == 1 && c != '\n';) port_ += c;
  ::close(output[0]);
  if (port_.empty()) throw std::runtime_error("the mail sink did not start");
}

SmtpSink::~SmtpSink() {
  ::close(input_);
  waitpid(pid_, nullptr, 0);
}

std::vector<Received> SmtpSink::received() const {
  std::vector<Received> all;
  for (int i = 1;; ++i) {
    const std::filesystem::path stem = std::filesystem::path(folder_.path()) / std::to_string(i);
    if (!std::filesystem::exists(stem.string() + ".json")) return all;
    all.push_back({read(stem.string() + ".eml"), read(stem.string() + ".json")});
  }
}

Certificate make_certificate(const std::string& folder, const std::string& name) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  X509* x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  X509_set_pubkey(x, key.get());
  for (const auto& [nid, value] : {std::pair{NID_subject_alt_name, "IP:127.0.0.1"},
                                   std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(x, key.get(), EVP_sha256());
  const Certificate files{folder + "/" + name + ".crt", folder + "/" + name + ".key"};
  std::FILE* out = std::fopen(files.certificate.c_str(), "w");
  PEM_write_X509(out, x);
  std::fclose(out);
  out = std::fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  return files;
}

}  // namespace beian::notify
