// The provider's end of the six SOAP methods. Remote trouble never throws: each call says how far
// it got, because what the caller may do next depends on exactly that.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/outbound.h"
#include "bureau/codec.h"
#include "bureau/package.h"
#include "bureau/wire_limits.h"

namespace beian::bureau {

// One bureau, as its 通讯参数 give it. Addresses may be given with or without "?wsdl".
struct Connection {
  std::string upload_address;  // …/ISPWebService/upDownLoad
  std::string query_address;   // …/BeianStatusWebService/queryBeianStatus
  std::string verify_address;  // …/BeianStatusWebService/verifyBamm
  Id isp_id = 0;
  std::string user_name, password;
  std::optional<Cipher> cipher;  // key and offset; needed to read downloads of most bureaus
  bool encrypt_uploads = true;   // only where `cipher` is given
  std::string version{k_default_version};  // of the interface: which codec() it is
  // Of one data file, before it is packed. A bureau may ask for less than the interface allows.
  std::size_t max_file_bytes = k_max_file_bytes;
  int max_records = k_max_records;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{120'000};
};

enum class Reach {
  answered,  // msg_code says the rest
  not_sent,  // nothing of the call left this machine: safe to try again
  in_doubt,  // sent, no complete answer: an upload may have been accepted; ask previous_upload()
  garbage,   // answered with something that is no answer; for an upload as doubtful as in_doubt
};

struct Answer {
  Reach reach = Reach::not_sent;
  int msg_code =
      -1;           // of the ministry's table (data/dictionaries/message_codes.json) when answered
  std::string msg;  // the bureau's words
  std::string error;  // ours, when not answered: for logs, free of secrets and content
  bool answered(int code) const { return reach == Reach::answered && msg_code == code; }
};

struct UploadAnswer : Answer {
  std::vector<std::int64_t> missing;  // with 14: the sequence numbers the bureau still wants
};

// A file that came whole and right: hash checked, unpacked. `xml` is in GBK, as sent.
struct ReceivedFile {
  std::string name;  // return_FileName: consume once by it, acknowledge only after the commit
  std::string hash;  // base64, of the compressed content: what Package::hash was when uploading
  std::string xml;
  std::int64_t sequence = 0;  // previous_upload() only
};

struct DownloadAnswer : Answer {
  // Present with 0, 1 and 3 unless `fault` says why what came cannot be used; then it must not be
  // acknowledged, and the bureau sends it again.
  std::optional<ReceivedFile> file;
  PackageFault fault = PackageFault::none;
  std::string fault_file;                                   // return_FileName of the unusable file
  bool more() const { return answered(0) || answered(3); }  // call again after acknowledging
};

struct PreviousAnswer : Answer {
  std::int64_t sequence = 0;         // of the last upload the bureau accepted; 0: none yet
  std::string hash;                  // its beianInfoHash: equal to ours means ours arrived
  std::optional<ReceivedFile> file;  // when it could be unpacked
};

struct StatusAnswer : Answer {
  bool filed = false;
  std::string organiser_number;        // Ztbah, when filed
  std::string site_number, site_name;  // Wzbah, Wzmc: when filed and asked by domain
};

struct PasswordAnswer : Answer {
  bool correct = false;
};

// queryConditionType: a domain is 0, a certificate goes by its type (the ministry's Zjlx).
inline constexpr int k_by_domain = 0;

using Transport = std::function<OutboundAnswer(const OutboundRequest&)>;

// Thread-safe. Fetches each service's WSDL once (again after trouble) and takes namespace, part
// names, SOAPAction and path from it; scheme and host are always those of the Connection, whatever
// the WSDL says, so credentials go nowhere else.
class BureauClient {
 public:
  // Throws std::invalid_argument when key, offset or password cannot be such, when the version is
  // unknown (codec_versions() lists those there are), and for limits above the interface's.
  BureauClient(Connection connection, Transport transport);
  ~BureauClient();
  BureauClient(BureauClient&&) noexcept;

  const Connection& connection() const;
  // What the messages of this bureau are written and read with.
  const Codec& codec() const;

  // The package to send for `xml` (GBK). The same input gives the same `hash`, so a caller may keep
  // the XML and the hash and pack again. `name`: upload_file_name().
  Package pack(std::string_view xml, std::string_view name) const;

  // `sequence`: the last accepted one + 1, the first is 1. Keep sequence, hash and content durably
  // before calling.
  UploadAnswer upload(std::int64_t sequence, const Package& package) const;
  PreviousAnswer previous_upload() const;
  DownloadAnswer download() const;
  Answer acknowledge(std::string_view file_name) const;
  StatusAnswer query_status(int condition_type, std::string_view condition) const;
  PasswordAnswer verify_password(std::string_view number, std::string_view password) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace beian::bureau
