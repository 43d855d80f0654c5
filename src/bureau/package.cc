#include "bureau/package.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/crypto.h"
#include "bureau/auth.h"
#include "bureau/base64.h"
#include "bureau/wire_limits.h"
#include "bureau/xml.h"
#include "bureau/zip_writer.h"

namespace beian::bureau {
namespace {

constexpr std::size_t k_aes_block = 16;

// A file that unpacks to more than this many times its size is no filing: base64 pictures do not
// compress, and plain records stay far below.
constexpr std::uint64_t k_max_ratio = 200;
constexpr std::uint64_t k_ratio_matters_above = 1u << 20;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// In place. false when what is deciphered does not end as PKCS#5 has it.
bool run_aes(std::string& content, const Cipher& cipher, bool encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context || EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, bytes(cipher.key),
                                    bytes(cipher.iv), encrypt ? 1 : 0) != 1) {
    throw std::runtime_error("AES-128-CBC is not available");
  }
  const auto size = static_cast<int>(content.size());
  content.resize(content.size() + k_aes_block);
  auto* at = reinterpret_cast<unsigned char*>(content.data());
  int done = 0;
  int rest = 0;
  if (EVP_CipherUpdate(context.get(), at, &done, at, size) != 1 ||
      EVP_CipherFinal_ex(context.get(), at + done, &rest) != 1) {
    return false;
  }
  content.resize(static_cast<std::size_t>(done + rest));
  return true;
}

// Reads the only entry of a zip held in memory.
class ZipReader {
 public:
  explicit ZipReader(std::string_view zip) : size_(zip.size()) {
    zip_source_t* source = zip_source_buffer_create(zip.data(), zip.size(), 0, nullptr);
    if (source == nullptr) return;
    archive_ = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    if (archive_ == nullptr) zip_source_free(source);
  }
  ~ZipReader() {
    if (archive_ != nullptr) zip_discard(archive_);
  }
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  PackageFault read(Unpacked& into) {
    if (archive_ == nullptr) return PackageFault::unzip;
    if (zip_get_num_entries(archive_, 0) != 1) return PackageFault::file_count;
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr auto k_needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
                              ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive_, 0, 0, &stat) != 0 || (stat.valid & k_needed) != k_needed ||
        stat.encryption_method != ZIP_EM_NONE ||
        (stat.comp_method != ZIP_CM_DEFLATE && stat.comp_method != ZIP_CM_STORE)) {
      return PackageFault::unzip;
    }
    if (stat.size > k_max_file_bytes) return PackageFault::too_large;
    if (stat.comp_size > size_) return PackageFault::unzip;
    if (stat.size > k_ratio_matters_above && stat.size / k_max_ratio > size_) {
      return PackageFault::unzip;
    }
    into.file_name = stat.name;
    return content(stat, into.xml);
  }

 private:
  // The announced size is all the room there is: an entry that holds more or less lies about it.
  PackageFault content(const zip_stat_t& stat, std::string& into) {
    std::string deflated(stat.comp_size, '\0');
    if (!read_raw(deflated)) return PackageFault::unzip;
    if (stat.comp_method == ZIP_CM_STORE) {
      into = std::move(deflated);
    } else {
      into.resize(stat.size);
      const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
          inflater(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
      if (!inflater) throw std::bad_alloc();
      if (libdeflate_deflate_decompress(inflater.get(), deflated.data(), deflated.size(),
                                        into.data(), into.size(), nullptr) != LIBDEFLATE_SUCCESS) {
        return PackageFault::unzip;
      }
    }
    const bool whole =
        into.size() == stat.size && libdeflate_crc32(0, into.data(), into.size()) == stat.crc;
    return whole ? PackageFault::none : PackageFault::unzip;
  }

  // The entry as it is stored, which libzip hands out without looking at it.
  bool read_raw(std::string& into) {
    zip_file_t* file = zip_fopen_index(archive_, 0, ZIP_FL_COMPRESSED);
    if (file == nullptr) return false;
    std::size_t filled = 0;
    zip_int64_t got = 0;
    while (filled < into.size() &&
           (got = zip_fread(file, into.data() + filled, into.size() - filled)) > 0) {
      filled += static_cast<std::size_t>(got);
    }
    zip_fclose(file);
    return filled == into.size();
  }

  zip_t* archive_ = nullptr;
  std::size_t size_;
};

}  // namespace

void require_cipher(const Cipher& cipher) {
  if (cipher.key.size() != k_aes_block || cipher.iv.size() != k_aes_block) {
    throw std::invalid_argument("the bureau's key and offset must be 16 characters each");
  }
}

Package pack(std::string_view xml, std::string_view name, const std::optional<Cipher>& cipher) {
  const bool name_fits = !name.empty() && name.size() <= k_max_file_name &&
                         std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                  (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
                         });
  if (!name_fits) throw std::invalid_argument("a data file's name must be letters and digits");
  if (xml.size() > k_max_file_bytes) throw std::invalid_argument("the data file is above 50 MB");
  Package package;
  std::string content = zip_one_file(name, xml);
  package.hash = to_base64(md5(content));
  if (cipher) {
    require_cipher(*cipher);
    package.encrypt_algorithm = k_cipher_aes;
    run_aes(content, *cipher, true);
  }
  package.info = to_base64(content);
  return package;
}

Unpacked unpack(const Package& package, const std::optional<Cipher>& cipher) {
  Unpacked result;
  const auto fail = [&](PackageFault fault) {
    return Unpacked{fault, std::move(result.file_name), {}};
  };
  if (package.encrypt_algorithm != k_cipher_none && package.encrypt_algorithm != k_cipher_aes) {
    return fail(PackageFault::cipher_kind);
  }
  if (package.hash_algorithm != k_hash_md5) return fail(PackageFault::hash_kind);
  if (package.compression_format != k_compression_zip) {
    return fail(PackageFault::compression_kind);
  }
  if (package.info.size() > k_max_soap_bytes) return fail(PackageFault::too_large);
  const bool enciphered = package.encrypt_algorithm == k_cipher_aes;
  auto content = decode_base64(package.info);
  if (!content) return fail(enciphered ? PackageFault::decrypt : PackageFault::unzip);
  if (enciphered) {
    if (!cipher || cipher->key.size() != k_aes_block || cipher->iv.size() != k_aes_block) {
      return fail(PackageFault::decrypt);
    }
    if (!run_aes(*content, *cipher, false)) return fail(PackageFault::decrypt);
  }
  const auto hash = decode_base64(package.hash);
  if (!hash || *hash != md5(*content)) return fail(PackageFault::hash);
  result.fault = ZipReader(*content).read(result);
  if (result.fault != PackageFault::none) return fail(result.fault);
  return result;
}

std::string upload_file_name(Id isp_id, std::int64_t sequence) {
  return fmt::format("{}n{}.xml", isp_id, sequence);
}

std::optional<std::int64_t> sequence_of_file_name(Id isp_id, std::string_view name) {
  const std::string prefix = fmt::format("{}n", isp_id);
  constexpr std::string_view k_suffix = ".xml";
  if (!name.starts_with(prefix) || !name.ends_with(k_suffix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  name.remove_suffix(std::min(k_suffix.size(), name.size()));
  const auto sequence = to_integer(name);
  if (!sequence ||
      upload_file_name(isp_id, *sequence).size() != prefix.size() + name.size() + k_suffix.size()) {
    return std::nullopt;
  }
  return sequence;
}

}  // namespace beian::bureau
