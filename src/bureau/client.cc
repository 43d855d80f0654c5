#include "bureau/client.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

#include "base/text.h"
#include "bureau/auth.h"
#include "bureau/methods.h"
#include "bureau/soap.h"
#include "bureau/wire_limits.h"

namespace beian::bureau {
namespace {

constexpr int k_max_wsdl_documents = 6;

// "scheme://authority" and "/path?query" of an address.
struct Split {
  std::string origin, path;
};

Split split_address(std::string_view address) {
  const auto scheme = address.find("://");
  const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto slash = address.find('/', start);
  if (slash == std::string_view::npos) return {std::string(address), "/"};
  return {std::string(address.substr(0, slash)), std::string(address.substr(slash))};
}

std::string without_wsdl(std::string path) {
  const auto query = path.find('?');
  if (query != std::string::npos && to_lower_ascii(path.substr(query)) == "?wsdl") {
    path.resize(query);
  }
  return path;
}

// How to speak to one service, as its WSDL says, with the document's own words where it says
// nothing.
struct Dialect {
  std::string url;
  soap::Service service;
};

void fill_defaults(soap::Service& service, ServicePath which) {
  if (service.name_space.empty()) service.name_space = soap::k_namespace;
  for (const auto& method : methods()) {
    if (method.service != which) continue;
    auto& operation = service.operations[std::string(method.name)];
    if (operation.name_space.empty()) operation.name_space = service.name_space;
    // Names are taken by place: some servers publish in0, in1 …
    if (operation.parts.size() == method.parts.size()) continue;
    operation.parts = method.parts;
    if (method.method != Method::previous_upload) operation.parts[0].first = "ispID";
  }
}

// The WSDL's location counts only on the host we were told to talk to: services behind a gateway
// often publish a name of the inner network.
std::string call_url(const std::string& configured, const std::string& location) {
  const auto own = split_address(configured);
  const auto published = split_address(location);
  const bool same_host = to_lower_ascii(published.origin) == to_lower_ascii(own.origin);
  return own.origin + without_wsdl(same_host ? published.path : own.path);
}

std::string join_address(const std::string& base, const std::string& reference) {
  const auto own = split_address(base);
  if (reference.find("://") != std::string::npos) {
    return own.origin + split_address(reference).path;
  }
  if (reference.starts_with('/')) return own.origin + reference;
  if (reference.starts_with('?')) return own.origin + without_wsdl(own.path) + reference;
  return own.origin + own.path.substr(0, own.path.rfind('/') + 1) + reference;
}

}  // namespace

struct BureauClient::Inside {
  Connection connection;
  Transport transport;
  const Codec* codec = nullptr;
  std::mutex mutex;
  std::map<ServicePath, std::shared_ptr<const Dialect>> dialects;

  const std::string& address(ServicePath service) const {
    switch (service) {
      case ServicePath::upload_download:
        return connection.upload_address;
      case ServicePath::query_status:
        return connection.query_address;
      case ServicePath::verify_password:
        break;
    }
    return connection.verify_address;
  }

  OutboundAnswer get(const std::string& url) const {
    OutboundRequest request;
    request.method = "GET";
    request.url = url;
    request.connect_timeout = connection.connect_timeout;
    request.timeout = connection.timeout;
    request.max_answer_bytes = k_max_wsdl_bytes;
    return transport(request);
  }

  // Reads the WSDL and what it imports. nullptr, with `error` set, when the bureau was not reached.
  std::shared_ptr<const Dialect> fetch(ServicePath which, std::string& error) const {
    const std::string service_url =
        split_address(address(which)).origin + without_wsdl(split_address(address(which)).path);
    soap::WsdlReader reader;
    std::vector<std::string> pending{service_url + "?wsdl"};
    for (std::size_t i = 0; i < pending.size() && i < k_max_wsdl_documents; ++i) {
      const auto answer = get(pending[i]);
      if (!answer.reached) {
        error = answer.error;
        return nullptr;
      }
      if (answer.status != 200 || !reader.add(answer.body)) continue;
      for (const auto& import : reader.imports()) {
        const auto url = join_address(service_url, import);
        if (std::find(pending.begin(), pending.end(), url) == pending.end()) {
          pending.push_back(url);
        }
      }
    }
    auto dialect = std::make_shared<Dialect>();
    dialect->service = reader.service();
    fill_defaults(dialect->service, which);
    dialect->url = call_url(service_url, dialect->service.location);
    return dialect;
  }

  std::shared_ptr<const Dialect> dialect(ServicePath which, std::string& error) {
    {
      const std::lock_guard lock(mutex);
      if (const auto found = dialects.find(which); found != dialects.end()) return found->second;
    }
    auto fresh = fetch(which, error);
    if (fresh) {
      const std::lock_guard lock(mutex);
      dialects[which] = fresh;
    }
    return fresh;
  }

  void forget(ServicePath which) {
    const std::lock_guard lock(mutex);
    dialects.erase(which);
  }

  // One call: the returned string in `text`, or how far it got in `answer`.
  std::optional<std::string> call(Method method, const std::vector<std::string>& own,
                                  Answer& answer) {
    const auto& which = info(method);
    const auto how = dialect(which.service, answer.error);
    if (!how) return std::nullopt;  // reach stays not_sent
    const auto& operation = how->service.operations.at(std::string(which.name));
    const std::string random = random_value();
    std::vector<std::string> values{std::to_string(connection.isp_id), connection.user_name, random,
                                    password_hash(connection.password, random)};
    values.insert(values.end(), own.begin(), own.end());
    soap::Call message{std::string(which.name), {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      message.parameters.emplace_back(operation.parts[i].first, std::move(values[i]));
    }
    OutboundRequest request;
    request.url = how->url;
    request.headers = {{"Content-Type", "text/xml; charset=utf-8"},
                       {"SOAPAction", "\"" + operation.action + "\""}};
    request.body = soap::build_call(operation.name_space, operation.qualified, message);
    request.connect_timeout = connection.connect_timeout;
    request.timeout = connection.timeout;
    request.max_answer_bytes = k_max_soap_bytes;
    return read(transport(request), which.service, answer);
  }

  std::optional<std::string> read(const OutboundAnswer& got, ServicePath which, Answer& answer) {
    if (!got.reached) {
      answer.reach = got.sent ? Reach::in_doubt : Reach::not_sent;
      answer.error = got.error;
      return std::nullopt;
    }
    auto text = soap::parse_answer(got.body);
    if (!text.text) {
      forget(which);  // perhaps the service changed
      answer.reach = Reach::garbage;
      answer.error = "HTTP " + std::to_string(got.status) + ": " + text.error;
    }
    return std::move(text.text);
  }
};

namespace {

template <typename R>
bool take(const std::optional<R>& parsed, Answer& answer) {
  if (!parsed) {
    answer.reach = Reach::garbage;
    answer.error = "the returned text is no <return> document";
    return false;
  }
  answer.reach = Reach::answered;
  answer.msg_code = parsed->msg_code;
  answer.msg = parsed->msg;
  return true;
}

std::string number(std::int64_t value) { return std::to_string(value); }

}  // namespace

BureauClient::BureauClient(Connection connection, Transport transport)
    : inside_(std::make_unique<Inside>()) {
  static_cast<void>(password_hash(connection.password, ""));
  if (connection.cipher) require_cipher(*connection.cipher);
  inside_->codec = find_codec(connection.version);
  if (inside_->codec == nullptr) {
    throw std::invalid_argument("unknown interface version: " + connection.version);
  }
  if (connection.max_file_bytes > k_max_file_bytes || connection.max_records > k_max_records ||
      connection.max_records < 1) {
    throw std::invalid_argument("limits of a data file above the interface's");
  }
  inside_->connection = std::move(connection);
  inside_->transport = std::move(transport);
}
BureauClient::~BureauClient() = default;
BureauClient::BureauClient(BureauClient&&) noexcept = default;

const Connection& BureauClient::connection() const { return inside_->connection; }
const Codec& BureauClient::codec() const { return *inside_->codec; }

Package BureauClient::pack(std::string_view xml, std::string_view name) const {
  const auto& connection = inside_->connection;
  if (xml.size() > connection.max_file_bytes) {
    throw std::invalid_argument("the data file is above what this bureau takes");
  }
  return bureau::pack(xml, name, connection.encrypt_uploads ? connection.cipher : std::nullopt);
}

UploadAnswer BureauClient::upload(std::int64_t sequence, const Package& package) const {
  UploadAnswer answer;
  const auto text = inside_->call(
      Method::upload,
      {package.info, package.hash, number(sequence), number(package.encrypt_algorithm),
       number(package.hash_algorithm), number(package.compression_format)},
      answer);
  if (!text) return answer;
  auto parsed = parse_upload_return(*text);
  if (take(parsed, answer)) answer.missing = std::move(parsed->missing);
  return answer;
}

PreviousAnswer BureauClient::previous_upload() const {
  PreviousAnswer answer;
  const auto text = inside_->call(Method::previous_upload, {number(k_hash_md5)}, answer);
  if (!text) return answer;
  const auto parsed = parse_file_return(*text);
  if (!take(parsed, answer)) return answer;
  if (parsed->msg_code == 0 && !parsed->sequence) {
    answer.reach = Reach::garbage;  // "nothing uploaded yet" must never be read out of nothing
    answer.error = "the answer holds no dataSequence";
    return answer;
  }
  answer.sequence = parsed->sequence.value_or(0);
  if (!parsed->has_file) return answer;
  answer.hash = parsed->package.hash;
  auto unpacked = unpack(parsed->package, inside_->connection.cipher);
  if (unpacked.fault == PackageFault::none) {
    answer.file = ReceivedFile{parsed->file_name, parsed->package.hash, std::move(unpacked.xml),
                               answer.sequence};
  }
  return answer;
}

DownloadAnswer BureauClient::download() const {
  DownloadAnswer answer;
  const auto text = inside_->call(Method::download, {number(k_hash_md5)}, answer);
  if (!text) return answer;
  const auto parsed = parse_file_return(*text);
  if (!take(parsed, answer) || !parsed->has_file) return answer;
  auto unpacked = unpack(parsed->package, inside_->connection.cipher);
  answer.fault = unpacked.fault;
  if (unpacked.fault == PackageFault::none) {
    answer.file = ReceivedFile{parsed->file_name, parsed->package.hash, std::move(unpacked.xml), 0};
  } else {
    answer.fault_file = parsed->file_name;
  }
  return answer;
}

Answer BureauClient::acknowledge(std::string_view file_name) const {
  Answer answer;
  const auto text =
      inside_->call(Method::download_ack, {number(k_hash_md5), std::string(file_name)}, answer);
  if (text) take(parse_return(*text), answer);
  return answer;
}

StatusAnswer BureauClient::query_status(int condition_type, std::string_view condition) const {
  StatusAnswer answer;
  const auto text =
      inside_->call(Method::query_status,
                    {number(k_hash_md5), number(condition_type), std::string(condition)}, answer);
  if (!text) return answer;
  auto parsed = parse_status_return(*text);
  if (!take(parsed, answer)) return answer;
  if (parsed->msg_code == 0 && !parsed->has_status) {
    answer.reach = Reach::garbage;  // "not filed" must never be read out of nothing
    answer.error = "the answer says nothing about the state";
  }
  answer.filed = parsed->filed;
  answer.organiser_number = std::move(parsed->organiser_number);
  answer.site_number = std::move(parsed->site_number);
  answer.site_name = std::move(parsed->site_name);
  return answer;
}

PasswordAnswer BureauClient::verify_password(std::string_view number_of_filing,
                                             std::string_view password) const {
  PasswordAnswer answer;
  const auto text = inside_->call(
      Method::verify_password,
      {number(k_hash_md5), std::string(number_of_filing), std::string(password)}, answer);
  if (!text) return answer;
  const auto parsed = parse_password_return(*text);
  if (!take(parsed, answer)) return answer;
  if (parsed->msg_code == 0 && !parsed->correct) {
    answer.reach = Reach::garbage;
    answer.error = "the answer says nothing about the password";
  }
  answer.correct = parsed->correct.value_or(false);
  return answer;
}

}  // namespace beian::bureau
