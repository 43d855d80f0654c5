// The six methods: their parameters in order, and the documents they return. A returned string is
// itself XML (<return version="V.3.0">…) that declares GBK but travels inside the UTF-8 envelope.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "bureau/package.h"
#include "bureau/soap.h"

namespace beian::bureau {

enum class Method {
  upload,           // isp_upload
  download,         // isp_download
  download_ack,     // isp_downloadack
  previous_upload,  // isp_querypreviousupload
  query_status,     // isp_querybeianstatus
  verify_password,  // isp_verifybamm
};

enum class ServicePath { upload_download, query_status, verify_password };

struct MethodInfo {
  Method method;
  std::string_view name;
  ServicePath service;
  std::vector<std::pair<std::string, std::string>> parts;  // name and schema type
};

// All six. Names of parts are the document's; live systems spell the first ispID.
const std::vector<MethodInfo>& methods();
const MethodInfo& info(Method method);
std::optional<Method> method_from_name(std::string_view name);
// "ISPWebService/upDownLoad", …: case matters.
std::string_view path(ServicePath service);

struct Return {
  int msg_code = 0;
  std::string msg;
};

struct UploadReturn : Return {
  std::vector<std::int64_t> missing;  // with 14
};

struct FileReturn : Return {  // isp_download and isp_querypreviousupload
  bool has_file = false;
  Package package;
  std::string file_name;
  std::optional<std::int64_t> sequence;  // isp_querypreviousupload only
};

struct StatusReturn : Return {
  bool has_status = false;
  int condition_type = 0;
  std::string condition;
  std::string site_name, organiser_number, site_number;
  bool filed = false;
};

struct PasswordReturn : Return {
  std::optional<bool> correct;
};

std::string to_xml(const Return& value);
std::string to_xml(const UploadReturn& value);
std::string to_xml(const FileReturn& value);
std::string to_xml(const StatusReturn& value);
std::string to_xml(const PasswordReturn& value);

// nullopt when the string is not such a document. A missing `version` is accepted.
std::optional<Return> parse_return(const std::string& xml);
std::optional<UploadReturn> parse_upload_return(const std::string& xml);
std::optional<FileReturn> parse_file_return(const std::string& xml);
std::optional<StatusReturn> parse_status_return(const std::string& xml);
std::optional<PasswordReturn> parse_password_return(const std::string& xml);

}  // namespace beian::bureau
