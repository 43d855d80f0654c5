// beian bureau pack | unpack: data files of the bureau's interface for people, between JSON with
// the names of our messages and what crosses the wire. Needs no configuration and no database.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/command_line.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/json.h"
#include "bureau/auth.h"
#include "bureau/codec.h"
#include "bureau/gbk.h"
#include "bureau/messages_json.h"
#include "bureau/methods.h"
#include "bureau/soap.h"
#include "bureau/wire_limits.h"

namespace beian::app {
namespace {

constexpr std::size_t k_max_json = 2 * bureau::k_max_soap_bytes;

struct Options {
  std::string file, out, key_file, iv_file, name = "beianinfo.xml";
};

std::optional<bureau::Cipher> cipher_of(const Options& options) {
  if (options.key_file.empty()) return std::nullopt;
  bureau::Cipher cipher{read_secret_file(options.key_file), read_secret_file(options.iv_file)};
  bureau::require_cipher(cipher);
  return cipher;
}

// Data files hold personal data: what is written is for its owner only.
void put(const Options& options, const std::string& text) {
  if (options.out.empty()) {
    std::cout << text;
    return;
  }
  const int file = ::open(options.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool whole =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if ((file >= 0 && ::close(file) != 0) || !whole) {
    throw std::runtime_error("cannot write " + options.out);
  }
}

void print_indented(const json::value& value, std::string& into, std::size_t depth) {
  const std::string inner(2 * depth + 2, ' ');
  const std::string outer(2 * depth, ' ');
  const char* separator = "\n";
  if (value.is_object() && !value.as_object().empty()) {
    into += '{';
    for (const auto& [name, member] : value.as_object()) {
      into += separator + inner + json::serialize(name) + ": ";
      print_indented(member, into, depth + 1);
      separator = ",\n";
    }
    into += "\n" + outer + '}';
  } else if (value.is_array() && !value.as_array().empty()) {
    into += '[';
    for (const auto& member : value.as_array()) {
      into += separator + inner;
      print_indented(member, into, depth + 1);
      separator = ",\n";
    }
    into += "\n" + outer + ']';
  } else {
    into += json::serialize(value);
  }
}

std::string readable(const json::value& value) {
  std::string text;
  print_indented(value, text, 0);
  return text + "\n";
}

void tell(const std::vector<bureau::SchemaFault>& faults) {
  for (const auto& fault : faults) {
    std::fprintf(stderr, "%s: %s\n", fault.path.c_str(), fault.what.c_str());
  }
}

std::string package_json(const bureau::Package& package, const std::string& name) {
  return readable(json::object{{"file_name", name},
                               {"encryptAlgorithm", package.encrypt_algorithm},
                               {"hashAlgorithm", package.hash_algorithm},
                               {"compressionFormat", package.compression_format},
                               {"beianInfoHash", package.hash},
                               {"beianInfo", package.info}});
}

int pack(const Options& options) {
  const auto file = parse_json(read_file(options.file, k_max_json), k_max_json);
  const auto& object = as_object(file);
  const std::string kind = get_string(object, "kind");
  const std::string version =
      opt_string(object, "version").value_or(std::string(bureau::k_default_version));
  const auto* codec = bureau::find_codec(version);
  if (codec == nullptr) throw std::runtime_error("no such interface version: " + version);
  if (kind != "upload" && kind != "download") {
    throw std::runtime_error("kind must be upload or download");
  }
  const bool up = kind == "upload";
  const auto& message = object.contains("message") ? object.at("message") : json::value();
  const auto encoded = up ? codec->encode_upload(bureau::upload_from_json(message))
                          : codec->encode_download(bureau::download_from_json(message));
  for (const auto& problem : encoded.problems) {
    std::fprintf(stderr, "%s: not in GBK: %s\n", problem.field.c_str(),
                 problem.params.at("characters").c_str());
  }
  if (!encoded.problems.empty()) return 1;
  const auto faults = (up ? codec->check_upload : codec->check_download)(encoded.xml);
  tell(faults);
  if (!faults.empty()) {
    std::fprintf(stderr, "a bureau would refuse this file (5001); nothing was written\n");
    return 1;
  }
  put(options,
      package_json(bureau::pack(encoded.xml, options.name, cipher_of(options)), options.name));
  return 0;
}

bureau::Package package_of(const json::object& object) {
  bureau::Package package;
  const auto number = [&](std::string_view name) {
    return static_cast<int>(opt_int(object, name).value_or(0));
  };
  package.encrypt_algorithm = number("encryptAlgorithm");
  package.hash_algorithm = number("hashAlgorithm");
  package.compression_format = number("compressionFormat");
  package.hash = get_string(object, "beianInfoHash");
  package.info = get_string(object, "beianInfo", bureau::k_max_soap_bytes);
  return package;
}

bureau::Package package_of(const bureau::soap::Call& call) {
  const auto text = [&](std::string_view name) {
    const auto* found = call.find(name);
    return found == nullptr ? std::string() : *found;
  };
  const auto number = [&](std::string_view name) {
    const auto value = text(name);
    return value.empty() ? 0 : std::stoi(value);
  };
  return {number("encryptAlgorithm"), number("hashAlgorithm"), number("compressionFormat"),
          text("beianInfo"), text("beianInfoHash")};
}

// The package in whatever a support desk has at hand; nullopt when the bytes are a data file as
// they are.
std::optional<bureau::Package> package_in(const std::string& bytes) {
  if (bytes.starts_with("{")) return package_of(as_object(parse_json(bytes, k_max_json)));
  if (bytes.starts_with("PK")) {
    return bureau::Package{0, 0, 0, to_base64(bytes), to_base64(bureau::md5(bytes))};
  }
  std::string answer = bytes;
  if (const auto call = bureau::soap::parse_call(bytes); call && call->find("beianInfo")) {
    return package_of(*call);
  }
  if (auto text = bureau::soap::parse_answer(bytes).text) answer = std::move(*text);
  if (const auto parsed = bureau::parse_file_return(answer)) {
    if (!parsed->has_file) throw std::runtime_error("the answer carries no file");
    return parsed->package;
  }
  return std::nullopt;
}

const char* words(bureau::PackageFault fault) {
  using bureau::PackageFault;
  switch (fault) {
    case PackageFault::none:
      return "";
    case PackageFault::decrypt:
      return "cannot be deciphered: key and offset are missing or not those it was made with (6)";
    case PackageFault::hash:
      return "the hash is not that of the content: damaged, or deciphered with a wrong key (7)";
    case PackageFault::unzip:
      return "holds no sound zip (8)";
    case PackageFault::cipher_kind:
      return "unknown encryptAlgorithm (9)";
    case PackageFault::hash_kind:
      return "unknown hashAlgorithm (10)";
    case PackageFault::compression_kind:
      return "unknown compressionFormat (11)";
    case PackageFault::file_count:
      return "the zip does not hold exactly one file (17)";
    case PackageFault::too_large:
      break;
  }
  return "larger than 50 MB (18)";
}

template <typename Message>
int show(const Options& options, const bureau::Codec& codec, const std::string& name,
         const std::string& xml, const char* kind, bureau::Decoded<Message> decoded,
         const std::vector<bureau::SchemaFault>& faults) {
  tell(faults);
  if (decoded.fault) {
    std::fprintf(stderr, "%d %s: %s\n", decoded.fault->code, decoded.fault->where.c_str(),
                 decoded.fault->what.c_str());
    if (decoded.fault->code != 5001 || decoded.value == Message{}) return 1;
  }
  put(options, readable(json::object{{"kind", kind},
                                     {"version", codec.version},
                                     {"file_name", name},
                                     {"xml_bytes", xml.size()},
                                     {"message", bureau::to_json(decoded.value)}}));
  return decoded.fault ? 1 : 0;
}

int unpack(const Options& options) {
  const std::string bytes = read_file(options.file, k_max_json);
  std::string name, xml = bytes;
  if (const auto package = package_in(bytes)) {
    auto unpacked = bureau::unpack(*package, cipher_of(options));
    if (unpacked.fault != bureau::PackageFault::none) {
      throw std::runtime_error(words(unpacked.fault));
    }
    name = std::move(unpacked.file_name);
    xml = std::move(unpacked.xml);
  }
  const bool up = xml.find("<UploadData") < 1024;
  for (const auto version : bureau::codec_versions()) {
    const auto& codec = *bureau::find_codec(version);
    const auto decide = [&](auto decoded, const auto& check,
                            const char* kind) -> std::optional<int> {
      if (decoded.fault && decoded.fault->code == 5004) return std::nullopt;
      return show(options, codec, name, xml, kind, std::move(decoded), check(xml));
    };
    const auto status = up ? decide(codec.decode_upload(xml), codec.check_upload, "upload")
                           : decide(codec.decode_download(xml), codec.check_download, "download");
    if (status) return *status;
  }
  throw std::runtime_error("a data file of an interface version this program does not know");
}

}  // namespace

void add_package_commands(CLI::App& app, int& status) {
  auto* bureau = command_family(app, "bureau", "the line to the bureaus");
  const auto add = [&](const char* name, const char* what, int (*work)(const Options&)) {
    auto options = std::make_shared<Options>();
    auto* command = bureau->add_subcommand(name, what);
    command->add_option("file", options->file)->required()->check(CLI::ExistingFile);
    command->add_option("--out", options->out,
                        "write here (readable by you only), not to standard output");
    auto* key = command->add_option("--key-file", options->key_file,
                                    "file with the bureau's key (16 characters)");
    auto* iv =
        command->add_option("--iv-file", options->iv_file, "file with its offset (16 characters)");
    key->needs(iv);
    iv->needs(key);
    command->add_option("--name", options->name, "name of the file inside the package")
        ->capture_default_str();
    command->callback([options, work, &status] { status = work(*options); });
  };
  add("pack", "JSON to a package, enciphered where a key is given", pack);
  add("unpack",
      "a package (JSON, zip, SOAP message or answer) or a data file to JSON; the data is personal",
      unpack);
}

}  // namespace beian::app
