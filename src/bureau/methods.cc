#include "bureau/methods.h"

#include <algorithm>
#include <limits>

#include "bureau/xml.h"

namespace beian::bureau {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

Parts with_identity(std::initializer_list<std::pair<std::string, std::string>> more) {
  Parts parts{
      {"ispId", "long"}, {"userName", "string"}, {"randVal", "string"}, {"pwdHash", "string"}};
  parts.insert(parts.end(), more);
  return parts;
}

std::vector<MethodInfo> make_methods() {
  const std::pair<std::string, std::string> hash{"hashAlgorithm", "int"};
  return {
      {Method::upload, "isp_upload", ServicePath::upload_download,
       with_identity({{"beianInfo", "string"},
                      {"beianInfoHash", "string"},
                      {"dataSequence", "long"},
                      {"encryptAlgorithm", "int"},
                      hash,
                      {"compressionFormat", "int"}})},
      {Method::download, "isp_download", ServicePath::upload_download, with_identity({hash})},
      {Method::download_ack, "isp_downloadack", ServicePath::upload_download,
       with_identity({hash, {"fileName", "string"}})},
      {Method::previous_upload, "isp_querypreviousupload", ServicePath::upload_download,
       with_identity({hash})},
      {Method::query_status, "isp_querybeianstatus", ServicePath::query_status,
       with_identity({hash, {"queryConditionType", "int"}, {"queryCondition", "string"}})},
      {Method::verify_password, "isp_verifybamm", ServicePath::verify_password,
       with_identity({hash, {"baxh", "string"}, {"bamm", "string"}})},
  };
}

// A <return> document under construction.
class Document {
 public:
  explicit Document(const Return& value) : root_(document_.append_child("return")) {
    root_.append_attribute("version") = "V.3.0";
    number(root_, "msg_code", value.msg_code);
    text(root_, "msg", value.msg);
  }
  pugi::xml_node root() const { return root_; }
  static void text(pugi::xml_node parent, const char* name, const std::string& value) {
    parent.append_child(name).text().set(value.c_str());
  }
  static void number(pugi::xml_node parent, const char* name, std::int64_t value) {
    parent.append_child(name).text().set(static_cast<long long>(value));
  }
  std::string finish() const {
    return "<?xml version=\"1.0\" encoding=\"GBK\"?>" + bureau::to_xml(root_);
  }

 private:
  pugi::xml_document document_;
  pugi::xml_node root_;
};

int small_number(const pugi::xml_node& node) {
  const auto value = to_integer(text_of(node)).value_or(-1);
  const bool fits = value >= 0 && value <= std::numeric_limits<int>::max();
  return fits ? static_cast<int>(value) : -1;
}

bool read_head(const std::string& xml, XmlDocument& document, Return& into) {
  if (document.parse(xml, k_max_soap_bytes)) return false;
  if (local_name(document.root()) != "return") return false;
  into.msg_code = small_number(child(document.root(), "msg_code"));
  into.msg = text_of(child(document.root(), "msg"));
  return into.msg_code >= 0;
}

}  // namespace

const std::vector<MethodInfo>& methods() {
  static const std::vector<MethodInfo> all = make_methods();
  return all;
}

const MethodInfo& info(Method method) {
  return *std::find_if(methods().begin(), methods().end(),
                       [&](const MethodInfo& entry) { return entry.method == method; });
}

std::optional<Method> method_from_name(std::string_view name) {
  for (const auto& entry : methods()) {
    if (entry.name == name) return entry.method;
  }
  return std::nullopt;
}

std::string_view path(ServicePath service) {
  switch (service) {
    case ServicePath::upload_download:
      return "ISPWebService/upDownLoad";
    case ServicePath::query_status:
      return "BeianStatusWebService/queryBeianStatus";
    case ServicePath::verify_password:
      break;
  }
  return "BeianStatusWebService/verifyBamm";
}

std::string to_xml(const Return& value) { return Document(value).finish(); }

std::string to_xml(const UploadReturn& value) {
  Document document(value);
  if (!value.missing.empty()) {
    auto list = document.root().append_child("dataSequences");
    for (const auto sequence : value.missing) Document::number(list, "dataSequence", sequence);
  }
  return document.finish();
}

std::string to_xml(const FileReturn& value) {
  Document document(value);
  if (value.has_file || value.sequence) {  // nothing uploaded yet: an empty file and sequence 0
    auto file = document.root().append_child("fileInfos");
    Document::number(file, "hashAlgorithm", value.package.hash_algorithm);
    Document::number(file, "compressionFormat", value.package.compression_format);
    Document::number(file, "encryptAlgorithm", value.package.encrypt_algorithm);
    if (value.sequence) Document::number(file, "dataSequence", *value.sequence);
    Document::text(file, "return_FileName", value.file_name);
    Document::text(file, "beianInfo", value.package.info);
    Document::text(file, "beianInfoHash", value.package.hash);
  }
  return document.finish();
}

std::string to_xml(const StatusReturn& value) {
  Document document(value);
  if (value.has_status) {
    auto info = document.root().append_child("StatusInfo");
    Document::number(info, "Cxtjlx", value.condition_type);
    Document::text(info, "Cxtj", value.condition);
    if (!value.site_name.empty()) Document::text(info, "Wzmc", value.site_name);
    if (!value.organiser_number.empty()) Document::text(info, "Ztbah", value.organiser_number);
    if (!value.site_number.empty()) Document::text(info, "Wzbah", value.site_number);
    Document::number(info, "Bazt", value.filed ? 0 : 1);
  }
  return document.finish();
}

std::string to_xml(const PasswordReturn& value) {
  Document document(value);
  if (value.correct) Document::number(document.root(), "VerifyRes", *value.correct ? 0 : 1);
  return document.finish();
}

std::optional<Return> parse_return(const std::string& xml) {
  XmlDocument document;
  Return value;
  if (!read_head(xml, document, value)) return std::nullopt;
  return value;
}

std::optional<UploadReturn> parse_upload_return(const std::string& xml) {
  XmlDocument document;
  UploadReturn value;
  if (!read_head(xml, document, value)) return std::nullopt;
  for (const auto& node : child(document.root(), "dataSequences").children()) {
    if (const auto sequence = to_integer(text_of(node))) value.missing.push_back(*sequence);
  }
  return value;
}

std::optional<FileReturn> parse_file_return(const std::string& xml) {
  XmlDocument document;
  FileReturn value;
  if (!read_head(xml, document, value)) return std::nullopt;
  const auto file = child(document.root(), "fileInfos");
  if (!file) return value;
  value.package.hash_algorithm = small_number(child(file, "hashAlgorithm"));
  value.package.compression_format = small_number(child(file, "compressionFormat"));
  value.package.encrypt_algorithm = small_number(child(file, "encryptAlgorithm"));
  value.sequence = to_integer(text_of(child(file, "dataSequence")));
  value.file_name = text_of(child(file, "return_FileName"));
  value.package.info = text_of(child(file, "beianInfo"));
  value.package.hash = text_of(child(file, "beianInfoHash"));
  std::erase_if(value.package.hash, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  value.has_file = !value.package.info.empty();
  return value;
}

std::optional<StatusReturn> parse_status_return(const std::string& xml) {
  XmlDocument document;
  StatusReturn value;
  if (!read_head(xml, document, value)) return std::nullopt;
  const auto info = child(document.root(), "StatusInfo");
  if (!info) return value;
  const auto state = to_integer(text_of(child(info, "Bazt")));
  value.has_status = state == 0 || state == 1;
  value.filed = state == 0;
  value.condition_type = small_number(child(info, "Cxtjlx"));
  value.condition = text_of(child(info, "Cxtj"));
  value.site_name = text_of(child(info, "Wzmc"));
  value.organiser_number = text_of(child(info, "Ztbah"));
  value.site_number = text_of(child(info, "Wzbah"));
  return value;
}

std::optional<PasswordReturn> parse_password_return(const std::string& xml) {
  XmlDocument document;
  PasswordReturn value;
  if (!read_head(xml, document, value)) return std::nullopt;
  const auto verdict = to_integer(text_of(child(document.root(), "VerifyRes")));
  if (verdict == 0 || verdict == 1) value.correct = verdict == 0;
  return value;
}

}  // namespace beian::bureau
